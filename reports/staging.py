"""Rows on their way into the database: temporary tables, filled by COPY on PostgreSQL and executemany on SQLite."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection

from schools.bulk import insert_into, on_postgres

_CHUNK = 20_000
Tables = Mapping[str, Mapping[str, str]]


def create(tables: Tables) -> None:
    """Make empty temporary tables: name → types of its columns; dropped by `drop` or with a transaction rolled back."""
    with connection.cursor() as cursor:
        for table, columns in tables.items():
            types = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            cursor.execute(f"CREATE TEMPORARY TABLE {table} ({types})")


def drop(tables: Iterable[str]) -> None:
    """Drop temporary tables."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DROP TABLE {table}")


def fill(table: str, columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows (numbers, texts and None, in the order of the columns) in chunks; return how many."""
    stream, names = iter(rows), list(columns)
    count = 0
    while chunk := list(islice(stream, _CHUNK)):
        count += len(chunk)
        insert_into(table, names, chunk)
    if on_postgres():
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {table}")
    return count
