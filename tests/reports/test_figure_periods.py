"""Weeks and months of an operator's figures stand side by side: whatever comes first, the same is counted, once."""

import datetime
from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import permutations
from types import ModuleType

import pytest
import time_machine
from django.apps import apps
from django.db import connection

from reports.counting import count_week
from reports.models import FigureLoad, FigurePeriod, SchoolFigure, SchoolWeek
from reports.operator_tables import periods, services
from reports.operator_tables.given import About, Given
from reports.operator_tables.services import Origin
from reports.weeks import IsoWeek
from schools.platforms import SFERUM
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
OCTOBER = IsoWeek(2026, 44)  # in which October ends
AFTER = datetime.datetime(2026, 12, 7, 5, tzinfo=datetime.UTC)
DELIVERIES = (("2026-09", 9), ("2026-10", 100), ("2026-W43", 43), ("2026-W44", 44))


@pytest.fixture(autouse=True)
def later() -> Iterator[None]:
    """Be in the week after all of them."""
    with time_machine.travel(AFTER, tick=False):
        yield


def deliver(cast: Cast, when: str, active: int) -> FigureLoad | None:
    """Let a table of one school come in."""
    rows = [Given(1, cast.school.code, "", {"active": active})]
    origin = Origin(cast.region, "Письмо", cast.nina)
    return services.record(rows=rows, about=About(SFERUM, *periods.parse(when)), origin=origin, sure=True)[0]


def counted(cast: Cast, week: IsoWeek) -> int | None:
    """What a week takes for the teachers an operator counts as active."""
    rating = count_week(week)
    return SchoolWeek.objects.get(rating=rating, platform=SFERUM.number, school=cast.school).op_active


@pytest.mark.parametrize("order", list(permutations(DELIVERIES)), ids=lambda each: " ".join(when for when, _ in each))
def test_weeks_and_months_in_any_order_are_counted_alike_and_never_twice(
    cast: Cast, order: Sequence[tuple[str, int]]
) -> None:
    for when, active in (*order, *reversed(order)):
        deliver(cast, when, active)

    assert SchoolFigure.objects.count() == len(DELIVERIES)
    assert [counted(cast, OCTOBER), counted(cast, OCTOBER.shift(1))] == [44, 100]


def test_month_holds_from_its_own_week_on_until_the_next_one_five_weeks_at_most(cast: Cast) -> None:
    deliver(cast, "2026-09", 9)
    deliver(cast, "2026-10", 10)

    assert [counted(cast, OCTOBER.shift(later)) for later in (-1, 0, 4, 5)] == [9, 10, 10, None]


@pytest.mark.parametrize("order", list(permutations(["2026-10", "2026-W44"])), ids=" ".join)
def test_undo_takes_back_its_own_period_and_leaves_the_other(cast: Cast, order: Sequence[str]) -> None:
    told = {"2026-10": 10, "2026-W44": 44}
    loads = {when: deliver(cast, when, told[when]) for when in order}
    changed = deliver(cast, "2026-W44", 45)
    assert changed is not None
    assert loads[order[0]] is not None

    services.undo(changed, by=cast.nina)

    assert dict(SchoolFigure.objects.values_list("period", "value")) == {1: 44, 2: 10}
    services.undo(loads["2026-10"], by=cast.nina)  # type: ignore[arg-type]
    assert dict(SchoolFigure.objects.values_list("period", "value")) == {1: 44}


# The migration


def migration() -> ModuleType:
    """The migration that put the period into the key."""
    return import_module("reports.migrations.0022_period_in_the_key_of_operators_figures")


def save(cast: Cast, load: FigureLoad, *, week: int, period: int, value: int) -> None:
    """Save a figure of a school."""
    SchoolFigure.objects.create(
        week=week, platform=1, school=cast.school, figure=5, period=period, value=value, load=load
    )


def key_columns() -> list[str]:
    """Columns of the table's primary key, by name: SQLite tells no order."""
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, SchoolFigure._meta.db_table)
    return next(sorted(each["columns"]) for each in constraints.values() if each["primary_key"])


def shape() -> list[tuple[str, ...]]:
    """Checks, foreign keys and indexes of the table beside its primary key."""
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, SchoolFigure._meta.db_table)
    return sorted(
        (str(each["columns"]), str(each["check"]), str(each["foreign_key"]), str(each["index"]))
        for each in constraints.values()
        if not each["primary_key"]
    )


@pytest.mark.django_db(transaction=True)
def test_migration_keeps_rows_checks_and_indexes_and_goes_back(reference_data: None, cast: Cast) -> None:
    load = FigureLoad.objects.create(week=OCTOBER.number, platform=1, source="тест")
    for week, period, value in ((202643, 1, 43), (202644, 1, 44), (202644, 2, 10), (202640, 2, 9)):
        save(cast, load, week=week, period=period, value=value)
    before = shape()

    with connection.schema_editor() as editor:
        migration().without_period(apps, editor)
    back = key_columns(), sorted(SchoolFigure.objects.values_list("week", "period", "value")), shape()
    with connection.schema_editor() as editor:
        migration().with_period(apps, editor)

    assert back == (
        ["figure", "platform", "school_id", "week"],
        [(202640, 2, 9), (202643, 1, 43), (202644, 1, 44)],
        before,
    )
    assert key_columns() == ["figure", "period", "platform", "school_id", "week"]
    assert shape() == before
    save(cast, load, week=202644, period=FigurePeriod.MONTH, value=10)
    assert SchoolFigure.objects.filter(load__week=OCTOBER.number).count() == 4
