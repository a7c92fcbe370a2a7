"""Generated schools with classes, families and teachers, and the sheets of them that a school may send."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from schools.models import Guardian, Guardianship, Pupil, School, SchoolClass
from schools.sheets import Sheet
from staff.models import ClassTeacher, StaffMember
from staff.rosters.columns.cleaners import KIND_TITLES
from staff.rosters.kinds import CLASSES, COLUMN_OF, GUARDIANS, KIND_BY_KEY, PUPILS
from staff.rosters.present import row_key
from tests.staff.roster_books import year
from tests.staff.rosters import mostly
from tests.staff.uploads import SNILS, person

LAST, ODD_LAST = ("Мороз", "Мороз", "Рябова", "д’Артаньян"), ("МОРОЗ", "Рябoв", "О")
FIRST, ODD_FIRST = ("Лев", "Лев", "Алёна"), ("лев", "Анна  Мария", "Я")
PATRONYMIC, ODD_PATRONYMIC = ("", "", "Олегович", "Ильинична", "Ильична"), ("нет", "-", "ОЛЕГОВИЧ")
NAMES = ("1А", "4А", "5А", "5Б", "9А", "10-1", "11К")
SPELT = (*NAMES, "5 а", "5-А", "5 «Б» класс", "11K", "1.а", "10/1")
PHONES, ODD_PHONES = ("", "+79000000101", "+79000000102"), ("+7900", "нет")
EMAILS, ODD_EMAILS = ("", "moroz@mail.example"), ("MOROZ@mail.example", "мороз@почта")
NUMBERS = ("", "", "К-1", "К-2", "007")
TEACHERS = ("Каренина Ольга Семёновна", "Зимин Олег Ильич")
BIRTHS = st.one_of(
    st.none(), st.just(datetime.date(2015, 9, 5)), st.dates(datetime.date(2009, 1, 1), datetime.date(2019, 12, 31))
)
CAME = st.one_of(st.none(), st.dates(datetime.date(2024, 9, 1), datetime.date(2027, 9, 1)))
ANSWERED = st.one_of(st.none(), st.dates(datetime.date(2026, 9, 1), datetime.date(2026, 9, 30)))


# What a school has


@st.composite
def pupils(draw: st.DrawFn) -> dict[str, Any]:
    """A pupil as an administrator, a program or an old version may have left one."""
    came, left = draw(CAME), draw(st.one_of(st.none(), st.none(), CAME))
    if came and left and left < came:
        came, left = left, came
    patronymic = draw(mostly(PATRONYMIC, ODD_PATRONYMIC))
    return {
        "last_name": draw(mostly(LAST, ODD_LAST)),
        "first_name": draw(mostly(FIRST, ODD_FIRST)),
        "patronymic": patronymic,
        "no_patronymic": not patronymic and draw(st.booleans()),
        "class": draw(st.integers(-1, 4)),
        "born_on": draw(BIRTHS),
        "phone": draw(mostly(PHONES, ODD_PHONES)),
        "enrolled_on": came,
        "left_on": left,
    }


@st.composite
def adults(draw: st.DrawFn) -> dict[str, Any]:
    """A representative: children by place in the list, each with the kind and the answers."""
    links = st.tuples(
        st.integers(0, 4), st.sampled_from(sorted(KIND_TITLES)), ANSWERED, ANSWERED, st.sampled_from("rd-")
    )
    return {
        "last_name": draw(mostly(LAST, ODD_LAST)),
        "first_name": draw(mostly(FIRST, ODD_FIRST)),
        "patronymic": draw(mostly(PATRONYMIC, ODD_PATRONYMIC)),
        "phone": draw(mostly(PHONES, ODD_PHONES)),
        "email": draw(mostly(EMAILS, ODD_EMAILS)),
        "links": draw(st.lists(links, min_size=1, max_size=3, unique_by=lambda link: link[0])),
    }


@dataclass
class Town:
    """The facts of a school, not saved yet; СНИЛС go to pupils and representatives in turn, '' to some."""

    classes: list[tuple[str, int | None, int]]  # name, declared pupils, how many teachers lead it
    pupils: list[dict[str, Any]]
    adults: list[dict[str, Any]]
    snils: list[str]
    numbers: list[str]  # of personal files


CLASS = st.tuples(st.sampled_from(NAMES), st.sampled_from((None, 27)), st.integers(0, 2))
towns = st.builds(
    Town,
    classes=st.lists(CLASS, max_size=5, unique_by=lambda one: one[0]),
    pupils=st.lists(pupils(), max_size=5),
    adults=st.lists(adults(), max_size=3),
    snils=st.permutations([*SNILS, *[""] * 3]),
    numbers=st.permutations(NUMBERS),
)


@dataclass
class Saved:
    """A school as saved: its classes, pupils and representatives in the order of its town."""

    teachers: list[StaffMember] = field(default_factory=list)
    classes: list[SchoolClass] = field(default_factory=list)
    pupils: list[Pupil] = field(default_factory=list)
    adults: list[Guardian] = field(default_factory=list)


def save(school: School, town: Town) -> Saved:
    """Write a town into a school."""
    saved = Saved(teachers=[person(school, *name.split()) for name in TEACHERS])
    for name, declared, led in town.classes:
        grade = int(name.split("-")[0].rstrip("АБК"))
        made = SchoolClass.objects.create(
            school=school, year=year(), grade=grade, letter=name.removeprefix(str(grade)), declared_pupils=declared
        )
        saved.classes.append(made)
        for teacher in saved.teachers[:led]:
            ClassTeacher.objects.create(staff=teacher, school_class=made)
    snils = iter(town.snils)
    for facts, number in zip(town.pupils, town.numbers, strict=False):
        facts = facts | {"snils": next(snils), "external_id": number}
        place = facts.pop("class")
        school_class = saved.classes[place] if 0 <= place < len(saved.classes) else None
        saved.pupils.append(Pupil.objects.create(school=school, school_class=school_class, **facts))
    for facts in town.adults:
        facts = facts | {"snils": next(snils)}
        links = facts.pop("links")
        saved.adults.append(Guardian.objects.create(school=school, **facts))
        for place, kind, invited, answered, what in links:
            if place < len(saved.pupils):
                answers = {"r": {"registered_on": answered}, "d": {"declined_on": answered}}.get(what, {})
                Guardianship.objects.create(
                    pupil=saved.pupils[place], guardian=saved.adults[-1], kind=kind, invited_on=invited, **answers
                )
    return saved


# What it sends


CELLS: dict[str, dict[str, st.SearchStrategy[str]]] = {
    CLASSES: {
        "class_name": mostly(SPELT, ("все", "")),
        "teachers": mostly(("", *TEACHERS, "Каренина О. С.", "; ".join(TEACHERS)), ("Рябов Пётр",)),
        "declared_pupils": mostly(("", "27", "30"), ("много",)),
    },
    PUPILS: {
        "last_name": mostly(LAST, ODD_LAST),
        "first_name": mostly(FIRST, ODD_FIRST),
        "patronymic": mostly((*PATRONYMIC, "нет по документам"), ODD_PATRONYMIC),
        "school_class": mostly(SPELT, ("все", "")),
        "born_on": mostly(("", "05.09.2015", "5 мая 2014 г."), ("31.02.2015", "05.09.1915")),
        "snils": st.sampled_from(("", "", *SNILS)),
        "phone": mostly(("", "8 900 000-01-01"), ("12",)),
        "external_id": st.sampled_from(NUMBERS),
        "enrolled_on": st.sampled_from(("", "01.09.2025", "01.09.2027")),
        "left_on": st.sampled_from(("", "", "", "01.10.2026", "01.06.2027")),
    },
    GUARDIANS: {
        "last_name": mostly(LAST, ODD_LAST),
        "first_name": mostly(FIRST, ODD_FIRST),
        "patronymic": mostly((*PATRONYMIC, "нет по документам"), ODD_PATRONYMIC),
        "kind": mostly(("мать", "отец", "опекун"), ("родитель", "")),
        "pupil": mostly(tuple("01234567"), ("Никто",)),  # a child of the school or of the file, by place
        "pupil_class": mostly(("=",), ("", "5А", "все")),  # «=»: that child's own
        "phone": mostly(("", "8 900 000-01-02"), ("12",)),
        "email": mostly(EMAILS, ODD_EMAILS),
        "snils": st.sampled_from(("", "", *SNILS)),
        "registered_on": mostly(("", "да", "нет", "05.09.2026"), ("потом",)),
        "declined_on": st.sampled_from(("", "", "да")),
    },
}  # fmt: skip
_NEEDED = {
    CLASSES: ("class_name", "teachers"),
    PUPILS: ("last_name", "first_name", "school_class"),
    GUARDIANS: ("last_name", "first_name", "kind", "pupil", "pupil_class"),
}


@dataclass(frozen=True)
class Table:
    """A generated sheet: texts by column, and for some rows the place of a known person, whose hidden key it bears."""

    kind: str
    keys: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    places: tuple[int | None, ...]


@st.composite
def tables(draw: st.DrawFn, kind: str, most: int = 6) -> Table:
    """A sheet of a kind, with some of its columns in some order."""
    cells, needed = CELLS[kind], _NEEDED[kind]
    more = draw(st.lists(st.sampled_from(sorted(set(cells) - set(needed))), unique=True))
    keys = tuple(draw(st.permutations([*needed, *more])))
    rows = draw(st.lists(st.tuples(*(cells[key] for key in keys)), min_size=1, max_size=most))
    keyed = draw(st.booleans())
    places = draw(st.permutations([*range(5), *[None] * 6]))[: len(rows)] if keyed else [None] * len(rows)
    return Table(kind, keys, tuple(rows), tuple(places))


books = st.tuples(
    st.none() | tables(CLASSES, most=4), tables(PUPILS), st.none() | tables(GUARDIANS)
).map(lambda found: [table for table in found if table])  # fmt: skip


def sheets_of(book: Sequence[Table], saved: Saved) -> list[Sheet]:
    """The tables as the reader of files gives them."""
    known: dict[str, tuple[str, Sequence[Any]]] = {
        CLASSES: ("class", saved.classes), PUPILS: ("pupil", saved.pupils), GUARDIANS: ("guardian", saved.adults),
    }  # fmt: skip
    children = [(one.full_name, str(one.school_class or "")) for one in saved.pupils]
    children += [child for table in book if table.kind == PUPILS for child in _children(table)]
    sheets = []
    for table in book:
        what, people = known[table.kind]
        hidden = [
            row_key(what, people[place].pk) if place is not None and place < len(people) else ""
            for place in table.places
        ]
        heads = [COLUMN_OF[table.kind][key].header for key in ("row_key", *table.keys)]
        texts = [_named(table, row, children) if table.kind == GUARDIANS else row for row in table.rows]
        rows = [heads, *([key, *row] for key, row in zip(hidden, texts, strict=True))]
        sheets.append(Sheet(KIND_BY_KEY[table.kind].title, False, 1, 0, rows))
    return sheets


def _children(table: Table) -> list[tuple[str, str]]:
    """(ФИО, class) of each row of a sheet of pupils."""
    rows = [dict(zip(table.keys, row, strict=True)) for row in table.rows]
    names = ("last_name", "first_name", "patronymic")
    return [(" ".join(filter(None, map(row.get, names))), row["school_class"]) for row in rows]  # type: ignore[arg-type]


def _named(table: Table, row: tuple[str, ...], children: Sequence[tuple[str, str]]) -> list[str]:
    """A row of representatives with its child's name and class in place of their marks."""
    cells = dict(zip(table.keys, row, strict=True))
    if cells["pupil"].isdecimal() and children:
        cells["pupil"], own = children[int(cells["pupil"]) % len(children)]
        cells["pupil_class"] = cells["pupil_class"].replace("=", own)
    return [cells[key] for key in table.keys]
