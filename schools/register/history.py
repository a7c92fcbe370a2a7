"""The history of schools' cards: what became of a field, why, from which list."""

from collections.abc import Iterator, Mapping
from typing import Any

from schools.models import Reconciliation, SchoolChange, User

LONGEST, LONGEST_REASON = 500, 300


def changes_of(
    school_id: int,
    changes: Mapping[str, tuple[Any, Any]],
    *,
    by: User | None,
    reason: str,
    reconciliation: Reconciliation | None = None,
) -> Iterator[SchoolChange]:
    """Rows of history, not yet saved, for fields that changed: {field: (old, new)}."""
    for field, (old, new) in changes.items():
        yield SchoolChange(
            school_id=school_id,
            field=field,
            old=_text(old),
            new=_text(new),
            reason=reason[:LONGEST_REASON],
            changed_by=by,
            reconciliation=reconciliation,
        )


def _text(value: Any) -> str:
    return "" if value is None else str(value)[:LONGEST]
