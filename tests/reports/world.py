"""Small random countries, and an independent recount of them in plain Python: the oracle of the set statements."""

import datetime
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.conf import settings

from chats.findings import covered
from chats.models import Chat, ChosenCase
from chats.roles import ASSOCIATIONS
from chats.talks.loading import read_school
from chats.use_cases import CLASS_CHAT_NUMBERS, USE_CASES, Group
from reports.indicators import COMPOSITE, INDICATOR_BY_KEY, INDICATORS
from reports.models import (
    ActivityCoverage,
    ActivityLoad,
    ChatActivity,
    CompositeRule,
    FigureLoad,
    IndicatorFeed,
    Rating,
    RatingRow,
    RegionFigure,
    SchoolFigure,
    SchoolStep,
    SchoolWeek,
    StaffActivity,
    StepEvent,
    StepState,
    UsageRule,
)
from reports.operator_figures import OPERATOR_FIGURES
from reports.rating import add_up, ranks, score
from reports.weeks import IsoWeek
from schools.kinds import GENERAL_KINDS
from schools.models import (
    Appointment,
    Guardian,
    Guardianship,
    Municipality,
    Pupil,
    Region,
    School,
    SchoolClass,
    SchoolRegistration,
    User,
)
from schools.platforms import CHANNEL_BY_NUMBER, MY_SCHOOL, PLATFORMS, SFERUM
from schools.scope import Level
from schools.steps import STEPS
from staff.models import StaffAccount, StaffMember

WEEK = IsoWeek(2026, 46)
POSITIONS = (
    "директор",
    "заместитель директора по УВР",
    "заместитель директора по воспитательной работе",
    *("учитель физики", "учитель химии", "учитель") * 2,
    "учитель начальных классов",
    "педагог-психолог",
)
Counts = dict[str, int | None]


def build_world(seed: int, week: IsoWeek = WEEK, schools: int = 9) -> None:
    """Save a random country: two regions, three municipalities, schools of every fate, people, chats and activity."""
    dice = random.Random(seed)
    regions = list(Region.objects.filter(code__in=["47", "78"]))
    places = [
        Municipality.objects.create(region=regions[number % 2], name=f"Район {seed}-{number}") for number in range(3)
    ]
    users = [User.objects.create_user(f"u{seed}-{number}") for number in range(2)]
    loads = [
        ActivityLoad.objects.create(week=week.number, platform=platform.number, source="тест") for platform in PLATFORMS
    ]
    for number in range(schools):
        place = dice.choice([*places, None])
        school = School.objects.create(
            code=f"{seed}-{number}",
            region=place.region if place else dice.choice(regions),
            municipality=place,
            full_name="Школа",
            short_name=f"Школа {number}",
            kind=dice.choice(["school", "lyceum", "school", "preschool"]),
            **_span(dice, week, "opened_on", "closed_on"),
            excluded_because=dice.choice(["", "", "", "", "на ремонте"]),
            declared_teachers=dice.choice([None, 0, 3, 5, 6, 8, 8, 10]),
            declared_pupils=dice.choice([None, 0, 4, 20, 100]),
        )
        _fill_school(dice, school, week, users, loads)
        _add_families(dice, school, week)
        _add_steps(dice, school, week)
    _add_figures(dice, week)
    _add_heads(dice, places, users, week)


def _add_families(dice: random.Random, school: School, week: IsoWeek) -> None:
    for number in range(dice.choice([0, 0, 3, 7])):
        who = {"last_name": f"Ребёнок{number}", "first_name": "Ян"}
        span = _span(dice, week, "enrolled_on", "left_on")
        pupil = Pupil.objects.create(school=school, **who, **span)
        for _ in range(dice.randint(0, 2)):
            adult = Guardian.objects.create(school=school, last_name="Взрослый", first_name="Ян")
            Guardianship.objects.create(
                pupil=pupil, guardian=adult, kind="mother", registered_on=_near(dice, week, 0.5)
            )


def _add_steps(dice: random.Random, school: School, week: IsoWeek) -> None:
    """States of today, and how they came: the changes after the Sunday are undone by the count."""
    if dice.random() < 0.3 or school.kind not in GENERAL_KINDS:
        return
    day, after = week.sunday, dice.choice([0, 0, 30])  # 30: first counted after the week, whatever came before
    for step in STEPS:
        states = [dice.choice(list(StepState)) for _ in range(3)]
        days = sorted(day + datetime.timedelta(days=dice.choice([-9, 0, 1, 2])) for _ in range(2))
        for before, after, moment in zip(states[:-1], states[1:], days, strict=True):
            StepEvent.objects.create(
                school=school, number=step.number, before=before, after=after, part=0, whole=1, happened_on=moment
            )
        SchoolStep.objects.create(
            school=school, number=step.number, region=school.region, municipality=school.municipality,
            state=states[-1], part=0, whole=1, moved_on=days[-1], since_on=days[-1] + datetime.timedelta(days=after),
        )  # fmt: skip


def _add_figures(dice: random.Random, week: IsoWeek) -> None:
    """Tables of operators: of this week and a month that ends in it, of the week before, of months that hold or not."""
    load = FigureLoad.objects.create(week=week.number, platform=1, source="тест")
    for school in School.objects.all():
        for figure in OPERATOR_FIGURES:
            for period, moment in ((1, week), (2, week), (1, week.shift(-1)), (2, week.shift(-4)), (2, week.shift(-5))):
                if dice.random() < 0.25:
                    SchoolFigure.objects.get_or_create(
                        school=school, figure=figure.number, week=moment.number, period=period,
                        platform=dice.choice(figure.platforms).number,
                        defaults={"value": dice.randint(0, 1 if figure.is_flag else 9), "load": load},
                    )  # fmt: skip
    for region in Region.objects.filter(code__in=["47", "78"]):
        for quarter in range(1, 5):
            if dice.random() < 0.5:
                part = dice.randint(0, 9)
                RegionFigure.objects.get_or_create(
                    region=region, indicator=30, year=week.sunday.year, quarter=quarter,
                    defaults={"part": part, "whole": part + 3, "note": "проверка"},
                )  # fmt: skip


def _add_heads(dice: random.Random, places: list[Municipality], users: list[User], week: IsoWeek) -> None:
    for place in places:
        for user in users[: dice.randint(0, 2)]:
            starts_on = week.sunday - datetime.timedelta(days=dice.choice([30, 0, -1]))
            ends_on = dice.choice([None, max(starts_on, week.sunday - datetime.timedelta(days=dice.randint(0, 1)))])
            Appointment.objects.create(
                user=user, level=Level.MUNICIPALITY, municipality=place, starts_on=starts_on, ends_on=ends_on
            )


def _near(dice: random.Random, week: IsoWeek, chance: float) -> datetime.date | None:
    """A day close to the week's Sunday, where every comparison decides; usually long ago or None."""
    if dice.random() < chance:
        return week.sunday + datetime.timedelta(days=dice.randint(-1, 1))
    return dice.choice([None, datetime.date(2024, 9, 1)])


def _span(dice: random.Random, week: IsoWeek, begins: str, ends: str) -> dict[str, datetime.date | None]:
    """Two days in order, either of them perhaps unknown."""
    first, last = _near(dice, week, 0.2), _after(dice, week)
    return {begins: first, ends: max(first, last) if first and last else last}


def _after(dice: random.Random, week: IsoWeek) -> datetime.date | None:
    return None if dice.random() < 0.8 else week.sunday + datetime.timedelta(days=dice.randint(-1, 2))


def _fill_school(
    dice: random.Random, school: School, week: IsoWeek, users: list[User], loads: list[ActivityLoad]
) -> None:
    for platform, load in zip(PLATFORMS, loads, strict=True):
        if dice.random() < 0.8:
            ActivityCoverage.objects.create(
                week=week.number, platform=platform.number, school=school, load=load, has_chats=dice.random() < 0.7
            )
        if dice.random() < 0.8:
            SchoolRegistration.objects.create(
                school=school,
                platform=platform.number,
                registered_on=_near(dice, week, 0.2) or week.monday,
                closed_on=_after(dice, week) if dice.random() < 0.3 else None,
            )
    for user in users[: dice.randint(0, 2)]:
        starts_on = week.sunday - datetime.timedelta(days=dice.choice([30, 0, -1]))
        Appointment.objects.create(
            user=user,
            level=Level.SCHOOL,
            school=school,
            starts_on=starts_on,
            ends_on=dice.choice(
                [None, None, max(starts_on, week.sunday - datetime.timedelta(days=dice.randint(0, 1)))]
            ),
        )
    for number in range(dice.randint(0, 9)):
        _add_person(dice, school, week, number)
    classes = [
        SchoolClass.objects.create(school=school, year=week.school_year - dice.choice([0, 0, 0, 1]), grade=grade)
        for grade in dice.sample(range(1, 12), dice.randint(0, 3))
    ]
    for number in dice.sample([case.number for case in USE_CASES if case.is_optional], dice.randint(0, 2)):
        chosen_on = week.sunday - datetime.timedelta(days=dice.choice([40, 0, -1]))
        ChosenCase.objects.create(school=school, use_case=number, chosen_on=chosen_on)
    for number in range(dice.randint(0, 12)):
        _add_chat(dice, school, week, classes, number)


def _add_person(dice: random.Random, school: School, week: IsoWeek, number: int) -> None:
    is_teacher = dice.random() < 0.7
    person = StaffMember.objects.create(
        school=school,
        last_name=dice.choice(["Иванов", "Ivanov"]),
        first_name="Иван",
        patronymic="Петрович",
        is_teacher=is_teacher,
        position=dice.choice(POSITIONS),
        subjects=dice.choice(["", "физика", "химия, биология"]),
        **_span(dice, week, "hired_on", "left_on"),
        known_on=_near(dice, week, 0.4),
    )
    for platform in PLATFORMS:
        profile = _near(dice, week, 0.2)
        StaffAccount.objects.create(
            staff=person,
            school=school,
            platform=platform.number,
            is_teacher=is_teacher,
            profile_on=profile,
            confirmed_on=_near(dice, week, 0.2) if profile else None,
            closed_on=_after(dice, week),
        )
        for moment in (week, week.shift(-1)):
            if dice.random() < 0.6:
                StaffActivity.objects.create(
                    week=moment.number,
                    platform=platform.number,
                    school=school,
                    staff=person,
                    is_teacher=is_teacher,
                    messages=dice.choice([0, 1, 7]),
                    calls=dice.choice([0, 0, 1]),
                    logins=dice.choice([0, 1]),
                )


def _add_chat(dice: random.Random, school: School, week: IsoWeek, classes: list[SchoolClass], number: int) -> None:
    chat = Chat.objects.create(
        school=school,
        use_case=dice.choice([14, 15, 14, 15, *(case.number for case in USE_CASES)]),
        school_class=dice.choice([*classes, None]),
        area=dice.choice([None, *(each.number for each in ASSOCIATIONS)]),
        channel=dice.choice([1, 2, 1, 2, 9]),
        title="Чат",
        opened_on=week.sunday - datetime.timedelta(days=dice.choice([40, 0, -1])),
        closed_on=None if dice.random() < 0.8 else week.sunday + datetime.timedelta(days=dice.randint(1, 2)),
    )
    for moment in (week, week.shift(-1)):
        if dice.random() < 0.6:
            ChatActivity.objects.create(week=moment.number, school=school, chat=chat, messages=dice.choice([0, 3]))


# The recount ----------------------------------------------------------------------------------------------------------


def _until(day: datetime.date | None, sunday: datetime.date) -> bool:
    return day is None or day > sunday


def _since(day: datetime.date | None, sunday: datetime.date) -> bool:
    return day is None or day <= sunday


def in_scope(week: IsoWeek) -> list[School]:
    """Schools the indicators count in a week."""
    return [
        school
        for school in School.objects.all()
        if school.kind in GENERAL_KINDS
        and not school.excluded_because
        and _since(school.opened_on, week.sunday)
        and _until(school.closed_on, week.sunday)
    ]


def recount(week: IsoWeek) -> dict[tuple[int, int], Counts]:
    """Count every school on every platform row by row: (platform, school id) → the columns of SchoolWeek."""
    rule = UsageRule.for_week(week)
    return {
        (platform.number, school.pk): _with_ladder(
            _recount_school(school, platform.number, week), platform.number, rule
        )
        for school in in_scope(week)
        for platform in PLATFORMS
    }


def _recount_school(school: School, platform: int, week: IsoWeek) -> Counts:
    sunday = week.sunday
    people = [
        one
        for one in school.staff.all()
        if _since(one.hired_on or one.known_on, sunday) and _until(one.left_on, sunday)
    ]
    accounts = [
        one
        for one in school.staff_accounts.filter(platform=platform, is_teacher=True)
        if one.profile_on and one.profile_on <= sunday and _until(one.closed_on, sunday)
    ]
    chats = [
        chat
        for chat in school.chats.all()
        if CHANNEL_BY_NUMBER.get(chat.channel) in _channels(platform)
        and chat.opened_on <= sunday
        and _until(chat.closed_on, sunday)
    ]
    classes = {one.pk for one in school.classes.all() if one.year == week.school_year}
    listed = {
        "staff": len(people),
        "teachers": sum(one.is_teacher for one in people),
        "names_in_order": sum(not one.name_issue for one in people),
        "profiles": len(accounts),
        "confirmed": sum(one.confirmed_on is not None and one.confirmed_on <= sunday for one in accounts),
    }
    learners = [one for one in school.pupils.all() if _since(one.enrolled_on, sunday) and _until(one.left_on, sunday)]
    represented = [
        one
        for one in learners
        if any(link.registered_on and link.registered_on <= sunday for link in one.guardianships.all())
    ]
    return {
        "declared_teachers": school.declared_teachers,
        "declared_pupils": school.declared_pupils,
        "pupils": len(learners) or None,
        "pupils_represented": len(represented) if learners else None,
        **_recount_steps(school, sunday),
        **_recount_figures(school, platform, week),
        **(listed if people else dict.fromkeys(listed)),
        "classes": len(classes),
        "classes_with_chat": len(
            {chat.school_class_id for chat in chats if chat.use_case in CLASS_CHAT_NUMBERS} & classes
        ),
        "chats": len(chats),
        "administrators": sum(
            one.starts_on <= sunday and (one.ends_on is None or one.ends_on >= sunday)
            for one in school.appointments.all()
        ),
        "is_registered": any(
            one.registered_on <= sunday and _until(one.closed_on, sunday)
            for one in school.registrations.filter(platform=platform)
        ),
        **_recount_activity(school, platform, week),
        **_recount_cases(school, platform, week, listed=bool(people)),
    }


def _recount_steps(school: School, sunday: datetime.date) -> Counts:
    states = []
    for step in school.steps.all():
        later = (
            StepEvent.objects.filter(school=school, number=step.number, happened_on__gt=sunday).order_by("id").first()
        )
        if later or step.since_on <= sunday:
            states.append(later.before if later else step.state)
    if not states:
        return {"steps_due": None, "steps_done": None}
    return {
        "steps_due": sum(state != StepState.NEEDLESS for state in states),
        "steps_done": sum(state in (StepState.DONE, StepState.CONFIRMED) for state in states),
    }


def _recount_figures(school: School, platform: int, week: IsoWeek) -> Counts:
    """The operator's numbers of the very week; where it has none, those of the newest month that holds."""
    found: Counts = {figure.column: None for figure in OPERATOR_FIGURES}
    holding = [week.shift(-back).number for back in range(5)]
    for figure in OPERATOR_FIGURES:
        rows = SchoolFigure.objects.filter(school=school, platform=platform, figure=figure.number)
        own = [row.value for row in rows if row.period == 1 and row.week == week.number]
        months = {row.week: row.value for row in rows if row.period == 2 and row.week in holding}
        if own or months:
            found[figure.column] = own[0] if own else months[max(months)]
    posts = found["op_posts"]
    alive = found["op_community"] == 1 and posts is not None and posts >= 3
    return found | {"community_active": 1 if alive else None if posts is None else 0}


CHAT_GROUPS = {"chats": tuple(Group), "staff_chats": (Group.STAFF,), "family_chats": (Group.FAMILIES,)} | {
    "project_chats": (Group.PROJECTS,)
}


def _recount_cases(school: School, platform: int, week: IsoWeek, *, listed: bool) -> Counts:
    """Chats by the rules that the school's own page goes by."""
    known = platform == SFERUM.number and listed
    standing = read_school(school, week.sunday, families=False).standing if known else None
    found: Counts = {}
    for name, groups in CHAT_GROUPS.items():
        cases = [case for case in USE_CASES if case.group in groups]
        present, expected = covered(standing, cases) if standing else (None, None)
        found |= {f"{name}_expected": expected, f"{name}_present": present}
    present, expected = found["chats_present"], found["chats_expected"]
    return found | {"all_chats_present": None if present is None else int(present == expected)}


def recount_case_weeks(week: IsoWeek) -> dict[tuple[int, int, int], tuple[int, int, int, int]]:
    """(level, place, case) → chats expected, chats present, schools that need it, schools that lack none."""
    found: dict[tuple[int, int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    counts = recount(week)
    for school in in_scope(week):
        if counts[SFERUM.number, school.pk]["chats_expected"] is None:
            continue
        standing = read_school(school, week.sunday, families=False).standing
        for case in USE_CASES:
            present, expected = covered(standing, [case])
            if expected:
                for (level, place), _, _ in _places(school):
                    if level != Level.SCHOOL:
                        sums = found[level, place, case.number]
                        for at, value in enumerate((expected, present, 1, int(present == expected))):
                            sums[at] += value
    return {key: (sums[0], sums[1], sums[2], sums[3]) for key, sums in found.items()}


def _channels(platform: int) -> Any:
    return next(one.channels for one in PLATFORMS if one.number == platform)


def _recount_activity(school: School, platform: int, week: IsoWeek) -> Counts:
    here = {"week": week.number, "school": school}
    coverage = ActivityCoverage.objects.filter(**here, platform=platform).first()
    if coverage is None:
        return {"active": None, "active_all": None, "active_chats": None}
    measures: dict[int, Callable[[StaffActivity], int]] = {
        SFERUM.number: lambda row: row.messages + row.calls,
        MY_SCHOOL.number: lambda row: row.logins,
    }
    active = [row for row in StaffActivity.objects.filter(**here, platform=platform) if measures[platform](row) > 0]
    chats = [row.chat for row in ChatActivity.objects.filter(**here, messages__gt=0)]
    return {
        "active": sum(row.is_teacher for row in active),
        "active_all": len(active),
        "active_chats": sum(CHANNEL_BY_NUMBER.get(chat.channel) in _channels(platform) for chat in chats)
        if coverage.has_chats
        else None,
    }


def _with_ladder(counts: Counts, platform: int, rule: UsageRule) -> Counts:
    chatting = platform == SFERUM.number
    teachers, confirmed, active = counts["teachers"] or 0, counts["confirmed"] or 0, counts["active"]
    on_platform = counts.pop("is_registered")
    registered = on_platform and (not rule.administrator_required or counts["administrators"])
    every_class = bool(counts["classes"]) and (counts["classes_with_chat"] or 0) >= (counts["classes"] or 0)
    filled = (
        registered
        and teachers > 0
        and Fraction(confirmed, teachers) >= Fraction(rule.filled_share)
        and (every_class or not chatting)
    )
    uses = None
    asks_chats, asks_list = chatting and rule.active_chats > 0, rule.active_share > 0
    known = not (asks_chats and counts["active_chats"] is None) and not (asks_list and counts["teachers"] is None)
    if active is not None and known:
        uses = (
            registered
            and active >= rule.active_teachers
            and active >= Fraction(rule.active_share) * teachers
            and (not asks_chats or (counts["active_chats"] or 0) >= rule.active_chats)
        )
    return {
        **counts,
        "on_platform": int(bool(on_platform)),
        "registered": int(bool(registered)),
        "filled": int(bool(filled)),
        "uses": None if uses is None else int(bool(uses)),
        "in_scope": 1,
    }


def wide_rows(rating: Rating) -> dict[tuple[int, int], Counts]:
    """The wide rows the product wrote, in the recount's shape."""
    columns = [*next(iter(recount(rating.iso_week).values()), {})]
    return {
        (row.platform, row.school_id): {column: getattr(row, column) for column in columns}
        for row in SchoolWeek.objects.filter(rating=rating)
    }


@dataclass(slots=True)
class _Group:
    """A place's terms, and the peers it is ranked among at large and close by."""

    peers: Any
    local: Any = None
    terms: list[tuple[int | None, int | None]] = field(default_factory=list)


def recount_rows(week: IsoWeek) -> dict[tuple[int, int, int], dict[str, int | None]]:
    """Rate every place from the recount: (indicator, level, place id) → part, whole, counted and left out, ranks."""
    counts, schools, feeds = recount(week), in_scope(week), IndicatorFeed.for_week(week)
    found: dict[tuple[int, int, int], dict[str, int | None]] = {}
    for indicator in INDICATORS:
        if indicator == COMPOSITE:
            continue
        groups: dict[tuple[int, int], _Group] = {}
        for places, term in _terms(indicator, counts, schools, feeds, week):
            for key, peers, local in places:
                groups.setdefault(key, _Group(peers, local)).terms.append(term)
        told = any(part is not None and whole is not None for group in groups.values() for part, whole in group.terms)
        if told or not indicator.waits:
            found |= {(indicator.number, *key): row for key, row in _rated(groups, indicator).items()}
    return found | _recount_scores(found, schools, CompositeRule.for_week(week))


Terms = Iterable[tuple[Iterable[tuple[tuple[int, int], Any, Any]], tuple[int | None, int | None]]]


def _terms(indicator: Any, counts: Any, schools: list[School], feeds: dict[int, str], week: IsoWeek) -> Terms:
    """Which places each measured thing belongs to, and its part and whole."""
    if indicator.base == Level.MUNICIPALITY:
        for place in {
            school.municipality_id: school.municipality for school in schools if school.municipality
        }.values():
            heads = place.appointments.filter(starts_on__lte=week.sunday)
            has_head = any(one.ends_on is None or one.ends_on >= week.sunday for one in heads)
            above = [((Level.COUNTRY, 0), "world", None), ((Level.REGION, place.region_id), "country", None)]
            yield [((Level.MUNICIPALITY, place.pk), place.region_id, None), *above], (int(has_head), 1)
    elif indicator.base == Level.REGION:
        for region in Region.objects.all():
            rows = [
                row
                for row in RegionFigure.objects.filter(region=region, indicator=indicator.number)
                if (row.year, row.quarter) <= (week.sunday.year, (week.sunday.month + 2) // 3)
            ]
            if rows:
                last = max(rows, key=lambda row: (row.year, row.quarter))
                places = [((Level.COUNTRY, 0), "world", None), ((Level.REGION, region.pk), "country", None)]
                yield places, (last.part, last.whole)
    else:
        by_operator = feeds.get(indicator.number) == "operator" and indicator.operator_part
        part, whole = (
            (indicator.operator_part, indicator.operator_whole) if by_operator else (indicator.part, indicator.whole)
        )
        for school in schools:
            row = counts[indicator.platform.number, school.pk]
            yield _places(school), (row[part], row[whole])


def _recount_scores(
    found: dict[tuple[int, int, int], dict[str, int | None]], schools: list[School], weights: dict[str, int]
) -> dict[tuple[int, int, int], dict[str, int | None]]:
    """The composite score of every place from its own shares."""
    numbers = {number for number, _, _ in found}
    used = {key: weight for key, weight in weights.items() if INDICATOR_BY_KEY[key].number in numbers}
    groups: dict[tuple[int, int], _Group] = {}
    sides: dict[tuple[int, int], tuple[int, int]] = {}
    for school in schools:
        for key, peers, local in _places(school):
            if key in groups:
                continue
            rows = {name: found[INDICATOR_BY_KEY[name].number, *key] for name in used}
            groups[key] = _Group(peers, local, [_score(rows, used)])
            sides[key] = (
                min(row["schools"] or 0 for row in rows.values()),
                max(row["missing"] or 0 for row in rows.values()),
            )
    rated = _rated(groups, COMPOSITE)
    return {
        (COMPOSITE.number, *key): row | {"schools": sides[key][0], "missing": sides[key][1]}
        for key, row in rated.items()
    }


def _score(rows: dict[str, dict[str, int | None]], weights: dict[str, int]) -> tuple[int | None, int | None]:
    reached = total = 0
    for name, row in rows.items():
        part, whole = row["part"], row["whole"]
        least = settings.SMALL_NUMBER if INDICATOR_BY_KEY[name].counts_people else 1
        if part is None or whole is None or 0 < whole < least:
            return None, None
        if whole:
            reached += weights[name] * min(part * 1_000_000 // whole, 1_000_000)
            total += weights[name]
    return (reached * 10_000 // (total * 1_000_000), 10_000) if total else (None, None)


def _places(school: School) -> Iterable[tuple[tuple[int, int], Any, Any]]:
    yield (Level.COUNTRY, 0), "world", None
    yield (Level.REGION, school.region_id), "country", None
    if school.municipality_id:
        yield (Level.MUNICIPALITY, school.municipality_id), school.region_id, None
    yield (Level.SCHOOL, school.pk), school.region_id, (school.region_id, school.municipality_id)


def _rated(groups: dict[tuple[int, int], _Group], indicator: Any) -> dict[tuple[int, int], dict[str, int | None]]:
    least = settings.SMALL_NUMBER if indicator.counts_people else 1
    sums = {key: add_up(group.terms) for key, group in groups.items()}
    scores = {
        key: score(one.part, one.whole, least) if key[0] in indicator.ranked_levels else None
        for key, one in sums.items()
    }
    wide = _ranks_within(groups, scores, lambda key: (key[0], groups[key].peers), indicator.good_is_up)
    close = _ranks_within(
        {key: group for key, group in groups.items() if key[0] == Level.SCHOOL},
        scores,
        lambda key: groups[key].local,
        indicator.good_is_up,
    )
    return {
        key: {
            "part": one.part,
            "whole": one.whole,
            "schools": one.counted,
            "missing": one.missing,
            "rank": wide[key][0],
            "ranked": wide[key][1],
            "local_rank": close.get(key, (None, None))[0],
            "local_ranked": close.get(key, (None, None))[1],
        }
        for key, one in sums.items()
    }


def _ranks_within(
    keys: Iterable[tuple[int, int]],
    scores: dict[tuple[int, int], Fraction | None],
    peers_of: Callable[[tuple[int, int]], Any],
    good_is_up: bool,
) -> dict[tuple[int, int], tuple[int | None, int | None]]:
    peers: dict[Any, dict[tuple[int, int], Fraction | None]] = defaultdict(dict)
    for key in keys:
        peers[peers_of(key)][key] = scores[key]
    found: dict[tuple[int, int], tuple[int | None, int | None]] = {}
    for group in peers.values():
        ranked = sum(value is not None for value in group.values())
        for key, rank in ranks(group, good_is_up=good_is_up).items():
            found[key] = (rank, ranked if rank else None)
    return found


def rating_rows(rating: Rating) -> dict[tuple[int, int, int], dict[str, int | None]]:
    """The rating rows the product wrote, in the recount's shape."""
    columns = ("part", "whole", "schools", "missing", "rank", "ranked", "local_rank", "local_ranked")
    return {
        (row.indicator, row.level, row.place_id): {column: getattr(row, column) for column in columns}
        for row in RatingRow.objects.filter(rating=rating)
    }
