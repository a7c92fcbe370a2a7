"""What a spreadsheet of administrators would do: each row is new, as now, or has a mistake that names its cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, NamedTuple

from schools.appointing.people import Order, Person
from schools.appointing.sheet.columns import COLUMN_BY_KEY, clean_record, match_headers
from schools.codes import Problem, fold
from schools.headers import HeaderMatch, column_letter
from schools.models import Appointment, Invitation, School, User
from schools.scope import Level
from schools.sheets import Sheet, is_error_text

NEW, SAME, WAIT = "new", "same", "wait"
MOST_ROWS = 5_000
LONGEST_SHOWN = 80
NOT_YOURS = "Такой школы среди ваших нет: проверьте код"


class Mistake(NamedTuple):
    """What is wrong with a cell, as Excel shows it; `severity` is 'mistake' (the row waits) or 'warning'."""

    address: str
    header: str
    severity: str
    text: str
    message: str
    suggestion: str = ""


@dataclass(slots=True)
class Row:
    """A row of the file, read: whom it appoints to which school, and what is wrong."""

    number: int
    person: Person
    order: Order
    starts_on: date | None
    action: str = NEW
    school_id: int | None = None
    school: str = ""
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        """Whether a mistake keeps the row out."""
        return any(mistake.severity == "mistake" for mistake in self.mistakes)


@dataclass(frozen=True, slots=True)
class Reading:
    """The sheet that was read, its columns, and each row's cells."""

    sheet: Sheet
    match: HeaderMatch
    rows: list[tuple[int, dict[str, str]]]

    @property
    def refusal(self) -> str:
        """Why the sheet cannot be read; '' if it can."""
        said = " ".join(problem.message for problem in self.match.problems if problem.severity == "mistake")
        if not said and not self.rows:
            return "Под заголовком нет ни одной строки. Впишите администраторов и загрузите файл снова."
        if not said and len(self.rows) > MOST_ROWS:
            return f"В файле больше {MOST_ROWS} строк. Разделите его на части и загрузите по одной."
        return said

    def address(self, key: str, row: int) -> str:
        """«C14»; the first column stands for one the file has not."""
        index = next((index for index, name in self.match.columns.items() if name == key), 0)
        return f"{column_letter(self.sheet.first_column + index)}{row}"


def read(sheets: Sequence[Sheet]) -> Reading:
    """Choose the sheet that looks most like a list of administrators and take its rows as texts."""
    empty = Sheet(name="", hidden=False, first_row=1, first_column=0, rows=[])
    found = [(sheet, match_headers(sheet.rows)) for sheet in sheets] or [(empty, match_headers([]))]
    sheet, match = max(found, key=lambda each: (each[1].is_usable, not each[0].hidden, len(each[1].columns)))
    return Reading(sheet, match, list(_texts(sheet, match)) if match.is_usable else [])


def _texts(sheet: Sheet, match: HeaderMatch) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows that say something of a person: a template's school without one is left as it is."""
    people = {"full_name", "last_name", "first_name", "email", "phone"}
    for offset, cells in enumerate(sheet.rows[match.first_data_row :], start=sheet.first_row + match.first_data_row):
        texts = {key: cells[index] for index, key in match.columns.items() if index < len(cells)}
        if any(texts.get(key, "").strip() for key in people) and not match.repeats_header(cells):
            yield offset, texts


def make_plan(reading: Reading, by: User) -> list[Row]:
    """Return the plan of a reading against the schools a person appoints to."""
    schools = Schools(by)
    rows = [_row(reading, number, texts, schools) for number, texts in reading.rows]
    _repeated(reading, rows)
    _against_present(reading, rows)
    return rows


def _row(reading: Reading, number: int, texts: dict[str, str], schools: "Schools") -> Row:
    broken = [key for key, text in texts.items() if is_error_text(text)]
    values, problems = clean_record({key: "" if key in broken else text for key, text in texts.items()})
    formula = Problem("mistake", "formula", "В ячейке ошибка формулы: впишите значение")
    problems = [(key, formula) for key in broken] + [each for each in problems if each[0] not in broken]
    person = Person(**{key: values[key] for key in ("last_name", "first_name", "patronymic", "email", "phone")})
    row = Row(number, person, Order(values["order_number"], values.get("order_on")), values.get("starts_on"))
    school, wrong = schools.find(values["code"], values["school"])
    if wrong is not None:
        problems.append(wrong)
    if school is not None:
        row.school_id, row.school = school.pk, school.short_name
    if not person.email and not any(key == "email" for key, _ in problems):
        said = "Почты нет: назначим, а ссылку вы передадите сами"
        problems.append(("email", Problem("warning", "no_email", said)))
    for key, problem in problems:
        row.mistakes.append(_mistake(reading, row, key, texts.get(key, ""), problem))
    row.action = WAIT if row.waits else NEW
    return row


def _mistake(reading: Reading, row: Row, key: str, text: str, problem: Problem) -> Mistake:
    shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    header = COLUMN_BY_KEY[key].header
    address = reading.address(key, row.number)
    return Mistake(address, header, problem.severity, shown, problem.message, problem.suggestion or "")


class Schools:
    """The schools a person appoints to, found by code, by ИНН or ОГРН, or by name; read in one query."""

    def __init__(self, by: User) -> None:
        self.by_code: dict[str, list[School]] = {}
        self.by_name: dict[str, list[School]] = {}
        fields = ("pk", "code", "inn", "ogrn", "short_name", "full_name")
        for school in School.objects.editable_by(by).open().only(*fields):
            for code in {school.code, school.inn, school.ogrn} - {""}:
                self.by_code.setdefault(code, []).append(school)
            for name in {fold(school.short_name), fold(school.full_name)}:
                self.by_name.setdefault(name, []).append(school)

    def find(self, code: str, name: str) -> tuple[School | None, tuple[str, Problem] | None]:
        """The school of a row, or what is wrong and in which column; one out of sight is as one that is not there."""
        key, found = ("code", self.by_code.get(code, [])) if code else ("school", self.by_name.get(fold(name), []))
        if len(found) == 1:
            return found[0], None
        if found:
            return None, (key, Problem("mistake", "several", "Таких школ у вас несколько: впишите код школы"))
        if not (code or name):
            return None, (key, Problem("mistake", "no_school", "Впишите код или название школы"))
        said = NOT_YOURS if code else "Школы с таким названием среди ваших нет: впишите её код"
        return None, (key, Problem("mistake", "not_found", said))


def _repeated(reading: Reading, rows: list[Row]) -> None:
    """The same person twice for one school in one file: the first row counts."""
    seen: dict[tuple[int, str], int] = {}
    for row in rows:
        if row.action != NEW or row.school_id is None:
            continue
        key = (row.school_id, row.person.email or row.person.name_key)
        first = seen.setdefault(key, row.number)
        if first != row.number:
            said = Problem("mistake", "repeated", f"Этот человек уже есть в строке {first}: уберите одну из двух")
            row.mistakes.append(_mistake(reading, row, "full_name", full_name(row.person), said))
            row.action = WAIT


def _against_present(reading: Reading, rows: list[Row]) -> None:
    """Tell who holds the school already, and where somebody else does; in two queries."""
    ids = {row.school_id for row in rows if row.action == NEW and row.school_id is not None}
    held = Held(ids)
    for row in rows:
        if row.action != NEW or row.school_id is None:
            continue
        if held.has(row.school_id, row.person):
            row.action = SAME
        elif held.count(row.school_id):
            said = Problem("warning", "second", "У школы уже есть администратор: этот будет вторым")
            row.mistakes.append(_mistake(reading, row, "full_name", full_name(row.person), said))


def full_name(person: Person) -> str:
    """«Ёлкина Анна Петровна»."""
    return f"{person.last_name} {person.first_name} {person.patronymic}".strip()


class Held:
    """Who holds schools today or will: by address, known or invited, and by name."""

    def __init__(self, school_ids: set[int]) -> None:
        found = Appointment.objects.filter(level=Level.SCHOOL, school__in=school_ids).active()
        self.people: dict[int, set[str]] = {}
        for row in found.select_related("user"):
            user = row.user
            name = Person(user.last_name, user.first_name, user.patronymic).name_key
            self.people.setdefault(row.school_id or 0, set()).update({user.email.casefold(), name} - {""})
        sent = Invitation.objects.filter(appointment__in=found).exclude(email="")
        for school_id, email in sent.values_list("appointment__school_id", "email"):
            self.people[school_id].add(email.casefold())

    def has(self, school_id: int, person: Person) -> bool:
        """Whether the person holds the school: by the address, or by the name where the row has none."""
        return (person.email or person.name_key) in self.people.get(school_id, set())

    def count(self, school_id: int) -> int:
        """Whether anybody does."""
        return len(self.people.get(school_id, set()))


# Kept with the sheet


def packed(rows: list[Row]) -> list[dict[str, Any]]:
    """A plan as JSON-plain values."""
    return [asdict(row) | {"mistakes": [list(mistake) for mistake in row.mistakes]} for row in rows]


def unpacked(stored: list[Mapping[str, Any]]) -> list[Row]:
    """The plan behind `packed` values that went through JSON."""
    return [
        Row(
            **{key: each[key] for key in ("number", "action", "school_id", "school")},
            person=Person(**each["person"]),
            order=Order(each["order"]["number"], _day(each["order"]["signed_on"])),
            starts_on=_day(each["starts_on"]),
            mistakes=[Mistake(*mistake) for mistake in each["mistakes"]],
        )
        for each in stored
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
