"""Surnames that pytrovich declines wrongly, and those nobody can be sure of (data)."""

from chats.orders.name_rules.rule import (
    A_HARD,
    A_HUSHING,
    A_SOFT,
    A_STRESSED,
    ADJECTIVE,
    FIXED,
    FLEETING_K,
    FLEETING_TS,
    HARD,
    HUSHING,
    SOFT,
    SOFT_IY,
    Rule,
)

_STRESS = "Окончание творительного падежа зависит от ударения («-ом» или «-ем»): проверьте"
_STRESS_A = "Окончание творительного падежа зависит от ударения («-ой» или «-ей»): проверьте"
_FLEETING = "Гласная в окончании фамилии может выпадать или сохраняться, это решает обычай семьи: спросите владельца"
_COMMON = "Фамилия совпадает с обычным словом, склонение решает обычай семьи: спросите владельца фамилии"
_VARIES = "Склонение этой фамилии колеблется: проверьте"

RULES = (
    Rule(
        "The first parts that are no surnames of their own stand still (Розенталь).",
        FIXED,
        words="абдул абдуль аль белиц бен бонч ван вар гасан дюмон дюссар ибн кара книппер корвин мак мелик призван "
        "сан сен сент тер шолом эль",
        place="head",
    ),
    Rule(
        "French surnames stressed on the last а, я do not decline (Розенталь).",
        FIXED,
        words="бежа дега дюма золя петипа труайя",
        note="Французская фамилия с ударением на последний слог не склоняется",
    ),
    Rule(
        "The same letters are a French surname, fixed, or another, declined.",
        FIXED,
        words="люка тома ферма",
        doubt="Французская фамилия не склоняется, другая на «-а» склоняется: проверьте",
    ),
    Rule(
        "pytrovich holds them still; unstressed а after a consonant declines.",
        A_HARD,
        words="богода гамарра каруана кива рева шандра",
        doubt=_VARIES,
    ),
    Rule("Unstressed я declines (Розенталь).", A_SOFT, words="скаля", doubt=_VARIES),
    Rule(
        "pytrovich holds them still; a man's surname on a consonant declines (Розенталь).",
        HARD,
        gender="m",
        words="вар ван гасан дюмон дюссар книппер мелик нечипас онук шолом",
        place="tail",
    ),
    Rule("A man's surname on ь declines (Розенталь).", SOFT, gender="m", words="гусь"),
    Rule(
        "Surnames equal to words with a fleeting vowel usually keep it (Калакуцкая).",
        SOFT,
        gender="m",
        words="день камень корень огонь пень перстень ремень уголь хребень ячмень",
        doubt=_FLEETING,
    ),
    Rule(
        "The same on a hard consonant.",
        HARD,
        gender="m",
        words="бубен ветер дятел козел костер котел лев орел осел пепел посол щелок",
        doubt=_FLEETING,
    ),
    Rule(
        "Declined as the words are, by custom (Калакуцкая).",
        "--ья --ью --ья --ьем --ье",
        gender="m",
        words="муравей репей соловей улей",
        doubt=_FLEETING,
    ),
    Rule("The surname keeps its vowel, unlike the word.", HUSHING, gender="m", words="заяц", doubt=_FLEETING),
    # -ин and -ов of other tongues
    Rule(
        "Russian surnames and foreign ones of the same letters: Чаплиным, but of a foreigner Чаплином (Розенталь).",
        "",
        gender="m",
        words="бюлов марвин мартин флотов чаплин",
        doubt="Иностранная фамилия получает в творительном падеже «-ом», русская «-ым»: проверьте",
    ),
    Rule(
        "Foreign surnames on -ин, -ов take -ом: Дарвином (Розенталь).",
        HARD,
        gender="m",
        words="болдуин вирхов гершвин гудвин дассен дассин ирвин кальвин кельвин кронин франклин цеппелин чемберлин",
    ),
    Rule(
        "One syllable is no possessive suffix: Грин, Линь, Мин take -ом (Розенталь).",
        HARD,
        gender="m",
        pattern="[бвгджзклмнпрстфхцчшщ]+[иы]н",
    ),
    Rule(
        "One syllable is no possessive suffix.",
        HARD,
        gender="m",
        pattern="[бвгджзклмнпрстфхцчшщ]{1,2}[оеё]в",
        doubt=_VARIES,
    ),
    Rule("Only -ов, -ев, -ин, -ын are possessive: Коэн takes -ом.", HARD, gender="m", pattern=".*(?:[^иы]н|[^оеё]в)"),
    # -ец and -ок
    Rule(
        "After two consonants е stays; the words are stressed at the end (Правила).",
        HARD,
        gender="m",
        words="жнец жрец кузнец мертвец мудрец наглец подлец спец творец хитрец храбрец чернец чтец швец",
        doubt=_STRESS,
    ),
    Rule(
        "After two consonants е cannot fall out.",
        HUSHING,
        gender="m",
        pattern="(?:.*[бвгджзклмнпрстфхцчшщ])?[бвгджзклмнпрстфхцчшщ]ец",
        doubt=_STRESS,
    ),
    Rule(
        "Slavic -ец loses its vowel, л stays soft: Стрельца (Калакуцкая).",
        "--ьца --ьцу --ьца --ьцом --ьце",
        gender="m",
        pattern=".*лец",
        doubt=_FLEETING,
    ),
    Rule(
        "Slavic -ец loses its vowel: Губец – Губца (Калакуцкая).",
        FLEETING_TS,
        gender="m",
        pattern=".*[гбджзкпрт]ец",
        doubt=_FLEETING,
    ),
    Rule(
        "Кравца and Кравеца are both right (Грамота); the dictionary has the first.",
        "",
        gender="m",
        pattern=".*ец",
        doubt=_FLEETING,
    ),
    Rule(
        "Belarusian -ёнок loses its vowel: Починок is such too (Калакуцкая).",
        FLEETING_K,
        gender="m",
        pattern=".*[её]нок|починок",
        doubt=_FLEETING,
    ),
    Rule("Surnames on -ок keep the vowel or lose it.", "", gender="m", pattern=".*[^аеёиоуыэюя]ок", doubt=_FLEETING),
    # adjectives and nouns on -ой, -ий
    Rule("The one adjective of one syllable.", "--ого --ому --ого --ым --ом", gender="m", words="злой"),
    Rule("One syllable is a noun: Цой, Ной, Рой.", SOFT, gender="m", pattern="[^аеёиоуыэюя]+ой"),
    Rule("Nouns, not adjectives.", SOFT, gender="m", words="водопой герой ковбой перепой прибой разбой упокой"),
    Rule(
        "After х, ж, ш, ч, щ the letter ы is not written: Сухим, Большим.", ADJECTIVE, gender="m", pattern=".*[хжшчщ]ой"
    ),
    Rule(
        "Adjectives; Георгий and Сергий are names.",
        ADJECTIVE,
        gender="m",
        words="благий долгий кургий пологий строгий убогий",
    ),
    Rule("A numeral of the soft kind.", "--ьего --ьему --ьего --ьим --ьем", gender="m", words="третий"),
    Rule("Names used as surnames are nouns.", SOFT_IY, gender="m", words="антоний арсений евгений гений"),
    Rule("A man's surname on й declines: Хемингуэя (Розенталь).", SOFT, gender="m", pattern=".*[эюя]й"),
    Rule("Stressed on the ending: Большой, Чужой.", "--ой --ой --ую --ой --ой", gender="f", words="большая чужая"),
    Rule("Unstressed after ж, ш, ч, щ: Младшей.", "--ей --ей --ую --ей --ей", gender="f", pattern=".*[жшчщ]ая"),
    Rule("Not an adjective: Шенгелая – Шенгелаи.", A_SOFT, words="шенгелая гогая шелия", doubt=_VARIES),
    # -ых and -их
    Rule(
        "No Russian plural: Фрейндлиха, Эрлиха.",
        HARD,
        gender="m",
        words="блейхих гейдрих либих мюних неих фрейлих фрейндлих эйхлих эрлих",
    ),
    Rule("One syllable is no Russian plural.", HARD, gender="m", pattern="[^аеёиоуыэюя]*их", doubt=_VARIES),
    Rule(
        "Frozen plurals: Черных, Долгих (Розенталь).",
        "",
        pattern=".*ых|.*[^р]их",
        note="Фамилии на «-ых» и «-их» не склоняются",
    ),
    # after ж, ш, ч, щ, ц
    Rule(
        "The stress is on the ending: Ткачом, Стрижом (Правила).",
        HARD,
        gender="m",
        words="бандаж бич бородач борщ врач голыш горбач грач деркач ерш еж ильич калач камыш карандаш кирпич "
        "клещ ключ ковш крепыш кузьмич латыш лещ лукич луч малыш морж москвич муляж палач палаш плющ пугач "
        "рогач рычаг силач скрипач сморч стриж сургуч сыч ткач толкач толмач трубач уж усач фомич хвощ хрущ "
        "циркач чиж шалаш",
    ),
    Rule("Slavic -ач is nearly always stressed.", HARD, gender="m", pattern=".*ач", doubt=_STRESS),
    Rule("Unstressed after ж: Воложем, Кулиджем (Правила).", HUSHING, gender="m", pattern=".*ж"),
    Rule(
        "The stress is on the ending: Лапшой, Ганжой (Правила).",
        A_STRESSED,
        words="алыча вожжа ганжа душа епанча каланча лапша левша межа парча саранча свеча ханжа",
    ),
    Rule(
        "Unstressed after a hushing consonant: Олешей, Квашей (Правила).",
        A_HUSHING,
        words="груша гуща кваша каша мыша навоша олеша пуща роща саша туча чаша",
    ),
    Rule("Unstressed more often than not.", A_HUSHING, pattern=".*[жшчщ]а", doubt=_STRESS_A),
    Rule("The stress is on the ending: Овцой (Правила).", "-ы -е -у -ой -е", words="овца пыльца"),
    Rule("After ш and the like я is not written: Мыша.", "-а -у -а -ем -е", gender="m", pattern=".*[жшчщ]ь"),
    # women's surnames that only look possessive
    Rule(
        "Калина is both a man's surname and the feminine of Калин.",
        A_HARD,
        gender="f",
        words="былина година дубина калина малина осина рябина скотина смородина щербина",
        doubt=_COMMON,
    ),
    Rule(
        "The feminine of Долин, or the word.",
        "",
        gender="f",
        words="глина долина картина купина марина машина перина судьбина хворостина",
        doubt=_COMMON,
    ),
    Rule("Only -ина and -ына are possessive: Кучерена – Кучерены.", A_HARD, gender="f", pattern=".*[^иы]на"),
    Rule(
        "Words, not the feminine of a surname on -ов.",
        A_HARD,
        gender="f",
        words="ева голова корова обнова основа подкова",
        doubt=_COMMON,
    ),
    Rule(
        "The stem has no vowel, so -ова is no suffix: Сова, Бова.",
        A_HARD,
        gender="f",
        pattern="[бвгджзклмнпрстфхцчшщ]{1,2}[оеё]ва",
    ),
    Rule(
        "Polish -ска follows a consonant; after a vowel it is a noun: Плиска.",
        A_STRESSED,
        gender="f",
        pattern=".*[аеёиоуыэюя]ска",
        doubt=_VARIES,
    ),
    # what stands still
    Rule(
        "Ukrainian -ко does not decline in the literary language (Розенталь).",
        "",
        pattern=".*ко",
        note="Фамилии на «-ко» не склоняются",
    ),
    Rule(
        "Vowels other than а, я: -дзе, -швили, -аго, -ово, Гюго.",
        FIXED,
        pattern=".*[еёиоуыэю]",
        note="Фамилии на гласную, кроме «-а» и «-я», не склоняются",
    ),
    Rule(
        "а after another vowel: Гулуа, Моруа, Гарсиа.",
        FIXED,
        pattern=".*[аеёиоуыэю]а",
        note="Фамилии на «-а» после гласной не склоняются",
    ),
    Rule(
        "A woman's surname on a consonant does not decline (Розенталь).",
        FIXED,
        gender="f",
        pattern=".*[^аеёиоуыэюя]",
        note="Женские фамилии на согласную не склоняются",
    ),
)
