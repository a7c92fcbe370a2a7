"""The page «что будет в понедельник»: the open week of a place as counted within the hour, beside the last one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.urls import reverse

from reports.called import called
from reports.confirming import Subject, open_rating
from reports.indicators import INDICATORS, MAIN_INDICATOR
from reports.models import Hold, Rating, RatingRow, RatingState, Verdict
from reports.reading.figures import Figure, Row, figure
from reports.reading.rows import zone_of
from reports.weeks import MOSCOW, corrections_until
from schools.scope import Level
from schools.texts import counted, moment_text, week_title

MOST_MOVERS, MOST_HELD = 5, 20


@dataclass(frozen=True, slots=True)
class Mover:
    """A place below that would change its place."""

    name: str
    rank: int
    move: int


def latest(zone: ZoneInfo) -> Rating | None:
    """The open week as counted last: the one just over until its corrections end in a zone, then the running one."""
    found = open_rating(zone)
    if found is not None and found.state == RatingState.PREVIEW:
        return found
    return Rating._default_manager.filter(state=RatingState.PREVIEW).order_by("-week").first()


def page(subject: Subject, rows: "QuerySet[RatingRow]", holds: "QuerySet[Hold]") -> dict[str, Any]:
    """Everything templates/reports/preview.html shows; `rows` and `holds` are those the reader may see."""
    zone = zone_of(subject.region)
    rating = latest(zone)
    if rating is None:
        return {"subject": subject, "rating": None}
    week = rating.iso_week
    own = rows.filter(rating=rating, level=subject.level, place_id=subject.place.pk)
    figures = _figures([Row(*values) for values in own.values_list(*Row._fields)], subject.level)
    held = holds.filter(rating=rating, **subject.within).exclude(state=Verdict.RIGHT)
    total = held.count()
    return {
        "subject": subject,
        "rating": rating,
        "week_title": week_title(week.week, week.monday, week.sunday),
        "counted_text": moment_text(rating.counted_at, zone),
        "counts_text": moment_text(week.counts_at, MOSCOW),
        "closes_text": moment_text(corrections_until(week, zone), zone),
        "figures": figures,
        "held": list(held.select_related("school").order_by("school_id", "indicator", "kind")[:MOST_HELD]),
        "held_total": total,
        "todo": _todo(subject, figures, total),
        **_movers(subject, rating, rows),
    }


def _figures(rows: Sequence[Row], level: Level) -> list[Figure]:
    """The place's indicators that the running week has measured, in the order of the passports."""
    known = {row.indicator: row for row in rows}
    return [figure(known[each.number], each, None, level) for each in INDICATORS if each.number in known]


def _movers(subject: Subject, rating: Rating, rows: "QuerySet[RatingRow]") -> dict[str, list[Mover]]:
    """The places right below that would rise and fall most by the main indicator; none below a school."""
    if subject.level == Level.SCHOOL:
        return {"risers": [], "fallers": []}
    below = Level(subject.level + 1)
    rank = "rank" if below == Level.MUNICIPALITY else "local_rank"
    moved = rows.filter(rating=rating, indicator=MAIN_INDICATOR.number, level=below, **subject.within)
    moved = moved.annotate(move=F(f"{rank}_before") - F(rank)).exclude(move=None)
    shown = ("place_id", rank, "move")
    up = list(moved.filter(move__gt=0).order_by("-move", rank).values_list(*shown)[:MOST_MOVERS])
    down = list(moved.filter(move__lt=0).order_by("move", rank).values_list(*shown)[:MOST_MOVERS])
    names = called(rating, {below: [pk for pk, _, _ in up + down]})[below]
    told = {pk: names[pk][1] for pk, _, _ in up + down if pk in names}
    return {
        "risers": [Mover(told[pk], place, move) for pk, place, move in up if pk in told],
        "fallers": [Mover(told[pk], place, move) for pk, place, move in down if pk in told],
    }


def _todo(subject: Subject, figures: Sequence[Figure], held: int) -> list[dict[str, str]]:
    """What to do before the week closes, the first thing first."""
    lines = []
    if held:
        words = ("значение остановлено", "значения остановлены", "значений остановлено")
        what = "посмотрите, почему" if subject.level == Level.SCHOOL else "решите после подсчёта недели"
        lines.append(_line(f"{counted(held, *words)}: {what}", "Что проверяется", reverse("held_values")))
    unknown = sum(figure.kind == "missing" for figure in figures)
    if unknown:
        words = ("показатель пока без данных", "показателя пока без данных", "показателей пока без данных")
        lines.append(_line(counted(unknown, *words), "Проверки данных", reverse("checks")))
    if subject.level == Level.SCHOOL:
        people = reverse("staff", args=[subject.place.pk])
        lines.append(_line("Сверьте список сотрудников: уволенные и новые", "Открыть список", people))
    return lines[:3]


def _line(text: str, link: str, url: str) -> dict[str, str]:
    return {"text": text, "link": link, "url": url}
