"""Figures that operators give of schools, ready counted: what each is, how tables head it, where it is kept."""

from dataclasses import dataclass

from schools.platforms import MY_SCHOOL, SFERUM, Platform


@dataclass(frozen=True, slots=True)
class OperatorFigure:
    """One number of a school in a period; `headings` are other ways in which tables call it."""

    number: int  # what the database stores; never reused
    key: str  # also the column of SchoolWeek, after «op_»
    name: str
    platforms: tuple[Platform, ...]
    headings: tuple[str, ...] = ()
    is_flag: bool = False  # «да» or «нет», kept as 1 or 0

    @property
    def column(self) -> str:
        """The column of SchoolWeek."""
        return f"op_{self.key}"


_BOTH = (SFERUM, MY_SCHOOL)
_MINE = (MY_SCHOOL,)
_SFERUM = (SFERUM,)
_OF_PLACES = ("школ зарегистрировано", "зарегистрировано школ", "подключено школ")  # of a place it is a number

OPERATOR_FIGURES = (
    OperatorFigure(
        1,
        "registered",
        "Школа зарегистрирована",
        _BOTH,
        ("зарегистрирована", "подключена", "статус регистрации", *_OF_PLACES),
        True,
    ),
    OperatorFigure(
        2, "teachers", "Педагогов всего", _BOTH, ("учителей по оо-1", "педагогов", "учителей всего", "всего учителей")
    ),
    OperatorFigure(
        3,
        "profiles",
        "Педагогов зарегистрировано",
        _BOTH,
        (
            "зарегистрировано учителей",
            "учителей с учебным профилем",
            "подключено учителей",
            "зарегистрировано педагогов",
        ),
    ),
    OperatorFigure(
        4, "confirmed", "Педагогов подтверждено", _SFERUM, ("в т. ч. подтверждён статус", "подтверждено учителей")
    ),
    OperatorFigure(
        5,
        "active",
        "Педагогов активно",
        _BOTH,
        ("активные учителя", "активных учителей за неделю", "активных педагогов", "учителей входило"),
    ),
    OperatorFigure(6, "classes", "Классов всего", _SFERUM, ("классов", "всего классов")),
    OperatorFigure(7, "classes_with_chat", "Классов с чатом", _SFERUM, ("классных чатов", "классы с чатом")),
    OperatorFigure(
        8, "pupils_registered", "Обучающихся зарегистрировано", _BOTH, ("ученики", "учеников", "подключено учеников")
    ),
    OperatorFigure(
        9, "pupils_active", "Обучающихся активно", _BOTH, ("активных учеников", "активные ученики", "учеников входило")
    ),
    OperatorFigure(
        10, "guardians", "Родителей зарегистрировано", _BOTH, ("родители", "родителей", "подключено родителей")
    ),
    OperatorFigure(
        11, "linked", "Педагогов прикреплено в Госуслугах", _MINE, ("прикреплено учителей", "прикреплены в есиа")
    ),
    OperatorFigure(12, "library", "Педагогов в библиотеке", _MINE, ("библиотека", "пользуются библиотекой")),
    OperatorFigure(13, "tests", "Педагогов в тестировании", _MINE, ("тестирование", "пользуются тестами")),
    OperatorFigure(14, "files", "Педагогов в «Моих файлах»", _MINE, ("мои файлы", "пользуются файлами")),
    OperatorFigure(15, "diary", "Педагогов в дневнике и журнале", _MINE, ("дневник", "журнал", "дневник и журнал")),
    OperatorFigure(16, "tv", "Педагогов со Smart TV", _MINE, ("smart tv", "смарт тв")),
    OperatorFigure(
        17,
        "community",
        "Сообщество подтверждено",
        _SFERUM,
        ("госпаблик подтвержден", "официальное сообщество", "сообществ подтверждено"),
        True,
    ),
    OperatorFigure(18, "posts", "Записей в сообществе за неделю", _SFERUM, ("публикаций", "постов", "записей")),
    OperatorFigure(19, "logins", "Входов педагогов", _MINE, ("входов учителей", "авторизаций учителей")),
    OperatorFigure(20, "pupil_logins", "Входов обучающихся", _MINE, ("входов учеников", "авторизаций учеников")),
)
OPERATOR_FIGURE_BY_KEY = {figure.key: figure for figure in OPERATOR_FIGURES}
OPERATOR_FIGURE_BY_NUMBER = {figure.number: figure for figure in OPERATOR_FIGURES}


def figure_choices() -> list[tuple[int, str]]:
    """Return (number, name) pairs for form fields."""
    return [(figure.number, figure.name) for figure in OPERATOR_FIGURES]
