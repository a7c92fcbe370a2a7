"""Rows on their way into the database: temporary tables, filled by COPY on PostgreSQL and executemany on SQLite."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection

from schools.bulk import on_postgres

_CHUNK = 20_000


def create(tables: Mapping[str, str]) -> None:
    """Make empty temporary tables: name → its columns; they are dropped by `drop` or with a transaction rolled back."""
    with connection.cursor() as cursor:
        for table, columns in tables.items():
            cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns})")


def drop(tables: Iterable[str]) -> None:
    """Drop temporary tables."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DROP TABLE {table}")


def fill(table: str, rows: Iterable[Sequence[Any]]) -> int:
    """Write rows (numbers, texts and None, in the order of the table's columns) in chunks; return how many."""
    stream = iter(rows)
    count = 0
    with connection.cursor() as cursor:
        while chunk := list(islice(stream, _CHUNK)):
            count += len(chunk)
            if on_postgres():
                cursor.copy_expert(f"COPY {table} FROM STDIN (FORMAT csv)", _csv_of(chunk))
            else:
                marks = ", ".join(["%s"] * len(chunk[0]))
                cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", chunk)  # noqa: S608  our own table
        if on_postgres():
            cursor.execute(f"ANALYZE {table}")
    return count


def _csv_of(rows: Iterable[Sequence[Any]]) -> io.StringIO:
    """Return rows as CSV; None and an empty text both become NULL."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_MINIMAL, lineterminator="\n").writerows(rows)
    text.seek(0)
    return text
