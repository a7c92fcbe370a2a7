"""What a number is made of: part ÷ whole, what changed it, who is missing, the shortest way to the target."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict

from reports.charts import changes, share_width
from reports.counting.counts import USE_BY_PLATFORM
from reports.indicators import COMPOSITE, INDICATOR_BY_KEY, MAIN_INDICATOR, Indicator
from reports.models import ActivityCoverage, StaffActivity
from reports.reading import rows as read
from reports.reading.addresses import breakdown_url
from reports.reading.figures import Figure, Row, figure, is_small
from reports.reading.homes import sees_municipality, sees_school
from reports.reading.tables import Page, bounds, cut, page_of
from reports.reading.weeks import Chosen
from schools.models import Guardianship, Municipality, Pupil, Region, School
from schools.place_names import DIRECT
from schools.platforms import SFERUM
from schools.scope import Level, Sight
from schools.texts import EM_DASH, counted, number, percent, points, unbroken
from staff.models import StaffAccount, StaffMember
from staff.names import ISSUES


@dataclass(frozen=True, slots=True)
class Subject:
    """The place whose number is opened."""

    level: Level
    place_id: int
    name: str
    url: str
    region: Region | None = None
    school: School | None = None

    @property
    def key(self) -> str:
        """What addresses call it: «school.12»."""
        return f"{self.level.name.lower()}.{self.place_id}"


@dataclass(frozen=True, slots=True)
class Missing:
    """A place below, by what it lacks to the target."""

    name: str
    url: str
    figure: Figure
    width: str


@dataclass(frozen=True, slots=True)
class Absent:
    """A person who is in the whole and not in the part, and why."""

    name: str
    position: str
    why: str


def page(subject: Subject, indicator: Indicator, chosen: Chosen, params: QueryDict, *, sight: Sight) -> dict[str, Any]:
    """Everything templates/reports/breakdown.html shows beside the people, who come from `absent`."""
    context: dict[str, Any] = {
        "subject": subject,
        "indicator": indicator,
        "chosen": chosen,
        "empty": chosen.rating is None,
    }
    if chosen.rating is None:
        return context
    current = chosen.rating.pk
    rows = read.place_rows(subject.level, subject.place_id, [(chosen.week, current)])
    row = rows.get((current, indicator.number))
    goals = read.Goals(chosen.week, subject.region.pk if subject.region else None)
    target = goals.shares(subject.level)[indicator.number]
    shown = figure(row, indicator, target, subject.level)
    below = _below(subject, indicator, chosen, goals, sight) if subject.level < Level.SCHOOL else []
    lacking = [child for child in below if child.figure.gap]
    return context | {
        "figure": shown,
        "row": row,
        "lines": _lines(shown, indicator),
        "shifts": shifts_of(row, indicator),
        "shifts_total": _total(shown, chosen),
        "reasons": _reasons(rows, current, indicator, subject.level),
        "below": cut(below, params),
        "way": _way(shown, lacking),
        "source": chosen.rating,
    }


def _lines(shown: Figure, indicator: Indicator) -> list[dict[str, str]]:
    """Part ÷ whole = share, as sum_lines takes them."""
    if shown.part is None or shown.whole is None:
        return []
    part_text, whole_text = indicator.part_text, indicator.whole_text
    share = {"label": "Доля", "value_text": shown.text if shown.share is not None else EM_DASH, "level": "total"}
    return [
        {"label": part_text[:1].upper() + part_text[1:], "value_text": number(shown.part), "level": "head"},
        {"label": f"÷ {whole_text}", "value_text": number(shown.whole), "level": "head"},
        share,
    ]


def shifts_of(row: Row | None, indicator: Indicator) -> list[Any]:
    """How much of the movement came from the part and how much from the whole; the two add up to it."""
    if row is None or None in (row.part, row.whole, row.part_before, row.whole_before):
        return []
    if not row.whole or not row.whole_before or is_small(indicator, row.whole) or is_small(indicator, row.whole_before):
        return []
    part, part_before = row.part or 0, row.part_before or 0
    by_part = (part - part_before) / row.whole_before
    by_whole = part / row.whole - part / row.whole_before
    return changes([(indicator.part_text, by_part), (indicator.whole_text, by_whole)])


def _total(shown: Figure, chosen: Chosen) -> dict[str, str]:
    if shown.delta is None or shown.share is None:
        return {"label": "", "text": ""}
    before = number((shown.share - shown.delta) * 100, 1)
    weeks = (chosen.week.shift(-1).week, chosen.week.week)
    label = f"итого: {before} за {weeks[0]}-ю, {number(shown.share * 100, 1)} за {weeks[1]}-ю"
    return {"label": label, "text": points(shown.delta).split("\u00a0")[0]}


def _reasons(
    rows: Mapping[tuple[int, int], Row], current: int, indicator: Indicator, level: Level
) -> list[dict[str, str]]:
    """Those not among the active, by how far they have come; from the rows of three indicators that share one whole."""
    if indicator != MAIN_INDICATOR:
        return []
    active, profiled, confirmed = (
        rows.get((current, INDICATOR_BY_KEY[key].number))
        for key in ("staff_active", "staff_profile", "staff_confirmed")
    )
    if not (active and profiled and confirmed) or is_small(indicator, active.whole):
        return []
    counts = (active.part, active.whole, profiled.part, confirmed.part)
    if None in counts or active.whole != profiled.whole:
        return []
    spoke, whole, profiles, sure = (count or 0 for count in counts)
    parts = [
        ("профиль есть, неделю молчали", sure - spoke),
        ("профиль не подтверждён", profiles - sure),
        ("профиля нет", whole - profiles),
    ]
    if any(count < 0 for _, count in parts):
        return []
    most = max(count for _, count in parts) or 1
    return [{"label": label, "text": number(count), "width": share_width(count / most)} for label, count in parts]


def _below(subject: Subject, indicator: Indicator, chosen: Chosen, goals: read.Goals, sight: Sight) -> list[Missing]:
    """The places one level below, those lacking most first, the unmeasured last; out of sight, a name and no link."""
    history: read.History = [(chosen.week, chosen.rating.pk if chosen.rating else None)]
    level, rows = rows_below(subject, indicator, history)
    target = goals.shares(level)[indicator.number]
    known = known_places(level, [row.place_id for row in rows if row.place_id], sight)
    found = [
        (figure(row, indicator, target, level), row.place_id)
        for row in rows
        if row.place_id in known or not row.place_id
    ]
    most = max((shown.gap or 0 for shown, _ in found), default=0) or 1
    places = []
    for shown, pk in found:
        name, seen = known.get(pk, (DIRECT, False))
        url = breakdown_url(level, pk, indicator, chosen) if seen else ""
        places.append(Missing(unbroken(name), url, shown, share_width((shown.gap or 0) / most)))
    return sorted(places, key=lambda place: (place.figure.share is None, -(place.figure.gap or 0), place.name))


def rows_below(subject: Subject, indicator: Indicator, history: read.History) -> tuple[Level, list[Row]]:
    if subject.level == Level.COUNTRY:
        return Level.REGION, read.level_rows(Level.REGION, history, indicator)
    if subject.level == Level.REGION:
        rows = read.level_rows(Level.MUNICIPALITY, history, indicator, region=subject.place_id)
        return Level.MUNICIPALITY, rows + read.direct_rows(subject.place_id, history, indicator)
    region = subject.region.pk if subject.region else 0
    return Level.SCHOOL, read.level_rows(Level.SCHOOL, history, indicator, region=region, municipality=subject.place_id)


def known_places(level: Level, ids: Sequence[int], sight: Sight) -> dict[int, tuple[str, bool]]:
    """Places by id: what each is called today, and whether its own page is the reader's to open."""
    if level == Level.REGION:
        regions = Region._default_manager.filter(pk__in=ids).values_list("pk", "name")
        return {pk: (name, sight.country or pk in sight.region_ids) for pk, name in regions}
    if level == Level.MUNICIPALITY:
        places = Municipality._default_manager.filter(pk__in=ids).values_list("pk", "name", "region_id")
        return {pk: (name, sees_municipality(sight, pk, region)) for pk, name, region in places}
    facts = ("pk", "short_name", "region_id", "municipality_id")
    schools = School._default_manager.filter(pk__in=ids).values_list(*facts)
    return {pk: (name, sees_school(sight, pk, region, place)) for pk, name, region, place in schools}


def _way(shown: Figure, lacking: Sequence[Missing]) -> dict[str, str] | None:
    """The way to the target: through which places, largest lack first; None where there is none to go."""
    if shown.gap is None or shown.target is None:
        return None
    if shown.gap == 0:
        return {"title": f"Цель {percent(shown.target, 0)} достигнута", "text": ""}
    through, left = [], shown.gap
    for child in lacking[:5] if shown.indicator != COMPOSITE else []:  # a score is no sum of what is below
        if left <= 0:
            break
        through.append(f"{child.name} ({number(child.figure.gap)})")
        left -= child.figure.gap or 0
    text = f"Короче всего путь через: {', '.join(through)}." if through else ""
    return {"title": f"До цели {percent(shown.target, 0)} — {counted(shown.gap, *shown.indicator.unit)}", "text": text}


# ---- the people behind a school's number ----


def absent(
    people: "QuerySet[StaffMember]", indicator: Indicator, chosen: Chosen, params: QueryDict, *, nearest: bool = False
) -> Page[Absent]:
    """Those of a school who are missing from the part in the week shown, a page of them; two queries.

    `people` are the members of staff that the reader may see; `nearest` puts those first who have least to do: whose
    profile is confirmed, then who have one at all.
    """
    found = _missing_people(people.working(chosen.week.sunday), indicator, chosen)  # type: ignore[attr-defined]
    order = ("-is_confirmed", "-has_profile") if nearest and indicator.part != "names_in_order" else ()
    total = found.count()
    first, last = bounds(params, total)
    rows = [
        Absent(person.full_name, person.position, _why(person, indicator))
        for person in found.order_by(*order, "name_key", "id")[first:last]
    ]
    return page_of(rows, params, total)


STAFF_PARTS = ("active", "profiles", "confirmed", "names_in_order")  # columns of SchoolWeek that count members of staff


def unrepresented(pupils: "QuerySet[Pupil]", chosen: Chosen, params: QueryDict) -> Page[Absent]:
    """Pupils without a representative on the platform on the week's Sunday, a page of them; two queries.

    `pupils` are those of a school that the reader may see: nobody outside it.
    """
    registered = Guardianship._default_manager.filter(pupil=OuterRef("pk"), registered_on__lte=chosen.week.sunday)
    found = pupils.learning(chosen.week.sunday).filter(~Exists(registered))  # type: ignore[attr-defined]
    total = found.count()
    first, last = bounds(params, total)
    rows = [
        Absent(
            pupil.full_name,
            pupil.school_class.name if pupil.school_class else "без класса",
            "представителя на площадке нет",
        )
        for pupil in found.select_related("school_class").order_by("name_key", "id")[first:last]
    ]
    return page_of(rows, params, total)


def _missing_people(people: "QuerySet[StaffMember]", indicator: Indicator, chosen: Chosen) -> "QuerySet[StaffMember]":
    if indicator.part == "names_in_order":
        return people.exclude(name_issue="")
    teachers = people.filter(is_teacher=True)
    if indicator.part == "active":
        return _with_account(teachers, indicator, chosen.week.sunday).exclude(_was_active(indicator, chosen))
    accounts = _account(indicator, chosen.week.sunday)
    if indicator.part == "profiles":
        return _with_account(teachers, indicator, chosen.week.sunday).filter(~Exists(accounts))
    if indicator.part == "confirmed":
        unconfirmed = Q(confirmed_on=None) | Q(confirmed_on__gt=chosen.week.sunday)
        return _with_account(teachers, indicator, chosen.week.sunday).filter(Exists(accounts.filter(unconfirmed)))
    return people.none()


def _account(indicator: Indicator, day: datetime.date) -> "QuerySet[StaffAccount]":
    open_then = Q(closed_on=None) | Q(closed_on__gt=day)
    return StaffAccount._default_manager.filter(
        open_then, staff=OuterRef("pk"), platform=indicator.platform.number, profile_on__lte=day
    )


def _with_account(people: "QuerySet[StaffMember]", indicator: Indicator, day: datetime.date) -> "QuerySet[StaffMember]":
    accounts = _account(indicator, day)
    return people.annotate(has_profile=Exists(accounts), is_confirmed=Exists(accounts.filter(confirmed_on__lte=day)))


def _was_active(indicator: Indicator, chosen: Chosen) -> Exists:
    """Whether the person used the platform, by the very measure the count goes by."""
    platform = indicator.platform.number
    use = reduce(add, (F(column) for column in USE_BY_PLATFORM[platform]))
    rows = StaffActivity._default_manager.filter(
        week=chosen.week.number, platform=platform, school=OuterRef("school_id"), staff=OuterRef("pk")
    )
    return Exists(rows.alias(use=use).filter(use__gt=0))


def _why(person: Any, indicator: Indicator) -> str:
    if indicator.part == "names_in_order":
        return ISSUES.get(person.name_issue, "")
    if not person.has_profile:
        return "профиля нет"
    if not person.is_confirmed and indicator.platform == SFERUM:
        return "профиль не подтверждён"
    return "за неделю ни одного входа" if indicator.platform != SFERUM else "за неделю ни сообщения, ни звонка"


def covered(school: School, indicator: Indicator, chosen: Chosen) -> bool:
    """Whether the school's activity of the week was delivered: without it nobody can be called silent."""
    if indicator.part != "active":
        return True
    return ActivityCoverage._default_manager.filter(
        week=chosen.week.number, platform=indicator.platform.number, school=school
    ).exists()
