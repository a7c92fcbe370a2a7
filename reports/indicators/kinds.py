"""What an indicator is: its passport as data, and the sentences passports share."""

from dataclasses import dataclass, field
from enum import StrEnum

from schools.bases import Basis
from schools.platforms import Platform
from schools.scope import Level


class Theme(StrEnum):
    """What indicators are gathered under."""

    SFERUM = "Сферум"
    CHATS = "Чаты"
    MY_SCHOOL = "Моя школа"
    PUBLIC = "Сообщества и системы"
    DATA = "Этапы и данные"


class Period(StrEnum):
    """How often the figures behind an indicator come; whatever it is, weeks are counted over what has come."""

    WEEK = "еженедельно"
    MONTH = "ежемесячно"
    QUARTER = "ежеквартально"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One share: Σ part ÷ Σ whole over the schools of a place, both columns of SchoolWeek.

    `operator_part` and `operator_whole` are the columns of the operator's own figures for the same thing: which of the
    two feeds the rating is chosen per indicator (IndicatorFeed). What only the operator knows stands as `part` itself.
    An indicator of a `base` above schools has its rows there: `part` names who gives them (counting.rows).

    `official` is false wherever the formula is ours: the annex of Р-210 was never published (domain.md 1.2).
    """

    number: int  # what the database stores; never reused
    key: str
    name: str
    short_name: str
    theme: Theme
    platform: Platform
    part: str
    whole: str
    unit: tuple[str, str, str]  # what is counted: one, few, many
    question: str
    definition: str
    part_text: str
    whole_text: str
    act: str  # as this version of the passport words it; `bases` are the same acts in the library
    bases: tuple[Basis, ...]
    source: str
    limits: tuple[str, ...]
    target: float | None = None  # the share wished for, 0–1; example, edited per region as Target
    alarm: float | None = None  # below it somebody must act
    operator_part: str = ""
    operator_whole: str = ""
    base: Level = Level.SCHOOL
    period: Period = Period.WEEK
    waits: bool = False  # left out of a week in which no school has it: nobody has begun to give these figures
    good_is_up: bool = True
    counts_people: bool = True  # small groups are shown without percent and place
    official: bool = False
    version: int = 1
    author: str = "методическая группа портала"
    checker: str = "не назначен: паспорт ещё никто со стороны не проверил"
    reviewed_on: str = "2026-11-24"
    review_by: str = "2027-06-01"
    ranked_levels: tuple[Level, ...] = field(default=(Level.REGION, Level.MUNICIPALITY, Level.SCHOOL))

    @property
    def is_yes_or_no(self) -> bool:
        """Whether a school has «да» or «нет» of it, not a share."""
        return self.whole in _YES_OR_NO

    @property
    def tip(self) -> str:
        """The passport in a breath, for the bubble beside the name: what, from where, whose formula, which version."""
        whose = "" if self.official else " Формула — наше определение."
        source = self.source[:1].lower() + self.source[1:].rstrip(".")
        return f"{self.definition} Источник — {source}.{whose} Паспорт, версия {self.version}."


_YES_OR_NO = ("in_scope", "op_community")  # wholes of one a school: its part is a yes or a no

OURS = "Формула — наше определение: приложение с формулой не опубликовано."
DECLARED = (
    "Численность по ОО-1 — на 20 сентября, список сотрудников живёт, поэтому доля бывает больше 100 %: "
    "показываем и помечаем."
)
PEOPLE = ("сотрудник", "сотрудника", "сотрудников")
UNLISTED = "Школа, которая не дала списка сотрудников, — «нет данных», а не ноль."
KNOWN = "Сотрудник без даты приёма учитывается с недели, в которую портал о нём узнал: пересчёт прошлой недели его не добавит."
BY_OPERATOR = "Считает оператор площадки: что вошло в его число, портал проверить не может."
TEACHERS = ("педагог", "педагога", "педагогов")
PUPILS = ("обучающийся", "обучающегося", "обучающихся")
SCHOOLS = ("школа", "школы", "школ")
