"""A book of records + what the school has → the plan of the whole upload (pure)."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import replace

from staff.imports.plan import CHANGE, NEW
from staff.imports.plan import Plan as StaffPlan
from staff.imports.roster import Person
from staff.imports.ticks import Tick, unheard
from staff.rosters.kinds import CLASSES, GUARDIANS, PUPILS, STAFF
from staff.rosters.plan import Plan
from staff.rosters.plan.children import Children
from staff.rosters.plan.classes import ClassPlanner, Teachers
from staff.rosters.plan.guardians import GuardianPlanner
from staff.rosters.plan.pupils import PupilPlanner
from staff.rosters.present import Present, id_of_key
from staff.rosters.records import Book


def make_plan(
    book: Book,
    present: Present,
    *,
    today: datetime.date,
    staff: Sequence[Person] = (),
    staff_plan: StaffPlan | None = None,
    full: bool = False,
    tick: Tick = unheard,
) -> Plan:
    """Return what an upload would do; with `full` the pupils whom the file does not name are proposed as left.

    `staff` are those who may lead a class; `staff_plan` is that of the sheet «Сотрудники», whose new people may too.
    """
    plan = Plan(year=present.year, stamp=present.stamp, staff=staff_plan, said=list(book.said))
    plan.sheets = [each.facts for each in book.readings]
    if staff_plan is not None:
        plan.sheets.append(_staff_facts(book))
    newcomers = [(row.row, row.values) for row in staff_plan.rows if row.action == NEW] if staff_plan else []
    teachers = Teachers.of(staff, newcomers, lambda key: id_of_key("staff", key))
    classes = ClassPlanner(present.year, present.classes, teachers, lambda key: id_of_key("class", key))
    plan.rows[CLASSES] = classes.plan(book.records(CLASSES))
    total = sum(len(each.records) for each in book.readings)
    tick(len(plan.rows[CLASSES]), total)
    pupils = PupilPlanner(present.pupils, lambda key: id_of_key("pupil", key))
    plan.rows[PUPILS] = pupils.plan(book.records(PUPILS))
    tick(len(plan.rows[CLASSES]) + len(plan.rows[PUPILS]), total)
    plan.made_classes = _made_classes(plan, classes.names)
    if full and any(each.kind.key == PUPILS for each in book.readings):
        plan.leaving = pupils.leaving()
    stay = without(present.pupils, {pk for pk, _ in plan.leaving})
    children = Children.of(stay, plan.rows[PUPILS], lambda key: id_of_key("pupil", key))
    guardians = GuardianPlanner(
        present.guardians, present.links, children, lambda key: id_of_key("guardian", key), today
    )
    plan.rows[GUARDIANS] = guardians.plan(book.records(GUARDIANS))
    plan.here = sum(one.values["left_on"] is None for one in present.pupils)
    return plan


def without(people: Sequence[Person], ids: Collection[int]) -> list[Person]:
    """The pupils as they will be when some of them have left."""
    return [replace(one, works=False) if one.id in ids else one for one in people]


def _staff_facts(book: Book) -> dict[str, object]:
    number, sheet = book.staff[0]
    return {"number": number, "name": sheet.name, "kind": STAFF, "columns": [], "unknown": [], "rows": len(sheet.rows)}


def _made_classes(plan: Plan, there: set[str]) -> list[str]:
    """Classes that only pupils name: they come into being with them."""
    found: set[str] = set()
    for row in plan.rows[PUPILS]:
        name = ""
        if row.action == NEW:
            name = row.values.get("school_class", "")
        elif row.action == CHANGE and "school_class" in row.changes:
            name = row.changes["school_class"][1]
        if name and name not in there:
            found.add(name)
    return sorted(found, key=lambda name: (int("".join(filter(str.isdigit, name[:2])) or 0), name))
