"""REST of the ratings as analysts pull them: permanent addresses, filters, orders, forms, files made once."""

import gzip
import io
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import openpyxl
import pandas
import pytest
from arro3.io import read_parquet
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reports.api.rating_shape import columns_asked
from reports.counting import count_week
from reports.indicators import INDICATOR_BY_KEY, INDICATORS
from reports.models import Rating, RatingRow, RatingState
from reports.publishing import publish
from reports.pulling.files import kept
from reports.pulling.forms import Pull
from reports.pulling.questions import Cursor, Question
from reports.rating_list import millionths, points
from reports.weeks import IsoWeek, last_finished
from schools.exports import COMMA, EXCEL
from schools.models import AccessToken, Municipality, School
from schools.models.at_place import limited_to
from schools.scope import Level
from tests.conftest import Cast
from tests.test_api_ratings import WEEK, name_places, rated, save_rating, save_row

__all__ = ["rated"]
Tokens = Callable[..., dict[str, str]]
ADDRESS = f"/api/v1/ratings/{WEEK}/"
FORMS = ("csv", "csv&dialect=comma", "json&whole=true", "jsonl", "xlsx", "parquet")
ODD_NAMES = (
    "=1+1",
    " \u2003«+7",
    'ГБОУ «Школа "№ 5"»',
    "a;b,c",
    "два\nряда\r\n",
    "C:\\школа\\n",
    "\ttab",
    "＝сумма",
    "\x01\x02\x1f\x7f",
    "'=",
    "😀 emoji",
    "\\.",
    "  -",
)


@pytest.fixture(autouse=True)
def own_files(settings: LazySettings, tmp_path: Path) -> None:
    """Files of this test alone."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def many(rated: Cast) -> Cast:
    """Schools with odd names and every kind of share, named in the revision."""
    rating = Rating.objects.get()
    for number, name in enumerate(ODD_NAMES):
        place = rated.municipality if number % 3 else rated.other_municipality
        school = School.objects.create(
            code=f"79{number:02}", short_name=name, full_name="Ш", region=place.region, municipality=place
        )
        whole = (128, 640, 7, 10**6, 3, 0)[number % 6]
        before = {"part_before": number, "whole_before": 9 + number, "rank_before": number + 1}
        save_row(rating, Level.SCHOOL, school, min(number, 12), whole, rank=number % 4 + 3, ranked=9, **before)
    name_places(rating)
    return rated


def get(headers: dict[str, str], query: str = "", **more: str) -> Any:
    """The answer to a question about the week."""
    return Client().get(f"{ADDRESS}?{query}", headers=headers | more)


def codes(headers: dict[str, str], query: str) -> list[str]:
    """Codes of the schools found, in their order."""
    answer = get(headers, f"level=school&{query}")
    assert answer.status_code == 200, answer.content.decode()
    return [row["place"]["code"] for row in answer.json()["results"]]


# Permanent addresses


def test_address_of_a_revision_is_written_either_way(rated: Cast, token_of: Tokens) -> None:
    headers = token_of(rated.nina)

    standing, pinned = get(headers, "level=school"), get(headers, "level=school&revision=1")
    short = Client().get("/api/v1/ratings/2026W47/?level=school&revision=1", headers=headers)

    assert standing["Cache-Control"] == "private, no-cache"
    assert not pinned["ETag"].startswith("W/")
    assert short.content == pinned.content


def test_only_what_can_never_change_is_immutable(many: Cast, token_of: Tokens) -> None:
    headers = token_of(many.nina)
    draft = save_rating(revision=2, state=RatingState.DRAFT)
    save_row(draft, Level.SCHOOL, many.school, 1, 40)

    kept = {query: "immutable" in get(headers, query)["Cache-Control"] for query in ("revision=1", "", "revision=2")}
    named_before = get(headers, "level=school&revision=1")["Cache-Control"]

    assert kept == {"revision=1": True, "": False, "revision=2": False}
    assert "max-age=31536000" in named_before
    assert "private" in named_before


def test_revision_without_names_of_its_own_is_not_immutable(rated: Cast, token_of: Tokens) -> None:
    assert get(token_of(rated.nina), "revision=1")["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("query", ["level=school", "level=school&revision=1", "format=csv&level=region"])
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_unchanged_is_a_304_in_one_query_with_the_token(many: Cast, token_of: Tokens, query: str, form: str) -> None:
    headers = token_of(many.nina)
    etag = get(headers, query)["ETag"]

    with CaptureQueriesContext(connection) as queries:
        again = get(headers, query, **{"If-None-Match": form.format(etag)})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert len(queries) == 1
    assert get(headers, query, **{"If-None-Match": '"other"'}).status_code == 200


def test_person_without_appointment_gets_no_304(rated: Cast, token_of: Tokens) -> None:
    assert get(token_of(rated.stranger), "", **{"If-None-Match": "*"}).status_code == 404


def test_bytes_under_one_revision_stay_when_the_next_is_published(many: Cast, token_of: Tokens) -> None:
    headers = token_of(many.observer)
    questions = [f"level=school&revision=1&format={form}" for form in ("json", *FORMS)]
    before = [(answer.getvalue(), answer["ETag"]) for answer in (get(headers, query) for query in questions)]

    Rating.objects.update(state=RatingState.SUPERSEDED)
    save_rating(revision=2)

    assert [(answer.getvalue(), answer["ETag"]) for answer in (get(headers, query) for query in questions)] == before


# Pages of one revision


def test_pages_never_mix_revisions_while_a_week_is_counted_again(cast: Cast, token_of: Tokens) -> None:
    week = last_finished(timezone.now())
    publish(count_week(week))
    headers, places = token_of(cast.observer), iter(itertools.cycle((5, 7, 11)))
    pulled: dict[int, set[str]] = {}

    for recount in range(10):
        paths = [f"/api/v1/ratings/{week}/?level=school&page_size={size}" for size in (1, 2)]
        rows: dict[str, list[Any]] = {path: [] for path in paths}
        follow = dict.fromkeys(paths, "") | {path: path for path in paths}
        while any(follow.values()):
            for start, path in list(follow.items()):
                if path:
                    page = Client().get(path, headers=headers).json()
                    rows[start] += page["results"]
                    follow[start] = page["next"]
            School.objects.filter(pk=cast.school.pk).update(declared_teachers=next(places) + recount * 20)
            publish(count_week(week, reason="проверка"))
        for found in rows.values():
            assert len({row["revision"] for row in found}) == 1
            pulled.setdefault(found[0]["revision"], set()).add(json.dumps(found, sort_keys=True))

    assert len(pulled) > 5
    assert all(len(bytes_) == 1 for bytes_ in pulled.values())


def test_draft_counted_again_stops_its_pages(rated: Cast, token_of: Tokens) -> None:
    headers = token_of(rated.nina)
    Rating.objects.update(state=RatingState.DRAFT, sha256="", published_at=None)
    following = get(headers, "level=school&page_size=1").json()["next"]

    Rating.objects.update(counted_at=timezone.now())
    answer = Client().get(following, headers=headers)

    assert answer.status_code == 409
    assert "Начните с первой страницы" in answer.json()["detail"]


@pytest.mark.parametrize("text", ["x", "e30", "WzEsMl0", Cursor(1, "x", (1,)).text(), Cursor(1, "x", ("а", 1)).text()])
def test_foreign_cursor_is_a_400_or_a_409(rated: Cast, token_of: Tokens, text: str) -> None:
    answer = get(token_of(rated.nina), f"level=school&after={text}")

    assert answer.status_code in {400, 409}
    assert "страниц" in answer.json()["detail"]


# Filters, orders, fields


@pytest.mark.parametrize(
    "query, found",
    [
        ("state=over_100", ["780003"]),
        ("state=small&region=78&q=гимн", ["780002"]),
        ("state=no_data", ["470004"]),
        ("rank_from=2&rank_to=2", ["780001"]),
        ("q=школа 1", ["780001"]),
        ("q=ШКОЛА", ["470004", "780001"]),
        ("q=47", ["470004"]),
        ("q=ничего такого", []),
        ("q=%25", []),
        ("q=[", []),
    ],
)
def test_filters(rated: Cast, token_of: Tokens, query: str, found: list[str]) -> None:
    name_places(Rating.objects.get())

    assert codes(token_of(rated.observer), query) == found


@pytest.mark.parametrize(
    "ordering, found",
    [
        ("rank", ["780003", "780001", "780002", "470004"]),
        ("-rank", ["780001", "780003", "780002", "470004"]),
        ("share", ["780001", "780003", "780002", "470004"]),
        ("-share", ["780003", "780001", "780002", "470004"]),
        ("numerator", ["780002", "780003", "780001", "470004"]),
        ("-denominator", ["780001", "780003", "780002", "470004"]),
        ("-missing", ["470004", "780001", "780002", "780003"]),
        ("name", ["780002", "780003", "780001", "470004"]),
        ("-name", ["470004", "780001", "780003", "780002"]),
    ],
)
def test_orders(rated: Cast, token_of: Tokens, ordering: str, found: list[str]) -> None:
    name_places(Rating.objects.get())

    assert codes(token_of(rated.observer), f"ordering={ordering}") == found


ORDERINGS = ["", *(sign + name for name in ("rank", "share", "numerator", "missing", "name") for sign in ("", "-"))]


@pytest.mark.parametrize("ordering", ORDERINGS)
@pytest.mark.parametrize("indicator", ["staff_active", "all"])
def test_pages_of_every_order_join_into_the_whole(many: Cast, token_of: Tokens, ordering: str, indicator: str) -> None:
    headers = token_of(many.observer)
    query = f"level=school&indicator={indicator}" + (f"&ordering={ordering}" if ordering else "")
    whole = [json.loads(line) for line in get(headers, f"{query}&format=jsonl").getvalue().splitlines()]
    path, joined = f"{ADDRESS}?{query}&page_size=4", []

    while path:
        page = Client().get(path, headers=headers).json()
        joined += page["results"]
        path = page["next"]

    assert joined == whole
    assert len(whole) == page["count"] == len(ODD_NAMES) + 4


def test_fields_leave_the_rest_out_in_every_form(many: Cast, token_of: Tokens) -> None:
    headers, query = token_of(many.nina), "level=school&fields=share,place.name,place.region"

    answer = get(headers, query).json()
    line = json.loads(get(headers, f"{query}&format=jsonl").getvalue().splitlines()[0])
    table = pandas.read_csv(io.BytesIO(get(headers, f"{query}&format=csv&dialect=comma").getvalue()))

    assert answer["results"][0].keys() == answer["totals"][0].keys() == {"place", "share"}
    assert line == answer["results"][0]
    assert line["place"].keys() == {"name", "region"}
    assert list(table) == ["place.name", "place.region.code", "place.region.name", "share"]


@pytest.mark.parametrize("fields", ["salary", "place.director", "share,rating_id", "", "place.", "share,"])
def test_unknown_field_is_refused_with_those_there_are(rated: Cast, token_of: Tokens, fields: str) -> None:
    answer = get(token_of(rated.nina), f"fields={fields}")

    assert answer.status_code == 400
    assert "fields" in answer.json()["detail"]


# Forms


@pytest.mark.postgres("PostgreSQL makes the text itself; here both ways are compared")
@pytest.mark.parametrize("fields", ["", "place.code", "share", "place.region,movement", "place.municipality.id,feed"])
@pytest.mark.parametrize("level", list(Level))
def test_database_writes_the_bytes_that_python_writes(
    many: Cast, monkeypatch: pytest.MonkeyPatch, fields: str, level: Level
) -> None:
    rating = Rating.objects.get()
    rating.feeds = {str(INDICATOR_BY_KEY["staff_active"].number): "operator"}
    School.objects.filter(code="7903").update(short_name="Не та")  # names come from the revision
    question = Question(rating=rating, level=level, indicators=INDICATORS)

    def written() -> list[bytes]:
        pull, found = Pull(question, many.root, columns_asked(fields)), []
        for write in (
            pull.write_lines,
            lambda file: pull.write_json(file, {"count": 1}),
            lambda file: pull.write_csv(file, COMMA),
            lambda file: pull.write_csv(file, EXCEL),
        ):
            write(file := io.BytesIO())
            found.append(file.getvalue())
        return [*found, repr([tuple(row) for row in pull.cells(in_words=True)]).encode()]

    by_database = written()
    monkeypatch.setattr("reports.pulling.forms.on_postgres", lambda: False)

    assert by_database == written()


def test_shares_are_rounded_half_up_in_whole_numbers() -> None:
    active = INDICATOR_BY_KEY["staff_active"]

    shares = [millionths(active, *each) for each in ((1, 128), (1, 640), (20, 30), (40, 40), (3, 4), (1, 0))]

    assert shares == [7813, 1563, 666667, 1_000_000, None, None]
    assert [points(a, b) for a, b in ((850_000, 825_000), (825_000, 850_000), (50, 0), (49, 0), (1, None))] == [
        2.5, -2.5, 0.01, 0.0, None,
    ]  # fmt: skip


def test_parquet_has_typed_columns_and_says_what_it_is(many: Cast, token_of: Tokens) -> None:
    answer = get(token_of(many.observer), "level=school&format=parquet")

    table: Any = read_parquet(io.BytesIO(answer.getvalue())).read_all()
    types = {
        field.name: str(field.type).strip().removeprefix("arro3.core.DataType<").removesuffix(">")
        for field in table.schema
    }

    assert answer["Content-Type"] == "application/vnd.apache.parquet"
    assert types["share"] == types["movement.share_points"] == "Float64"
    assert types["numerator"] == types["place.id"] == "Int64"
    assert types["place.name"] == types["state"] == "Utf8"
    assert table.num_rows == len(ODD_NAMES) + 4
    assert set(ODD_NAMES) < set(table["place.name"].to_pylist())
    assert table.schema.metadata_str["sha256"] == f"{1:064x}"


def test_workbook_states_filters_and_passport(many: Cast, token_of: Tokens) -> None:
    answer = get(token_of(many.nina), "level=school&format=xlsx&state=ok&ordering=-share&q=школа")

    book: Any = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    about = dict(book["О показателе"].iter_rows(min_row=2, values_only=True))

    assert about["Отбор"] == "состояние: посчитано; слова: школа; порядок: -share"
    assert about["Версия паспорта"].startswith("1, сверена")
    assert {"Определение", "Основание", "Источник", "Ограничение", "Отпечаток", "Редакция"} < about.keys()
    assert [cell.value for cell in book["Рейтинг"]["D"]] == ["Территория: название", "Школа № 1", ODD_NAMES[2]]


def test_empty_choice_has_every_form(rated: Cast, token_of: Tokens) -> None:
    statuses = [get(token_of(rated.nina), f"level=school&q=нет&format={form}").status_code for form in FORMS]

    assert set(statuses) == {200}


# Files made once


@pytest.mark.parametrize("form", FORMS)
def test_whole_published_rating_is_a_file_made_once(many: Cast, token_of: Tokens, form: str, tmp_path: Path) -> None:
    query = f"level=school&format={form}"
    first = get(token_of(many.observer), query).getvalue()
    RatingRow.objects.filter(part=34).update(part=35)  # nobody may; it shows what is read

    second, packed = get(token_of(many.root), query), get(token_of(many.root), query, **{"Accept-Encoding": "gzip"})

    body = packed.getvalue()
    assert second.getvalue() == first
    assert len([path for path in (tmp_path / "ratings").iterdir() if path.name != ".lock"]) == 1
    if "Content-Encoding" in packed:
        assert packed["Content-Encoding"] == "gzip"
        body = gzip.decompress(body)
        assert packed["ETag"] != second["ETag"]
    assert len(body) > 100


@pytest.mark.parametrize("person", ["nina", "marat", "sveta"])
@pytest.mark.parametrize("form", ["csv", "json&whole=true", "jsonl", "parquet"])
def test_whoever_sees_a_part_never_gets_the_whole_file(many: Cast, token_of: Tokens, person: str, form: str) -> None:
    get(token_of(many.observer), f"level=school&format={form}").getvalue()

    body = get(token_of(many.people[person]), f"level=school&format={form}").getvalue()

    assert b"470004" not in body


def test_region_has_a_file_of_its_own(many: Cast, token_of: Tokens, tmp_path: Path) -> None:
    query = "level=school&format=csv&region="
    get(token_of(many.nina), f"{query}78").getvalue()
    made = list((tmp_path / "ratings").iterdir())

    abroad = get(token_of(many.nina), f"{query}47").getvalue()

    assert len([path for path in made if path.suffix == ".gz"]) == 1
    assert len(abroad.splitlines()) == 1
    assert len(list((tmp_path / "ratings").iterdir())) == len(made)


@pytest.mark.parametrize("query", ["state=ok", "q=школа", "ordering=name", "fields=share", "rank_to=3"])
def test_narrowed_rating_leaves_no_file(many: Cast, token_of: Tokens, tmp_path: Path, query: str) -> None:
    get(token_of(many.observer), f"level=school&format=csv&{query}").getvalue()

    assert not (tmp_path / "ratings").exists()


def test_draft_leaves_no_file(many: Cast, token_of: Tokens, tmp_path: Path) -> None:
    Rating.objects.update(state=RatingState.DRAFT)

    get(token_of(many.observer), "level=school&format=csv").getvalue()

    assert not (tmp_path / "ratings").exists()


def test_file_is_not_there_until_it_is_whole(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    seen: list[bool] = []

    def make(file: IO[bytes]) -> None:
        file.write(b"half")
        file.flush()
        seen.append((tmp_path / "ratings" / "rating.xlsx").exists())

    path = kept("rating.xlsx", make)

    assert (seen, path.read_bytes()) == ([False], b"half")


def test_file_that_failed_half_way_is_no_file(
    many: Cast, token_of: Tokens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Pull, file: Any, dialect: Any) -> None:
        file.write(b"half")
        raise RuntimeError

    monkeypatch.setattr(Pull, "write_csv", broken)
    assert get(token_of(many.observer), "level=school&format=csv").status_code == 500
    monkeypatch.undo()

    assert [path.name for path in (tmp_path / "ratings").iterdir()] == [".lock"]


def test_oldest_files_go_when_there_are_too_many(
    many: Cast, token_of: Tokens, tmp_path: Path, settings: LazySettings
) -> None:
    settings.RATING_FILES_MB = 0

    for form in ("csv", "jsonl"):
        get(token_of(many.observer), f"level=school&format={form}").getvalue()

    assert [path.suffixes[-2] for path in (tmp_path / "ratings").iterdir() if path.name != ".lock"] == [".jsonl"]


def test_week_address_knows_both_spellings_and_no_others(many: Cast, token_of: Tokens) -> None:
    statuses = [
        Client().get(f"/api/v1/ratings/{week}/", headers=token_of(many.nina)).status_code
        for week in ("2026-W47", "2026W47", "2026w47", "latest", "2026-47", "202647", "2026-W60")
    ]

    assert statuses == [200, 200, 200, 200, 404, 404, 404]
    assert IsoWeek.parse("2026W47").number == 202647
    assert Municipality.objects.exists()


def test_token_limited_to_a_school_is_not_given_the_file_of_its_region(many: Cast, token_of: Tokens) -> None:
    _, narrow = AccessToken.objects.create(user=many.nina, **limited_to(many.school))
    query = "level=school&region=78&format=csv&dialect=comma&revision=1"

    whole = b"".join(get(token_of(many.nina), query))
    limited = b"".join(get({"Authorization": f"Bearer {narrow}"}, query))

    assert [code in whole for code in (b"780001", b"780002")] == [True, True]
    assert [code in limited for code in (b"780001", b"780002")] == [True, False]
