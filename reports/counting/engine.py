"""What PostgreSQL and SQLite are told differently while a week is counted, published or loaded."""

from django.db import OperationalError, connection, transaction
from psycopg2.errors import LockNotAvailable

from schools.bulk import on_postgres

# The planner has no statistics of rows just counted, so nested loops look cheap to it; compiling 200 expressions costs
# more than it saves.
_POSTGRES_SETTINGS = ("jit = off", "work_mem = '64MB'", "enable_nestloop = off", "random_page_cost = 1.1")
WEEK_LOCKS = 0x5745454B  # «WEEK»: the first half of the advisory lock's key, the second is the week's number


def tune() -> None:
    """Set the planner up for few statements over many rows, until the transaction ends."""
    if on_postgres():
        with connection.cursor() as cursor:
            for setting in _POSTGRES_SETTINGS:
                cursor.execute(f"SET LOCAL {setting}")


def as_written(statement: str) -> str:
    """A statement whose tables PostgreSQL joins in the order they are written in.

    For many joins that yield a row or none each: weighing their orders takes the planner longer than the rows take. The
    setting ends with the statement, or with the transaction it is part of.
    """
    return f"SET LOCAL join_collapse_limit = 1; {statement}" if on_postgres() else statement


def hold_week(number: int) -> bool:
    """Keep everybody else from counting or publishing a week until the transaction ends; False if somebody does now.

    SQLite has one writer at a time (BEGIN IMMEDIATE, settings): there the transaction is the lock.
    """
    if not on_postgres():
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [WEEK_LOCKS, number])
        return bool(cursor.fetchone()[0])


def wait_for(number: int) -> None:
    """Wait for a lock of ours (a number no week has) until whoever holds it commits; lock_timeout bounds the wait."""
    if on_postgres():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [WEEK_LOCKS, number])


def held_in_time(number: int) -> bool:
    """Wait for a lock of 64 bits, which are apart from those above, until whoever holds it commits.

    False if that takes longer than lock_timeout (settings); the transaction lives on. SQLite: see `hold_week`.
    """
    if not on_postgres():
        return True
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return False
        raise
    return True
