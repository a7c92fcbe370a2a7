"""Two numbers side by side: the operator's and ours for one indicator, and what their difference is made of."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse

from reports.indicators import INDICATORS, Indicator
from reports.models import SchoolWeek
from reports.models.ratings import share_of
from reports.reading.addresses import breakdown_url
from reports.reading.figures import is_small
from reports.reading.passports import feed_text
from reports.reading.tables import cut
from reports.reading.weeks import Chosen
from schools.models import Region, School
from schools.scope import AnyUser, Level
from schools.texts import EM_DASH, counted, out_of, percent, plural, points, signed, unbroken
from staff.models import StaffAccount, StaffMember

COMPARED = tuple(each for each in INDICATORS if each.operator_part)
LEFT_DAYS = 60  # how long those who left are looked for among the operator's
SHOWN_PEOPLE = 5
FEW = "мало людей"
_OF_PEOPLE = frozenset({"active", "profiles", "confirmed"})


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two numbers; None where it is not known. Of too few people it has no share, as in the rating."""

    part: int | None = None
    whole: int | None = None
    is_small: bool = False

    @property
    def share(self) -> float | None:
        """Part ÷ whole."""
        return share_of(self.part, self.whole) if not self.is_small else None

    @property
    def text(self) -> str:
        """«67,6 %»; «мало людей» in place of a share that would point at them."""
        if self.is_small:
            return FEW
        return EM_DASH if self.share is None else percent(self.share)

    @property
    def of_text(self) -> str:
        """«50 из 74»."""
        return out_of(self.part, self.whole) if self.part is not None and self.whole is not None else "нет данных"


def side_of(indicator: Indicator, part: int | None, whole: int | None) -> Side:
    """A number of an indicator, knowing whether its people are too few for a share."""
    return Side(part, whole, is_small(indicator, whole))


@dataclass(frozen=True, slots=True)
class Gap:
    """The operator's number, ours, and how far apart they are."""

    theirs: Side
    ours: Side

    @property
    def is_known(self) -> bool:
        """Whether there are two numbers to compare."""
        return self.theirs.part is not None and self.ours.part is not None

    @property
    def difference(self) -> int | None:
        """The operator's part less ours."""
        return (self.theirs.part or 0) - (self.ours.part or 0) if self.is_known else None

    @property
    def text(self) -> str:
        """«+6»."""
        return EM_DASH if self.difference is None else signed(self.difference) if self.difference else "0"

    @property
    def points_text(self) -> str:
        """«+8,1 п. п.»; «мало людей» where either share is hidden."""
        theirs, ours = self.theirs.share, self.ours.share
        if self.is_known and (self.theirs.is_small or self.ours.is_small):
            return FEW
        return "" if theirs is None or ours is None else points(theirs - ours)


@dataclass(frozen=True, slots=True)
class SchoolGap:
    """A school in the list of gaps."""

    name: str
    url: str
    gap: Gap


@dataclass(frozen=True, slots=True)
class Cause:
    """A possible reason of a gap: its code, how many it may explain, who they are where names may be seen."""

    code: str
    title: str
    note: str
    count: int
    people: tuple[tuple[str, str], ...] = ()  # (name, position)

    @property
    def more(self) -> int:
        """How many are not named."""
        return max(0, self.count - len(self.people)) if self.people else 0


# Of a place


def gap_of(level: Level, place_id: int, indicator: Indicator, chosen: Chosen) -> Gap | None:
    """Both numbers of a place in the revision shown, each over the schools it is known of; one query."""
    if chosen.rating is None or not indicator.operator_part:
        return None
    rows = SchoolWeek._default_manager.filter(rating=chosen.rating, platform=indicator.platform.number)
    where = {Level.REGION: "region", Level.MUNICIPALITY: "municipality", Level.SCHOOL: "school"}
    if level in where:
        rows = rows.filter(**{where[level]: place_id})
    sums = rows.aggregate(
        **_sums("theirs", indicator.operator_part, indicator.operator_whole),
        **_sums("ours", indicator.part, indicator.whole),
    )
    return _gap(indicator, sums)


def gaps_of_towns(region: Region, indicator: Indicator, chosen: Chosen) -> dict[int, Gap]:
    """Both numbers of every municipality of a region by its id; one query."""
    if chosen.rating is None:
        return {}
    rows = SchoolWeek._default_manager.filter(
        rating=chosen.rating, platform=indicator.platform.number, region=region, municipality__isnull=False
    )
    sums = (
        rows.order_by()
        .values("municipality_id")
        .annotate(
            **_sums("theirs", indicator.operator_part, indicator.operator_whole),
            **_sums("ours", indicator.part, indicator.whole),
        )
    )
    return {row["municipality_id"]: _gap(indicator, row) for row in sums}


def _sums(side: str, part: str, whole: str) -> dict[str, Any]:
    known = Q(**{f"{part}__isnull": False, f"{whole}__isnull": False})
    return {f"{side}_part": Sum(part, filter=known), f"{side}_whole": Sum(whole, filter=known)}


def _gap(indicator: Indicator, sums: Mapping[str, Any]) -> Gap:
    return Gap(*(side_of(indicator, sums[f"{side}_part"], sums[f"{side}_whole"]) for side in ("theirs", "ours")))


def sides_of(
    level: Level, place_id: int, indicator: Indicator, chosen: Chosen, *, has_total: bool = False
) -> dict[str, Any] | None:
    """What the page of a number shows of the two; None for what only one side counts or nobody has delivered.

    `has_total`: the operator has told a total of the place, and it is shown even where its schools are not known.
    """
    gap = gap_of(level, place_id, indicator, chosen)
    if gap is None or (gap.theirs.part is None and not has_total):
        return None
    return {"gap": gap, "feed": feed_text(indicator, chosen)}


# Schools of a region


def page(region: Region, indicator: Indicator, chosen: Chosen, params: QueryDict, user: AnyUser) -> dict[str, Any]:
    """What templates/reports/gaps.html shows."""
    rows = _schools(region, indicator, chosen, user)
    known = [row for row in rows if row.gap.is_known]
    whole = gap_of(Level.REGION, region.pk, indicator, chosen)
    apart = sum(bool(row.gap.difference) for row in known)
    return {
        "indicator": indicator,
        "indicators": [(each.short_name, each.key) for each in COMPARED],
        "whole": whole,
        "feed": feed_text(indicator, chosen),
        "heading": heading_of(apart, len(known)),
        "caption": caption_of(len(known), len(rows) - len(known)),
        "rows": cut(rows, params),
        "region_url": breakdown_url(Level.REGION, region.pk, indicator, chosen),
    }


def _schools(region: Region, indicator: Indicator, chosen: Chosen, user: AnyUser) -> list[SchoolGap]:
    """Schools the operator speaks of, those furthest apart first, the unmeasured last; two queries."""
    if chosen.rating is None:
        return []
    columns = (indicator.operator_part, indicator.operator_whole, indicator.part, indicator.whole)
    weeks = SchoolWeek.objects.visible_to(user).filter(
        rating=chosen.rating, platform=indicator.platform.number, region=region
    )
    found = weeks.exclude(**{columns[0]: None}).values_list("school_id", *columns)
    names = dict(School.objects.visible_to(user).filter(region=region).values_list("pk", "short_name"))
    rows = []
    for school_id, *numbers in found:
        if school_id in names:
            url = breakdown_url(Level.SCHOOL, school_id, indicator, chosen)
            rows.append(SchoolGap(unbroken(names[school_id]), url, _of_row(indicator, numbers)))
    return sorted(rows, key=lambda row: (not row.gap.is_known, -abs(row.gap.difference or 0), row.name))


def _of_row(indicator: Indicator, numbers: Sequence[int | None]) -> Gap:
    sides = []
    for part, whole in (numbers[:2], numbers[2:]):
        known = part is not None and whole is not None
        sides.append(side_of(indicator, part, whole) if known else Side())
    return Gap(*sides)


def heading_of(apart: int, compared: int) -> str:
    """«Расходятся 37 из 54 школ, где есть оба числа»."""
    if not compared:
        return "Школ, где есть оба числа, нет"
    if not apart:
        return f"Сходятся у {counted(compared, 'школы', 'школ', 'школ')}, где есть оба числа"
    verb = plural(apart, "Расходится", "Расходятся", "Расходятся")
    return f"{verb} {out_of(apart, compared, 'школы', 'школ')}, где есть оба числа"


def caption_of(compared: int, alone: int) -> str:
    """In which order the list goes, and what of it the heading does not count."""
    sentences = []
    if compared:
        sentences.append("Сначала те, где разница больше; отчего она, видно на странице школы")
    if alone:
        more = "В конце ещё" if compared else "В списке"
        lone = counted(alone, "школа", "школы", "школ")
        sentences.append(f"{more} {lone} с одним числом из двух: сравнить не с чем")
    return ". ".join(sentences)


# Why, in a school


def causes_of(school: School, indicator: Indicator, chosen: Chosen, user: AnyUser) -> list[Cause]:
    """What may stand behind a school's gap, by its lists: counts for all, names for those who may."""
    if indicator.part not in _OF_PEOPLE:
        return []
    listed: Any = StaffMember._default_manager.filter(school=school)
    seen = StaffMember.objects.visible_to(user).filter(school=school)
    day = chosen.week.sunday
    found = [_listed(code, people(listed, indicator, day), seen) for code, people in _PEOPLE.items()]
    found.append(Cause("other_school", *_WORDS["other_school"], _elsewhere(listed, day)))
    found.append(Cause("not_entered", *_WORDS["not_entered"], _not_entered(school, indicator, chosen)))
    return [cause for cause in found if cause.count > 0]


_WORDS = {
    "not_linked": (
        "Не связаны",
        "есть в списке школы, а учётной записи на площадке у нас нет: оператор может её видеть",
    ),
    "wrong_role": ("Не та роль", "не педагоги, но с профилем: оператор считает педагогами всех взрослых"),
    "left": ("Уволились", f"ушли за последние {LEFT_DAYS} дней, а учётная запись открыта"),
    "duplicate": ("Записаны дважды", "один человек в списке школы больше одного раза"),
    "other_school": (
        "Работают и в другой школе",
        "тот же СНИЛС есть в списке другой школы: оператор считает его один раз",
    ),
    "not_entered": ("Не внесены", "оператор знает больше педагогов, чем есть в списке школы"),
}


def _listed(code: str, people: "QuerySet[StaffMember]", seen: "QuerySet[StaffMember]") -> Cause:
    named = people.filter(pk__in=seen.values("pk")).order_by("name_key", "id")[:SHOWN_PEOPLE]
    return Cause(code, *_WORDS[code], people.count(), tuple((each.full_name, each.position) for each in named))


def _account(indicator: Indicator, day: datetime.date) -> "QuerySet[StaffAccount]":
    open_then = Q(closed_on=None) | Q(closed_on__gt=day)
    return StaffAccount._default_manager.filter(
        open_then, staff=OuterRef("pk"), platform=indicator.platform.number, profile_on__lte=day
    )


def _not_linked(listed: Any, indicator: Indicator, day: datetime.date) -> Any:
    return listed.working(day).teachers().filter(~Exists(_account(indicator, day)))


def _wrong_role(listed: Any, indicator: Indicator, day: datetime.date) -> Any:
    return listed.working(day).filter(Exists(_account(indicator, day)), is_teacher=False)


def _left(listed: Any, indicator: Indicator, day: datetime.date) -> Any:
    since = day - datetime.timedelta(days=LEFT_DAYS)
    return listed.filter(Exists(_account(indicator, day)), left_on__gt=since, left_on__lte=day, is_teacher=True)


def _duplicate(listed: Any, indicator: Indicator, day: datetime.date) -> Any:
    """Rows beyond the first one of a person, by СНИЛС; by name where a row has none."""
    others = listed.working(day).filter(pk__lt=OuterRef("pk"))
    same_code = Exists(others.filter(snils=OuterRef("snils")).exclude(snils=""))
    same_name = Exists(others.filter(name_key=OuterRef("name_key"), born_on=OuterRef("born_on")))
    return listed.working(day).filter(same_code | same_name)


_PEOPLE: dict[str, Callable[[Any, Indicator, datetime.date], Any]] = {
    "not_linked": _not_linked,
    "wrong_role": _wrong_role,
    "left": _left,
    "duplicate": _duplicate,
}


def _elsewhere(listed: Any, day: datetime.date) -> int:
    """How many of a school work in another one as well; of the others nothing is told."""
    everywhere: Any = StaffMember._default_manager.all()
    there = everywhere.working(day).exclude(school=OuterRef("school")).filter(snils=OuterRef("snils"))
    count: int = listed.working(day).exclude(snils="").filter(Exists(there)).count()
    return count


def _not_entered(school: School, indicator: Indicator, chosen: Chosen) -> int:
    weeks = SchoolWeek._default_manager.filter(
        rating=chosen.rating, platform=indicator.platform.number, school=school, teachers__isnull=False
    )
    lacking = weeks.aggregate(lacking=Min(F("op_teachers") - F("teachers")))["lacking"]
    return lacking or 0


def gaps_url(region: Region, indicator: Indicator, chosen: Chosen) -> str:
    """The address of a region's list of gaps."""
    return f"{reverse('region_gaps', args=[region.code])}{chosen.keep(indicator=indicator.key)}"
