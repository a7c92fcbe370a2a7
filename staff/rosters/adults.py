"""Representatives given one by one, by a form or by REST: their own fields, and whose they are and answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from schools.codes import Problem
from schools.jobs import tell_changed
from schools.models import Guardian, Guardianship, Pupil, School, User
from staff.imports.plan import CHANGE, NEW, SAME, WAIT
from staff.rosters.applying import write_plan
from staff.rosters.changing import STALE, Given, Result, ids_of, plan_rows, records_of, stale_rows
from staff.rosters.columns.guardians import BOTH_ANSWERS, answers_both
from staff.rosters.columns.people import clean_cells
from staff.rosters.kinds import COLUMN_OF, GUARDIANS
from staff.rosters.plan import Plan
from staff.rosters.plan.guardians import link_changes
from staff.rosters.plan.rows import changes_of
from staff.rosters.present import GUARDIAN_FIELDS, LINK_FIELDS
from staff.rosters.records import Record
from staff.rosters.writing import RosterWriter

Problems = list[tuple[str, str, str | None]]
_CLEANERS = {key: COLUMN_OF[GUARDIANS][key].cleaner for key in LINK_FIELDS}


@dataclass(frozen=True, slots=True)
class GivenLink:
    """A pupil whose representative it is, with the cells of the answers; or no longer one."""

    pupil: int
    texts: Mapping[str, str] = field(default_factory=dict)
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class GivenAdult:
    """A representative: own cells by key, pupils; `id` and `version` of a known one."""

    texts: Mapping[str, str]
    links: Sequence[GivenLink] = ()
    id: int | None = None
    version: int | None = None


@transaction.atomic
def save_adults(*, school: School, year: int, rows: Sequence[GivenAdult], by: User) -> list[Result]:
    """Write representatives with their links: every right row, in one act; a row goes in whole or not at all."""
    locked = School.objects.select_for_update().get(pk=school.pk)
    known = {number: row for number, row in enumerate(rows) if row.id is not None}
    fresh = {number: row for number, row in enumerate(rows) if row.id is None}
    done = _save_known(locked, known) | _save_fresh(locked, year, fresh)
    tell_changed(locked.pk)
    return [done[number] for number in range(len(rows))]


def save_link(*, pupil: Pupil, guardian: Guardian, texts: Mapping[str, str], by: User) -> Result:
    """Make a known representative one of a pupil, or change what they are and answered."""
    row = GivenAdult({}, [GivenLink(pupil.pk, texts)], guardian.pk)
    return save_adults(school=pupil.school, year=0, rows=[row], by=by)[0]


# Known ones


@dataclass(slots=True)
class _Checked:
    """What a row of a known representative would write, and what is wrong with it."""

    own: dict[str, Any] = field(default_factory=dict)
    made: list[tuple[int, int, dict[str, Any]]] = field(default_factory=list)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    removed: list[int] = field(default_factory=list)
    problems: Problems = field(default_factory=list)

    @property
    def action(self) -> str:
        """What becomes of the row."""
        if self.problems:
            return WAIT
        return CHANGE if self.own or self.made or self.changed or self.removed else SAME


def _save_known(school: School, rows: Mapping[int, GivenAdult]) -> dict[int, Result]:
    """Four queries to read, whatever the number of rows, and as few to write."""
    if not rows:
        return {}
    listed = [Given(row.texts, row.id, row.version) for row in rows.values()]
    stale = {list(rows)[place] for place in stale_rows(GUARDIANS, listed)}
    ids = [row.id for row in rows.values() if row.id is not None]
    stored = {one.pop("pk"): one for one in Guardian.objects.filter(pk__in=ids).values("pk", *GUARDIAN_FIELDS)}
    links = {(one.guardian_id, one.pupil_id): one for one in Guardianship.objects.filter(guardian__in=ids)}
    checked = {
        number: _check(row, record, stored[row.id or 0], links)
        for (number, row), record in zip(rows.items(), records_of(GUARDIANS, listed), strict=True)
    }
    for number in stale:
        checked[number] = _Checked(problems=[("", STALE, None)])
    _write([(rows[number].id or 0, each) for number, each in checked.items() if not each.problems], school)
    return {
        number: Result(each.action, rows[number].id, each.problems, is_stale=number in stale)
        for number, each in checked.items()
    }


def _check(
    row: GivenAdult, record: Record, stored: Mapping[str, Any], links: Mapping[tuple[int, int], Guardianship]
) -> _Checked:
    found = _Checked()
    found.problems = [
        (one.key, one.message, one.suggestion)
        for one in record.mistakes
        if one.severity == "mistake" and one.key not in LINK_FIELDS
    ]
    found.own = {key: new for key, (_, new) in changes_of(GUARDIAN_FIELDS, stored, record).items()}
    for given in row.links:
        _check_link(found, row.id or 0, given, links.get((row.id or 0, given.pupil)))
    return found


def _check_link(found: _Checked, guardian: int, given: GivenLink, link: Guardianship | None) -> None:
    if given.is_removed:
        found.removed += [link.pk] if link else []
        return
    values: dict[str, Any] = {}
    problems: list[tuple[str, Problem]] = []
    clean_cells(given.texts, _CLEANERS, values, problems)
    wrong: Problems = [(key, one.message, one.suggestion) for key, one in problems if one.severity == "mistake"]
    if link is None and not values.get("kind"):
        wrong.append(("kind", "Выберите, кем приходится ребёнку", None))
    if answers_both(values):
        wrong.append(("declined_on", BOTH_ANSWERS, None))
    old = {key: getattr(link, key) for key in LINK_FIELDS} if link else {"kind": ""}
    changes = {key: new for key, (_, new) in link_changes(old, values, timezone.localdate()).items()}
    found.problems += wrong
    if link is None:
        found.made.append((given.pupil, guardian, changes))
    elif changes:
        found.changed[link.pk] = changes


def _write(rows: Sequence[tuple[int, _Checked]], school: School) -> None:
    writer = RosterWriter(school, 0)
    writer.change_guardians({pk: each.own for pk, each in rows if each.own})
    writer.make_links([link for _, each in rows for link in each.made])
    writer.change_links({pk: new for _, each in rows for pk, new in each.changed.items()})
    gone = [pk for _, each in rows for pk in each.removed]
    if gone:
        Guardianship.objects.filter(pk__in=gone).delete()


# New ones


def _save_fresh(school: School, year: int, rows: Mapping[int, GivenAdult]) -> dict[int, Result]:
    """New representatives, each with at least one pupil; one the school knows already gains the pupil instead."""
    refused: dict[int, Problems] = {}
    while True:
        asked = {number: row for number, row in rows.items() if number not in refused}
        plan, owners = _plan(school, year, asked)
        wrong: dict[int, Problems] = {}
        for planned in plan.rows[GUARDIANS]:
            if planned.action == WAIT:
                told = [(one.key, one.message, one.suggestion) for one in planned.mistakes if one.severity == "mistake"]
                wrong.setdefault(owners[planned.row], []).extend(told)
        if not wrong:
            break
        refused |= wrong
    today = timezone.localdate()
    written = write_plan(school, plan, today=today, left_on=today)
    ids = ids_of(GUARDIANS, plan, written)
    done = {number: Result(WAIT, None, list(dict.fromkeys(problems))) for number, problems in refused.items()}
    made = set(written.made_guardians)
    for planned in plan.rows[GUARDIANS]:
        pk = ids[planned.row]
        action = NEW if pk in made else CHANGE if planned.action in (NEW, CHANGE) else SAME
        done.setdefault(owners[planned.row], Result(action, pk))
    return done


def _plan(school: School, year: int, rows: Mapping[int, GivenAdult]) -> tuple[Plan, dict[int, int]]:
    """The plan of a record for every pupil of every row, and whose record each is."""
    given = [
        (number, Given({**row.texts, **link.texts}, pupil=link.pupil, group=f"g{number}"))
        for number, row in rows.items()
        for link in row.links
        if not link.is_removed
    ]
    records = records_of(GUARDIANS, [each for _, each in given])
    owners = {place: number for place, (number, _) in enumerate(given, start=1)}
    return plan_rows(school, year, GUARDIANS, records), owners
