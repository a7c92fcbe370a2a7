"""Which week and which of its revisions a page shows, and what its week picker and its stamp say."""

import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone

from reports.models import Rating, RatingState, WeekRun
from reports.weeks import IsoWeek, last_due, last_finished
from schools.jobs import JobState
from schools.texts import date_text, moment_text, ordinal, week_short, week_title

KEPT_WEEKS = 60  # what the picker and the history look back at: a school year and its predecessor's end
LISTED_WEEKS = 12
HISTORY, SPARK_WEEKS = 12, 8  # weeks of a line chart, of a sparkline in a table


@dataclass(frozen=True, slots=True)
class Chosen:
    """The week looked at: `rating` is the revision shown (None: not counted), `ratings` the current ones, newest first.

    `problem` is a sentence about an address that names no week; the latest one is shown then.
    """

    week: IsoWeek
    rating: Rating | None
    ratings: tuple[Rating, ...]
    problem: str = ""

    @property
    def is_latest(self) -> bool:
        """Whether this is what a page shows without being asked."""
        return bool(self.ratings) and self.rating == self.ratings[0]

    @property
    def params(self) -> dict[str, str]:
        """Parameters of an address that keep this week; none for the latest, which needs no naming."""
        if self.is_latest or self.rating is None:
            return {}
        kept = {"week": str(self.week)}
        if self.rating.state == RatingState.SUPERSEDED:
            kept["revision"] = str(self.rating.revision)
        return kept

    def keep(self, **more: object) -> str:
        """«?week=2026-W46»: a query string that keeps the week, or "" where there is nothing to keep."""
        pairs = {**self.params, **{key: value for key, value in more.items() if value not in (None, "")}}
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def title(self) -> str:
        """«47-я неделя, 16–22 ноября»."""
        return week_title(self.week.week, self.week.monday, self.week.sunday)

    def history(self, count: int) -> list[tuple[IsoWeek, int | None]]:
        """The weeks up to this one, oldest first, each with the id of the revision to read; None: never counted."""
        ids = {rating.week: rating.pk for rating in self.ratings}
        if self.rating is not None:
            ids[self.week.number] = self.rating.pk
        return [(week, ids.get(week.number)) for week in self.week.back(count)]


def choose(request: HttpRequest) -> Chosen:
    """Return the week and revision asked for by ?week= and ?revision=, by default the latest; one or two queries."""
    seen = Rating.objects.visible_to(request.user)
    ratings = tuple(seen.current().order_by("-week")[:KEPT_WEEKS])
    latest = ratings[0].iso_week if ratings else last_finished(timezone.now())
    text, problem = request.GET.get("week", ""), ""
    try:
        week = IsoWeek.parse(text) if text else latest
    except ValueError as error:
        week, problem = latest, f"{error} Показана последняя неделя."
    rating = next((each for each in ratings if each.week == week.number), None)
    revision = request.GET.get("revision", "")
    if revision.isdecimal() and len(revision) < 4 and (rating is None or rating.revision != int(revision)):
        named = seen.filter(week=week.number, revision=int(revision)).select_related("rule").first()
        problem = problem or ("" if named else f"Редакции {revision} у этой недели нет: показана действующая.")
        rating = named or rating
    elif rating is None and ratings and week <= ratings[-1].iso_week:
        rating = seen.current().filter(week=week.number).select_related("rule").first()
    return Chosen(week, rating, ratings, problem)


def picker(chosen: Chosen, params: QueryDict) -> dict[str, Any]:
    """Return what header.week_picker takes: weeks, current_title, previous_url, next_url, all_url."""

    def address(week: IsoWeek) -> str:
        kept = {key: value for key, value in params.items() if key not in {"week", "revision", "page", "quiet"}}
        return f"?{urlencode({**kept, 'week': week})}"

    known = sorted(rating.iso_week for rating in chosen.ratings)
    earlier = [week for week in known if week < chosen.week]
    later = [week for week in known if week > chosen.week]
    return {
        "weeks": [_picked(rating, chosen, address(rating.iso_week)) for rating in chosen.ratings[:LISTED_WEEKS]],
        "current_title": chosen.title,
        "previous_url": address(earlier[-1]) if earlier else "",
        "next_url": address(later[0]) if later else "",
        "all_url": reverse("jobs") if len(chosen.ratings) > LISTED_WEEKS else "",
    }


def _picked(rating: Rating, chosen: Chosen, url: str) -> dict[str, Any]:
    week = rating.iso_week
    state = "preliminary" if rating.state == RatingState.DRAFT else "revised" if rating.revision > 1 else "published"
    return {
        "title": week_short(week.week, week.monday, week.sunday),
        "url": url,
        "state": state,
        "state_text": f"редакция {rating.revision}" if state == "revised" else "",
        "current": week == chosen.week,
    }


def stamp(chosen: Chosen, zone: ZoneInfo | None = None) -> dict[str, str]:
    """Return what header.stamp takes: state, text, url, link; the moment is told by the place's clock."""
    rating = chosen.rating
    if rating is None:
        return {
            "state": "preliminary",
            "text": f"{ordinal(chosen.week.week)} неделя не подсчитана",
            "url": "",
            "link": "",
        }
    source = {"url": f"{reverse('ratings')}{chosen.keep()}#source", "link": "источники"}
    if rating.published_at is None:
        text = f"Предварительно: подсчитано {moment_text(rating.counted_at, zone)}, числа ещё изменятся"
        return {"state": "preliminary", "text": text, **source}
    moment = moment_text(rating.published_at, zone)
    if rating.state == RatingState.SUPERSEDED:
        text = f"Прежняя редакция {rating.revision} от {moment}: действует следующая"
        return {"state": "preliminary", "text": text, **source}
    if rating.revision > 1:
        day = date_text(timezone.localtime(rating.published_at).date())
        text = f"Редакция {rating.revision} от {day}: {rating.reason}"
        return {"state": "revised", "text": text, "url": source["url"], "link": "что изменилось"}
    return {"state": "published", "text": f"Опубликовано {moment}, редакция 1", **source}


def freshness(chosen: Chosen, now: datetime.datetime | None = None) -> dict[str, str] | None:
    """Return a late or failed stamp while the latest week counted is older than the last one due, else None."""
    due = last_due(now or timezone.now())
    if not chosen.is_latest or chosen.week >= due:
        return None
    shown = f"Показаны данные {ordinal(chosen.week.week, 'й')} недели."
    run = WeekRun._default_manager.filter(week=due.number).order_by("-id").first()
    if run is not None and run.state == JobState.FAILED:
        text = f"Расчёт {ordinal(due.week, 'й')} недели не прошёл. {shown}"
        return {"state": "failed", "text": text, "url": reverse("jobs"), "link": "Журнал"}
    return {"state": "late", "text": f"{ordinal(due.week)} неделя ещё не подсчитана. {shown}", "url": "", "link": ""}


def header(chosen: Chosen, params: QueryDict, zone: ZoneInfo | None = None) -> dict[str, Any]:
    """Return the context of the right side of a page's header: picker, stamp, late, problem."""
    return {
        "chosen": chosen,
        "picker": picker(chosen, params),
        "stamp_line": stamp(chosen, zone),
        "late": freshness(chosen),
        "problem": chosen.problem,
    }
