"""What a roster's upload, a form of many rows or a rollover wrote: enough to take it back, JSON-plain."""

from dataclasses import dataclass, field
from typing import Any

Changed = list[tuple[int, int, dict[str, Any]]]  # (id, version after, old values)


@dataclass
class Written:
    """Rows made and rows changed, table by table; links carry the moment of writing in place of a version."""

    made_at: str = ""
    made_classes: list[int] = field(default_factory=list)
    classes: Changed = field(default_factory=list)
    teachers: dict[str, list[int]] = field(default_factory=dict)  # class id → those who led it before
    made_pupils: list[int] = field(default_factory=list)
    pupils: Changed = field(default_factory=list)
    made_guardians: list[int] = field(default_factory=list)
    guardians: Changed = field(default_factory=list)
    made_links: list[int] = field(default_factory=list)
    links: list[tuple[int, dict[str, Any]]] = field(default_factory=list)  # (id, old values)
    staff: dict[str, Any] | None = None
