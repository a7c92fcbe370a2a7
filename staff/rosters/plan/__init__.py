"""What an upload of a roster would do: rows by kind, who is new, what changes, what waits, who would leave (pure)."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from staff.imports.plan import CHANGE, NEW, SAME, WAIT
from staff.imports.plan import Plan as StaffPlan
from staff.rosters.kinds import CLASSES, GUARDIANS, PUPILS
from staff.rosters.records import Mistake

HOLD_SHARE, HOLD_SHARE_IN_SUMMER, HOLD_FROM = 0.3, 0.6, 3  # of the pupils leaving at once; fewer are never asked about
KINDS = (CLASSES, PUPILS, GUARDIANS)


@dataclass(slots=True)
class PlannedRow:
    """What would happen to one row of a sheet.

    `id` is the known class, pupil or link; `values` those of something new, or the cells of a row that waits; `changes`
    field → [old, new]; `refs` what the row points to: an id, or a mark of something that is new in this file.
    """

    sheet: int
    row: int
    action: str
    title: str
    id: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    refs: dict[str, Any] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """How another sheet points to something new: «2:14», the sheet and the row."""
        return f"{self.sheet}:{self.row}"


@dataclass(slots=True)
class Plan:
    """All that an upload would do; its counts are those of the commit."""

    year: int
    stamp: str
    rows: dict[str, list[PlannedRow]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    made_classes: list[str] = field(default_factory=list)  # named by pupils only
    leaving: list[tuple[int, str]] = field(default_factory=list)  # (pupil id, title): named nowhere in a full list
    here: int = 0  # pupils who learn here now
    staff: StaffPlan | None = None
    sheets: list[dict[str, Any]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def all_rows(self) -> list[PlannedRow]:
        """Rows of every kind but staff."""
        return [row for kind in KINDS for row in self.rows[kind]]

    def mistakes(self, severity: str) -> list[Mistake]:
        """Every problem of a severity; of rows that go in only warnings are left."""
        return [one for row in self.all_rows() for one in row.mistakes if one.severity == severity]

    def is_doubtful(self, month: int) -> bool:
        """Whether so many would leave that the person has to say it once more; summer and September are looser."""
        limit = HOLD_SHARE_IN_SUMMER if month in (6, 7, 8, 9) else HOLD_SHARE
        return self.ending >= HOLD_FROM and self.ending > limit * self.here

    @property
    def ending(self) -> int:
        """How many would stop learning here: those a full list does not name, and those the file gives such a day."""
        rows = self.rows[PUPILS]
        return len(self.leaving) + sum(row.action == CHANGE and _ends_learning(row.changes) for row in rows)

    def summary(self, month: int) -> dict[str, Any]:
        """The counts a page and REST show; JSON-plain."""
        wrong = [one for row in self.all_rows() if row.action == WAIT for one in row.mistakes]
        counts: dict[str, Any] = {kind: _counts(self.rows[kind]) for kind in KINDS}
        counts |= {
            "rows": len(self.all_rows()),
            "leaving": len(self.leaving),
            "ending": self.ending,
            "here": self.here,
            "made_classes": len(self.made_classes),
            "mistakes": sum(one.severity == "mistake" for one in wrong),
            "suggestions": sum(one.severity == "mistake" and one.suggestion is not None for one in wrong),
            "warnings": len(self.mistakes("warning")),
            "doubtful": self.is_doubtful(month),
            "sheets": self.sheets,
            "said": self.said,
        }
        counts |= {key: sum(counts[kind][key] for kind in KINDS) for key in ("new", "changed", "same", "waiting")}
        return counts | {"staff": self._staff_counts()}

    def _staff_counts(self) -> dict[str, int]:
        if self.staff is None:
            return {}
        rows = self.staff.rows
        wrong = [one for row in rows if row.action == WAIT for one in row.mistakes if one.severity == "mistake"]
        return {**_counts(rows), "rows": len(rows), "mistakes": len(wrong)}


def _ends_learning(changes: dict[str, list[Any]]) -> bool:
    """Whether a pupil would get a day of leaving, an earlier one, or a later day of coming."""
    was, leaves = changes.get("left_on", [None, None])
    came, comes = changes.get("enrolled_on", [None, None])
    return bool((leaves and (not was or leaves < was)) or (comes and came and comes > came))


def _counts(rows: Any) -> dict[str, int]:
    found = Counter(row.action for row in rows)
    return {"new": found[NEW], "changed": found[CHANGE], "same": found[SAME], "waiting": found[WAIT]}
