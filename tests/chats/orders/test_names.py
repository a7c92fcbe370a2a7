"""Names in cases, against forms written out by hand, and what is said where nobody can be sure."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chats.orders import genders, name_parts, names
from chats.orders.cases import Case, Gender
from chats.orders.name_parts import decline_part
from chats.orders.name_rules import RULES
from chats.orders.names import decline_name

OBLIQUE = [case for case in Case if case is not Case.NOMINATIVE]

# A surname, whose it is, and its genitive, dative, accusative, instrumental, prepositional.
SURNAMES = [
    ("Каренина", "f", "Карениной Карениной Каренину Карениной Карениной"),
    ("Левин", "m", "Левина Левину Левина Левиным Левине"),
    ("Королёв", "m", "Королёва Королёву Королёва Королёвым Королёве"),
    ("Синицын", "m", "Синицына Синицыну Синицына Синицыным Синицыне"),
    ("Достоевская", "f", "Достоевской Достоевской Достоевскую Достоевской Достоевской"),
    ("Донской", "m", "Донского Донскому Донского Донским Донском"),
    ("Толстой", "m", "Толстого Толстому Толстого Толстым Толстом"),
    ("Сухой", "m", "Сухого Сухому Сухого Сухим Сухом"),
    ("Большой", "m", "Большого Большому Большого Большим Большом"),
    ("Долгий", "m", "Долгого Долгому Долгого Долгим Долгом"),
    ("Цой", "m", "Цоя Цою Цоя Цоем Цое"),
    ("Цой", "f", "Цой Цой Цой Цой Цой"),
    ("Ким", "m", "Кима Киму Кима Кимом Киме"),
    ("Ким", "f", "Ким Ким Ким Ким Ким"),
    ("Коваль", "m", "Коваля Ковалю Коваля Ковалем Ковале"),
    ("Коваль", "f", "Коваль Коваль Коваль Коваль Коваль"),
    ("Морарь", "m", "Мораря Морарю Мораря Морарем Мораре"),
    ("Гусь", "m", "Гуся Гусю Гуся Гусем Гусе"),
    ("Ткач", "m", "Ткача Ткачу Ткача Ткачом Ткаче"),
    ("Ткач", "f", "Ткач Ткач Ткач Ткач Ткач"),
    ("Стриж", "m", "Стрижа Стрижу Стрижа Стрижом Стриже"),
    ("Волож", "m", "Воложа Воложу Воложа Воложем Воложе"),
    ("Буш", "m", "Буша Бушу Буша Бушем Буше"),
    ("Шевченко", "m", "Шевченко Шевченко Шевченко Шевченко Шевченко"),
    ("Черных", "f", "Черных Черных Черных Черных Черных"),
    ("Седых", "m", "Седых Седых Седых Седых Седых"),
    ("Живаго", "m", "Живаго Живаго Живаго Живаго Живаго"),
    ("Фрейндлих", "m", "Фрейндлиха Фрейндлиху Фрейндлиха Фрейндлихом Фрейндлихе"),
    ("Дюма", "m", "Дюма Дюма Дюма Дюма Дюма"),
    ("Окуджава", "m", "Окуджавы Окуджаве Окуджаву Окуджавой Окуджаве"),
    ("Берия", "m", "Берии Берии Берию Берией Берии"),
    ("Гулуа", "f", "Гулуа Гулуа Гулуа Гулуа Гулуа"),
    ("Чавчавадзе", "m", "Чавчавадзе Чавчавадзе Чавчавадзе Чавчавадзе Чавчавадзе"),
    ("Саакашвили", "f", "Саакашвили Саакашвили Саакашвили Саакашвили Саакашвили"),
    ("Сирота", "f", "Сироты Сироте Сироту Сиротой Сироте"),
    ("Кваша", "f", "Кваши Кваше Квашу Квашей Кваше"),
    ("Ганжа", "m", "Ганжи Ганже Ганжу Ганжой Ганже"),
    ("Кучерена", "f", "Кучерены Кучерене Кучерену Кучереной Кучерене"),
    ("Сова", "f", "Совы Сове Сову Совой Сове"),
    ("Львова", "f", "Львовой Львовой Львову Львовой Львовой"),
    ("Львов", "m", "Львова Львову Львова Львовым Львове"),
    ("Дарвин", "m", "Дарвина Дарвину Дарвина Дарвином Дарвине"),
    ("Грин", "m", "Грина Грину Грина Грином Грине"),
    ("Коэн", "m", "Коэна Коэну Коэна Коэном Коэне"),
    ("Хемингуэй", "m", "Хемингуэя Хемингуэю Хемингуэя Хемингуэем Хемингуэе"),
    ("Воробей", "m", "Воробья Воробью Воробья Воробьем Воробье"),
    ("Мышь", "m", "Мыша Мышу Мыша Мышем Мыше"),
    ("Младшая", "f", "Младшей Младшей Младшую Младшей Младшей"),
    ("Большая", "f", "Большой Большой Большую Большой Большой"),
    ("Осадчий", "m", "Осадчего Осадчему Осадчего Осадчим Осадчем"),
    ("Шериг-оол", "m", "Шериг-оола Шериг-оолу Шериг-оола Шериг-оолом Шериг-ооле"),
    ("Хан", "m", "Хана Хану Хана Ханом Хане"),
    ("Третий", "m", "Третьего Третьему Третьего Третьим Третьем"),
    ("О", "m", "О О О О О"),
    ("Мамин-Сибиряк", "m", "Мамина-Сибиряка Мамину-Сибиряку Мамина-Сибиряка Маминым-Сибиряком Мамине-Сибиряке"),
    ("Бонч-Бруевич", "m", "Бонч-Бруевича Бонч-Бруевичу Бонч-Бруевича Бонч-Бруевичем Бонч-Бруевиче"),
    ("Коваль-Иванова", "f", "Коваль-Ивановой Коваль-Ивановой Коваль-Иванову Коваль-Ивановой Коваль-Ивановой"),
    ("О’Коннор", "m", "О’Коннора О’Коннору О’Коннора О’Коннором О’Конноре"),
    ("Кёр-оглы", "m", "Кёр-оглы Кёр-оглы Кёр-оглы Кёр-оглы Кёр-оглы"),
]
FIRST_NAMES = [
    ("Лев", "m", "Льва Льву Льва Львом Льве"),
    ("Пётр", "m", "Петра Петру Петра Петром Петре"),
    ("Павел", "m", "Павла Павлу Павла Павлом Павле"),
    ("Илья", "m", "Ильи Илье Илью Ильёй Илье"),
    ("Никита", "m", "Никиты Никите Никиту Никитой Никите"),
    ("Юрий", "m", "Юрия Юрию Юрия Юрием Юрии"),
    ("Игорь", "m", "Игоря Игорю Игоря Игорем Игоре"),
    ("Фёдор", "m", "Фёдора Фёдору Фёдора Фёдором Фёдоре"),
    ("Алек", "m", "Алека Алеку Алека Алеком Алеке"),
    ("Марек", "m", "Марека Мареку Марека Мареком Мареке"),
    ("Франц", "m", "Франца Францу Франца Францем Франце"),
    ("Жан-Пьер", "m", "Жан-Пьера Жан-Пьеру Жан-Пьера Жан-Пьером Жан-Пьере"),
    ("Захария", "m", "Захарии Захарии Захарию Захарией Захарии"),
    ("Али", "m", "Али Али Али Али Али"),
    ("Любовь", "f", "Любови Любови Любовь Любовью Любови"),
    ("Нинель", "f", "Нинели Нинели Нинель Нинелью Нинели"),
    ("Адель", "f", "Адели Адели Адель Аделью Адели"),
    ("Мария", "f", "Марии Марии Марию Марией Марии"),
    ("Софья", "f", "Софьи Софье Софью Софьей Софье"),
    ("Ольга", "f", "Ольги Ольге Ольгу Ольгой Ольге"),
    ("Леа", "f", "Леа Леа Леа Леа Леа"),
    ("Кармен", "f", "Кармен Кармен Кармен Кармен Кармен"),
    ("Анна-Мария", "f", "Анны-Марии Анне-Марии Анну-Марию Анной-Марией Анне-Марии"),
]
PATRONYMICS = [
    ("Ильич", "m", "Ильича Ильичу Ильича Ильичом Ильиче"),
    ("Никитич", "m", "Никитича Никитичу Никитича Никитичем Никитиче"),
    ("Фомич", "m", "Фомича Фомичу Фомича Фомичом Фомиче"),
    ("Семёнович", "m", "Семёновича Семёновичу Семёновича Семёновичем Семёновиче"),
    ("Кузьминична", "f", "Кузьминичны Кузьминичне Кузьминичну Кузьминичной Кузьминичне"),
    ("Мамед-оглы", "m", "Мамед-оглы Мамед-оглы Мамед-оглы Мамед-оглы Мамед-оглы"),
    ("Жан", "m", "Жан Жан Жан Жан Жан"),
]


@pytest.mark.parametrize("word, gender, forms", SURNAMES)
def test_surname_declines(word: str, gender: Gender, forms: str) -> None:
    declined = decline_part("last_name", word, gender)

    assert [declined.forms[case] for case in OBLIQUE] == forms.split(" ")


@pytest.mark.parametrize("word, gender, forms", FIRST_NAMES)
def test_given_name_declines(word: str, gender: Gender, forms: str) -> None:
    declined = decline_part("first_name", word, gender)

    assert [declined.forms[case] for case in OBLIQUE] == forms.split(" ")


@pytest.mark.parametrize("word, gender, forms", PATRONYMICS)
def test_patronymic_declines(word: str, gender: Gender, forms: str) -> None:
    declined = decline_part("patronymic", word, gender)

    assert [declined.forms[case] for case in OBLIQUE] == forms.split(" ")


@pytest.mark.parametrize(
    "person, case, text, initials_first, surname_first",
    [
        (("Ткач", "Антон", "Ильич"), Case.DATIVE, "Ткачу Антону Ильичу", "А.И. Ткачу", "Ткачу А.И."),
        (("Ким", "Анна-Мария", "Львовна"), Case.ACCUSATIVE, "Ким Анну-Марию Львовну", "А.-М.Л. Ким", "Ким А.-М.Л."),
        (("Левин", "Лев", ""), Case.GENITIVE, "Левина Льва", "Л. Левина", "Левина Л."),
        (("Левин", "Лев", "нет по документам"), Case.GENITIVE, "Левина Льва", "Л. Левина", "Левина Л."),
        (
            ("фон Браун", "Пётр", "Ильич"),
            Case.GENITIVE,
            "фон Брауна Петра Ильича",
            "П.И. фон Брауна",
            "фон Брауна П.И.",
        ),
        (("Де Голль", "Шарль", "Ильич"), Case.DATIVE, "Де Голлю Шарлю Ильичу", "Ш.И. Де Голлю", "Де Голлю Ш.И."),
        (("Мамедов", "Али", "Гасан оглы"), Case.DATIVE, "Мамедову Али Гасан оглы", "А.Г. Мамедову", "Мамедову А.Г."),
        (("Рзаев", "Али", "Мамед-оглы"), Case.DATIVE, "Рзаеву Али Мамед-оглы", "А.М. Рзаеву", "Рзаеву А.М."),
        (("ЛЕВИНА", "АННА", "ИЛЬИНИЧНА"), Case.DATIVE, "ЛЕВИНОЙ АННЕ ИЛЬИНИЧНЕ", "А.И. ЛЕВИНОЙ", "ЛЕВИНОЙ А.И."),
    ],
)
def test_person_is_written_in_full_and_with_initials(
    person: tuple[str, str, str], case: Case, text: str, initials_first: str, surname_first: str
) -> None:
    declined = decline_name(*person, case=case)

    assert (declined.text, declined.initials_first, declined.surname_first) == (text, initials_first, surname_first)


@pytest.mark.parametrize(
    "person, gender, doubt",
    [
        (("Ким", "Саша", "Львовна"), "f", ""),
        (("Каренина", "Анна", ""), "f", ""),
        (("Ким", "Никита", ""), "m", ""),
        (("Левин", "Саша", ""), "m", genders.BY_SURNAME),
        (("Ким", "Джамшид", ""), "m", genders.BY_NAME),
        (("Ким", "Саша", ""), "", genders.UNKNOWN),
        (("Каренина", "Лев", ""), "", genders.DISAGREE),
        (("Каренина", "Лев", "Львович"), "m", genders.DISAGREE),
        (("", "", ""), "", genders.UNKNOWN),
        (("Мамедов", "Арзу", "Лутфияр кызы"), "f", genders.DISAGREE),
    ],
)
def test_gender_is_told_by_the_patronymic_then_the_name_then_the_surname(
    person: tuple[str, str, str], gender: Gender, doubt: str
) -> None:
    guess = genders.gender_of(*person)

    assert guess == (gender, doubt)


def test_name_of_unknown_gender_stands_whole_and_asks() -> None:
    declined = decline_name("Ким", "Саша", "", case=Case.DATIVE)

    assert declined.text == "Ким Саша"
    assert declined.unsure
    assert declined.doubts == (genders.UNKNOWN,)


def test_gender_given_is_believed() -> None:
    man, woman = (decline_name("Ким", "Саша", "", case=Case.DATIVE, gender=gender) for gender in ("m", "f"))

    assert (man.text, woman.text) == ("Киму Саше", "Ким Саше")
    assert not man.unsure
    assert not woman.unsure


def test_gender_given_against_the_patronymic_is_doubted() -> None:
    declined = decline_name("Ким", "Саша", "Львовна", case=Case.DATIVE, gender="m")

    assert declined.doubts[0] == names.WRONG_GENDER


@pytest.mark.parametrize(
    "surname",
    ["Кравец", "Камень", "Калина", "Лев", "Чаплин", "Марача", "Тома", "Соловей", "Починок", "Кёр-оглы", "<b>"],
)
def test_rare_surname_asks_a_person(surname: str) -> None:
    declined = decline_name(surname, "Анна" if surname == "Калина" else "Пётр", "", case=Case.INSTRUMENTAL)

    assert declined.unsure
    assert all(doubt[0].isupper() for doubt in declined.doubts)


@pytest.mark.parametrize("surname", ["Иванов", "Ткач", "Ким", "Шевченко", "Черных", "Дюма", "Цой", "Сухой", "О"])
def test_surname_of_a_certain_rule_asks_nobody(surname: str) -> None:
    declined = decline_name(surname, "Пётр", "Ильич", case=Case.INSTRUMENTAL)

    assert declined.doubts == ()


def test_what_stands_unchanged_is_explained() -> None:
    declined = decline_name("Шевченко", "Анна", "Ильинична", case=Case.DATIVE)

    assert declined.notes == ("Фамилии на «-ко» не склоняются",)


def test_letters_of_other_alphabets_are_left_alone() -> None:
    declined = decline_name("<script>", "Иван", "Ильич", case=Case.DATIVE)

    assert declined.text == "<script> Ивану Ильичу"
    assert declined.doubts == (name_parts.STRANGE,)


def test_no_name_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        decline_name("Редкофамильев", "Нинель", "", case=Case.DATIVE)
        genders.gender_of("Редкофамильев", "Нинель", "")

    assert caplog.records == []


def test_every_rule_can_fit_and_changes_or_says_something() -> None:
    rules = [rule for part in RULES.values() for rule in part]

    assert all(rule.words or rule.pattern for rule in rules)
    assert all(rule.why.endswith(".") for rule in rules)
    assert all(len(rule.endings.split(" ")) == 5 for rule in rules if rule.endings)


# Of any text

ANY = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="АИванёЁОглыйьцкч-’ .<>&0A", max_size=300),
    st.sampled_from(["", " ", "оглы", "-", "Ъ", "Ё" * 300, "<w:t>", "д’", "ЛЕВ", "İ"]),
)
WORDS = st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъыьэюяё", min_size=2, max_size=20)


@given(ANY, ANY, ANY, st.sampled_from(list(Case)), st.sampled_from(["m", "f", None]))
def test_nothing_breaks_it(last: str, first: str, patronymic: str, case: Case, gender: Gender | None) -> None:
    declined = decline_name(last, first, patronymic, case=case, gender=gender)

    assert declined.case is case
    assert declined.initials_first.count("\n") <= (last + first + patronymic).count("\n")
    assert declined.unsure or declined.gender


@given(ANY, ANY, ANY)
def test_nominative_is_the_name_as_given(last: str, first: str, patronymic: str) -> None:
    declined = decline_name(last, first, patronymic, case=Case.NOMINATIVE)

    assert (declined.last_name, declined.first_name) == (last, first)
    assert declined.patronymic in (patronymic, "")


@given(st.lists(WORDS, min_size=1, max_size=3), st.sampled_from(["-", " "]), st.sampled_from(OBLIQUE))
def test_hyphens_spaces_and_capitals_are_kept(words: list[str], joint: str, case: Case) -> None:
    small = joint.join(words)

    capital = decline_part("last_name", small.upper(), "m").forms[case]
    titled = decline_part("last_name", joint.join(word.capitalize() for word in words), "m").forms[case]

    assert titled.count(joint) == small.count(joint)
    assert all(word[:1].isupper() for word in titled.split(joint))
    assert capital.isupper()
