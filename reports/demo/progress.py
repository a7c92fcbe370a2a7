"""How far the demo's schools have come with the nine steps: who came in, what is confirmed, late or stuck."""

import datetime
import random

from django.db.models import Q

from reports.chat_coverage.counting import count_chats
from reports.demo.calendar import Calendar
from reports.demo.chat_stories import tell_of_chats
from reports.demo.invited import tell_of_invitations
from reports.demo.places import PETERSBURG
from reports.models import SchoolStep, StepEvent, StepState
from reports.steps.counting import count_steps
from schools.bulk import update_rows
from schools.models import Appointment, FunctionUse, Region, School, StepMark, StepPlan, User
from schools.models.steps import MarkKind
from schools.scope import Level
from schools.steps import FUNCTIONS, STEPS

# The region's own roadmap: the step, the month and the day it is to be finished, in the school year's first half.
_ROADMAP = ((2, 9, 20), (3, 9, 25), (4, 10, 1), (5, 10, 15), (6, 10, 20), (8, 11, 15), (7, 12, 15), (9, 12, 25))
_LONGEST_STILL = 45  # days


def settle(calendar: Calendar, seed: int) -> None:
    """Bring the demo to where a region stands in the middle of the work, before its weeks are counted."""
    rng = random.Random(f"{seed}-steps")
    region = Region.objects.filter(code=PETERSBURG, schools__isnull=False).first()
    _come_in(calendar, rng)
    tell_of_invitations(calendar, random.Random(f"{seed}-invitations"))
    _reconcile(calendar, rng)
    if region is not None:
        _master(calendar, rng, region)
        _plan(calendar, region)
    count_steps()
    if region is not None:
        _confirm(calendar, rng, region)
        _stand_still(calendar, rng, region)
        count_steps()
        SchoolStep.objects.exclude(region=region).update(since_on=calendar.declared_on)
        _tell_history(calendar, seed, region)
        tell_of_chats(region, calendar.today, seed)


def finish(calendar: Calendar, seed: int) -> None:
    """Count what rests on the published weeks: the last step, and the chats of today."""
    count_steps()
    region = Region.objects.filter(code=PETERSBURG, schools__isnull=False).first()
    if region is not None:
        _stand_still(calendar, random.Random(f"{seed}-last-step"), region, STEPS[-1].number)
        _tell_history(calendar, seed, region)
    count_chats()


def _come_in(calendar: Calendar, rng: random.Random) -> None:
    """Most of those appointed have signed in, most of them lately; in St Petersburg every municipal coordinator has."""
    rows = []
    held = Appointment.objects.filter(user__last_login=None).exclude(level=Level.COUNTRY).order_by("user_id")
    for user, level, code in held.values_list("user", "level", "municipality__region__code"):
        sure = level == Level.REGION or code == PETERSBURG
        if not sure and rng.random() < 0.06:
            continue
        day = calendar.today - datetime.timedelta(days=int(rng.random() ** 2 * 40))
        rows.append((user, calendar.at(day, 8 + int(rng.random() * 9)), day))
    update_rows(User, ["last_login", "seen_on"], list({row[0]: row for row in rows}.values()))


def _reconcile(calendar: Calendar, rng: random.Random) -> None:
    """All but a few schools have been found in the official list."""
    schools = School.objects.filter(closed_on=None).order_by("pk").values_list("pk", flat=True)
    rows = [
        (pk, calendar.declared_on - datetime.timedelta(days=int(rng.random() * 9)))
        for pk in schools
        if rng.random() > 0.03
    ]
    update_rows(School, ["reconciled_on"], rows)


def _master(calendar: Calendar, rng: random.Random, region: Region) -> None:
    """Schools master functions one by one."""
    uses = []
    for pk in School.objects.filter(region=region).order_by("pk").values_list("pk", flat=True):
        known = [function.number for function in FUNCTIONS if function.key != "chats"]
        rng.shuffle(known)
        for number in known[: rng.choice((0, 1, 2, 2, 3, 3, 4, 5))]:
            day = calendar.today - datetime.timedelta(days=10 + int(rng.random() * 60))
            uses.append(FunctionUse(school_id=pk, function=number, mastered_on=day))
    FunctionUse.objects.bulk_create(uses)


def _plan(calendar: Calendar, region: Region) -> None:
    """The region's roadmap, one date of it moved once."""
    year = calendar.years[-1]
    made_at = calendar.at(datetime.date(year, 9, 5), 11)
    planner = User.objects.filter(appointments__region=region).order_by("pk").first()
    facts = {"level": Level.REGION, "region": region, "set_by": planner}
    for number, month, day in _ROADMAP:
        StepPlan.objects.create(number=number, planned_on=datetime.date(year, month, day), set_at=made_at, **facts)
    moved_at = calendar.at(min(calendar.today, datetime.date(year, 11, 10)), 16)
    moved = {"number": 8, "planned_on": datetime.date(year, 11, 30), "reason": "Сбор согласий занял больше времени"}
    StepPlan.objects.create(set_at=moved_at, **moved, **facts)


def _confirm(calendar: Calendar, rng: random.Random, region: Region) -> None:
    """Coordinators have confirmed most of what is done; one school was excused from a step by hand."""
    by = User.objects.filter(appointments__region=region).order_by("pk").first()
    day = calendar.at(calendar.today - datetime.timedelta(days=12), 15)
    facts = {"level": Level.SCHOOL, "marked_by": by, "marked_at": day}
    done = SchoolStep.objects.filter(region=region, state=StepState.DONE).order_by("school_id", "number")
    marks = [
        StepMark(school_id=school, number=number, kind=MarkKind.CONFIRMED, reason="Проверено по спискам школы", **facts)
        for school, number in done.values_list("school_id", "number")
        if number <= 3 or rng.random() < 0.55
    ]
    boarding = School.objects.filter(region=region, kind="boarding", closed_on=None).order_by("pk").last()
    if boarding is not None:
        reason = "Интернат: представители — органы опеки, регистрация не предусмотрена"
        marks.append(StepMark(school=boarding, number=7, kind=MarkKind.NEEDLESS, reason=reason, **facts))
    taken = {(mark.school_id, mark.number): mark for mark in marks}
    StepMark.objects.bulk_create(taken.values())


def _stand_still(calendar: Calendar, rng: random.Random, region: Region, first: int = 1) -> None:
    """Every fourth step under way has not moved for weeks; the others moved within the last fortnight."""
    steps = SchoolStep.objects.filter(region=region, number__gte=first)
    rows = list(steps.filter(state__in=(StepState.WORKING, StepState.TODO)).order_by("school_id", "number"))
    for row in rows:
        days = 15 + int(rng.random() ** 2 * (_LONGEST_STILL - 15)) if rng.random() < 0.16 else int(rng.random() * 12)
        row.moved_on = calendar.today - datetime.timedelta(days=days)
    SchoolStep.objects.bulk_update(rows, ["moved_on"], batch_size=200)
    settled = Q(state__in=(StepState.DONE, StepState.CONFIRMED, StepState.NEEDLESS, StepState.LOCKED))
    steps.filter(settled).update(moved_on=calendar.declared_on, since_on=calendar.declared_on)


def _tell_history(calendar: Calendar, seed: int, region: Region) -> None:
    """The events of the autumn, as hourly counts would have written them, and since when each step is where it is.

    Weeks take the states of their Sunday from both. Told again, a step's are the same.
    """
    StepEvent.objects.filter(school__region=region).delete()
    events = []
    rows = list(SchoolStep.objects.filter(region=region).order_by("school_id", "number"))
    confirmed_on = calendar.today - datetime.timedelta(days=12)
    for row in rows:
        rng = random.Random(f"{seed}-{row.school_id}-{row.number}")
        begun = calendar.declared_on - datetime.timedelta(days=int(rng.random() * 18))
        facts = {"school_id": row.school_id, "number": row.number, "whole": row.whole}
        if row.state in (StepState.DONE, StepState.CONFIRMED):
            ended = begun + datetime.timedelta(days=3 + int(rng.random() * 40))
            events.append(
                (begun, facts | {"before": StepState.TODO, "after": StepState.WORKING, "part": row.part // 2})
            )
            events.append((ended, facts | {"before": StepState.WORKING, "after": StepState.DONE, "part": row.part}))
            row.since_on = ended
            if row.state == StepState.CONFIRMED:
                row.since_on = max(ended, confirmed_on)
                said = {"before": StepState.DONE, "after": StepState.CONFIRMED, "part": row.part}
                events.append((row.since_on, facts | said))
        elif row.state == StepState.STALLED:
            day = row.moved_on + datetime.timedelta(days=15)
            events.append((day, facts | {"before": StepState.WORKING, "after": StepState.STALLED, "part": row.part}))
            row.since_on = min(day, calendar.today)
        elif row.state in (StepState.WORKING, StepState.TODO):
            row.since_on = begun
    SchoolStep.objects.bulk_update(rows, ["since_on"], batch_size=500)
    events.sort(key=lambda event: event[0])
    StepEvent.objects.bulk_create(StepEvent(happened_on=min(day, calendar.today), **facts) for day, facts in events)
