"""REST of the ratings: who stands where in a week; JSON by pages or whole, JSON lines, CSV, xlsx, Parquet whole."""

import gzip
import tempfile
from collections.abc import Callable
from typing import IO, Any

from django.core.cache import cache
from django.http import FileResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from drf_spectacular.utils import OpenApiResponse, extend_schema
from orjson import Fragment
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from reports.api.rating_about import about, digest_of, facts_of, file_stem, head
from reports.api.rating_shape import EXAMPLE, RatingQuery, RatingSerializer, columns_asked
from reports.api.weeks import NO_RATING, NO_REVISION, WEEK, WeekViewSet, parse_week
from reports.api.with_token import rating_with_token
from reports.indicators import INDICATOR_BY_KEY, INDICATORS, MAIN_INDICATOR
from reports.models import Rating, RatingState
from reports.pulling.files import PACKED, kept
from reports.pulling.forms import Pull, picked
from reports.pulling.questions import Cursor, Question, StaleCursor
from reports.pulling.revisions import LATEST, first_of, from_facts, wanted
from reports.rating_list import LEVEL_BY_KEY, Row, records
from schools.bulk import on_postgres
from schools.exports import Sheet
from schools.paging import next_link
from schools.problems import Conflict
from schools.renderers import XLSX_TYPE, JSONLinesRenderer, ParquetRenderer
from schools.rest_tables import MOST_XLSX_ROWS, check_xlsx_size, dialect_of
from schools.scope import Level, held_by, sight_of

RECOUNTED = "Предварительный подсчёт недели обновился, пока вы читали страницы. Начните с первой страницы."
MOVED_ON = "Эта страница из другой недели или из прежнего подсчёта. Начните с первой страницы."
FILE_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "jsonl": JSONLinesRenderer.media_type,
    "xlsx": XLSX_TYPE,
    "parquet": ParquetRenderer.media_type,
}
PLAIN = frozenset({"csv", "json", "jsonl"})  # kept compressed
FOREVER = {"max_age": 31536000, "immutable": True}
WORDS = ("region", "municipality", "state", "rank_from", "rank_to")


class RatingViewSet(WeekViewSet):
    """Рейтинги по неделям.

    Доли — дроби от 0 до 1. `format=csv`, `jsonl`, `xlsx` и `parquet` отдают весь отбор файлом,
    `whole=true` — одним ответом JSON той же формы, что страница. Ответ помечен ETag:
    повторный запрос с `If-None-Match` получает 304, пока рейтинг не пересчитан. Адрес с неделей и `revision`
    опубликованного рейтинга постоянен: его ответ не меняется никогда и хранится на вашей стороне. Вместо недели можно
    написать `latest` — самая новая опубликованная; `revision` тогда — её редакция, а `next` называет саму неделю.
    """

    def allowed_params(self) -> set[str]:
        """One rating is asked for by RatingQuery."""
        return set(RatingQuery().fields) if self.detail else super().allowed_params()

    def with_token(self, request: Request) -> dict[str, Any]:
        """What the query for the token brings along."""
        return rating_with_token(request, self.kwargs["week"]) if "week" in self.kwargs else {}

    def get_renderers(self) -> list[Any]:
        """A rating has two forms more than everything else."""
        more = [JSONLinesRenderer(), ParquetRenderer()] if self.detail else []
        return [*super().get_renderers(), *more]

    @extend_schema(
        parameters=[WEEK, RatingQuery],
        responses={200: RatingSerializer, 409: OpenApiResponse(description="Черновик пересчитан")},
        examples=[EXAMPLE],
        summary="Рейтинг недели",
    )
    def retrieve(self, request: Request, week: str) -> Any:
        """The rating; 304 is answered before any row is read."""
        asked = self._asked(request)
        question = self._question(request, week, asked)
        lasting = question.rating.state != RatingState.DRAFT and question.rating.named  # type: ignore[attr-defined]
        etag = f'"{digest_of(request, question)}"'
        unchanged = get_conditional_response(request._request, etag=etag)
        response = unchanged or self._answer(request, question, asked, lasting)
        if response.status_code in {200, 304}:
            response["ETag"] = etag
            permanent = lasting and question.pinned and week != LATEST
            patch_cache_control(response, private=True, **(FOREVER if permanent else {"no_cache": True}))
            patch_vary_headers(response, ["Accept-Encoding"])
        return response

    def _asked(self, request: Request) -> dict[str, Any]:
        query = RatingQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        asked = dict(query.validated_data)
        if "after" in asked:
            asked["after"] = _cursor(asked["after"])
            asked.setdefault("revision", asked["after"].revision)
        return asked

    def _question(self, request: Request, week: str, asked: dict[str, Any]) -> Question:
        rating = self._rating(request, week, asked.get("revision"))
        highest = sight_of(request.user).level or Level.SCHOOL
        key = asked.get("indicator", MAIN_INDICATOR.key)
        return Question(
            rating=rating,
            level=LEVEL_BY_KEY[asked["level"]] if "level" in asked else highest,
            indicators=INDICATORS if key == "all" else (INDICATOR_BY_KEY[key],),
            words=asked.get("q", ""),
            ordering=asked.get("ordering", ""),
            fields=asked.get("fields", ""),
            pinned="revision" in asked,
            **{name: asked.get(name) for name in WORDS},
        )

    def _rating(self, request: Request, week: str, revision: int | None) -> Rating:
        """The revision asked for, or the one that stands; it may have come with the token already."""
        if week != LATEST:
            parse_week(week)
        if hasattr(request.auth, "rating_found"):
            found = request.auth.rating_found
            rating = from_facts(found) if found else None
        else:
            rating = first_of(wanted(week, revision))
        if rating is None or sight_of(request.user).level is None:
            raise NotFound(NO_RATING if revision is None else NO_REVISION)
        return rating

    def _answer(self, request: Request, question: Question, asked: dict[str, Any], lasting: bool) -> Any:
        pull = Pull(question, request.user, columns_asked(question.fields))
        form = request.accepted_renderer.format
        if form != "json" or asked["whole"]:
            return self._file(request, pull, form, lasting)
        return Response(head(question) | _first(request, pull, lasting) | _page(request, pull, asked))

    def _file(self, request: Request, pull: Pull, form: str, lasting: bool) -> FileResponse:
        dialect_of(request)
        if form == "xlsx":
            check_xlsx_size(request, pull.rows[: MOST_XLSX_ROWS + 1].count())
        question = pull.question
        name = f"rating-{question.week}-{question.level.name.lower()}.{form}"
        make = _maker(request, pull, form, lasting)
        if lasting and not question.narrowed and sees_all(request.user, question):
            return _kept(request, question, name, make)
        file = tempfile.TemporaryFile()  # noqa: SIM115 — the response closes it
        make(file)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=name, content_type=FILE_TYPES[form])


def sees_all(user: Any, question: Question) -> bool:
    """Whether the person sees every row there is: then a file made for another who does is right for both."""
    sight = sight_of(user)
    if sight.country:
        return True
    if question.level <= Level.REGION:
        return bool(sight.region_ids)
    return any(held.region_code == question.region and held.region_id in sight.region_ids for held in held_by(user))


def _maker(request: Request, pull: Pull, form: str, lasting: bool) -> Callable[[IO[bytes]], None]:
    if form == "json":
        above = head(pull.question) | _first(request, pull, lasting) | {"next": None}
        return lambda file: pull.write_json(file, above)
    if form == "csv":
        return lambda file: pull.write_csv(file, dialect_of(request))
    if form == "jsonl":
        return pull.write_lines
    if form == "parquet":
        return lambda file: pull.write_parquet(file, facts_of(pull.question))
    sheet = Sheet("О показателе", ["Что", "Значение"], about(pull.question), widths=[28, 100])
    return lambda file: pull.write_xlsx(file, sheet)


def _kept(request: Request, question: Question, name: str, make: Callable[[IO[bytes]], None]) -> FileResponse:
    """The file made once; compressed for whoever takes it so."""
    form = name.rsplit(".", 1)[-1]
    dialect = request.query_params.get("dialect", "excel") if form == "csv" else ""
    stem = f"{file_stem(question, form, dialect)}.{form}"
    path = kept(stem + PACKED if form in PLAIN else stem, make)
    packed = path.suffix == PACKED
    takes = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    file: Any = gzip.open(path) if packed and not takes else path.open("rb")  # noqa: SIM115 — the response closes it
    response = FileResponse(file, as_attachment=True, filename=name, content_type=FILE_TYPES[form])
    if packed and takes:
        response["Content-Encoding"] = "gzip"
    return response


def _cursor(text: str) -> Cursor:
    try:
        return Cursor.read(text)
    except ValueError as error:
        raise ValidationError(FROM_NEXT) from error


FROM_NEXT = {"after": ["Возьмите значение из поля next предыдущей страницы."]}


def _first(request: Request, pull: Pull, lasting: bool) -> dict[str, Any]:
    """How many rows there are, and the totals: on every page of a question; of a published week, counted once."""
    key = f"rating-totals:{digest_of(request, pull.question, of_page=False)}"
    found: dict[str, Any] | None = cache.get(key) if lasting else None
    if found is None:
        totals = [Row(*each) for each in pull.question.totals(request.user).values_list(*Row._fields)]
        shaped = list(picked(records(totals, pull.question.rating), pull.columns))
        found = {"totals": shaped, "count": pull.rows.count()}
        if lasting:
            cache.set(key, found, timeout=24 * 3600)
    return found


def _page(request: Request, pull: Pull, asked: dict[str, Any]) -> dict[str, Any]:
    """Records of a page and the address of the next one, which names week and revision: pages of two never mix."""
    question, size = pull.question, asked["page_size"]
    if "after" in asked:
        pull.rows = _behind(question, pull.rows, asked["after"])
    pull.rows = pull.rows[: size + 1]
    found = _with_keys(pull)
    link = None
    if len(found) > size:
        cursor = Cursor(question.rating.revision, question.stamp, found[size - 1][1])
        path = reverse("api-ratings-detail", args=[str(question.week)])
        link = next_link(request, cursor.text(), path=path, revision=question.rating.revision)
    return {"next": link, "results": [record for record, _ in found[:size]]}


def _behind(question: Question, rows: Any, cursor: Cursor) -> Any:
    try:
        return question.after(rows, cursor)
    except StaleCursor as error:
        raise Conflict(RECOUNTED if question.rating.state == RatingState.DRAFT else MOVED_ON) from error
    except ValueError as error:
        raise ValidationError(FROM_NEXT) from error


def _with_keys(pull: Pull) -> list[tuple[Any, tuple[Any, ...]]]:
    """Records with the keys of their order; PostgreSQL writes the JSON itself."""
    if on_postgres():
        return [(Fragment(text), tuple(keys)) for text, *keys in pull.page()]
    names = [key for key, _ in pull.question.keys]
    rows = list(pull.rows.values_list(*Row._fields, *(name for name in names if name not in Row._fields)))
    plain = [Row(*each[: len(Row._fields)]) for each in rows]
    shaped = picked(records(plain, pull.question.rating), pull.columns)
    return [
        (record, tuple(getattr(row, name) if name in Row._fields else each[-1] for name in names))
        for record, row, each in zip(shaped, plain, rows, strict=True)
    ]
