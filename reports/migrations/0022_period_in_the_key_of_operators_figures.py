"""A week's figures stand beside those of the month that ends in it: the period joins the key of SchoolFigure."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE, KEPT = "reports_schoolfigure", "reports_schoolfigure_before"
COLUMNS = "week, platform, school_id, figure, period, value, load_id"
MONTHS_BEHIND_WEEKS = f"""
    DELETE FROM {TABLE} WHERE period = 2 AND EXISTS (
      SELECT 1 FROM {TABLE} w WHERE w.week = {TABLE}.week AND w.platform = {TABLE}.platform
        AND w.school_id = {TABLE}.school_id AND w.figure = {TABLE}.figure AND w.period = 1)"""  # noqa: S608  names of ours


def with_period(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let the key tell a week from a month."""
    _set_key(apps, schema_editor, "week, platform, school_id, figure, period")


def without_period(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Back to one figure a week: a month's gives way to the week's own, as it did."""
    schema_editor.execute(MONTHS_BEHIND_WEEKS)
    _set_key(apps, schema_editor, "week, platform, school_id, figure")


def _set_key(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor, key: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        name = f"{TABLE}_pkey"
        schema_editor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} PRIMARY KEY ({key})")
        return
    _make_anew(apps, schema_editor, key)


def _make_anew(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor, key: str) -> None:
    """SQLite changes no key in place: a table of the same columns, checks and indexes takes the rows over."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT type, sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [TABLE])
        told = cursor.fetchall()
    table = next(sql for kind, sql in told if kind == "table")
    start = table.index("PRIMARY KEY (")
    end = table.index(")", start)
    schema_editor.execute(f"ALTER TABLE {TABLE} RENAME TO {KEPT}")
    schema_editor.execute(f"{table[:start]}PRIMARY KEY ({key}{table[end:]}", params=None)
    schema_editor.execute(f"INSERT INTO {TABLE} ({COLUMNS}) SELECT {COLUMNS} FROM {KEPT}")  # noqa: S608
    schema_editor.execute(f"DROP TABLE {KEPT}")
    for sql in (sql for kind, sql in told if kind == "index"):
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    """Django alters no composite key: the state and the table are changed side by side."""

    dependencies = [("reports", "0021_targets_by_level_and_week_due")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "schoolfigure",
                    "pk",
                    models.CompositePrimaryKey(
                        "week",
                        "platform",
                        "school",
                        "figure",
                        "period",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            database_operations=[migrations.RunPython(with_period, without_period)],
        )
    ]
