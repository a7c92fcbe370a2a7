"""Spreadsheets of the register: ours in the columns a list is read by, and the lines nobody has decided about."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from schools.exports import Cell, Sheet, xlsx_file
from schools.kinds import KIND_BY_KEY
from schools.models import Reconciliation, School
from schools.reconciling.compare import value_text
from schools.reconciling.deciding import board_of
from schools.reconciling.lines import KIND_BY_KEY as LINE_KINDS
from schools.reconciling.match import Confidence
from schools.registers import COLUMNS

_OURS = tuple(column for column in COLUMNS if column.in_template and column.key not in {"parent_inn"})
_DATES = frozenset({"opened_on", "closed_on"})
_COUNTS = frozenset({"declared_teachers", "declared_classes", "declared_pupils"})


def register_file(schools: "QuerySet[School]") -> bytes:
    """Schools as xlsx, working and closed, in the columns that `registers` reads."""
    found = schools.select_related("municipality").order_by("municipality__name_key", "name_key", "pk")
    kinds: Sequence[Any] = [_kind(column.key) for column in _OURS]
    rows = ([_cell(school, column.key) for column in _OURS] for school in found.iterator(chunk_size=1000))
    widths = [column.width for column in _OURS]
    return xlsx_file([Sheet("Реестр", [column.header for column in _OURS], rows, kinds, widths)]).read()


def _kind(key: str) -> str:
    return "date" if key in _DATES else "number" if key in _COUNTS else "text"


def _cell(school: School, key: str) -> Cell:
    if key == "municipality":
        return school.municipality.name if school.municipality else ""
    if key == "kind":
        return KIND_BY_KEY[school.kind].name
    if key == "status":
        return "ликвидирована" if school.closed_on else "действует"
    if key == "is_branch":
        return "да" if school.parent_id else "нет"
    return getattr(school, key)  # type: ignore[no-any-return]


_HEADER = (
    "Что",
    "Строка перечня",
    "В перечне",
    "У нас",
    "Территория",
    "Насколько уверены",
    "Почему",
    "Что отличается",
    "Что не так",
)
_WIDTHS = (20, 10, 40, 40, 26, 14, 40, 60, 50)


def open_lines_file(reconciliation: Reconciliation) -> bytes | None:
    """Lines without a decision as xlsx; None once the plan is forgotten or where nothing is open."""
    rows = list(_open_rows(reconciliation))
    return xlsx_file([Sheet("Без решения", _HEADER, rows, widths=_WIDTHS)]).read() if rows else None


def _open_rows(reconciliation: Reconciliation) -> Iterator[list[Cell]]:
    board = board_of(reconciliation)
    for line in board.all():
        if board.is_settled(line):
            continue
        differ = "; ".join(
            f"{key}: {value_text(key, old) or 'пусто'} → {value_text(key, new) or 'пусто'}"
            for key, (old, new) in board.diffs(line).items()
        )
        maybe = "; ".join(f"{title} ({reason})" for _, title, reason in line.candidates)
        yield [
            LINE_KINDS[line.kind].title,
            line.row or None,
            line.title if line.row else "",
            line.our_title if line.row else line.title,
            line.territory,
            Confidence(line.confidence).word if line.confidence else "",
            maybe or line.reason or (line.hint[3] if line.hint else ""),
            differ,
            "; ".join(f"{address}: {message}" for address, _, message, _ in line.wrong),
        ]
