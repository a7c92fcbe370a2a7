"""A comparison as a workbook: every indicator on both sides, and what its figures are."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from reports.models import Feed, RatingState
from reports.rating_list import feed_of
from reports.reading.compare import Compared, Side
from reports.reading.passports import TAKEN, lines
from schools.exports import Cell, Kind, Sheet

SIDE: tuple[Kind, ...] = ("number", "number", "share")
KINDS: tuple[Kind, ...] = ("text", *SIDE, *SIDE, "number", "number", "number")
DIFFERENCES = ("Разница, п. п.", "От числителя, п. п.", "От знаменателя, п. п.")


def sheets(before: Side, now: Side, rows: Sequence[Compared]) -> list[Sheet]:
    """The sheets of the workbook; shares are not told where the people are too few, as on the page."""
    sides = [f"{side.title}: {what}" for side in (before, now) for what in ("числитель", "знаменатель", "доля")]
    table = Sheet("Сравнение", ("Показатель", *sides, *DIFFERENCES), map(cells, rows), KINDS)
    return [table, about(before, now, rows)]


def about(before: Side, now: Side, rows: Sequence[Compared]) -> Sheet:
    """The sheet that says whose numbers these are, of which weeks, and what every indicator means."""
    return Sheet("О показателях", ("Что", "Значение"), _about(before, now, rows), widths=(28, 100))


def cells(row: Compared) -> tuple[Cell, ...]:
    """A line of the table."""
    sides = (value for each in (row.before, row.now) for value in (each.part, each.whole, _fraction(each.share)))
    return (row.indicator.short_name, *sides, *differences(row))


def differences(row: Compared) -> tuple[float | None, float | None, float | None]:
    """(difference, of it from the part, from the whole) in percentage points; None where they cannot be said."""
    by: list[float | None] = [shift.delta for shift in row.shifts] or [None, None]
    found = [None if value is None else round(value * 100, 2) for value in (row.now.delta, *by)]
    return found[0], found[1], found[2]


def _fraction(share: float | None) -> float | None:
    return None if share is None else round(share, 6)


def _about(before: Side, now: Side, rows: Sequence[Compared]) -> Iterator[tuple[str, str | int | datetime | None]]:
    for title, side in (("С чем сравнивают", before), ("Что сравнивают", now)):
        yield title, side.subject.name
        yield "Неделя", str(side.week)
        if side.rating is not None:
            yield "Редакция", side.rating.revision
            yield "Состояние", RatingState(side.rating.state).label
            yield "Опубликована", side.rating.published_at
            yield "Отпечаток", side.rating.sha256
    for row in rows:
        yield from lines(row.indicator)
        for side in {side.week: side for side in (before, now)}.values():
            taken = feed_of(row.indicator, side.rating.feeds if side.rating else {})
            if taken:
                yield f"Чьи числа за {side.week}", TAKEN[Feed(taken)]
