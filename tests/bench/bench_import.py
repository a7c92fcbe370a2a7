"""Staff import, 10 000 rows: read → plan → apply against calamine + COPY + upsert, and against stock django-import-export."""

import gc
import io
import random
import time
from collections.abc import Callable, Iterator
from statistics import median

import tablib
import xlsxwriter
from django.db import connection
from import_export import resources
from python_calamine import CalamineWorkbook

from schools.models import Region, School, User
from staff.imports import services
from staff.models import ImportMode, StaffImport, StaffMember
from staff.tasks import run_import
from tests.bench.footprint import footprint
from tests.bench.lines import at_least, line

HEADERS = ("Фамилия", "Имя", "Отчество", "СНИЛС", "Дата рождения", "Должность", "Предметы", "Мобильный телефон", "Электронная почта", "Табельный номер")  # fmt: skip
FIELDS = ("last_name", "first_name", "patronymic", "snils", "born_on", "position", "subjects", "phone", "email", "personnel_number")  # fmt: skip
SURNAMES = ("Каренин", "Ласточкин", "Зимин", "Рябов", "Мороз", "Уральский", "Озёров", "Берёзкин", "Кленов", "Синицын")
NAMES = ("Пётр", "Лев", "Артём", "Юрий", "Олег", "Тимур", "Глеб", "Марат", "Роман", "Денис")
PATRONYMICS = ("Ильич", "Олегович", "Маратович", "Юрьевич", "Глебович", "Петрович", "Львович", "Романович")
SLOWEST, FASTER = 3.0, 60.0  # times the floor; times faster than stock django-import-export
POSITIONS = ("учитель", "методист", "заместитель директора", "педагог-психолог", "библиотекарь")


def snils(number: int) -> str:
    """A number with its right check digits."""
    digits = f"{number:09d}"
    control = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 0, -1), strict=True)) % 101 % 100
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]} {control:02d}"


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Generated people, the same each time."""
    dice = random.Random(17)
    for number in range(count):
        yield (
            f"{dice.choice(SURNAMES)}", dice.choice(NAMES), dice.choice(PATRONYMICS), snils(900_000_000 + number),
            f"{1 + number % 28:02d}.{1 + number % 12:02d}.{1960 + number % 40}", dice.choice(POSITIONS), "алгебра",
            f"8 (900) {number // 10000:03d}-{number // 100 % 100:02d}-{number % 100:02d}", f"t{number}@example.ru", f"{number:05d}",
        )  # fmt: skip


def workbook(count: int) -> bytes:
    """An xlsx with that many people."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Сотрудники")
    sheet.write_row(0, 0, HEADERS)
    for number, row in enumerate(rows(count), start=1):
        sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


def floor(data: bytes, school: School) -> None:
    """The least work that could do it: calamine, plain checks, COPY into a temporary table, one upsert."""
    read = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    lines = []
    for row in read[1:]:
        cells = [str(cell).strip() for cell in row]
        number = "".join(filter(str.isdigit, cells[3]))
        weights = zip(number[:9], range(9, 0, -1), strict=True)
        if (
            not cells[0]
            or not cells[1]
            or sum(int(digit) * weight for digit, weight in weights) % 101 % 100 != int(number[9:])
        ):
            continue
        day, month, year = cells[4].split(".")
        phone = "+7" + "".join(filter(str.isdigit, cells[7]))[1:]
        lines.append(
            "\t".join(
                (*cells[:3], number, f"{year}-{month}-{day}", cells[5], cells[6], phone, cells[8].lower(), cells[9])
            )
        )
    with connection.cursor() as cursor:
        names = ", ".join(FIELDS)
        cursor.execute("BEGIN")
        cursor.execute(f"CREATE TEMP TABLE load ON COMMIT DROP AS SELECT {names} FROM staff_staffmember WITH NO DATA")
        cursor.cursor.copy_expert(f"COPY load ({names}) FROM STDIN", io.StringIO("\n".join(lines) + "\n"))
        cursor.execute(
            f"""INSERT INTO staff_staffmember ({names}, school_id, no_patronymic, name_key, is_teacher, role, employment,
                    note, name_issue, version, updated_at)
                SELECT {names}, {school.pk}, false, lower(last_name || ' ' || first_name || ' ' || patronymic), true,
                    'teacher', 'main', '', '', 1, now() FROM load
                ON CONFLICT (school_id, snils) WHERE snils <> '' AND left_on IS NULL DO UPDATE SET
                    last_name = excluded.last_name, first_name = excluded.first_name, patronymic = excluded.patronymic,
                    born_on = excluded.born_on, position = excluded.position, subjects = excluded.subjects,
                    phone = excluded.phone, email = excluded.email, personnel_number = excluded.personnel_number"""
        )
        cursor.execute("COMMIT")


def product(data: bytes, school: School, by: User) -> StaffImport:
    """What a person's upload goes through: start, the worker's job of reading and planning, confirm, its job of applying."""
    upload = services.start_import(school=school, data=data, shown_name="bench.xlsx", mode=ImportMode.UPDATE, by=by)
    run_import(upload.pk)
    upload.refresh_from_db()
    counts = upload.summary
    if counts["new"] or counts["changed"]:
        services.request_apply(upload, by=by)
        run_import(upload.pk)
    return upload


class StockResource(resources.ModelResource):
    """django-import-export as its own documentation begins."""

    class Meta:
        """Rows are known by СНИЛС within the school."""

        model = StaffMember
        fields = (*FIELDS, "school")
        import_id_fields = ("snils", "school")


def stock(count: int, school: School) -> None:
    """Its dry run and its import, as its admin does them."""
    data = tablib.Dataset(headers=[*FIELDS, "school"])
    for row in rows(count):
        day, month, year = row[4].split(".")
        digits = "".join(filter(str.isdigit, row[3]))
        data.append([*row[:3], digits, f"{year}-{month}-{day}", *row[5:7], f"+7900{row[9]:0>7}", *row[8:], school.pk])
    for dry_run in (True, False):
        result = StockResource().import_data(data, dry_run=dry_run, raise_errors=True)
        assert not result.has_errors()


def timed(work: Callable[[], object]) -> float:
    """Seconds of one run."""
    gc.collect()
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def clear() -> None:
    """Empty the tables between runs."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE staff_staffmember, staff_staffimport CASCADE")


def run(*, count: int = 10_000, repeats: int = 5, stock_rows: int = 10_000) -> list[str]:
    """Measure in turn and return the lines to print; the database must be a PostgreSQL of the bench's own."""
    school = School(
        region=Region.objects.get(code="78"), code="78-99999", full_name="Школа замера", short_name="Школа замера"
    )
    school.save()
    by = User.objects.create(username="bench-import", is_superuser=True, is_staff=True)
    data = workbook(count)
    floors, products, again = [], [], []
    for _ in range(repeats):
        clear()
        floors.append(timed(lambda: floor(data, school)))
        clear()
        products.append(timed(lambda: product(data, school, by)))
        assert StaffMember.objects.filter(school=school).count() == count
        versions = StaffMember.objects.filter(school=school, version=1).count()
        again.append(timed(lambda: product(data, school, by)))
        assert StaffMember.objects.filter(school=school, version=1).count() == versions == count
    clear()
    held = footprint(lambda: product(data, school, by))
    lines = [
        _by_rounds(f"staff import, {count} rows, s", products, floors, SLOWEST),
        _by_rounds("the unchanged file again, no row written, s", again, floors, SLOWEST),
        line("staff import, memory of Python and its readers against 250 MB", held, 250, 1.0),
    ]
    if stock_rows:
        clear()
        stock_seconds = timed(lambda: stock(stock_rows, school)) * count / stock_rows
        lines.append(at_least("stock django-import-export / staff import, s", median(products), stock_seconds, FASTER))
    clear()
    return lines


def _by_rounds(name: str, products: list[float], floors: list[float], goal: float) -> str:
    """The median of the rounds' own ratios: a round in which the machine was busy was busy for both sides."""
    base = median(floors)
    return line(name, median(one / other for one, other in zip(products, floors, strict=True)) * base, base, goal)
