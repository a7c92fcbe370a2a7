"""The page of the data checks: what was found at a place by check, the quality of its data, when it was checked."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from reports.checks import listing, quality
from reports.checks.catalogue import CHECK_BY_NUMBER, CHECKS
from reports.checks.kinds import ERROR, SEVERITIES, SEVERITY_BY_KEY, SUBJECT_BY_KEY, SUBJECTS, Check, Severity
from reports.checks.running import Place
from reports.models import CheckCount, CheckRun
from schools.models import Municipality, Region, School
from schools.scope import NOBODY, Level
from schools.texts import counted, date_text, moment_text, number, out_of, percent, plural, signed, unbroken

SCHOOLS = ("школа", "школы", "школ")
FOUND = ("замечание", "замечания", "замечаний")
RECENT = datetime.timedelta(days=7)
_KEPT = 24 * 3600  # seconds; a new run has a new key, this only gives the memory back


@dataclass(frozen=True, slots=True)
class Area:
    """The place the checks are read at; `place` is None for the country. Whoever made it has looked it up in sight."""

    place: Place | None = None

    @property
    def level(self) -> Level:
        """The level of the place."""
        levels = {Region: Level.REGION, Municipality: Level.MUNICIPALITY, School: Level.SCHOOL}
        return levels[type(self.place)] if self.place is not None else Level.COUNTRY

    @property
    def name(self) -> str:
        """What the place is called in a heading."""
        if isinstance(self.place, School):
            return unbroken(self.place.short_name)
        return self.place.name if self.place is not None else "Россия"

    @property
    def column(self) -> str:
        """«region», «municipality», «school»; "" for the country."""
        return self.place._meta.model_name or "" if self.place is not None else ""

    @property
    def filters(self) -> dict[str, Any]:
        """Conditions on counts: {"region": …}."""
        return {self.column: self.place} if self.place is not None else {}

    @property
    def schools(self) -> dict[str, Any]:
        """Conditions on schools."""
        return {"pk": self.place.pk} if isinstance(self.place, School) else self.filters

    @property
    def params(self) -> dict[str, str]:
        """Parameters of an address that name the place: the region by its code, others by their ids."""
        if isinstance(self.place, Region):
            return {"region": self.place.code}
        return {self.column: str(self.place.pk)} if self.place is not None else {}

    def address(self, route: str, *args: Any, **more: object) -> str:
        """The address of a page of the checks at this place."""
        pairs = {**self.params, **{key: value for key, value in more.items() if value not in (None, "")}}
        return reverse(route, args=args) + (f"?{urlencode(pairs)}" if pairs else "")


@dataclass(frozen=True, slots=True)
class Tally:
    """What a check found at a place."""

    check: Check
    schools: int
    found: int
    looked_at: int
    recent: int  # schools where it was first found within a week
    since: datetime.date
    lost: float  # weight taken from the quality

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Tally":
        """Read a row of `tally_rows`."""
        return cls(
            check=CHECK_BY_NUMBER[row["check_number"]],
            schools=row["schools"],
            found=row["all_found"],
            looked_at=row["all_looked_at"],
            recent=row["recent"],
            since=row["since"],
            lost=row["lost"],
        )


def tallies(counts: "QuerySet[CheckCount]", area: Area) -> dict[int, Tally]:
    """Return what each check found at a place, by number; read once a run, since counts change by runs alone.

    `counts` are those in sight. What is kept holds no names.
    """
    last = CheckRun.objects.order_by("-id").values_list("pk", flat=True).first()
    key = f"checks:{last}:{timezone.localdate()}:{area.level}:{area.place.pk if area.place else 0}"
    rows: list[dict[str, Any]] | None = cache.get(key) if last else None
    if rows is None:
        rows = list(tally_rows(counts.filter(**area.filters)))
        cache.set(key, rows, _KEPT)
    return {row["check_number"]: Tally.of(row) for row in rows}


def tally_rows(counts: "QuerySet[CheckCount]") -> Any:
    """Add counts up by check: one row each, see Tally.of."""
    since = timezone.localdate() - RECENT
    rows = counts.filter(check_number__in=list(CHECK_BY_NUMBER)).order_by().values("check_number")
    return rows.annotate(
        schools=Count("school"),
        all_found=Sum("found"),
        all_looked_at=Sum("looked_at"),
        recent=Count("school", filter=Q(since_on__gt=since)),
        since=Min("since_on"),
        lost=quality.lost_sum(),
    )


# The list of checks


@dataclass(frozen=True, slots=True)
class Line:
    """A check with findings, as the list shows it."""

    check: Check
    url: str
    found_text: str
    of_text: str
    schools_text: str
    recent: int
    since_text: str
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one severity."""

    severity: Severity
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters of the list, each known or empty."""

    severity: str
    subject: str

    @classmethod
    def of(cls, params: QueryDict) -> "Asked":
        """Read the address; what is no filter is none."""
        severity, subject = params.get("severity", ""), params.get("subject", "")
        return cls(
            severity if severity in SEVERITY_BY_KEY else "",
            subject if subject in SUBJECT_BY_KEY else "",
        )

    def fits(self, check: Check) -> bool:
        """Whether a check is asked for."""
        return self.severity in ("", check.severity.key) and self.subject in ("", check.subject)


def overview(
    counts: "QuerySet[CheckCount]",
    schools: "QuerySet[School]",
    area: Area,
    asked: Asked,
    levels: frozenset[Level] = NOBODY,
) -> dict[str, Any]:
    """Return what the list of checks shows: the sentence, the groups by severity, what is clean.

    `levels` are those at which the reader may change the school shown, and so is told where.
    """
    found = tallies(counts, area)
    total = schools.filter(**area.schools).open().count()  # type: ignore[attr-defined]
    errors = [tally.check.number for tally in found.values() if tally.check.severity is ERROR]
    wrong = counts.filter(check_number__in=errors, **area.filters).order_by().values("school").distinct().count()
    shown = [tally for tally in found.values() if asked.fits(tally.check)]
    clean = [check for check in CHECKS if check.number not in found and asked.fits(check)]
    return {
        "groups": [
            group for group in (_group(severity, shown, area, levels) for severity in SEVERITIES) if group.lines
        ],
        "clean": clean,
        "lead": _lead(found, total, wrong, area),
        "counts": _counts(found, area, asked),
        "severities": [("все", "")] + [(severity.many, severity.key) for severity in SEVERITIES],
        "subjects": [("о чём угодно", "")] + [(subject.name, subject.key) for subject in SUBJECTS],
        "asked": asked,
        "schools_total": total,
    }


def _group(severity: Severity, shown: Iterable[Tally], area: Area, levels: frozenset[Level]) -> Group:
    rows = [tally for tally in shown if tally.check.severity is severity]
    rows.sort(key=lambda tally: (-tally.lost, tally.check.number))
    return Group(severity, severity.many.capitalize(), tuple(_line(tally, area, levels) for tally in rows))


def _line(tally: Tally, area: Area, levels: frozenset[Level]) -> Line:
    check, found = tally.check, number(tally.found)
    links: tuple[tuple[str, str], ...] = ()
    if isinstance(area.place, School):
        links = tuple(listing.links(check, area.place, levels)[:1])
    return Line(
        check=check,
        url=area.address("check", check.key),
        found_text=found,
        of_text=out_of(tally.found, tally.looked_at) if tally.looked_at > 1 else found,
        schools_text=number(tally.schools),
        recent=tally.recent,
        since_text=date_text(tally.since),
        links=links,
    )


def _lead(found: Mapping[int, Tally], total: int, wrong: int, area: Area) -> dict[str, str]:
    """The opening sentence: before, the number, after; and the quieter second one."""
    lost = sum(tally.lost for tally in found.values())
    share = quality.quality(lost, total)
    if not total:
        return {"before": "Школ, которые работают сегодня, здесь нет", "value": "", "after": "", "note": ""}
    findings = sum(tally.found for tally in found.values())
    if isinstance(area.place, School):
        after = "" if findings else ": замечаний нет"
    elif wrong:
        after = f": ошибки есть у {out_of(wrong, total, 'школы', 'школ')}"
    else:
        after = ": ошибок нет ни у одной школы"
    note = f"Всего {counted(findings, *FOUND)}. " if findings else ""
    return {
        "before": "Качество данных — ",
        "value": percent(share),
        "after": after,
        "note": f"{note}Качество — доля проверенного без замечаний; тяжёлые замечания весят больше.",
    }


def _counts(found: Mapping[int, Tally], area: Area, asked: Asked) -> list[dict[str, str]]:
    """Findings by severity, over the list."""
    rows = []
    for severity in SEVERITIES:
        total = sum(tally.found for tally in found.values() if tally.check.severity is severity)
        rows.append(
            {
                "number_text": number(total),
                "glyph": severity.glyph if total else "done",
                "label": plural(total, *severity.forms),
                "tone": severity.tone if total else "good",
                "url": area.address("checks", severity=severity.key, subject=asked.subject),
            }
        )
    return rows


# When it was checked


def freshness(area: Area) -> dict[str, Any]:
    """Return when the place was last checked and how the number of findings moved since the run before."""
    covering = Q(region=None, municipality=None, school=None)
    place = area.place
    if place is not None:
        covering |= Q(**area.filters)
    if isinstance(place, Municipality | School):
        covering |= Q(region=place.region_id)
    if isinstance(place, School) and place.municipality_id:
        covering |= Q(municipality=place.municipality_id)
    last = CheckRun.objects.filter(covering).order_by("-id").first()
    if last is None:
        return {"stamp": "Ещё не проверяли: данные проверяют каждую ночь", "moved": ""}
    own = Q(**area.filters) if place is not None else covering
    runs = list(CheckRun.objects.filter(own).order_by("-id").values_list("found", flat=True)[:2])
    moved = ""
    if len(runs) == 2 and runs[0] != runs[1]:
        moved = f"{signed(runs[0] - runs[1])} к прошлой проверке"
    return {"stamp": f"Проверено {moment_text(last.checked_at)}", "moved": moved}
