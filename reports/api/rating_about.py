"""REST of the ratings: what stands beside the rows – head, passport, fingerprint of the question."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from rest_framework.request import Request

from reports.api.rating_shape import STATES
from reports.models import Feed, RatingState
from reports.pulling.questions import Question
from reports.rating_list import feed_of
from reports.reading.passports import TAKEN, lines
from schools.scope import sight_of
from schools.texts import week_title

SHAPE = 2  # of rows and files; raise it when their bytes change
SHAPE_WITH_FEEDS = 3  # of a workbook whose revision took operators' figures: its second sheet says so
_OF_PAGE = {"after", "page_size"}


def head(question: Question) -> dict[str, Any]:
    """The head of a rating as JSON; by its permanent address a revision is what it was when published."""
    state = question.rating.state
    return {
        "week": str(question.week),
        "starts_on": question.week.monday,
        "ends_on": question.week.sunday,
        "level": question.level.name.lower(),
        "indicators": [f"/api/v1/indicators/{each.key}/" for each in question.indicators],
        "state": RatingState.PUBLISHED if question.pinned and state == RatingState.SUPERSEDED else state,
        "revision": question.rating.revision,
        "published_at": question.rating.published_at,
        "sha256": question.rating.sha256,
    }


def digest_of(request: Request, question: Question, *, of_page: bool = True) -> str:
    """A fingerprint of all that an answer depends on: the revision, the question, its form and the person's sight."""
    rating, sight = question.rating, sight_of(request.user)
    asked = {name: texts for name, texts in request.query_params.lists() if name not in {"revision", "format"}}
    places = (sight.region_ids, sight.municipality_ids, sight.school_ids)
    facts = (
        _shape(question, request.accepted_renderer.format),
        settings.SMALL_NUMBER,
        (str(question.week), rating.revision, question.stamp, None if question.pinned else rating.state),
        [(each.key, each.version) for each in question.indicators],
        (question.level, question.pinned, request.accepted_renderer.format, request.query_params.get("dialect")),
        sorted((name, texts) for name, texts in asked.items() if of_page or name not in _OF_PAGE),
        (sight.country, sight.covered, *map(sorted, places)),
        "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""),
        request.get_host() if of_page else "",
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def _shape(question: Question, form: str) -> int:
    taken = {feed_of(each, question.rating.feeds) for each in question.indicators}
    return SHAPE_WITH_FEEDS if form == "xlsx" and Feed.OPERATOR in taken else SHAPE


def file_stem(question: Question, form: str, dialect: str) -> str:
    """What the file of a whole revision is called: of everything its bytes depend on, without the person."""
    indicators = [(each.key, each.version) for each in question.indicators]
    shape = _shape(question, form)
    facts = (shape, settings.SMALL_NUMBER, question.stamp, indicators, question.level, question.region, dialect)
    digest = hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
    return f"{question.week}-{question.rating.revision}-{question.level.name.lower()}-{digest}"


def facts_of(question: Question) -> dict[str, str]:
    """The head and the passports as texts, for a file's metadata."""
    plain = {name: str(value) for name, value in head(question).items() if name != "indicators"}
    return plain | {f"indicator.{each.key}": f"{each.name}. {each.definition}" for each in question.indicators}


def about(question: Question) -> Iterator[tuple[str, str | int | dt.datetime | None]]:
    """What the figures are, on the second sheet: week, revision, filters, passports."""
    rating, week = question.rating, question.week
    yield "Неделя", week_title(week.week, week.monday, week.sunday)
    yield "Номер недели", str(week)
    yield "Редакция", rating.revision
    yield "Состояние", RatingState(head(question)["state"]).label
    yield "Опубликована", rating.published_at
    yield "Отпечаток", rating.sha256
    yield "Уровень", question.level.label
    yield "Регион", question.region or "все доступные"
    yield "Муниципалитет", question.municipality or "все доступные"
    yield "Отбор", _narrowed(question)
    for key, title in STATES:
        yield f"Состояние {key}", title
    for indicator in question.indicators:
        yield from lines(indicator)
        if feed_of(indicator, rating.feeds) == Feed.OPERATOR:
            yield "Чьи числа", TAKEN[Feed.OPERATOR]


def _narrowed(question: Question) -> str:
    """The filters in words."""
    said = {
        "состояние": dict(STATES).get(question.state or ""),
        "места с": question.rank_from,
        "места по": question.rank_to,
        "слова": question.words,
        "порядок": question.ordering,
        "поля": question.fields,
    }
    return "; ".join(f"{name}: {value}" for name, value in said.items() if value) or "все строки"
