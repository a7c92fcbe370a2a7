"""The schools of which nobody wrote: for how long, what is in the way, where to mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.http import QueryDict
from django.urls import reverse

from reports.indicators import MAIN_INDICATOR
from reports.models import SchoolWeek
from reports.reading import rows as read
from reports.reading.addresses import breakdown_url
from reports.reading.figures import Row, spark
from reports.reading.kept import kept
from reports.reading.tables import Page, bounds, page_of
from reports.reading.weeks import HISTORY, SPARK_WEEKS, Chosen
from reports.weeks import IsoWeek
from schools.platforms import SFERUM
from schools.scope import Level
from schools.texts import counted, number, ordinal, unbroken

SILENT_PAGE = 7


@lru_cache(maxsize=64)
def _ages(week: IsoWeek) -> dict[int, int]:
    """Weeks of the history by number → how many weeks ago they were."""
    return {week.shift(-ago).number: ago for ago in range(HISTORY)}


def weeks_silent(last: int | None, week: IsoWeek) -> int:
    """Weeks since the last one with activity; further back than the history shown counts as the whole of it."""
    return _ages(week).get(last or 0, HISTORY)


@dataclass(frozen=True, slots=True)
class SilentSchool:
    """A school nobody of which wrote in the week shown: since when, what is in the way, where to mend it."""

    name: str
    place: str
    url: str
    weeks_text: str
    last_text: str
    spark: Any
    obstacle: str
    action: str
    action_url: str


class Quiet(NamedTuple):
    """A silent school's counts of the week shown, and what it and its municipality are called today."""

    school_id: int
    name: str
    town: str | None
    administrators: int
    teachers: int | None
    profiles: int | None
    confirmed: int | None
    chats: int


_QUIET = (
    "school_id",
    "school__short_name",
    "municipality__name",
    "administrators",
    "teachers",
    "profiles",
    "confirmed",
    "chats",
)


def silent_page(
    chosen: Chosen, quiet: Sequence[tuple[int, int | None, int | None]], params: QueryDict, *, names_seen: bool
) -> Page[SilentSchool]:
    """One page of the silent, longest first, with what is known of each; two queries for any number of rows.

    Who sees no names of staff is led to the school's card and not to its lists.
    """
    first, last = bounds(params, len(quiet), "quiet", SILENT_PAGE)
    part, history = quiet[first:last], chosen.history(SPARK_WEEKS)
    ids = [school for school, _, _ in part]
    lines = read.series(_weeks_of(ids, chosen), history, MAIN_INDICATOR)
    weeks = SchoolWeek._default_manager.filter(rating=chosen.rating, platform=SFERUM.number, school__in=ids)
    known = {row[0]: Quiet(*row) for row in weeks.order_by().values_list(*_QUIET)}
    shown = [
        _silent_row(known[school], spoke, lines.get(school, []), chosen, names_seen)
        for school, _, spoke in part
        if school in known
    ]
    return page_of(shown, params, len(quiet), "quiet", SILENT_PAGE, "#silent")


def _weeks_of(ids: list[int], chosen: Chosen) -> list[Row]:
    """The weeks of these schools up to the one shown, which are kept once they are published."""

    def read_all() -> list[Row]:
        return read.rows_of(Level.SCHOOL, ids, chosen.history(SPARK_WEEKS), MAIN_INDICATOR)

    return kept(chosen, SPARK_WEEKS, ("silent", *ids), read_all)


def _silent_row(
    week: Quiet, last: int | None, line: Sequence[float | None], chosen: Chosen, names_seen: bool
) -> SilentSchool:
    weeks = weeks_silent(last, chosen.week)
    obstacle, action, url = obstacle_of(week, chosen)
    if not names_seen:
        action, url = "Открыть карточку", reverse("school", args=[week.school_id]) + chosen.keep()
    return SilentSchool(
        name=unbroken(week.name),
        place=week.town or "подведомственная региону",
        url=reverse("school", args=[week.school_id]) + chosen.keep(),
        weeks_text=f"{number(weeks)} и больше" if last is None else number(weeks),
        last_text=f"{ordinal(last % 100)} неделя"
        if last
        else f"нет за {counted(HISTORY, 'неделю', 'недели', 'недель')}",
        spark=spark(line, (0.0, 1.0)),
        obstacle=obstacle,
        action=action,
        action_url=url,
    )


def obstacle_of(week: Quiet, chosen: Chosen) -> tuple[str, str, str]:
    """What keeps a silent school from speaking, by its counted week: (words, what to do, where)."""
    school = week.school_id
    page_url = reverse("school", args=[school]) + chosen.keep()
    staff_url = reverse("staff", args=[school])
    if not week.administrators:
        return "нет администратора", "Открыть карточку", page_url
    if not week.teachers:
        return "сотрудники не внесены", "Загрузить список", reverse("staff_upload", args=[school])
    if not week.profiles:
        return "ни у кого нет профиля", "Открыть список", staff_url
    if unconfirmed := week.profiles - (week.confirmed or 0):
        return f"профили не подтверждены: {number(unconfirmed)}", "Открыть список", staff_url
    if not week.chats:
        return "чатов нет", "Открыть карточку", page_url
    return "всё внесено, но не пишут", "Кого нет", breakdown_url(Level.SCHOOL, school, MAIN_INDICATOR, chosen)
