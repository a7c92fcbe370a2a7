"""What a page says of one school at one step: state, n of m, the note, where to go; words only (pure)."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse

from reports.models import FINISHED, SchoolStep, StepState
from schools.steps import STALLED_DAYS, STEP_BY_NUMBER, Step
from schools.texts import counted, date_text, number, out_of

GLYPHS = {
    StepState.NEEDLESS: "none",
    StepState.LOCKED: "locked",
    StepState.TODO: "todo",
    StepState.WORKING: "working",
    StepState.STALLED: "stalled",
    StepState.DONE: "done",
    StepState.CONFIRMED: "confirmed",
}
PEOPLE_STEPS = (1, 3, 4)  # steps that are a person: their «n of m» is a yes or no
DAYS = ("день", "дня", "дней")


class Standing(NamedTuple):
    """The columns of a stored row that a table of many schools says: read as they are, for models of them cost more."""

    school_id: int
    number: int
    state: int
    part: int
    whole: int
    excused: int
    mistakes: int
    planned_on: datetime.date | None
    moved_on: datetime.date


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A row of the nine: what parts/steps.html task_list shows, and what the page of steps adds to it."""

    number: int
    title: str
    state: str
    note: str
    url: str
    part_text: str
    state_text: str
    manual: bool
    current: bool
    step: Step
    row: SchoolStep
    overdue: bool


def is_finished(row: SchoolStep | Standing) -> bool:
    """Whether nothing more is asked of the school at this step."""
    return row.state in FINISHED


def days_still(row: SchoolStep | Standing, today: datetime.date) -> int:
    """Days since the step last moved."""
    return (today - row.moved_on).days


def is_overdue(row: SchoolStep | Standing, today: datetime.date) -> bool:
    """Whether the planned day has passed and the step is not finished."""
    return row.planned_on is not None and row.planned_on < today and not is_finished(row)


def part_text(row: SchoolStep) -> str:
    """«56 из 74»; nothing for a step that is a yes or no, or whose whole nobody has declared."""
    if row.number in PEOPLE_STEPS or row.number == 2 or row.state == StepState.NEEDLESS:
        return ""
    if not row.whole:
        return number(row.part) if row.part else ""
    return out_of(row.part, row.whole)


def percent_done(row: SchoolStep | Standing) -> int:
    """How much of the whole is there, in whole per cent, 0–100; 0 where the whole is not known."""
    whole = row.whole - row.excused
    return min(100, round(100 * row.part / whole)) if whole > 0 else 0


def note(row: SchoolStep, finished: set[int], today: datetime.date, proof: str = "") -> str:
    """The line under a step's title: what is missing, what it waits for, since when it stands still, what proves it."""
    step = STEP_BY_NUMBER[row.number]
    if row.state == StepState.NEEDLESS:
        return "Школа подчинена региону напрямую" if step.may_be_needless and not row.is_manual else ""
    if row.state in (StepState.DONE, StepState.CONFIRMED):
        return _done_note(row) or proof
    if row.state == StepState.LOCKED:
        waits = [STEP_BY_NUMBER[needed].name for needed in step.requires if needed not in finished]
        return f"Откроется, когда будет сделано: {'; '.join(waits)}" if waits else step.rule
    missing = _missing(row, step)
    if row.state == StepState.STALLED:
        still = f"Без движения {counted(days_still(row, today), *DAYS)}"
        return f"{still}. {missing}" if missing else still
    return missing


def _done_note(row: SchoolStep) -> str:
    if row.is_manual:
        return "Отмечен вручную: причина на странице этапов"
    if row.number == 7 and row.excused:
        return f"{counted(row.excused, 'семья отказалась', 'семьи отказались', 'семей отказались')} — это их право"
    return ""


def _missing(row: SchoolStep, step: Step) -> str:
    """What is missing, in words; the step's own numbers, no names."""
    if row.number in PEOPLE_STEPS:
        waits = "Назначен, но в портал ещё не входил"
        return waits if row.state == StepState.WORKING else f"{step.action}: делает {step.who}"
    if row.number == 2:
        return "Сверяет координатор региона"
    if row.number == 9:
        return f"Выполнено условий: {out_of(row.part, row.whole)}" if row.part else step.action
    if not row.whole:
        return "Численность по ОО-1 не указана: попросите координатора её внести"
    parts = []
    lacking = row.whole - row.excused - row.part
    if lacking > 0:
        one, many = step.lacks
        parts.append(f"не хватает {counted(lacking, one, many, many)}")
    if row.mistakes:
        parts.append(f"с ошибками {counted(row.mistakes, 'строка', 'строки', 'строк')}")
    if row.number == 7 and row.excused:
        parts.append(f"отказались {number(row.excused)} — напоминать не будем")
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def stalled_text(row: SchoolStep, today: datetime.date) -> str:
    """«застрял, 23 дня» for a chip; the plain word of any other state."""
    if row.state == StepState.STALLED:
        return f"застрял, {counted(days_still(row, today), *DAYS)}"
    return row.get_state_display()


def plan_text(row: SchoolStep, today: datetime.date) -> str:
    """«срок 1 декабря» or «просрочен с 1 декабря»; nothing without a date or once finished."""
    if row.planned_on is None or is_finished(row):
        return ""
    return f"просрочен с {date_text(row.planned_on)}" if is_overdue(row, today) else f"срок {date_text(row.planned_on)}"


def where(row: SchoolStep, school_id: int) -> str:
    """The page on which a school's step is done."""
    if row.number in PEOPLE_STEPS:
        return ""
    if row.number == 5:
        return reverse("staff", args=[school_id])
    if row.number in (6, 7, 8):
        return f"{reverse('school', args=[school_id])}classes/"
    return f"{reverse('school_steps', args=[school_id])}#use" if row.number == 9 else ""


def task_rows(
    rows: list[SchoolStep], school_id: int, today: datetime.date, sees_people: bool, proofs: Mapping[int, str]
) -> list[TaskRow]:
    """The nine of a school as the task list shows them; the first that is not finished and not locked is current.

    `proofs` are the words under finished steps (proofs.proofs_of).
    """
    finished = {row.number for row in rows if is_finished(row)}
    open_rows = [row for row in rows if not is_finished(row) and row.state != StepState.LOCKED]
    own = [row for row in open_rows if row.number > 3] or open_rows
    current = own[0].number if own else 0
    return [
        TaskRow(
            number=row.number,
            title=STEP_BY_NUMBER[row.number].name,
            state=GLYPHS[StepState(row.state)],
            note=note(row, finished, today, proofs.get(row.number, "")),
            url=where(row, school_id) if sees_people else "",
            part_text=part_text(row),
            state_text="" if row.state != StepState.STALLED else stalled_text(row, today),
            manual=row.is_manual,
            current=row.number == current,
            step=STEP_BY_NUMBER[row.number],
            row=row,
            overdue=is_overdue(row, today),
        )
        for row in rows
    ]


def stalled_rule() -> str:
    """The legend's word for «застрял»."""
    return f"застрял: {counted(STALLED_DAYS, *DAYS)} без движения"
