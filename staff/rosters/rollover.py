"""The change of school years: 5А becomes 6А, leavers leave, first forms begin; planned, done in one act, taken back."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from schools.jobs import tell_changed
from schools.models import Pupil, School, SchoolClass, User
from schools.texts import counted
from schools.values import clean_class_name, clean_classes, split_class_name
from schools.years import school_year_of, school_year_title
from staff.imports.services import ImportRefused
from staff.imports.stored import pack, unpack
from staff.models import ClassTeacher, YearRollover
from staff.rosters.present import class_key, roster_stamp
from staff.rosters.undo import undo
from staff.rosters.writing import RosterWriter

MOVE, LEAVE, HOLD = "move", "leave", "hold"
ASKED_GRADES = frozenset({9, 11, 12})  # after these a class may end: the school says what becomes of it
LAST_USUAL, LAST_GRADE = 11, 12  # the twelfth is of evening schools
ACTIONS = ((MOVE, "переходит"), (LEAVE, "выпускается"), (HOLD, "решим позже"))


@dataclass(slots=True)
class Step:
    """What becomes of one class."""

    class_id: int
    name: str
    grade: int
    pupils: int
    teachers: list[tuple[int, str]]
    action: str = MOVE
    target: str = ""
    problem: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether the school chooses what becomes of it."""
        return self.grade in ASKED_GRADES


@dataclass(slots=True)
class Rollover:
    """A school on its way into a year; `stamp` tells whether the school is still as it was shown."""

    year: int
    stamp: str
    steps: list[Step]
    first_forms: str
    carries_primary: bool
    left_on: datetime.date
    problems: list[str] = field(default_factory=list)

    def count(self, action: str) -> int:
        """Pupils whom an action concerns."""
        return sum(step.pupils for step in self.steps if step.action == action)

    @property
    def is_right(self) -> bool:
        """Whether nothing keeps it from being done."""
        return not self.problems and not any(step.problem for step in self.steps)

    @property
    def first_names(self) -> list[str]:
        """Names of the new first forms."""
        return [name for name in clean_classes(self.first_forms).value.split(", ") if name]


def year_ahead(school: School, today: datetime.date) -> int:
    """The year a school would move into: the one after that in whose classes its pupils are."""
    present = Pupil.objects.filter(school=school).learning(today).aggregate(year=Max("school_class__year"))["year"]
    return (present or school_year_of(today)) + 1


def done_already(school: School, year: int) -> YearRollover | None:
    """The rollover into a year, unless it was taken back."""
    return YearRollover.objects.filter(school=school, year=year, undone_at=None).first()


def plan_rollover(school: School, year: int, choices: Mapping[str, str], today: datetime.date) -> Rollover:
    """Return what moving into a year would do; `choices` are what the person said, by name of the form's fields."""
    steps = _steps(school, year - 1, today)
    for step in steps:
        _choose(step, choices)
    first = choices.get("first", ", ".join(step.name for step in steps if step.grade == 1))
    plan = Rollover(
        year=year,
        stamp=roster_stamp(school),
        steps=steps,
        first_forms=first,
        carries_primary="primary" in choices,
        left_on=_day(choices.get("left_on", ""), default=max(today, datetime.date(year, 6, 30))),
    )
    if clean_classes(first).is_mistaken:
        plan.problems.append("Не поняли, какие первые классы завести. Пишите их так: 1А, 1Б.")
    elif any(split_class_name(name)[0] != 1 for name in plan.first_names):
        plan.problems.append("Новыми заводим первые классы: 1А, 1Б. Остальные заведите на странице классов.")
    if not steps:
        plan.problems.append(f"За {school_year_title(year - 1)} учебный год классов нет: переводить некого.")
    return plan


def _day(text: str, *, default: datetime.date) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return default


def _steps(school: School, year: int, today: datetime.date) -> list[Step]:
    """The classes of a year with their pupils and leaders, in three queries."""
    teachers: dict[int, list[tuple[int, str]]] = defaultdict(list)
    led = ClassTeacher.objects.filter(school_class__school=school, school_class__year=year, staff__left_on=None)
    for one in led.select_related("staff").order_by("staff__name_key"):
        teachers[one.school_class_id].append((one.staff_id, one.staff.full_name))
    here = Pupil.objects.filter(school=school, school_class__year=year).learning(today)
    counts = dict(here.order_by().values_list("school_class_id").annotate(Count("pk")))
    rows = SchoolClass.objects.filter(school=school, year=year).order_by("grade", "letter")
    return [
        Step(pk, class_key(grade, letter), grade, counts.get(pk, 0), teachers[pk])
        for pk, grade, letter in rows.values_list("pk", "grade", "letter")
    ]


def _choose(step: Step, choices: Mapping[str, str]) -> None:
    """Usually one grade up; after the ninth it is asked, after the last one leaves."""
    default = {9: HOLD, 11: LEAVE, 12: LEAVE}.get(step.grade, MOVE)
    asked = choices.get(f"after-{step.class_id}", default) if step.is_asked else MOVE
    step.action = asked if asked in (MOVE, LEAVE, HOLD) else default
    if step.grade >= LAST_GRADE and step.action == MOVE:
        step.action = LEAVE
    grade, letter = split_class_name(step.name)
    above = f"{grade + 1}{letter}" if grade < LAST_GRADE else ""
    text = choices.get(f"target-{step.class_id}", above if grade < LAST_USUAL else "")
    text = text or (above if step.action == MOVE else "")
    cleaned = clean_class_name(text)
    step.target = cleaned.value or text.strip()[:20]
    if step.action == MOVE and (cleaned.is_mistaken or not cleaned.value):
        step.problem = "Впишите класс, например 6А"
    elif step.action == MOVE and not grade <= split_class_name(cleaned.value)[0] <= grade + 1:
        step.problem = f"После {grade}-го идёт {grade + 1}-й класс: проверьте название"


@transaction.atomic
def roll_over(*, school: School, plan: Rollover, by: User, stamp: str, sure: bool) -> YearRollover:
    """Do what the plan says, once.

    Raises ImportRefused for a year the school has moved into already, for a plan that is not right or was made of
    another state of the school, and for one far ahead of its time of which the person is not `sure`.
    """
    locked = School.objects.select_for_update().get(pk=school.pk)
    today = timezone.localdate()
    title = school_year_title(plan.year)
    if done_already(locked, plan.year):
        raise ImportRefused(f"Школа уже переведена на {title} учебный год. Второй раз переводить не нужно.")
    if not plan.is_right:
        raise ImportRefused("Исправьте отмеченное и проверьте ещё раз.")
    if roster_stamp(locked) != stamp:
        raise ImportRefused("Пока страница была открыта, данные школы изменились. Посмотрите ещё раз и подтвердите.")
    if plan.year > school_year_of(today) + 1:
        raise ImportRefused(f"До {title} учебного года больше года: переводить рано.")
    if is_early(plan.year, today) and not sure:
        raise ImportRefused("Учебный год ещё идёт. Если перевести школу нужно уже сейчас, поставьте отметку внизу.")
    writer = RosterWriter(locked, plan.year)
    _write(writer, plan)
    done = YearRollover.objects.create(
        school=locked,
        year=plan.year,
        summary=_summary(plan, writer),
        undo_data=pack(vars(writer.written)),
        done_by=by,
    )
    tell_changed(locked.pk)
    return done


def is_early(year: int, today: datetime.date) -> bool:
    """Whether the present year still goes on: from May on schools prepare the next one."""
    return today < datetime.date(year, 5, 1)


def _write(writer: RosterWriter, plan: Rollover) -> None:
    there = set(writer.class_ids)
    moves = [step for step in plan.steps if step.action == MOVE]
    wanted = dict.fromkeys([*(step.target for step in moves), *plan.first_names])
    writer.make_classes([{"class_name": name} for name in wanted if name not in there])
    writer.lead(_leaders(writer, plan, moves))
    by_class = defaultdict(list)
    here = Pupil.objects.filter(school_class__in=[step.class_id for step in plan.steps]).learning(timezone.localdate())
    for pk, class_id in here.values_list("pk", "school_class_id"):
        by_class[class_id].append(pk)
    changes: dict[int, dict[str, Any]] = {}
    what: dict[str, dict[str, Any]] = {MOVE: {}, HOLD: {"school_class": None}, LEAVE: {"left_on": f"{plan.left_on}"}}
    for step in plan.steps:
        change = what[step.action] | ({"school_class": step.target} if step.action == MOVE else {})
        changes |= dict.fromkeys(by_class[step.class_id], change)
    writer.change_pupils(changes)


def _leaders(writer: RosterWriter, plan: Rollover, moves: Sequence[Step]) -> dict[int, list[int]]:
    """Who leads the new classes: those who led the old ones, unless somebody leads the new class already."""
    led = set(
        ClassTeacher.objects.filter(school_class__in=list(writer.class_ids.values())).values_list(
            "school_class_id", flat=True
        )
    )
    leaders: dict[int, list[int]] = defaultdict(list)
    for step in moves:
        target = writer.class_ids[step.target]
        if target not in led and step.teachers and (step.grade != 4 or plan.carries_primary):
            leaders[target] += [pk for pk, _ in step.teachers if pk not in leaders[target]]
    return dict(leaders)


def _summary(plan: Rollover, writer: RosterWriter) -> dict[str, Any]:
    return {
        "classes": len(writer.written.made_classes),
        "moved": plan.count(MOVE),
        "left": plan.count(LEAVE),
        "held": plan.count(HOLD),
        "first": plan.first_names,
    }


def can_take_back(done: YearRollover) -> bool:
    """Whether a rollover can still be undone."""
    term = datetime.timedelta(days=settings.KEEP_FILES_DAYS)
    return done.undone_at is None and done.undo_data is not None and timezone.now() < done.done_at + term


@transaction.atomic
def take_back(*, done: YearRollover, by: User) -> YearRollover:
    """Undo a rollover as a whole; what was changed since stays, and is told."""
    school = School.objects.select_for_update().get(pk=done.school_id)
    fresh: YearRollover = YearRollover.objects.select_for_update(of=("self",)).get(pk=done.pk)
    if fresh.undone_at is not None:
        raise ImportRefused("Этот перевод уже отменён.")
    if not can_take_back(fresh):
        days = counted(settings.KEEP_FILES_DAYS, "день", "дня", "дней")
        raise ImportRefused(f"Отменить перевод можно {days}, этот срок вышел.")
    fresh.summary = fresh.summary | {"undo": undo(school, fresh.year, unpack(fresh.undo_data))}
    fresh.undone_at = timezone.now()
    fresh.save(update_fields=["summary", "undone_at"])
    tell_changed(school.pk)
    return fresh
