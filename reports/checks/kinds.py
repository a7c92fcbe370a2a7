"""What a check is made of: severity, subject, where to mend it, reasons, and the check itself (no queries here)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from schools.bases import Basis
from schools.scope import BELOW_COUNTRY, SCHOOL_ONLY, Level
from schools.sealed import unseal


@dataclass(frozen=True, slots=True)
class Severity:
    """How bad a finding is; `weight` is what a check of this severity counts for in the quality of data."""

    number: int  # order of lists: the worst first
    key: str
    name: str
    many: str  # «ошибок»: after a number of several
    forms: tuple[str, str, str]
    weight: int
    glyph: str
    tone: str


ERROR = Severity(1, "error", "ошибка", "ошибки", ("ошибка", "ошибки", "ошибок"), 5, "mistake", "bad")
WARNING = Severity(
    2, "warning", "предупреждение", "предупреждения", ("предупреждение", "предупреждения", "предупреждений"), 3,
    "warning", "warn",
)  # fmt: skip
HINT = Severity(3, "hint", "подсказка", "подсказки", ("подсказка", "подсказки", "подсказок"), 1, "todo", "quiet")
SEVERITIES = (ERROR, WARNING, HINT)
SEVERITY_BY_KEY = {severity.key: severity for severity in SEVERITIES}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a check is about, as people sort their work."""

    key: str
    name: str


SUBJECTS = (
    Subject("school", "Карточка школы"),
    Subject("appointments", "Назначения"),
    Subject("staff", "Сотрудники"),
    Subject("accounts", "Учётные записи"),
    Subject("classes", "Классы"),
    Subject("pupils", "Обучающиеся"),
    Subject("guardians", "Представители"),
    Subject("chats", "Чаты"),
    Subject("activity", "Активность"),
)
SUBJECT_BY_KEY = {subject.key: subject for subject in SUBJECTS}


@dataclass(frozen=True, slots=True)
class Where:
    """A page on which findings of a school are mended: the button's words, the route, what stands after the address.

    The route takes the school's id, or nothing; «{school}» in the query is the id. `levels` are those that may open
    the page and mend something there. A route this installation does not have gives no button.
    """

    title: str
    route: str
    query: str = ""
    levels: frozenset[Level] = BELOW_COUNTRY


class Person(NamedTuple):
    """A row as checks in Python see it: what SQL cannot judge (sealed СНИЛС, spelling of names)."""

    last_name: str
    first_name: str
    patronymic: str
    no_patronymic: bool
    sealed_snils: str

    @property
    def snils(self) -> str:
        """Eleven digits, or what stands there instead; opened only where a check asks."""
        return unseal(self.sealed_snils)


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the ways in which a row may be wrong: words for people, a condition over the source's rows."""

    words: str
    when: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check. A row is found if `found` holds, or any of `reasons`, or if `inspect` says what is wrong with it.

    `source` names the rows (sources.py); `applies` narrows them to those looked at. `facts` are (words, expression)
    shown beside a found row. `minutes` is the effort of mending one finding, or all of a school where `at_once`.
    `weight` is what the check counts for, where that is not its severity's.
    """

    number: int  # what the database stores; never reused
    key: str
    name: str  # as a fact about rows: «Имя и отчество склеены»
    severity: Severity
    subject: str
    source: str
    why: str
    advice: str
    minutes: int
    found: str = ""
    reasons: tuple[Reason, ...] = ()
    inspect: Callable[[Person], str] | None = None
    applies: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    where: tuple[Where, ...] = field(default=())
    at_once: bool = False
    own_weight: int = 0
    bases: tuple[Basis, ...] = ()  # the acts the check cites, where it cites one

    @property
    def weight(self) -> int:
        """What the check counts for in the quality of a school's data."""
        return self.own_weight or self.severity.weight

    @property
    def condition(self) -> str:
        """The condition of a found row; empty where rows are judged in Python."""
        found = self.found or " OR ".join(f"({reason.when})" for reason in self.reasons)
        return f"({self.applies}) AND ({found})" if self.applies and found else found


# Pages many checks point at.
_COORDINATORS = frozenset({Level.REGION, Level.MUNICIPALITY})
CARD = Where("Карточка школы", "school")
STAFF = Where("Список сотрудников", "staff")
STAFF_NAMES = Where("Список: имя не по правилам", "staff", "?show=names")
STAFF_UPLOAD = Where("Загрузить список заново", "staff_upload")
CLASSES = Where("Классы школы", "classes")
PUPILS = Where("Обучающиеся", "pupils", levels=SCHOOL_ONLY)
ROSTER_UPLOAD = Where("Загрузить классы и обучающихся", "roster_upload", levels=SCHOOL_ONLY)
APPOINT = Where("Назначить администратора", "appointment_new", "?school={school}", _COORDINATORS)
APPOINTMENTS = Where("Назначения", "appointments")
REGISTER = Where("Сверка реестра", "register", levels=frozenset({Level.REGION}))
