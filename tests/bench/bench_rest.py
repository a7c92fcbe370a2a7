"""REST of a week of 40 000 schools on PostgreSQL: whole, by pages, as files, and 304; each against its floor."""

import hashlib
import io
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import IO, Any
from urllib.parse import urlsplit

import orjson
import xlsxwriter
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection

from reports.api.rating_shape import columns_asked
from reports.counting import count_week
from reports.indicators import INDICATORS
from reports.models import Rating
from reports.publishing import publish
from reports.pulling.forms import Pull
from reports.pulling.questions import Cursor, Question
from reports.rating_list import Row
from reports.weeks import IsoWeek
from schools.exports import Sheet
from schools.models import AccessToken, School, User
from schools.scope import Level
from tests.bench.country import SCHOOLS, Dataset, fill
from tests.bench.footprint import footprint
from tests.bench.lines import at_most, line

SMALL = 4_000  # schools of --scale small
WEEK = IsoWeek(2026, 47)
ROUNDS, MANY = 7, 60
MS, MB = 1000, 20  # the memory a whole week may take beyond what the process has
ADDRESS = f"/api/v1/ratings/{WEEK}/?level=school"
WHOLE = f"{ADDRESS}&state=ok"  # a filter: no file made once
FLOOR_COPY = """
    SELECT 'school', r.place_id, s.code, s.name, g.code, g.name, m.place_id, m.name, 'staff_active', 'ok', part, whole,
      round(part::numeric / whole, 6), rank, ranked, local_rank, local_ranked,
      round((part::numeric / whole - part_before::numeric / NULLIF(whole_before, 0)) * 100, 2), rank_before - rank,
      local_rank_before - local_rank, part_before, whole_before, round(part_before::numeric / NULLIF(whole_before, 0), 6),
      rank_before, schools, missing, 1
    FROM reports_ratingrow r
    LEFT JOIN reports_ratingplace s ON s.rating_id = r.rating_id AND s.level = 4 AND s.place_id = r.place_id
    LEFT JOIN reports_ratingplace g ON g.rating_id = r.rating_id AND g.level = 2 AND g.place_id = r.region_id
    LEFT JOIN reports_ratingplace m ON m.rating_id = r.rating_id AND m.level = 3 AND m.place_id = r.municipality_id
    WHERE r.rating_id = {rating} AND indicator = 1 AND r.level = 4 AND whole >= 5 AND part <= whole
    ORDER BY r.region_id, r.rank, r.place_id"""


def run() -> Iterator[str]:
    """Count and publish a week of the country, then pull it in every way; yield the lines to print."""
    schools = SMALL if os.environ.get("BENCH_SCALE") == "small" else SCHOOLS
    fill(Dataset(1, schools, week=WEEK.number, weeks=2))
    publish(count_week(WEEK.shift(-1)))
    rating = publish(count_week(WEEK))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    settings.ROOT_URLCONF = "tests.bench.rest_urls"
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["user"] = "1000000/hour"
    puller = Puller()
    yield from wholes(puller, rating)
    yield from files(puller)
    yield from pages(puller, rating)
    yield from workbooks(rating)
    yield from recounts(puller)


class Puller:
    """A program with a token, without a server in between: the WSGI application itself."""

    def __init__(self) -> None:
        user = User.objects.create_superuser("bench-puller", pk=10**9)
        _, self.token = AccessToken.objects.create(user=user)
        self.application = WSGIHandler()
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)  # the connection outlives a request, as it does in the portal

    def get(self, address: str, **headers: str) -> tuple[str, dict[str, str], bytes]:
        """Status, headers and body of an answer."""
        said: list[Any] = []
        response = self.application(self._environ(address, headers), lambda *each: said.extend(each))  # type: ignore[arg-type]
        body = b"".join(response)
        response.close()
        return said[0], dict(said[1]), body

    def drain(self, address: str) -> None:
        """Read an answer and keep nothing of it."""
        said: list[Any] = []
        response = self.application(self._environ(address, {}), lambda *each: said.extend(each))  # type: ignore[arg-type]
        for _ in response:
            pass
        response.close()
        if said[0] != "200 OK":
            raise SystemExit(f"{address}: {said[0]}")

    def _environ(self, address: str, headers: dict[str, str]) -> dict[str, Any]:
        parts = urlsplit(address)
        return {
            "REQUEST_METHOD": "GET", "PATH_INFO": parts.path, "QUERY_STRING": parts.query, "HTTP_HOST": "localhost",
            "HTTP_AUTHORIZATION": f"Bearer {self.token}", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(), **headers,
        }  # fmt: skip


def by_turns(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Medians in milliseconds of works done by turns, after one round unmeasured."""
    spent: list[list[float]] = [[] for _ in works]
    for number in range(rounds + 1):
        for place, work in enumerate(works):
            begun = time.perf_counter()
            work()
            if number:
                spent[place].append((time.perf_counter() - begun) * MS)
    return [median(each) for each in spent]


def wholes(puller: Puller, rating: Rating) -> Iterator[str]:
    """A filtered week whole, and the memory it takes."""

    def floor() -> None:
        with tempfile.TemporaryFile() as file, connection.cursor() as cursor:
            cursor.execute("SET jit = off")
            cursor.copy_expert(f"COPY ({FLOOR_COPY.format(rating=rating.pk)}) TO STDOUT (FORMAT csv, HEADER)", file)
            file.seek(0)
            while file.read(65536):
                pass

    for form in ("csv&dialect=comma", "csv", "json&whole=true", "jsonl"):
        address = f"{WHOLE}&format={form}"
        product, copy = by_turns(ROUNDS, lambda address=address: puller.drain(address), floor)  # type: ignore[misc]
        yield line(f"filtered week, {form}, against COPY to CSV, ms", product, copy, 2)
        before = footprint(lambda: None)
        grown = footprint(lambda address=address: puller.drain(address)) - before  # type: ignore[misc]
        yield at_most(f"  memory beyond what the process has, MB, {form}", grown, MB)
    spent = by_turns(ROUNDS, lambda: puller.drain(f"{WHOLE}&format=parquet"))
    yield f"filtered week, parquet: {spent[0]:.0f} ms"


def files(puller: Puller) -> Iterator[str]:
    """An unfiltered published week, and a 304, against an empty answer behind the same token."""
    packed = {"HTTP_ACCEPT_ENCODING": "gzip"}
    for form in ("csv", "json&whole=true", "jsonl", "parquet"):
        address = f"{ADDRESS}&format={form}"
        first = time.perf_counter()
        puller.get(address, **packed)
        first = time.perf_counter() - first
        product, empty = by_turns(
            MANY, lambda address=address: puller.get(address, **packed), lambda: puller.get("/bench-empty/")  # type: ignore[misc]
        )  # fmt: skip
        yield line(f"whole published week, {form}, ms", product, empty, 3)
        yield f"  made once in {first * MS:.0f} ms"
    for query in ("", "&revision=1"):
        etag = puller.get(ADDRESS + query)[1]["ETag"]
        unchanged = puller.get(ADDRESS + query, HTTP_IF_NONE_MATCH=etag)
        if not unchanged[0].startswith("304"):
            raise SystemExit(unchanged[0])
        product, empty = by_turns(
            MANY,
            lambda query=query, etag=etag: puller.get(ADDRESS + query, HTTP_IF_NONE_MATCH=etag),  # type: ignore[misc]
            lambda: puller.get("/bench-empty/"),
        )
        yield line(f"304{query}, ms", product, empty, 3)


def pages(puller: Puller, rating: Rating) -> Iterator[str]:
    """A page of 100 at the front, in the middle and at the end, against values() by the same keys and orjson."""
    question = Question(rating=rating, level=Level.SCHOOL, indicators=INDICATORS[:1])
    total = orjson.loads(puller.get(ADDRESS)[2])["count"]
    names = [*Row._fields, "order_key"]
    root = User(is_superuser=True, is_active=True)
    for name, skipped in (("front", 0), ("middle", total // 2), ("end", total - 120)):
        address, behind = ADDRESS, question.rows(root)
        if skipped:
            last = behind.values(*names)[skipped - 1]
            page = orjson.loads(puller.get(f"{ADDRESS}&page_size=1")[2])["next"]
            cursor = question_cursor(question, last)
            address = f"{ADDRESS}&revision=1&after={cursor.text()}" if page else ADDRESS
            behind = question.after(behind, cursor)

        def floor(behind: Any = behind) -> bytes:
            rows = list(behind.values(*names)[:100])
            ids = [row["place_id"] for row in rows]
            named = dict(School.objects.filter(pk__in=ids).values_list("pk", "short_name"))
            puller.get("/bench-empty/")
            return orjson.dumps([row | {"name": named[row["place_id"]]} for row in rows])

        product, bare = by_turns(MANY, lambda address=address: puller.get(address), floor)  # type: ignore[misc]
        yield line(f"page of 100 at the {name}, ms", product, bare, 2)


def question_cursor(question: Question, row: dict[str, Any]) -> Cursor:
    """The cursor of a row."""
    from_keys = tuple(row[key] for key, _ in question.keys)
    return Cursor(question.rating.revision, question.stamp, from_keys)


def workbooks(rating: Rating) -> Iterator[str]:
    """A workbook against XlsxWriter in constant memory with the very cells at hand."""
    question = Question(rating=rating, level=Level.SCHOOL, indicators=INDICATORS[:1])
    pull = Pull(question, User(is_superuser=True, is_active=True), columns_asked(""))
    cells = list(pull.cells(in_words=True))

    def bare() -> None:
        with tempfile.TemporaryFile() as file, xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
            _write(book.add_worksheet(), cells)

    def product(file: IO[bytes]) -> None:
        pull.write_xlsx(file, Sheet("О показателе", ["Что", "Значение"], []))

    spent, floor = by_turns(2, lambda: product(tempfile.TemporaryFile()), bare)  # noqa: SIM115
    yield line(f"xlsx of {len(cells)} rows, s", spent / MS, floor / MS, 1.3)


def _write(page: Any, cells: list[Sequence[Any]]) -> None:
    for number, row in enumerate(cells):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(number, column, cell)
            elif cell is not None:
                page.write_number(number, column, cell)


def recounts(puller: Puller) -> Iterator[str]:
    """100 recounts while four pullers page: pages of two revisions mixed, and bytes changed under one revision."""
    recounts_done = int(os.environ.get("BENCH_RECOUNTS", "10"))
    region = "01"
    mixed, pulls = 0, 0
    seen: dict[int, set[str]] = {}
    for number in range(recounts_done):
        links = {size: f"{ADDRESS}&region={region}&page_size={size}" for size in (50, 70, 90, 110)}
        found: dict[int, list[Any]] = {size: [] for size in links}
        changed = False
        while any(links.values()):
            for size, link in list(links.items()):
                if link:
                    page = orjson.loads(puller.get(link.removeprefix("http://localhost"))[2])
                    found[size] += page["results"]
                    links[size] = page["next"]
                    pulls += 1
            if not changed:
                changed = True
                _change(number)
        for rows in found.values():
            revisions = {row["revision"] for row in rows}
            mixed += len(revisions) > 1
            digest = hashlib.sha256(orjson.dumps(rows)).hexdigest()
            seen.setdefault(min(revisions), set()).add(digest)
    differing = sum(len(digests) > 1 for digests in seen.values())
    yield at_most(
        f"{recounts_done} recounts under {pulls} pulls: mixed pages and changed revisions", mixed + differing, 0
    )


def _change(number: int) -> None:
    School.objects.filter(pk__lt=400).update(declared_teachers=30 + number % 7)
    publish(count_week(WEEK, reason="bench"))
