"""Rows on their way into the database: columns by model, keys counted here, sets written when a batch is full."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db import ProgrammingError, connection, models, transaction

from chats.models import Chat
from reports.models import ActivityCoverage, ActivityLoad, ChatActivity, SchoolFigure, StaffActivity
from schools.bulk import insert_rows, new_ids, on_postgres
from schools.models import (
    Appointment,
    Guardian,
    Guardianship,
    Municipality,
    Pupil,
    School,
    SchoolClass,
    SchoolRegistration,
)
from staff.models import ClassTeacher, StaffAccount, StaffMember

User = get_user_model()
_PERSON = "last_name first_name patronymic no_patronymic name_key snils"
COLUMNS: dict[type[models.Model], list[str]] = {
    model: columns.split()
    for model, columns in (
        (Municipality, "id region_id name name_key kind oktmo"),
        (
            School,
            "id code region_id municipality_id full_name short_name name_key kind subordination inn kpp ogrn oktmo"
            " parent_id opened_on closed_on excluded_because address phone email website director_name"
            " declared_teachers declared_classes declared_pupils declared_on external_id updated_at",
        ),
        (SchoolRegistration, "id school_id platform channel external_id registered_on"),
        (
            User,
            "id password is_superuser username last_name first_name patronymic email is_staff is_active date_joined",
        ),
        (
            Appointment,
            "id user_id level region_id municipality_id school_id starts_on ends_on order_number order_on",
        ),
        (
            StaffMember,
            f"id school_id {_PERSON} born_on position is_teacher subjects role phone email employment rate"
            " personnel_number hired_on left_on note name_issue version updated_at",
        ),
        (StaffAccount, "id staff_id school_id platform channel is_teacher profile_on confirmed_on"),
        (SchoolClass, "id school_id year grade letter declared_pupils"),
        (ClassTeacher, "id staff_id school_class_id"),
        (Pupil, f"id school_id school_class_id {_PERSON} born_on enrolled_on external_id"),
        (Guardian, f"id school_id {_PERSON} phone email"),
        (Guardianship, "id pupil_id guardian_id kind invited_on registered_on declined_on"),
        (Chat, "id school_id use_case school_class_id channel title owner_id opened_on closed_on"),
        (ActivityLoad, "id week platform region_id source sha256 rows schools_covered loaded_at"),
        (ActivityCoverage, "week platform school_id load_id has_chats"),
        (StaffActivity, "week platform school_id staff_id is_teacher messages calls logins"),
        (ChatActivity, "week school_id chat_id messages"),
        (SchoolFigure, "week platform school_id figure period value load_id"),
    )
}
_BATCH = 40_000  # rows of all tables, about 10 MB of Python


def _unchecked() -> bool:
    """Ask PostgreSQL to skip foreign-key checks until the transaction ends; False unless the role may (a superuser).

    They would take half of the time; the demo's own tests run with the checks on.
    """
    if not on_postgres():
        return False
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
    except ProgrammingError:
        return False
    return True


class Tables:
    """Rows gathered and written in sets, inside the caller's transaction; nobody else may write meanwhile."""

    def __init__(self, *, checked: bool = True) -> None:
        self._checked = checked or not _unchecked()
        self.counts: dict[type[models.Model], int] = defaultdict(int)
        self._rows: dict[type[models.Model], list[tuple[Any, ...]]] = {model: [] for model in COLUMNS}
        self._ids: dict[type[models.Model], Iterator[int]] = {}
        self._last: dict[type[models.Model], int] = {}

    def new_id(self, model: type[models.Model]) -> int:
        """Return the next primary key of a model."""
        if model not in self._ids:
            self._ids[model] = itertools.count(new_ids(model, 1)[0])
        self._last[model] = next(self._ids[model])
        return self._last[model]

    def add(self, model: type[models.Model], *values: Any) -> None:
        """Take a row: values in the order of COLUMNS."""
        self._rows[model].append(values)

    def extend(self, model: type[models.Model], rows: list[tuple[Any, ...]]) -> None:
        """Take many rows at once."""
        self._rows[model].extend(rows)

    def flush_if_full(self) -> None:
        """Write when there is enough to write."""
        if sum(map(len, self._rows.values())) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Write everything gathered, parents before children, and have PostgreSQL check the keys now."""
        for model, rows in self._rows.items():
            if rows:
                insert_rows(model, COLUMNS[model], rows)
                self.counts[model] += len(rows)
                rows.clear()
        if on_postgres() and self._checked:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def finish(self) -> None:
        """Write the rest, move PostgreSQL's sequences past our keys and refresh the planner's statistics."""
        self.flush()
        with connection.cursor() as cursor:
            if on_postgres():
                for model, last in self._last.items():
                    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, last])
                if not self._checked:
                    cursor.execute("SET LOCAL session_replication_role = origin")
            cursor.execute("ANALYZE")
