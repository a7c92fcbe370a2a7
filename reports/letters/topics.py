"""What a letter may be about: topics as data, each with the schools it concerns, its table and its opening words."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from reports.models import FINISHED, SchoolStep, StepState
from reports.reading.facts import without_administrator
from reports.reading.step_words import DAYS, days_still, part_text
from schools.models import School
from schools.steps import STEP_BY_NUMBER, STEPS
from schools.texts import counted, date_text

Rows = dict[int, list[str]]


@dataclass(frozen=True, slots=True)
class Topic:
    """A reason to write: `concerns` narrows schools of a territory, `rows` gives each its line of the table."""

    key: str
    name: str
    subject: str
    opening: str  # one sentence: what we ask for
    head: tuple[str, ...]
    concerns: "Callable[[QuerySet[School]], QuerySet[School]]"
    rows: "Callable[[QuerySet[School]], Rows]"


def _with_steps(condition: Q) -> "Callable[[QuerySet[School]], QuerySet[School]]":
    def concerns(schools: "QuerySet[School]") -> "QuerySet[School]":
        return schools.filter(Exists(SchoolStep._default_manager.filter(condition, school=OuterRef("pk"))))

    return concerns


def _steps(condition: Callable[[], Q], say: Callable[[SchoolStep, datetime.date], list[str]]) -> "Callable[..., Rows]":
    """The step of each school that stands longest, in words."""

    def rows(schools: "QuerySet[School]") -> Rows:
        today = timezone.localdate()
        found: Rows = {}
        steps = SchoolStep._default_manager.filter(condition(), school__in=schools.values("pk"))
        for row in steps.order_by("school_id", "moved_on", "number"):
            found.setdefault(row.school_id, say(row, today))
        return found

    return rows


def _step_line(row: SchoolStep, today: datetime.date) -> list[str]:
    step = STEP_BY_NUMBER[row.number]
    still = f", без движения {counted(days_still(row, today), *DAYS)}" if row.state == StepState.STALLED else ""
    return [f"{step.number}. {step.name}", part_text(row) or "—", f"{row.get_state_display()}{still}"]


def _late_line(row: SchoolStep, today: datetime.date) -> list[str]:
    step = STEP_BY_NUMBER[row.number]
    due = date_text(row.planned_on) if row.planned_on else "—"
    return [f"{step.number}. {step.name}", part_text(row) or "—", f"срок был {due}"]


def _late() -> Q:
    return Q(planned_on__lt=timezone.localdate()) & ~Q(state__in=FINISHED)


def _overdue(schools: "QuerySet[School]") -> "QuerySet[School]":
    return _with_steps(_late())(schools)


def _no_rows(schools: "QuerySet[School]") -> Rows:
    return {pk: ["администратор не назначен"] for pk in schools.values_list("pk", flat=True)}


_STEP_HEAD = ("Этап", "Сделано", "Состояние")
STALLED, OPEN = Q(state=StepState.STALLED), ~Q(state__in=FINISHED)

TOPICS = (
    Topic(
        "stalled", "застряли на этапах", "О ходе внедрения школьных платформ",
        "В вашей школе работа по одному из этапов внедрения остановилась: посмотрите строку таблицы и продолжите её",
        _STEP_HEAD, _with_steps(STALLED), _steps(lambda: STALLED, _step_line),
    ),
    Topic(
        "overdue", "просрочили этапы", "О сроках внедрения школьных платформ",
        "Срок одного из этапов внедрения в вашей школе прошёл: завершите его или сообщите, что мешает",
        _STEP_HEAD, _overdue, _steps(_late, _late_line),
    ),
    Topic(
        "no-administrator", "без администратора", "О назначении администратора школы",
        "В вашей школе не назначен администратор платформы: назначьте его приказом и сообщите фамилию, имя, отчество, "
        "телефон и адрес электронной почты",
        ("Что нужно",), without_administrator, _no_rows,
    ),
    *(
        Topic(
            f"step-{step.number}", f"этап {step.number}: {step.short.lower()}", f"Об этапе «{step.name}»",
            f"В вашей школе не завершён этап «{step.name}». {step.action}",
            _STEP_HEAD, _with_steps(OPEN & Q(number=step.number)),
            _steps(lambda number=step.number: OPEN & Q(number=number), _step_line),  # type: ignore[misc]
        )
        for step in STEPS
        if step.number > 3
    ),
)  # fmt: skip
TOPIC_BY_KEY = {topic.key: topic for topic in TOPICS}
