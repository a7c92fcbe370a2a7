"""Given names and patronymics that pytrovich declines wrongly, and those nobody can be sure of (data)."""

from chats.orders.name_rules.rule import A_HARD, A_HUSHING, A_STRESSED, FIXED, HARD, HUSHING, IYA, SOFT, THIRD, Rule
from schools.person_names.known import MALE_NAMES

_FOREIGN_NAME = "Женские имена на мягкий знак склоняются не все: проверьте"
_TURKIC_NAMES = {"артур", "ахмед", "ильдар", "магомед", "марат", "рамазан", "ринат", "руслан", "тимур"}
_VOWEL_O = "Имя можно склонять и можно оставить без изменения: проверьте"

FIRST_NAMES = (
    Rule(
        "Both parts of Иван-Георгий decline.",
        "",
        gender="m",
        words=" ".join(sorted(MALE_NAMES - _TURKIC_NAMES)),
        place="head",
    ),
    Rule("Франц-Иосиф is declined in both parts, by custom.", HUSHING, gender="m", words="франц", place="head"),
    Rule(
        "Of a foreign double name only the last part declines: Жан-Пьера (Розенталь).",
        FIXED,
        gender="m",
        pattern=".*",
        place="head",
    ),
    Rule("Витёк – Витька.", "--ька --ьку --ька --ьком --ьке", gender="m", words="ванек витек толек санек юрек"),
    Rule("A French name, stressed on the last я (Розенталь).", FIXED, gender="m", words="николя"),
    Rule("Of one syllable: о Пие, as of «кий».", SOFT, gender="m", words="пий"),
    Rule("Names keep their vowel: Алек – Алека, Марек – Марека (Суперанская).", HARD, gender="m", pattern=".*ек"),
    Rule(
        "Захария – Захарии, as feminine names do (Розенталь).",
        IYA,
        gender="m",
        words="анания еремия захария иеремия исаия илия малахия осия софония",
    ),
    Rule(
        "The same, where the stress may be otherwise.",
        IYA,
        gender="m",
        pattern=".*ия",
        doubt="Мужские имена на «-ия» склоняются не все: проверьте",
    ),
    Rule("After ш and the like я is not written.", "-а -у -а -ем -е", gender="m", pattern=".*[жшчщ]ь"),
    Rule("Unstressed: Францем, Ференцем (Правила).", HUSHING, gender="m", pattern=".*[цщ]"),
    Rule("The stress is on the ending: Ходжой.", A_STRESSED, gender="m", words="ходжа"),
    Rule(
        "After hushing consonants и is written; unstressed, -ей (Правила).", A_HUSHING, gender="f", pattern=".*[жшчщ]а"
    ),
    Rule(
        "а after another vowel does not decline: Леа, Андреа.",
        FIXED,
        pattern=".*[аеёоуыэю]а",
        note="Имена на «-а» после гласной не склоняются",
    ),
    Rule(
        "Алие where the last syllable is stressed, Алии otherwise.",
        "",
        gender="f",
        words="алия альфия асия галия гульфия закия зульфия нурия разия сания фания хадия",
        doubt="Дательный падеж зависит от ударения («Алии» или «Алие»): проверьте",
    ),
    Rule(
        "Women's names on ь of the third declension: Любови, Нинели (Розенталь).",
        THIRD,
        gender="f",
        words="есфирь жизель любовь нинель рахиль рашель руфь суламифь юдифь эсфирь",
    ),
    Rule(
        "Declined, though it is often left as it is (Суперанская).",
        THIRD,
        gender="f",
        words="агидель адель ассоль",
        doubt=_FOREIGN_NAME,
    ),
    Rule(
        "Women's names of other tongues stand still: Айгюнь.",
        FIXED,
        gender="f",
        pattern=".*нь|амить",
        doubt=_FOREIGN_NAME,
    ),
    Rule("Айгуль, Гузель: both are written.", "", gender="f", pattern=".*ь", doubt=_FOREIGN_NAME),
    Rule(
        "Old names on -ло decline as Данила (Калакуцкая).",
        A_HARD,
        gender="m",
        words="гаврило данило кирило михайло",
        doubt=_VOWEL_O,
    ),
    Rule(
        "Declined as the words on -о of the second declension.",
        "-а -у -а -ом -е",
        gender="m",
        words="дмитро павло петро",
        doubt=_VOWEL_O,
    ),
    Rule(
        "Names on other vowels do not decline (Розенталь).",
        FIXED,
        pattern=".*[еёиоуыэю]",
        note="Имена на гласную, кроме «-а» и «-я», не склоняются",
    ),
    Rule(
        "A Georgian name that does not decline (Суперанская).",
        FIXED,
        gender="m",
        words="шота",
        doubt="Имя «Шота» обычно не склоняют: проверьте",
    ),
    Rule(
        "A woman's name on a consonant does not decline (Розенталь).",
        FIXED,
        gender="f",
        pattern=".*[^аеёиоуыэюя]",
        note="Женские имена на согласную не склоняются",
    ),
)

PATRONYMICS = (
    Rule("Every patronymic of Russian making is regular.", "", pattern=".*(?:ич|вна|чна|шна)"),
    Rule(
        "What is no Russian patronymic stands still.",
        FIXED,
        pattern=".*",
        doubt="Необычное отчество, оставили без изменения: проверьте",
    ),
)
