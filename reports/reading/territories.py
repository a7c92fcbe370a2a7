"""The page of a region or a municipality: how it is, who is behind, who is silent, what to do today."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from reports.charts import Segment, stack
from reports.indicators import INDICATOR_BY_KEY, MAIN_INDICATOR, USE_INDICATOR, Indicator
from reports.reading import rows as read
from reports.reading.addresses import breakdown_url, breakdowns_of, pages_of
from reports.reading.facts import Facts
from reports.reading.figures import Figure, Row, figure, spark
from reports.reading.kept import kept
from reports.reading.lines import Curve, line_of
from reports.reading.sentences import SCHOOL, Noun, lead, noun_of, table_title
from reports.reading.silence import silent_page, weeks_silent
from reports.reading.tables import Child, arranged, cut, with_sparks
from reports.reading.weeks import HISTORY, SPARK_WEEKS, Chosen
from schools.models import Municipality, Region, School
from schools.place_names import DIRECT
from schools.scope import Level
from schools.texts import counted, number, out_of, plural

TILES = tuple(
    INDICATOR_BY_KEY[key] for key in ("staff_active", "staff_profile", "r210_10", "staff_confirmed", "myschool_active")
)
LONG_SILENCE = 2  # weeks, this one among them: «две недели и дольше»
LADDER = (
    ("on_first", "Зарегистрированы"),
    ("on_second", "Наполнены"),
    ("on_third", "Используют"),
)


def chosen_indicator(params: QueryDict, default: Indicator = MAIN_INDICATOR) -> Indicator:
    """The indicator named by ?indicator=, the main one by default."""
    return INDICATOR_BY_KEY.get(params.get("indicator", ""), default)


@dataclass(frozen=True, slots=True)
class Territory:
    """A place whose page is drawn: its level, id, region, and the condition its schools' rows are found by."""

    level: Level
    place_id: int
    name: str
    region: Region
    municipality: Municipality | None = None

    @property
    def filters(self) -> dict[str, int]:
        """The condition on frozen rows."""
        if self.municipality is not None:
            return {"region": self.region.pk, "municipality": self.municipality.pk}
        return {"region": self.region.pk}

    @property
    def scope(self) -> str:
        """The same as parameters of the lists of schools and uploads."""
        return f"municipality={self.place_id}" if self.municipality else f"region={self.region.code}"

    @property
    def schools(self) -> Q:
        """The same on rows of school weeks, by the school's place, which has an index."""
        if self.municipality is not None:
            return Q(school__region=self.region.pk, school__municipality=self.municipality.pk)
        return Q(school__region=self.region.pk)


class Frozen(NamedTuple):
    """What the page reads of frozen weeks: counts by municipality, the silent, the place's rows and those below it."""

    steps: dict[int | None, dict[str, int]]
    quiet: list[tuple[int, int | None, int | None]]
    rows: dict[tuple[int, int], Row]
    below: list[Row]


def frozen(place: Territory, chosen: Chosen, indicator: Indicator) -> Frozen:
    """Read the frozen weeks of a place: five queries, none once the weeks are published and have been read."""

    def read_all() -> Frozen:
        history, short = chosen.history(HISTORY), chosen.history(SPARK_WEEKS)
        current = chosen.rating.pk if chosen.rating else 0
        steps = read.ladder(current, place.schools)
        level = Level.MUNICIPALITY if place.municipality is None else Level.SCHOOL
        below = read.level_rows(level, short, indicator, **place.filters)
        if place.municipality is None and None in steps:
            below += read.direct_rows(place.region.pk, short, indicator)
        quiet = read.silent_schools(history, MAIN_INDICATOR, **place.filters)
        return Frozen(steps, quiet, read.place_rows(place.level, place.place_id, history), below)

    return kept(chosen, HISTORY, ("territory", int(place.level), place.place_id, indicator.number), read_all)


def tiles(
    place: Territory, chosen: Chosen, goals: Mapping[int, float | None], rows: Mapping[tuple[int, int], Row]
) -> list[dict[str, Any]]:
    """The five figures over the page."""
    history = chosen.history(HISTORY)
    current = chosen.rating.pk if chosen.rating else 0
    found = []
    for indicator in TILES:
        shown = figure(rows.get((current, indicator.number)), indicator, goals[indicator.number], place.level)
        values = read.shares_of(rows, history, indicator)
        found.append(
            {
                "figure": shown,
                "spark": spark(values, width=200, height=26, target=shown.target),
                "missing": _unmeasured(rows, chosen, indicator),
                "url": breakdown_url(place.level, place.place_id, indicator, chosen),
            }
        )
    return found


def _unmeasured(rows: Mapping[tuple[int, int], Row], chosen: Chosen, indicator: Indicator) -> int:
    """How many of the place's schools an indicator has no data of: they are in neither part nor whole."""
    row = rows.get((chosen.rating.pk if chosen.rating else 0, indicator.number))
    return row.missing if row else 0


def page(
    place: Territory, chosen: Chosen, params: QueryDict, facts: Facts, uploads: int, *, names_seen: bool, appoints: bool
) -> dict[str, Any]:
    """Everything templates/reports/territory.html shows beside the header.

    `uploads` are those held for the reader; she sees people's names or not, appoints administrators here or not.
    """
    indicator = chosen_indicator(params)
    context: dict[str, Any] = {"place": place, "facts": facts, "indicator": indicator, "empty": chosen.rating is None}
    if chosen.rating is None:
        return context
    wished = read.Goals(chosen.week, place.region.pk)
    goals, below = wished.shares(place.level), Level.MUNICIPALITY if place.municipality is None else Level.SCHOOL
    target, target_below = goals[indicator.number], wished.shares(below)[indicator.number]
    found = frozen(place, chosen, indicator)
    main = figure(found.rows.get((chosen.rating.pk, indicator.number)), indicator, target, place.level)
    long_quiet = [one for one in found.quiet if weeks_silent(one[2], chosen.week) >= LONG_SILENCE]
    children, noun = _children(place, chosen, indicator, target_below, found)
    listed = arranged(_matching(children, params), params.get("sort", "share"))
    lines = read.series(found.below, chosen.history(SPARK_WEEKS), indicator)
    table, sums = cut(listed, params), _sums(main, found.steps)
    return context | {
        "tiles": tiles(place, chosen, goals, found.rows),
        "main": main,
        "main_url": breakdown_url(place.level, place.place_id, indicator, chosen),
        "lead": lead(main, children, len(long_quiet)),
        "todo": _todo(place, chosen, facts, found.steps, long_quiet, uploads, children, appoints=appoints),
        "children": children,
        "table": replace(table, rows=with_sparks(table.rows, lines)),
        "table_title": table_title(children, indicator, noun, target_below),
        "noun": noun,
        "sort": params.get("sort", "share"),
        "sums": sums,
        "gone": sums["schools"] - facts.schools + facts.uncounted,
        "chart": line_of(
            Curve(place.level, place.place_id, place.region, indicator, wished.at(place.level)[indicator.number]),
            chosen,
            found.rows,
        ),
        "ladder": _ladder(found.steps, _unmeasured(found.rows, chosen, USE_INDICATOR)),
        "silent": silent_page(chosen, found.quiet, params, names_seen=names_seen),
    }


def _matching(children: list[Child], params: QueryDict) -> list[Child]:
    """Children whose name holds every word of ?q=."""
    words = params.get("q", "")[:100].casefold().split()
    return [child for child in children if all(word in child.name.casefold() for word in words)]


def _children(
    place: Territory, chosen: Chosen, indicator: Indicator, target: float | None, found: Frozen
) -> tuple[list[Child], Noun]:
    """Rows of the table and what they are called."""
    now = read.of_rating(found.below, chosen.rating.pk if chosen.rating else 0)
    if place.municipality is not None:
        return _schools(chosen, indicator, target, now, {school: last for school, _, last in found.quiet}), SCHOOL
    return _municipalities(place, chosen, indicator, target, now, found.steps)


def _municipalities(
    place: Territory,
    chosen: Chosen,
    indicator: Indicator,
    target: float | None,
    now: Mapping[int, Row],
    steps: Mapping[int | None, dict[str, int]],
) -> tuple[list[Child], Noun]:
    """Rows of the municipalities of a region and, as a row of their own, of the schools directly under it."""
    municipalities = place.region.municipalities.order_by().values_list("pk", "name", "kind")
    names = {pk: (name, kind) for pk, name, kind in municipalities}
    page_of_place, opens = _addresses(Level.MUNICIPALITY, indicator, chosen)
    children = [
        Child(
            place_id=pk,
            name=names.get(pk, ("", ""))[0],
            url=page_of_place(pk),
            opens=opens(pk),
            schools=steps.get(pk, {}).get("schools", row.schools + row.missing),
            figure=figure(row, indicator, target, Level.MUNICIPALITY),
            silent=steps.get(pk, {}).get("silent", 0),
        )
        for pk, row in now.items()
        if pk
    ]
    noun = noun_of([kind for _, kind in names.values()])
    if all(child.name.endswith(f" {noun[0]}") for child in children):
        children = [replace(child, common=f" {noun[0]}") for child in children]
    if None in steps:
        children.append(_direct(place, indicator, target, now.get(0), steps[None]))
    return children, noun


def _addresses(level: Level, indicator: Indicator, chosen: Chosen) -> tuple[Callable[[int], str], Callable[[int], str]]:
    """The pages of places of a level, and of what their numbers are made of."""
    kept_week = chosen.keep()
    return pages_of(level, kept_week), breakdowns_of(level, indicator.key, kept_week)


def _direct(
    place: Territory, indicator: Indicator, target: float | None, row: Row | None, step: Mapping[str, int]
) -> Child:
    return Child(
        place_id=0,
        name=DIRECT,
        url=f"{reverse('search')}?region={place.region.code}&under=region",
        opens="",
        schools=step["schools"],
        figure=figure(row, indicator, target, Level.MUNICIPALITY),
        silent=step["silent"],
    )


def _schools(
    chosen: Chosen,
    indicator: Indicator,
    target: float | None,
    now: Mapping[int, Row],
    quiet: Mapping[int, int | None],
) -> list[Child]:
    """Rows of the schools of a municipality."""
    page_of_place, opens = _addresses(Level.SCHOOL, indicator, chosen)
    names = dict(School._default_manager.filter(pk__in=list(now)).order_by().values_list("pk", "short_name"))
    return [
        Child(
            place_id=row.place_id,
            name=names.get(row.place_id, ""),
            url=page_of_place(row.place_id),
            opens=opens(row.place_id),
            schools=1,
            figure=figure(row, indicator, target, Level.SCHOOL),
            silent=weeks_silent(quiet[row.place_id], chosen.week) if row.place_id in quiet else 0,
        )
        for row in now.values()
    ]


def _sums(main: Figure, steps: Mapping[int | None, dict[str, int]]) -> dict[str, Any]:
    return {
        "schools": sum(step["schools"] for step in steps.values()),
        "silent": sum(step["silent"] for step in steps.values()),
        "figure": main,
    }


def _todo(
    place: Territory,
    chosen: Chosen,
    facts: Facts,
    steps: Mapping[int | None, dict[str, int]],
    quiet: Sequence[tuple[int, int | None, int | None]],
    uploads: int,
    children: Sequence[Child],
    *,
    appoints: bool,
) -> list[dict[str, str]]:
    """At most three things to do today, from what is known now."""
    lines = []
    if quiet:
        verb = plural(len(quiet), "молчит", "молчат", "молчат")
        text = f"{verb.capitalize()} {counted(len(quiet), *SCHOOL)}"
        if place.level == Level.REGION:
            per = [one[1] for one in quiet if one[1] is not None]
            worst = max(set(per), key=per.count, default=None)
            name = next((child.name for child in children if child.place_id == worst), "")
            if name and worst is not None:
                n = per.count(worst)
                text = f"{name}: {plural(n, 'молчит', 'молчат', 'молчат')} {counted(n, *SCHOOL)}"
        lines.append({"text": f"{text} две недели и дольше", "link": "Кто именно", "url": "#silent"})
    if facts.headless:
        lines.append(
            {
                "text": f"{counted(facts.headless, *SCHOOL)} без администратора",
                "link": "Назначить" if appoints else "Какие",
                "url": reverse("appointments") + "?show=vacant"
                if appoints
                else f"{reverse('search')}?{place.scope}&lacks=administrator",
            }
        )
    if uploads:
        verb = plural(uploads, "загрузка ждёт", "загрузки ждут", "загрузок ждут")
        url = f"{reverse('imports')}?show=held&{place.scope}"
        lines.append({"text": f"{number(uploads)} {verb} вашего решения", "link": "Посмотреть", "url": url})
    unmeasured = sum(step["unmeasured"] for step in steps.values())
    if unmeasured:
        lines.append(
            {
                "text": f"{counted(unmeasured, *SCHOOL)} без данных за неделю",
                "link": "Какие",
                "url": f"{reverse('search')}?{place.scope}&{urlencode({'lacks': 'data', **chosen.params})}",
            }
        )
    return lines[:3]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder of indicator 10 over a place: how many of the schools stand on it."""

    number: int
    title: str
    segments: list[Segment]
    done_text: str
    whole_text: str


def _ladder(steps: Mapping[int | None, dict[str, int]], unmeasured: int) -> dict[str, Any]:
    """How many schools are registered, filled, in use; the finding is where most are lost."""
    whole = sum(step["scoped"] for step in steps.values())
    counts = [sum(step[key] for step in steps.values()) for key, _ in LADDER]
    rungs = [
        Rung(i, title, stack([(title, n, "data")], whole=whole), number(n), number(whole))
        for i, ((_, title), n) in enumerate(zip(LADDER, counts, strict=True), start=1)
    ]
    lost = min(range(3), key=lambda i: counts[i])
    title = (
        f"Ступень «{LADDER[lost][1].lower()}» — у {out_of(counts[lost], whole, 'школы', 'школ')}"
        if whole
        else "Ступени использования"
    )
    return {"title": title, "rungs": rungs, "whole": whole, "unmeasured": unmeasured}
