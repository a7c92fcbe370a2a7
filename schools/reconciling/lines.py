"""The lines of a reconciliation: one a row of the list, one a school of ours that no row is; kinds and bytes (pure)."""

import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Kind:
    """What a line says; `in_bulk` tells whether many may be settled by one decision."""

    key: str
    title: str
    plural: str
    why: str
    glyph: str
    in_bulk: bool = False


KINDS = (
    Kind("differs", "отличаются поля", "Отличаются поля", "Школа та же, в перечне другие сведения", "pencil", True),
    Kind("renamed", "переименована", "Переименованы", "Коды те же, номер или вид другой", "pencil", True),
    Kind("closed", "закрыта", "Закрыты", "В перечне школа закрыта или снова работает", "dash"),
    Kind("doubtful", "сомнительно", "Сомнительные", "Похожа на нашу школу, но не наверняка", "warning"),
    Kind("theirs", "только в перечне", "Только в перечне", "У нас такой школы нет", "plus", True),
    Kind("ours", "только у нас", "Только у нас", "В перечне этой школы нет", "todo", True),
    Kind("wrong", "ошибка в строке", "Ошибки в строках", "Неверен код или другая ячейка", "mistake", True),
    Kind("duplicate", "дубль в перечне", "Дубли в перечне", "Та же школа названа второй раз", "equal"),
    Kind("same", "совпало", "Совпали", "Всё, что есть в перечне, такое же у нас", "done"),
)  # fmt: skip
KIND_BY_KEY = {kind.key: kind for kind in KINDS}
SETTLED_ALONE = frozenset({"same", "duplicate"})


@dataclass(slots=True)
class Line:
    """A row of the list («r14») or a school of ours that no row is («s345»), with everything a page shows of it.

    `values` are theirs, `ours` is our card, both JSON-plain. `diffs` is field → [ours, theirs]. `wrong` lists problems
    as [cell, key, message, severity]; `candidates` and `hint` are what a person may choose: [school, title, reason]
    each, and [what happened, key of the other line or «s» and a school, its title, reason].
    """

    key: str
    kind: str
    title: str
    row: int = 0
    territory: str = ""
    school: int = 0
    our_title: str = ""
    confidence: str = ""
    reason: str = ""
    twin: int = 0
    is_branch: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    ours: dict[str, Any] = field(default_factory=dict)
    diffs: dict[str, list[Any]] = field(default_factory=dict)
    wrong: list[list[str]] = field(default_factory=list)
    candidates: list[list[Any]] = field(default_factory=list)
    hint: list[str] = field(default_factory=list)

    @property
    def mistakes(self) -> list[list[str]]:
        """Problems that no decision gets round."""
        return [one for one in self.wrong if one[3] == "mistake"]

    @property
    def is_foreign(self) -> bool:
        """Whether the row is of another region, or of none we know: it can only be left out."""
        return any(one[1] in {"region", "region_code"} for one in self.mistakes)


def plain(value: Any) -> Any:
    """A value as JSON has it: dates in ISO, sets as sorted lists."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def pack(lines: Iterable[Line]) -> bytes:
    """Lines as bytes: JSON, compressed; what is empty is left out."""
    rows = [{key: value for key, value in asdict(line).items() if value} for line in lines]
    return zlib.compress(orjson.dumps(rows), 1)


def unpack(data: bytes | memoryview | None) -> list[Line]:
    """The lines behind `pack`'s bytes; none for nothing."""
    if not data:
        return []
    return [Line(**row) for row in orjson.loads(zlib.decompress(bytes(data)))]
