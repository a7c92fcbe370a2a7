"""Rows of a rating as text made by PostgreSQL: JSON lines, CSV, cells; the bytes rating_list makes, many times sooner.

The rule of sight, the filters and the order are the ORM's: its query stands inside ours.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction

from reports.indicators import INDICATORS
from reports.models import Rating
from reports.pulling.questions import MILLION, Question
from reports.rating_list import LEVEL_KEYS, Row, feed_of
from schools.exports import SIGNS, SKIPPED, Dialect
from schools.rest_tables import Column
from schools.scope import Level

CHUNK = 2000
_PEOPLE = ", ".join(str(each.number) for each in INDICATORS if each.counts_people)
_KEYS = "CASE indicator " + " ".join(f"WHEN {each.number} THEN '{each.key}'" for each in INDICATORS) + " END"
_SHOWN = "CASE WHEN share IS NOT NULL THEN {} END"
_REGION_CODE, _REGION_NAME, _MUNICIPALITY = "region_code", "region_name", "municipality_name"
_JSON = {  # the whole of a region and of a municipality
    Level.REGION: """concat('{"code":', to_json(code), ',"name":', to_json(name), '}')""",
    Level.MUNICIPALITY: """concat('{"id":', place_id, ',"name":', to_json(name), '}')""",
}
_PLACES = {  # code and name of a place, by level
    Level.COUNTRY: ("NULL::text", "'Россия'::text"),
    Level.REGION: (_REGION_CODE, _REGION_NAME),
    Level.MUNICIPALITY: ("NULL::text", f"COALESCE({_MUNICIPALITY}, '')"),
    Level.SCHOOL: ("school_code", "COALESCE(school_name, '')"),
}


def _values(question: Question) -> dict[str, str]:
    """What each column of a record is, in SQL; shares are millionths, points hundredths."""
    rating, level = question.rating, question.level
    code, name = _PLACES[level]
    alone = f"'{question.indicators[0].key}'" if len(question.indicators) == 1 else _KEYS
    return {
        "place.level": f"'{LEVEL_KEYS[level]}'",
        "place.id": "place_id",
        "place.code": code,
        "place.name": name,
        "place.region.code": _REGION_CODE,
        "place.region.name": _REGION_NAME,
        "place.municipality.id": f"CASE WHEN {_MUNICIPALITY} IS NOT NULL THEN municipality_id END",
        "place.municipality.name": _MUNICIPALITY,
        "indicator": alone,
        "state": (
            "CASE WHEN part IS NULL OR whole IS NULL THEN 'no_data' WHEN whole = 0 THEN 'not_applicable'"
            " WHEN share IS NULL THEN 'small' WHEN part > whole THEN 'over_100' ELSE 'ok' END"
        ),
        "numerator": "part",
        "denominator": "whole",
        "share": "share",
        "rank": _SHOWN.format("rank"),
        "ranked": _SHOWN.format("CASE WHEN rank IS NOT NULL THEN ranked END"),
        "local_rank": _SHOWN.format("local_rank"),
        "local_ranked": _SHOWN.format("CASE WHEN local_rank IS NOT NULL THEN local_ranked END"),
        "movement.share_points": "sign(share - share_before)::int * ((abs(share - share_before) + 50) / 100)",
        "movement.rank": _SHOWN.format("rank_before - rank"),
        "movement.local_rank": _SHOWN.format("local_rank_before - local_rank"),
        "previous.numerator": "part_before",
        "previous.denominator": "whole_before",
        "previous.share": "share_before",
        "previous.rank": _SHOWN.format("rank_before"),
        "schools": "schools",
        "missing": "missing",
        "revision": str(int(rating.revision)),
        "feed": _feed(question),
    }


def _feed(question: Question) -> str:
    """Whose figures the revision took for an indicator, as `rating_list.feed_of` says."""
    feeds = {each.number: feed_of(each, question.rating.feeds) for each in question.indicators}
    cases = " ".join(f"WHEN {number} THEN {_quoted(feed)}" for number, feed in feeds.items() if feed)
    return f"(CASE indicator {cases} END)::text" if cases else "NULL::text"


NEVER_EMPTY = {"place.id", "schools", "missing", "revision"}
DECIMALS = {"share": 6, "previous.share": 6, "movement.share_points": 2}


def _millionths(part: str, whole: str) -> str:
    small = f"indicator IN ({_PEOPLE or 'NULL'}) AND {whole} < {int(settings.SMALL_NUMBER)}"
    shown = f"{part} IS NOT NULL AND {whole} > 0 AND NOT ({small})"
    return f"CASE WHEN {shown} THEN ({part}::bigint * {2 * MILLION} + {whole}) / (2 * {whole}::bigint) END"


def _today(table: str, name: str, kept: str, id_: str) -> str:
    """The name kept with the revision; where none was kept, today's."""
    return f"COALESCE({kept}, (SELECT {name} FROM {table} t WHERE t.id = {id_}))"  # noqa: S608


def _named(name: str, level: Level, id_: str, rating: Rating, *, whole: bool) -> str:
    """A join with the names of the places of a level: of a whole rating by hashing, of a page one by one."""
    facts = "place_id, code, name" + (f", {_JSON[level]} AS json" if level in _JSON else "")
    places = f"SELECT {facts} FROM reports_ratingplace WHERE rating_id = {int(rating.pk)} AND level = {level.value}"  # noqa: S608
    if whole:  # OFFSET 0: what is made of a place is made once, not with every row of it
        return f"LEFT JOIN ({places} OFFSET 0) {name} ON {name}.place_id = r.{id_}"
    return f"LEFT JOIN LATERAL ({places} AND place_id = r.{id_} LIMIT 1) {name} ON true"


def _joined(question: Question, rows: Any, *, whole: bool) -> tuple[str, list[Any]]:
    """The rows of an ORM query with names and shares beside them, in their order; and the parameters."""
    keys, rating, level = question.keys, question.rating, question.level
    names = [*Row._fields, *dict.fromkeys(key for key, _ in keys if key not in Row._fields)]
    inner, parameters = rows.values_list(*names).query.sql_with_params()
    joins = [
        _named("g", Level.REGION, "region_id", rating, whole=whole),
        _named("m", Level.MUNICIPALITY, "municipality_id", rating, whole=whole),
    ]
    columns = [
        _millionths("part", "whole") + " AS share",
        _millionths("part_before", "whole_before") + " AS share_before",
        "g.json AS region_json, m.json AS municipality_json",
        _today("schools_region", "code", "g.code", "r.region_id") + f" AS {_REGION_CODE}",
        _today("schools_region", "short_name", "g.name", "r.region_id") + f" AS {_REGION_NAME}",
        _today("schools_municipality", "name", "m.name", "r.municipality_id") + f" AS {_MUNICIPALITY}",
    ]
    if level == Level.SCHOOL:
        joins.append(_named("s", level, "place_id", rating, whole=whole))
        columns.append(_today("schools_school", "code", "s.code", "r.place_id") + " AS school_code")
        columns.append(_today("schools_school", "short_name", "s.name", "r.place_id") + " AS school_name")
    order = ", ".join(f"r.{key}{' DESC' if down else ''}" for key, down in keys)
    return (
        f"""SELECT r.*, {", ".join(columns)} FROM ({inner}) AS r({", ".join(names)}) {" ".join(joins)}
        ORDER BY {order}""",  # noqa: S608  our own columns; what comes from a person is among the parameters
        list(parameters),
    )


class Constant(str):
    """A piece of text that is the same in every row."""

    __slots__ = ()


Piece = Constant | str  # a constant, or an expression in SQL


class Texts:
    """The rows of a query in the order asked for, with the columns asked for, as text or as cells."""

    def __init__(self, question: Question, rows: Any, *, whole: bool = True) -> None:
        self.keys, self.values = question.keys, _values(question)
        self.joined, self.parameters = _joined(question, rows, whole=whole)

    def page(self, columns: Sequence[Column]) -> list[tuple[Any, ...]]:
        """All rows at once: (JSON of the record, keys of its order…)."""
        keys = "".join(f", {key}" for key, _ in self.keys)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {self._json(columns)}{keys} FROM ({self.joined}) o", self.parameters)  # noqa: S608
            return cursor.fetchall()

    def write_lines(self, columns: Sequence[Column], file: IO[bytes]) -> None:
        """Write JSON, a record a line."""
        # JSON holds no control signs: with these for quotes and delimiters COPY changes nothing, not even a backslash.
        self._copy(self._json(columns), "FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02'", file)

    def write_csv(self, columns: Sequence[Column], dialect: Dialect, file: IO[bytes], *, in_words: bool) -> None:
        """Write rows of CSV without a header, as `schools.exports.csv_stream` does."""
        cells = ", ".join(self._csv(column, dialect, in_words) for column in columns)
        self._copy(cells, f"FORMAT csv, DELIMITER '{dialect.delimiter}'", _Lines(file, dialect.newline.encode()))

    def cells(self, columns: Sequence[Column], *, in_words: bool) -> Iterator[tuple[Any, ...]]:
        """Read rows of typed cells, in flat memory; shares are fractions."""
        cells = ", ".join(self._cell(column, in_words) for column in columns)
        statement = f"SELECT {cells} FROM ({self.joined}) o"  # noqa: S608
        with _whole(), connection.chunked_cursor() as cursor:
            cursor.execute(statement, self.parameters)
            while chunk := cursor.fetchmany(CHUNK):
                yield from chunk

    def _copy(self, cells: str, options: str, file: Any) -> None:
        with _whole(), connection.cursor() as cursor:
            statement = f"COPY (SELECT {cells} FROM ({self.joined}) o) TO STDOUT ({options})"  # noqa: S608
            cursor.copy_expert(cursor.mogrify(statement, self.parameters).decode(), file)

    # Columns

    def _json(self, columns: Sequence[Column]) -> str:
        """An expression that puts a record together; neighbouring constants are one."""
        parts: list[Piece] = []
        _write_object([(column.path, column) for column in columns], self._json_value, parts)
        return _concat(parts)

    def _json_value(self, column: Column) -> str:
        path = ".".join(column.path)
        value = self.values[path]
        if path in DECIMALS:
            return f"COALESCE({_fraction(value, DECIMALS[path], exponent=True)}, 'null')"
        if path in {"indicator", "state", "place.level"}:
            return Constant(f'"{value[1:-1]}"') if value.startswith("'") else _in_quotes(value)
        if path in NEVER_EMPTY:
            return Constant(value) if value.isdecimal() else value
        return (
            f"COALESCE(to_json({value})::text, 'null')"
            if column.kind == "text"
            else f"COALESCE(({value})::text, 'null')"
        )

    def _csv(self, column: Column, dialect: Dialect, in_words: bool) -> str:
        path = ".".join(column.path)
        value = self._cell(column, in_words) if column.words else self.values[path]
        if path in DECIMALS:
            return (
                _fraction(value, DECIMALS[path])
                if dialect.decimal == "."
                else f"replace({_fraction(value, DECIMALS[path])}, '.', '{dialect.decimal}')"
            )
        return f"NULLIF({_neutral(value)}, '')" if column.kind == "text" and not column.words else value

    def _cell(self, column: Column, in_words: bool) -> str:
        path = ".".join(column.path)
        value = self.values[path]
        if path in DECIMALS:
            return f"({value})::float8 / {10 ** DECIMALS[path]}"
        if not (column.words and in_words):
            return f"({value})::text" if column.kind == "text" else value
        cases = " ".join(f"WHEN {_quoted(key)} THEN {_quoted(word)}" for key, word in column.words.items())
        return f"CASE {value} {cases} END"


@contextmanager
def _whole() -> Iterator[None]:
    """A transaction that reads a whole rating.

    Of a week counted a minute ago the planner knows nothing and takes its 40 000 rows for one: no nested loops, then.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")
        yield


class _Lines:
    """A file for COPY that ends lines as the dialect does: PostgreSQL hands over a row at a time, with its LF."""

    def __init__(self, file: IO[bytes], newline: bytes) -> None:
        self._write, self._newline = file.write, newline

    def write(self, row: bytes) -> None:
        """Write a row; the csv module writes a lone empty cell as two quotes."""
        self._write((row[:-1] or b'""') + self._newline)


def _quoted(text: Any) -> str:
    return "'" + str(text).replace("'", "''").replace("%", "%%") + "'"


def _in_quotes(value: str) -> str:
    """A choice among constants of ours, each in JSON's quotes already."""
    return re.sub(r"(?<=THEN |ELSE )'(\w+)'", r"""'"\1"'""", value)


def _neutral(value: str) -> str:
    """`schools.exports.neutralise` in SQL; the first sign alone tells of most texts that they are harmless."""
    escaped = "".join(f"\\u{ord(sign):04x}" for sign in SKIPPED), "".join(f"\\u{ord(sign):04x}" for sign in SIGNS)
    first = "".join(f"\\{ord(sign):04x}" for sign in SKIPPED + SIGNS)
    return (
        f"CASE WHEN strpos(U&'{first}', left({value}, 1)) > 0 AND {value} ~ '^[{escaped[0]}]*[{escaped[1]}]'"
        f" THEN '''' || {value} ELSE {value} END"
    )


def _fraction(value: str, digits: int, *, exponent: bool = False) -> str:
    """A whole number of millionths as «0.85» or «1.0»; the least ones as orjson writes them: «1e-6»."""
    one = 10**digits
    least = f"lpad((mod(abs({value}), {one}))::text, {digits}, '0')"
    slow = f"concat(CASE WHEN {value} < 0 THEN '-' END, abs({value}) / {one}, '.', rtrim({least}, '0'))"
    tiny = f"WHEN {value} BETWEEN 1 AND 9 THEN concat({value}, 'e-6')" if exponent and digits == 6 else ""
    return (
        f"CASE WHEN mod({value}, {one}) = 0 THEN concat({value} / {one}, '.0')"
        f" WHEN abs({value}) >= 100 THEN (({value})::float8 / {one})::text"  # the shortest text that means it
        f" {tiny} WHEN {value} IS NOT NULL THEN {slow} END"
    )


def _write_object(columns: Sequence[tuple[tuple[str, ...], Column]], value: Any, parts: list[Piece]) -> None:
    """Append the pieces of an object; where a region or a municipality stands, what has no name is null."""
    parts.append(Constant("{"))
    for number, (name, group) in enumerate(groupby(columns, key=lambda each: each[0][0])):
        parts.append(Constant(f'{"," if number else ""}"{name}":'))
        inside = list(group)
        if len(inside[0][0]) == 1:
            parts.append(value(inside[0][1]))
            continue
        absent = {"region": _REGION_NAME, "municipality": _MUNICIPALITY}.get(name)
        nested = parts if absent is None else []
        _write_object([(path[1:], column) for path, column in inside], value, nested)
        if absent is not None:
            made = f"CASE WHEN {absent} IS NULL THEN 'null' ELSE {_concat(nested)} END"
            parts.append(f"COALESCE({name}_json, {made})" if len(inside) == 2 else made)
    parts.append(Constant("}"))


def _concat(parts: Sequence[Piece]) -> str:
    """The pieces one after another, neighbouring constants as one."""
    joined: list[str] = []
    for is_constant, group in groupby(parts, key=lambda part: isinstance(part, Constant)):
        pieces = list(group)
        joined += [_quoted("".join(pieces))] if is_constant else pieces
    return f"concat({', '.join(joined)})"
