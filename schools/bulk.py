"""Set writes for bulk paths: COPY on PostgreSQL, executemany on SQLite; the caller holds the transaction."""

import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection, models

_CELL, _ROW, _NULL = "\x1f", "\x1e", "\x1d"  # signs that hardly any text holds, until COPY's own are put in place
_NOTHING: Mapping[str, Any] = {}
Row = Sequence[Any]


def on_postgres() -> bool:
    """Whether the default database is PostgreSQL."""
    return connection.vendor == "postgresql"


def _copy_text(rows: Sequence[Row], width: int, same: Sequence[Any] = ()) -> str:
    """Rows as COPY reads them, `same` at the end of each.

    The whole text is escaped at once, which is ten times faster than cell by cell.
    """
    end = "".join("\t" + _escaped(cell) for cell in same) + "\n"
    lines = [
        _CELL.join([cell if type(cell) is str else _NULL if cell is None else _plain(cell) for cell in row])
        for row in rows
    ]
    text = _ROW.join([*lines, ""])
    nulls = sum(list(row).count(None) for row in rows)
    if (text.count(_CELL), text.count(_ROW), text.count(_NULL)) != (len(rows) * (width - 1), len(rows), nulls):
        return "".join(["\t".join(map(_escaped, row)) + end for row in rows])
    return _without_signs(text).replace(_NULL, "\\N").replace(_CELL, "\t").replace(_ROW, end)


def _without_signs(text: str) -> str:
    """What COPY takes for its own signs, escaped; NUL, which PostgreSQL cannot keep, goes."""
    for sign, escaped in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"), ("\0", "")):
        text = text.replace(sign, escaped)
    return text


def _escaped(cell: Any) -> str:
    """One value, the slow way: for rows in which a text holds one of our own signs."""
    return "\\N" if cell is None else _without_signs(cell) if isinstance(cell, str) else _plain(cell)


def _plain(cell: Any) -> str:
    if isinstance(cell, bool):
        return "t" if cell else "f"
    return str(cell)


def _sqlite_value(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(sep=" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str) and "\0" in value:
        return value.replace("\0", "")  # as on PostgreSQL
    return str(value) if isinstance(value, Decimal) else value


def _names(columns: Iterable[str]) -> str:
    return ", ".join(connection.ops.quote_name(column) for column in columns)


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Return `count` primary keys that no other transaction will use; on SQLite the transaction must be IMMEDIATE."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if on_postgres():
            cursor.execute(  # the sequence is looked up once: for each id anew it takes ten times as long
                "SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id')::regclass)) FROM generate_series(1, %s)",
                [table, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
    return list(range(last + 1, last + 1 + count))


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Row], same: Mapping[str, Any] = _NOTHING
) -> None:
    """Insert rows of plain values, one per column name of the model's table, in the given order.

    `same` are columns with one value for all rows: they are written out once, not row by row.
    """
    insert_into(model._meta.db_table, columns, rows, same)


def insert_into(table: str, columns: Sequence[str], rows: Iterable[Row], same: Mapping[str, Any] = _NOTHING) -> None:
    """Insert rows of plain values into a table of ours, a temporary one for instance, whatever their texts hold."""
    names = _names([*columns, *same])
    with connection.cursor() as cursor:
        if on_postgres():
            text = io.StringIO(_copy_text(list(rows), len(columns), list(same.values())))
            cursor.cursor.copy_expert(f"COPY {connection.ops.quote_name(table)} ({names}) FROM STDIN", text)
            return
        marks = ", ".join(["%s"] * (len(columns) + len(same)))
        statement = f"INSERT INTO {connection.ops.quote_name(table)} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own models
        end = [_sqlite_value(value) for value in same.values()]
        cursor.executemany(statement, [[*map(_sqlite_value, row), *end] for row in rows])


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Update rows by primary key: each row is (id, value of each column, …)."""
    if not rows:
        return
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if not on_postgres():
            sets = ", ".join(f"{connection.ops.quote_name(column)} = %s" for column in columns)
            statement = f"UPDATE {table} SET {sets} WHERE id = %s"  # noqa: S608 - names of our own models
            cursor.executemany(statement, [[*map(_sqlite_value, row[1:]), row[0]] for row in rows])
            return
        cursor.execute(
            f"CREATE TEMP TABLE fresh_values ON COMMIT DROP AS SELECT id, {_names(columns)} FROM {table} WITH NO DATA"  # noqa: S608
        )
    insert_into("fresh_values", ["id", *columns], rows)
    sets = ", ".join(f"{name} = fresh.{name}" for name in map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {sets} FROM fresh_values fresh WHERE {table}.id = fresh.id")  # noqa: S608
        cursor.execute("DROP TABLE fresh_values")
