"""What holds for any school and any workbook of classes and families: the plan is the effect, and all comes back.

Sheets are given as the reader of files gives them, without files and jobs: an example takes twenty milliseconds.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, assume, example, given, settings
from hypothesis import strategies as st

from schools.models import Pupil, School
from schools.values import clean_class_name
from staff.imports.plan import CHANGE, NEW, SAME, WAIT
from staff.imports.stored import pack, unpack
from staff.rosters import rollover
from staff.rosters.applying import write_plan
from staff.rosters.kinds import CLASSES, PUPILS
from staff.rosters.oneroster.writing import make_archive
from staff.rosters.plan import Plan
from staff.rosters.reading import read_roster
from staff.rosters.records import read_book
from staff.rosters.stored import pack_roster, unpack_roster
from staff.rosters.template import school_workbook
from staff.rosters.undo import undo
from staff.rosters.work import plan_of
from tests.conftest import Cast
from tests.staff.families import Saved, Table, Town, books, save, sheets_of, tables, towns
from tests.staff.roster_books import state, year
from tests.staff.rosters import forgotten

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(120)]
many = settings(
    deadline=None,
    max_examples=60,
    derandomize=True,  # one in a thousand workbooks contradicts itself in a new way: look for it with more, on purpose
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
few = settings(many, max_examples=20)


def planned(school: School, book: Sequence[Table], saved: Saved, *, full: bool = False) -> Plan:
    """What a workbook would do."""
    return plan_of(read_book(sheets_of(book, saved)), school, year(), full=full, fixes={})


def written(school: School, plan: Plan) -> dict[str, Any]:
    """Write a plan as it is kept between its page and its confirming; return what is kept for the undo."""
    today = timezone.localdate()
    stored = unpack_roster(pack_roster(plan))
    assert stored == plan
    return unpack(pack(vars(write_plan(school, stored, today=today, left_on=today))))


def does_nothing(plan: Plan) -> bool:
    """Whether a plan would write no row."""
    rows = [*plan.all_rows(), *(plan.staff.rows if plan.staff else ())]
    return not plan.leaving and all(row.action in {SAME, WAIT} for row in rows)


RENAMED = [  # 5А becomes 5Б, and a child brings a new 5А
    Table(CLASSES, ("class_name", "teachers"), (("5Б", ""),), (0,)),
    Table(PUPILS, ("last_name", "first_name", "school_class"), (("Мороз", "Лев", "5А"),), (None,)),
]


@many
@given(town=towns, book=books, full=st.booleans())
@example(town=Town([("5А", None, 0)], [], [], [], []), book=RENAMED, full=False)
def test_workbook_again_changes_nothing_and_undo_brings_all_back(
    cast: Cast, town: Town, book: list[Table], full: bool
) -> None:
    with forgotten():
        saved = save(cast.school, town)
        before = state(cast.school)
        plan = planned(cast.school, book, saved, full=full)

        kept = written(cast.school, plan)

        done = {(row.sheet, row.row) for row in plan.all_rows() if row.action != WAIT}  # one that waited may go in now
        again = planned(cast.school, book, saved, full=full)
        assert [row for row in again.all_rows() if (row.sheet, row.row) in done and row.action in {NEW, CHANGE}] == []
        assert undo(cast.school, year(), kept)["kept"] == {}
        assert state(cast.school) == before


def fates(plan: Plan, order: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """What becomes of each row of the sheet of pupils, by its place in the sheet before it was shuffled."""
    return {
        order[row.row - 2]: (row.action, row.id, row.values, row.changes, sorted({one.code for one in row.mistakes}))
        for row in plan.rows[PUPILS]
    }


KNOWN = {"last_name": "Мороз", "first_name": "Лев", "class": -1}
NAMESAKES = replace(RENAMED[1], rows=(("Мороз", "Лев", "5А"), ("Мороз", "Лев", "9А")), places=(None, None))


@many
@given(town=towns, table=tables(PUPILS, most=5), places_after=st.permutations(range(5)))
@example(town=Town([], [KNOWN], [], [""], [""]), table=NAMESAKES, places_after=[1, 0])
def test_order_of_pupils_means_nothing(cast: Cast, town: Town, table: Table, places_after: list[int]) -> None:
    order = [place for place in places_after if place < len(table.rows)]
    rows, places = tuple(table.rows[place] for place in order), tuple(table.places[place] for place in order)
    with forgotten():
        saved = save(cast.school, town)

        straight = planned(cast.school, [table], saved)
        shuffled = planned(cast.school, [replace(table, rows=rows, places=places)], saved)

    told = [one.code for plan in (straight, shuffled) for row in plan.all_rows() for one in row.mistakes]
    assume("twice" not in told)  # of two rows of one child the later one waits, whichever it is
    assert fates(straight, range(len(rows))) == fates(shuffled, order)
    assert straight.made_classes == shuffled.made_classes


@many
@given(town=towns)
def test_archive_comes_back_and_changes_nothing(cast: Cast, town: Town) -> None:
    with forgotten():
        save(cast.school, town)

        book = read_roster(make_archive(cast.school, year()), {}, year())

        assert does_nothing(plan_of(book, cast.school, year(), full=True, fixes={}))


@few
@given(town=towns)
def test_workbook_of_the_school_comes_back_and_changes_nothing(cast: Cast, town: Town) -> None:
    with forgotten():
        save(cast.school, town)

        book = read_roster(school_workbook(cast.school, year(), timezone.localdate()), {}, year())

        assert does_nothing(plan_of(book, cast.school, year(), full=True, fixes={}))


# Classes and years


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """A class and the way somebody spells it."""
    grade, letter = draw(st.integers(1, 12)), draw(st.sampled_from("АБВГДЕЖЗИКЛМНОПРСТУФХ"))
    drawn = draw(st.sampled_from([letter, letter.lower(), letter.translate(_LATIN), letter.translate(_LATIN).lower()]))
    gap, quotes = (
        draw(st.sampled_from(["", " ", "-", " - ", ".", "\u00a0", "–"])),
        draw(st.sampled_from(["{}", "«{}»", '"{}"', "'{}'"])),
    )
    around = draw(st.sampled_from(["{}", " {} ", "{} класс", "{} кл.", "класс {}", "{} КЛАСС"]))
    return f"{grade}{letter}", around.format(f"{grade}{gap}{quotes.format(drawn)}")


_LATIN = str.maketrans("АВСЕНКМОРТХУ", "ABCEHKMOPTXY")


@given(spelt=spellings())
def test_class_in_any_spelling_is_one_class(spelt: tuple[str, str]) -> None:
    name, text = spelt

    assert clean_class_name(text).value == name


@given(text=st.from_regex(r"(1[0-3]|[1-9])[ .-]{0,2}([абкАКakB]{1,2}|[/.-][1-9][0-9]?)?", fullmatch=True) | st.text())
def test_name_of_a_class_read_twice_is_read_once(text: str) -> None:
    once = clean_class_name(text)

    assert once.value == "" or clean_class_name(once.value).value == once.value


CHOICES = st.fixed_dictionaries(
    {"after": st.sampled_from(["move", "leave", "hold"])},
    optional={"primary": st.just("1"), "first": st.sampled_from(["1А", "1Б, 1А", ""])},
)


@many
@given(town=towns, choices=CHOICES)
def test_rollover_counts_everybody_and_comes_back(cast: Cast, town: Town, choices: dict[str, str]) -> None:
    with forgotten():
        saved = save(cast.school, town)
        before, today = state(cast.school), timezone.localdate()
        asked = {f"after-{one.pk}": choices["after"] for one in saved.classes}
        here = Pupil.objects.filter(school_class__in=saved.classes).learning(today).count()
        plan = rollover.plan_rollover(cast.school, year() + 1, choices | asked, today)
        assume(plan.is_right)

        done = rollover.roll_over(school=cast.school, plan=plan, by=cast.sveta, stamp=plan.stamp, sure=True)

        assert sum(done.summary[key] for key in ("moved", "left", "held")) == here
        assert Pupil.objects.filter(school_class__year=year() + 1).count() == done.summary["moved"]
        undone = rollover.take_back(done=done, by=cast.sveta)
        assert (undone.summary["undo"]["kept"], state(cast.school)) == ({}, before)
