"""Reconciliations for tests: a list sent through the same services as the pages, its job done at once."""

from collections.abc import Sequence
from typing import Any

from schools import jobs
from schools.models import Reconciliation, Region, School, SchoolChange, Succession, User
from schools.reconciling import deciding, services
from schools.reconciling.board import Board
from schools.reconciling.lines import Line
from schools.register import apply_register
from tests.schools.lists import Line as ListLine
from tests.schools.lists import csv_bytes, table_of


def registered(region: Region, lines: Sequence[ListLine]) -> dict[str, School]:
    """Schools of a region taken from lines, by their ИНН."""
    apply_register(region, csv_bytes(table_of(lines)), shown_name="реестр.csv", by=None)
    SchoolChange.objects.all().delete()
    return {school.inn: school for school in School.objects.filter(region=region)}


def work(reconciliation: Reconciliation) -> Reconciliation:
    """Do a reconciliation's job as a worker would; return the fresh row."""
    jobs.run(Reconciliation, reconciliation.pk, services.perform)
    return Reconciliation.objects.get(pk=reconciliation.pk)


def planned(region: Region, by: User, data: bytes, *, partial: bool = False) -> Reconciliation:
    """A reconciliation whose plan is made."""
    made = services.start_reconciliation(region=region, data=data, shown_name="перечень.csv", partial=partial, by=by)
    return work(made)


def applied(reconciliation: Reconciliation, by: User) -> Reconciliation:
    """A planned reconciliation confirmed and written."""
    return work(services.request_apply(reconciliation, by=by))


def decided(reconciliation: Reconciliation, by: User, *items: dict[str, Any]) -> Reconciliation:
    """A reconciliation with decisions about its lines."""
    return deciding.decide(reconciliation, items=items, by=by)


def board(reconciliation: Reconciliation) -> Board:
    """Its lines and decisions."""
    return deciding.board_of(reconciliation)


def lines_of(reconciliation: Reconciliation, kind: str) -> list[Line]:
    """Its lines of a kind."""
    return [line for line in board(reconciliation).all() if line.kind == kind]


def kinds(reconciliation: Reconciliation) -> dict[str, int]:
    """How many lines there are of each kind that has any."""
    return {kind: count.total for kind, count in board(reconciliation).counts().items() if count.total}


def state(region: Region) -> dict[str, Any]:
    """Everything a region's schools hold, their history and their successions, but for moments."""
    unkept = {"updated_at", "region"}
    fields = [field.attname for field in School._meta.concrete_fields if field.name not in unkept]
    return {
        "schools": list(School.objects.filter(region=region).order_by("pk").values_list(*fields)),
        "changes": list(
            SchoolChange.objects.filter(school__region=region)
            .order_by("pk")
            .values_list("school", "field", "old", "new")
        ),
        "successions": sorted(
            Succession.objects.filter(successor__region=region).values_list("predecessor", "successor", "kind")
        ),
    }
