"""Lines and what people decided about them: what is settled, what is open, whose row a school is (pure)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schools.codes import fold
from schools.reconciling.lines import KIND_BY_KEY, KINDS, SETTLED_ALONE, Line

FIELDS, LINK, ADD, SUCCEED, SKIP = "fields", "link", "add", "succeed", "skip"  # about a row of the list
EXPLAIN, CLOSE, MERGE = "explain", "close", "merge"  # about a school of ours that no row is
TAKE, KEEP = "take", "keep"
Decision = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines a person looks at: a kind or a mark, whether decided, words of the name, a territory."""

    kind: str = ""
    mark: str = ""  # hints · zeros · mistakes · doubtful
    state: str = ""  # open · settled
    words: str = ""
    territory: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many lines of a kind there are and how many wait for a decision."""

    total: int
    open: int


class Board:
    """A plan with its decisions."""

    def __init__(self, lines: Sequence[Line], decisions: dict[str, Any]) -> None:
        self.lines = {line.key: line for line in lines}
        self.rows = {line.school: line for line in lines if line.row and line.school}
        self.decisions = decisions
        self._refresh()

    def put(self, key: str, decision: Decision | None) -> None:
        """Keep a decision about a line, or take one back."""
        if decision is None:
            self.decisions.pop(key, None)
        else:
            self.decisions[key] = decision
        self._refresh()

    def _refresh(self) -> None:
        self.row_of = dict(self._rows_by_decision())
        self.by_key = self.lines | {line.key: line for line in self._freed()}

    def _rows_by_decision(self) -> Iterator[tuple[int, str]]:
        """School → key of the row that was said to be it, or to come after it."""
        for key, decision in self.decisions.items():
            if key in self.lines and decision["do"] == LINK:
                yield decision["school"], key
            if key in self.lines and decision["do"] == SUCCEED and decision["kind"] != "split":
                yield from ((school, key) for school in decision["schools"])

    def _freed(self) -> Iterator[Line]:
        """Schools whose row was said to be another school: they are only ours then."""
        for key, decision in self.decisions.items():
            line = self.lines.get(key)
            if line and line.row and line.school and decision["do"] not in {FIELDS} and not self._links(line, decision):
                yield Line(f"s{line.school}", "ours", line.our_title, territory=line.territory, school=line.school)

    @staticmethod
    def _links(line: Line, decision: Decision) -> bool:
        return bool(decision["do"] == LINK and decision["school"] == line.school)

    def holder(self, school: int) -> Line | None:
        """The row that is a school, by the match or by a decision."""
        if school in self.row_of:
            return self.lines[self.row_of[school]]
        line = self.rows.get(school)
        return line if line is not None and self.school_of(line) == school else None

    def all(self) -> Iterator[Line]:
        """Every line that stands: a school of ours that got a row stands in that row."""
        return (line for line in self.by_key.values() if line.row or line.school not in self.row_of)

    def diffs(self, line: Line) -> Mapping[str, Sequence[Any]]:
        """What differs between a row and the school it is, or was said to be."""
        decision = self.decisions.get(line.key, {})
        return decision["diffs"] if decision.get("do") == LINK else line.diffs

    def is_settled(self, line: Line) -> bool:
        """Whether nothing more is asked about a line."""
        if line.kind in SETTLED_ALONE:
            return True
        decision = self.decisions.get(line.key)
        if decision is None:
            return False
        return decision["do"] not in {FIELDS, LINK} or self.diffs(line).keys() <= decision["fields"].keys()

    def school_of(self, line: Line) -> int:
        """The school a line is about once the decisions are followed; 0 for none of ours."""
        decision = self.decisions.get(line.key, {"do": FIELDS})
        if decision["do"] == LINK:
            return int(decision["school"])
        return 0 if line.row and decision["do"] in {ADD, SKIP, SUCCEED} else line.school

    def settled_schools(self) -> set[int]:
        """Schools that are matched or explained, and about which nothing is open."""
        settled: set[int] = set(self.row_of)
        waiting: set[int] = set()
        for line in self.all():
            if line.kind != "duplicate":
                (settled if self.is_settled(line) else waiting).add(self.school_of(line))
        return settled - waiting - {0}

    def counts(self) -> dict[str, Count]:
        """Lines by kind."""
        total, waiting = Counter[str](), Counter[str]()
        for line in self.all():
            total[line.kind] += 1
            waiting[line.kind] += not self.is_settled(line)
        return {kind.key: Count(total[kind.key], waiting[kind.key]) for kind in KINDS}

    def marks(self) -> dict[str, int]:
        """Open and settled lines by mark."""
        found: Counter[str] = Counter()
        for line in self.all():
            found.update(marks_of(line))
        return dict(found)

    def found(self, wanted: Filter) -> list[Line]:
        """Lines that fit a filter: those that wait first, then in the order of the list."""
        fitting = [line for line in self.all() if self._fits(line, wanted)]
        return sorted(fitting, key=self.is_settled)

    def _fits(self, line: Line, wanted: Filter) -> bool:
        if wanted.kind and line.kind != wanted.kind:
            return False
        if wanted.mark and wanted.mark not in marks_of(line):
            return False
        if wanted.state == "open" and self.is_settled(line):
            return False
        if wanted.state == "settled" and not (line.key in self.decisions and self.is_settled(line)):
            return False
        if wanted.territory and fold(line.territory) != fold(wanted.territory):
            return False
        names = fold(f"{line.title} {line.our_title} {line.values.get('inn', '')} {line.values.get('ogrn', '')}")
        return all(word in names for word in fold(wanted.words).split())

    def territories(self) -> list[str]:
        """Territories that lines name, in the order of the alphabet."""
        return sorted({line.territory for line in self.all() if line.territory}, key=fold)

    def in_bulk(self, lines: Iterable[Line]) -> list[Line]:
        """Those of the lines that one decision may settle: open, not doubtful, with nothing a person should weigh."""
        return [line for line in lines if not self.is_settled(line) and _is_plain(line)]


def _is_plain(line: Line) -> bool:
    if not KIND_BY_KEY[line.kind].in_bulk or line.confidence == "doubtful":
        return False
    return not (line.hint and line.kind in {"theirs", "ours"})


def marks_of(line: Line) -> set[str]:
    """What is worth finding a line by, besides its kind."""
    marks = set()
    if line.hint:
        marks.add("hints")
    if any("вернули" in message for _, _, message, _ in line.wrong):
        marks.add("zeros")
    if line.mistakes:
        marks.add("mistakes")
    return marks
