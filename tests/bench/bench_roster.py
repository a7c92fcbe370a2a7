"""Roster of a large school, 3 000 pupils and 5 000 representatives: read → plan → apply against calamine + COPY + upsert."""

import gc
import io
import os
import time
from collections.abc import Callable, Sequence
from statistics import median

from django.db import connection
from python_calamine import CalamineWorkbook

from schools.codes import fold
from schools.models import Guardian, Guardianship, Pupil, Region, School, User
from schools.sealed import seal
from staff.models import ImportMode, RosterImport
from staff.rosters import services
from staff.tasks import run_roster_import
from tests.bench.footprint import footprint
from tests.bench.lines import line
from tests.bench.roster_book import families, workbook

GOAL = 3.0
YEAR = 2026
_PUPIL = "last_name, first_name, patronymic, class_name, born_on, snils, phone, external_id, enrolled_on, name_key"
_GUARDIAN = (
    "last_name, first_name, patronymic, kind, child, class_name, phone, email, invited_on, registered_on, name_key"
)
_KINDS = {"мать": "mother", "отец": "father"}


def floor(data: bytes, school: School) -> None:
    """The least work that makes the same rows: calamine, plain checks, COPY into temporary tables, set statements."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    pupils = _lines(book.get_sheet_by_index(0).to_python(), _pupil)
    guardians = _lines(book.get_sheet_by_index(1).to_python(), _guardian)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        _copy(cursor, "new_pupils", _PUPIL, pupils)
        _copy(cursor, "new_guardians", _GUARDIAN, guardians)
        for statement in _STATEMENTS:
            cursor.execute(statement, {"school": school.pk, "year": YEAR})
        cursor.execute("COMMIT")


def _lines(rows: Sequence[Sequence[object]], read: Callable[[list[str]], str | None]) -> str:
    return "\n".join(filter(None, (read([str(cell).strip() for cell in row]) for row in rows[1:]))) + "\n"


def _day(text: str) -> str:
    day, month, year = text.split(".")
    return f"{year}-{month}-{day}"


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _pupil(cells: list[str]) -> str | None:
    number = _digits(cells[5])
    control = sum(int(digit) * weight for digit, weight in zip(number[:9], range(9, 0, -1), strict=True)) % 101 % 100
    if not cells[0] or not cells[1] or control != int(number[9:]):
        return None
    phone, key = "+7" + _digits(cells[6])[1:], fold(" ".join(cells[:3]))
    return "\t".join((*cells[:4], _day(cells[4]), seal(number), phone, cells[7], _day(cells[8]), key))


def _guardian(cells: list[str]) -> str | None:
    if not cells[0] or not cells[1] or cells[3] not in _KINDS:
        return None
    answers = [_day(text) if text else "\\N" for text in cells[8:10]]
    phone, key = "+7" + _digits(cells[6])[1:], fold(" ".join(cells[:3]))
    return "\t".join((*cells[:3], _KINDS[cells[3]], fold(cells[4]), cells[5], phone, cells[7].lower(), *answers, key))


def _copy(cursor: object, table: str, columns: str, lines: str) -> None:
    typed = ", ".join(f"{name} {'date' if name.endswith('_on') else 'text'}" for name in columns.split(", "))
    cursor.execute(f"CREATE TEMP TABLE {table} ({typed}) ON COMMIT DROP")  # type: ignore[attr-defined]
    cursor.cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO(lines))  # type: ignore[attr-defined]
    cursor.execute(f"ANALYZE {table}")  # type: ignore[attr-defined]


_GRADE = "substring(class_name from '^[0-9]+')::int, substring(class_name from '[^0-9].*$')"
_STATEMENTS = (
    f"""INSERT INTO schools_schoolclass (school_id, year, grade, letter, version, updated_at)
        SELECT DISTINCT %(school)s, %(year)s, {_GRADE}, 1, now() FROM new_pupils ON CONFLICT DO NOTHING""",
    """INSERT INTO schools_pupil (school_id, school_class_id, last_name, first_name, patronymic, no_patronymic, name_key,
            snils, born_on, enrolled_on, external_id, phone, version, updated_at)
        SELECT %(school)s, k.id, n.last_name, n.first_name, n.patronymic, false, n.name_key, n.snils, n.born_on,
            n.enrolled_on, n.external_id, n.phone, 1, now()
        FROM new_pupils n JOIN schools_schoolclass k
            ON k.school_id = %(school)s AND k.year = %(year)s AND k.grade::text || k.letter = n.class_name
        ON CONFLICT (school_id, snils) WHERE snils <> '' DO UPDATE SET last_name = excluded.last_name,
            first_name = excluded.first_name, patronymic = excluded.patronymic, born_on = excluded.born_on,
            school_class_id = excluded.school_class_id, phone = excluded.phone, external_id = excluded.external_id""",
    """INSERT INTO schools_guardian (school_id, last_name, first_name, patronymic, no_patronymic, name_key, snils, phone,
            email, version, updated_at)
        SELECT DISTINCT ON (name_key, phone) %(school)s, last_name, first_name, patronymic, false, name_key, '', phone,
            email, 1, now()
        FROM new_guardians n WHERE NOT EXISTS (SELECT 1 FROM schools_guardian g
            WHERE g.school_id = %(school)s AND g.name_key = n.name_key AND g.phone = n.phone)""",
    """INSERT INTO schools_guardianship (pupil_id, guardian_id, kind, invited_on, registered_on, updated_at)
        SELECT p.id, g.id, n.kind, n.invited_on, n.registered_on, now()
        FROM new_guardians n
        JOIN schools_guardian g ON g.school_id = %(school)s AND g.name_key = n.name_key AND g.phone = n.phone
        JOIN schools_pupil p ON p.school_id = %(school)s AND p.name_key = n.child
        JOIN schools_schoolclass k ON k.id = p.school_class_id AND k.grade::text || k.letter = n.class_name
        ON CONFLICT (pupil_id, guardian_id) DO UPDATE SET kind = excluded.kind, invited_on = excluded.invited_on,
            registered_on = excluded.registered_on""",
)


def product(data: bytes, school: School, by: User) -> RosterImport:
    """What a person's upload goes through: start, job of reading and planning, confirm, job of applying."""
    upload = services.start_import(
        school=school, data=data, shown_name="bench.xlsx", mode=ImportMode.UPDATE, year=YEAR, by=by
    )
    run_roster_import(upload.pk)
    upload.refresh_from_db()
    if upload.summary["new"] or upload.summary["changed"]:
        services.request_apply(upload, by=by)
        run_roster_import(upload.pk)
    return upload


def timed(work: Callable[[], object]) -> float:
    """Seconds of one run."""
    gc.collect()
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def clear() -> None:
    """Empty the tables between runs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE schools_pupil, schools_guardian, schools_schoolclass, schools_deletion, staff_rosterimport CASCADE"
        )


def counts(school: School) -> tuple[int, int, int]:
    """(pupils, representatives, links) of the school."""
    links = Guardianship.objects.filter(pupil__school=school).count()
    return Pupil.objects.filter(school=school).count(), Guardian.objects.filter(school=school).count(), links


def run() -> list[str]:
    """Measure in turn and return the lines to print; the database must be a PostgreSQL of the bench's own."""
    small = os.environ.get("BENCH_SCALE") == "small"
    pupils, guardians, repeats = (300, 500, 1) if small else (3000, 5000, 5)
    school = School.objects.create(
        region=Region.objects.get(code="78"), code="78-99998", full_name="Школа замера", short_name="Школа замера"
    )
    by = User.objects.create(username="bench-roster", is_superuser=True, is_staff=True)
    data = workbook(*families(pupils, guardians))
    floors, products, again = [], [], []
    for _ in range(repeats):
        clear()
        floors.append(timed(lambda: floor(data, school)))
        least = counts(school)
        clear()
        products.append(timed(lambda: product(data, school, by)))
        assert counts(school) == least, (counts(school), least)
        again.append(timed(lambda: product(data, school, by)))
        assert not Pupil.objects.exclude(version=1).exists()
    clear()
    ratio = median(one / other for one, other in zip(products, floors, strict=True))
    base = median(floors)
    held = footprint(lambda: product(data, school, by))
    return [
        line(f"roster, {pupils} pupils and {guardians} representatives", ratio * base, base, GOAL),
        f"the unchanged workbook again (no row written): {median(again):.2f} s",
        f"memory of Python and its readers: {held:.0f} MB",
    ]
