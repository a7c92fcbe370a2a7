"""Writing decisions: cards, new schools, closings, successions, history, and which schools are reconciled now."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from schools.codes import fold
from schools.models import Municipality, Reconciliation, School, SchoolChange, Succession, User
from schools.models.places import name_key
from schools.reconciling.board import ADD, CLOSE, EXPLAIN, FIELDS, LINK, MERGE, SUCCEED, TAKE, Board
from schools.reconciling.lines import Line
from schools.reconciling.plan import card_of
from schools.register.apply import DECLARED, heads_of, last_declaration, municipality_kind, new_codes, new_school
from schools.register.history import changes_of
from schools.register.plan import NEW, PLAIN_FIELDS, RegisterRow, codes_elsewhere, unique_codes

AT_ONCE = 500
_DATES = frozenset({"opened_on", "closed_on"})
_WRITTEN = (*PLAIN_FIELDS, "municipality", "name_key", "declared_on", "updated_at")
_CODES = frozenset({"inn", "kpp", "ogrn", "closed_on"})
CHANGED_MEANWHILE = "карточку изменили, пока перечень ждал: сверьте строку ещё раз"
CODES_TAKEN = "такие ИНН и КПП или ОГРН уже есть у другой школы: проверьте коды"
CLOSED_TOO_EARLY = "закрыта раньше, чем открыта: проверьте даты"


@dataclass(slots=True)
class Step:
    """What one line does: changes of a card ({field: (old, new)}), a new school, successions."""

    line: Line
    reason: str
    school: School | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    fresh: School | None = None
    row: RegisterRow | None = None
    kind: str = ""
    predecessors: list[int] = field(default_factory=list)
    into: int = 0
    on: str = ""


class Writer:
    """Everything a reconciliation does to its region, inside the caller's transaction."""

    def __init__(self, reconciliation: Reconciliation, board: Board, by: User | None) -> None:
        self.reconciliation = reconciliation
        self.region = reconciliation.region
        self.board = board
        self.by = by
        self.today = timezone.localdate()
        self.skipped: list[list[str]] = []  # [title, why]
        self.failed: set[str] = set()
        self.schools = {
            school.pk: school for school in School.objects.filter(region=self.region).select_related("municipality")
        }

    def write(self) -> dict[str, Any]:
        """Do it all; return what was done."""
        steps = [step for line in self.board.all() if (step := self._step(line)) is not None]
        steps = self._without_clashes([step for step in steps if self._is_possible(step)])
        places = self._territories(steps)
        self._change(steps, places)
        self._add(steps, places)
        self._succeed(steps)
        self._remember(steps)
        return self._told(steps) | self._reconcile(steps)

    # What each line asks for

    def _step(self, line: Line) -> Step | None:
        decision = self.board.decisions.get(line.key)
        if decision is None:
            return None
        step = Step(line, str(decision.get("reason", "")), on=str(decision.get("on", "")))
        do = decision["do"]
        if do in {FIELDS, LINK}:
            step.school = self.schools.get(self.board.school_of(line))
            step.changes = {
                key: (old, new)
                for key, (old, new) in self.board.diffs(line).items()
                if decision["fields"].get(key) == TAKE
            }
        elif do in {ADD, SUCCEED}:
            step.row = self._row(line)
            step.kind, step.predecessors = decision.get("kind", ""), list(decision.get("schools", ()))
        elif do in {CLOSE, MERGE}:
            step.school = self.schools.get(line.school)
            step.changes = {"closed_on": (None, decision["on"])}
            step.kind, step.into = decision.get("kind", ""), int(decision.get("school", 0))
        elif do == EXPLAIN:
            step.school = self.schools.get(line.school)
        return step

    def _row(self, line: Line) -> RegisterRow:
        values = {key: _typed(key, value) for key, value in line.values.items()}
        return RegisterRow(line.row, NEW, line.title, values, is_branch=line.is_branch)

    def _is_possible(self, step: Step) -> bool:
        """Whether our card is still as it was when the plan was made; a change that is already there is no change."""
        if step.row is not None:
            return True
        if step.school is None:
            return self._fail(step, CHANGED_MEANWHILE)
        card = card_of(step.school)
        step.changes = {key: pair for key, pair in step.changes.items() if (card[key] or None) != (pair[1] or None)}
        if any((card[key] or None) != (old or None) for key, (old, _) in step.changes.items()):
            return self._fail(step, CHANGED_MEANWHILE)
        after = card | {key: new for key, (_, new) in step.changes.items()}
        if after["opened_on"] and after["closed_on"] and after["closed_on"] < after["opened_on"]:
            return self._fail(step, CLOSED_TOO_EARLY)
        return True

    def _fail(self, step: Step, why: str) -> bool:
        self.skipped.append([step.line.title, why])
        self.failed.add(step.line.key)
        return False

    def _without_clashes(self, steps: list[Step]) -> list[Step]:
        """Leave out the steps that would give two schools one code, until none does."""
        elsewhere, _ = codes_elsewhere(self.region)
        while True:
            held = Counter(code for codes in self._codes_after(steps) for code in codes)
            held.update(dict.fromkeys(elsewhere, 1))
            clashing = [step for step in steps if any(held[code] > 1 for code in self._codes_of(step))]
            if not clashing:
                return steps
            for step in clashing:
                self._fail(step, CODES_TAKEN)
            steps = [step for step in steps if step.line.key not in self.failed]

    def _codes_after(self, steps: Iterable[Step]) -> Iterator[list[tuple[str, ...]]]:
        steps = list(steps)
        touched = {step.school.pk for step in steps if step.school and _CODES & step.changes.keys()}
        gone = {pk for step in steps if step.kind in {"renamed", "merged"} for pk in step.predecessors}
        for school in self.schools.values():
            if school.pk not in touched:
                facts = card_of(school) | ({"closed_on": "closed"} if school.pk in gone else {})
                yield unique_codes(facts, school.parent_id is not None)
        for step in steps:
            yield self._codes_of(step)

    def _codes_of(self, step: Step) -> list[tuple[str, ...]]:
        """The codes a step's school would hold; none for a step that touches no code."""
        if step.row is not None:
            return unique_codes(step.row.values, step.row.is_branch)
        if step.school is None or not _CODES & step.changes.keys():
            return []
        after = card_of(step.school) | {key: new for key, (_, new) in step.changes.items()}
        return unique_codes(after, step.school.parent_id is not None)

    # Writing

    def _territories(self, steps: Iterable[Step]) -> dict[str, Municipality]:
        """Our territories by folded name, with those made that the steps need and we do not have."""
        places = {one.name_key: one for one in Municipality.objects.filter(region=self.region, closed_on=None)}
        for step in steps:
            name = step.row.values.get("municipality") if step.row else step.changes.get("municipality", ("", ""))[1]
            if name and fold(name) not in places:
                made = Municipality(region=self.region, name=name, kind=municipality_kind(name))
                made.save()
                places[made.name_key] = made
        return places

    def _change(self, steps: Iterable[Step], places: Mapping[str, Municipality]) -> None:
        changed = [step for step in steps if step.school is not None and step.changes]
        for step in changed:
            assert step.school is not None
            _put(step.school, step.changes, places, self.today)
        coded = [step.school.pk for step in changed if step.school and _CODES & step.changes.keys()]
        for some in _batches(coded):
            School.objects.filter(pk__in=some).update(inn="", ogrn="")
        School.objects.bulk_update([step.school for step in changed if step.school], _WRITTEN, batch_size=AT_ONCE)

    def _add(self, steps: Iterable[Step], places: Mapping[str, Municipality]) -> None:
        """New schools, heads before branches; predecessors that end are closed first and leave their codes."""
        fresh = [step for step in steps if step.row is not None]
        self._close_predecessors(fresh)
        codes = new_codes(self.region, len(fresh))
        coded = list(zip(fresh, codes, strict=True))
        for is_branch in (False, True):
            some = [(step, code) for step, code in coded if _row_of(step).is_branch == is_branch]
            heads = heads_of(self.region, [_row_of(step) for step, _ in some])
            for step, code in some:
                step.fresh = new_school(self.region, _row_of(step), places, code, heads)
            School.objects.bulk_create([step.fresh for step, _ in some if step.fresh], batch_size=AT_ONCE)

    def _close_predecessors(self, fresh: Iterable[Step]) -> None:
        for step in fresh:
            for pk in step.predecessors if step.kind in {"renamed", "merged"} else ():
                school = self.schools[pk]
                if school.closed_on is None:
                    School.objects.filter(pk=pk).update(closed_on=step.on, updated_at=timezone.now())
                    self._note(pk, {"closed_on": (None, step.on)}, f"{step.line.title}: {_HAPPENED[step.kind]}")

    def _succeed(self, steps: Iterable[Step]) -> None:
        wanted = []
        for step in steps:
            if step.fresh is not None:
                wanted += [(pk, step.fresh.pk, step.kind, step.on) for pk in step.predecessors]
            elif step.into and step.school is not None:
                wanted.append((step.school.pk, step.into, step.kind, step.on))
        Succession.objects.bulk_create(
            (
                Succession(predecessor_id=one, successor_id=other, kind=kind, happened_on=day)
                for one, other, kind, day in wanted
            ),
            ignore_conflicts=True,
            batch_size=AT_ONCE,
        )

    # History

    def _remember(self, steps: Iterable[Step]) -> None:
        rows: list[SchoolChange] = []
        for step in steps:
            school = step.fresh or step.school
            if school is None:
                continue
            changes = {"full_name": ("", school.full_name)} if step.fresh else step.changes
            rows += changes_of(
                school.pk, changes, by=self.by, reason=self._why(step), reconciliation=self.reconciliation
            )
        SchoolChange.objects.bulk_create(rows, batch_size=AT_ONCE)

    def _why(self, step: Step) -> str:
        happened = _HAPPENED.get(step.kind, "добавлена" if step.fresh else "")
        told = [f"Сверка с перечнем «{self.reconciliation.file.shown_name}»", happened, step.reason]
        return ": ".join(part for part in told if part)

    def _note(self, school: int, changes: Mapping[str, tuple[Any, Any]], reason: str) -> None:
        rows = changes_of(school, changes, by=self.by, reason=reason, reconciliation=self.reconciliation)
        SchoolChange.objects.bulk_create(rows)

    # Who is reconciled

    def _reconcile(self, steps: list[Step]) -> dict[str, Any]:
        """Mark the schools about which nothing is open; those of the list about which something is lose the mark."""
        settled = self.board.settled_schools() - self._failed_schools()
        settled |= {step.fresh.pk for step in steps if step.fresh is not None}
        told = {self.board.school_of(line) for line in self.board.all()} - {0} - settled
        notes = {step.school.pk: step.reason for step in steps if step.school and self._is_explained(step)}
        self._write_notes(notes)
        for some in _batches(settled - notes.keys()):
            School.objects.filter(pk__in=some).update(reconciled_on=self.today, reconciled_note="")
        lost = 0
        for some in _batches(told):
            kept = School.objects.filter(pk__in=some, reconciled_on__isnull=False)
            lost += kept.update(reconciled_on=None, reconciled_note="")
        works = sum(School.objects.filter(pk__in=some).open().count() for some in _batches(settled))
        return {"settled": works, "idle": len(settled) - works, "lost": lost}

    def _failed_schools(self) -> set[int]:
        return {self.board.school_of(self.board.by_key[key]) for key in self.failed}

    def _is_explained(self, step: Step) -> bool:
        return self.board.decisions[step.line.key]["do"] == EXPLAIN

    def _write_notes(self, notes: Mapping[int, str]) -> None:
        changed = []
        for pk, note in notes.items():
            school = self.schools[pk]
            if school.reconciled_note != note:
                self._note(pk, {"reconciled_note": (school.reconciled_note, note)}, "Сверка реестра: чем объяснено")
            school.reconciled_on, school.reconciled_note = self.today, note
            changed.append(school)
        School.objects.bulk_update(changed, ["reconciled_on", "reconciled_note"], batch_size=AT_ONCE)

    def _told(self, steps: list[Step]) -> dict[str, Any]:
        changed = [step for step in steps if step.school is not None and step.changes]
        return {
            "changed": sum(not step.into and "closed_on" not in step.changes for step in changed),
            "fields": sum(len(step.changes) for step in changed),
            "closed": sum(bool(step.changes.get("closed_on", (None, None))[1]) for step in changed),
            "added": sum(step.fresh is not None for step in steps),
            "successions": sum(len(step.predecessors) + bool(step.into) for step in steps),
            "explained": sum(self._is_explained(step) for step in steps),
            "skipped": self.skipped[:200],
        }


_HAPPENED = {"renamed": "переименована", "merged": "присоединена", "split": "выделена"}


def _row_of(step: Step) -> RegisterRow:
    assert step.row is not None
    return step.row


def _typed(key: str, value: Any) -> Any:
    return datetime.date.fromisoformat(value) if key in _DATES and value else value


def _put(
    school: School, changes: Mapping[str, tuple[Any, Any]], places: Mapping[str, Municipality], today: datetime.date
) -> None:
    for key, (_, new) in changes.items():
        if key == "municipality":
            school.municipality = places[fold(new)]
        else:
            setattr(school, key, _typed(key, new))
    if DECLARED & changes.keys():
        school.declared_on = last_declaration(today)
    school.name_key = name_key(school.short_name, school.full_name)
    school.updated_at = timezone.now()


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
