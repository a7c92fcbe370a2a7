"""A OneRoster archive of any origin → a book of records, read within the limits of every upload (no database)."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schools.codes import tidy
from schools.headers import HeaderMatch, column_letter
from schools.sheets import LIMITS, Sheet, SheetError
from schools.sheets.archive import inflate, open_archive
from schools.values import clean_class_name, clean_date, today
from schools.years import school_year_of
from staff.rosters.columns.cleaners import KIND_TITLES
from staff.rosters.kinds import CLASSES, GUARDIANS, KIND_BY_KEY, PUPILS
from staff.rosters.oneroster.files import ADULTS, NEEDED, STAFF_ROLES, STUDENT
from staff.rosters.records import NO_ROWS, Book, Fixes, Record, SheetReading, clean_record

USERS, CLASSES_FILE = 0, 1  # numbers of the «sheets» in addresses of mistakes
MOST_COLUMNS, LONGEST_CELL = 200, 32_767
_OURS = re.compile(r"(?:pupil|guardian|class|staff)-(\d{1,18}-[0-9a-f]{10})")
_HOW = "Выгрузите архив из своей системы ещё раз в формате OneRoster 1.2 CSV."


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file: its number as a spreadsheet shows it, and its cells by heading."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, heading: str) -> str:
        return self.cells.get(heading, "")


@dataclass(slots=True)
class File:
    """A file of the archive, read."""

    headings: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def letter(self, heading: str) -> str:
        """The column of a heading as a spreadsheet names it."""
        return column_letter(self.headings.index(heading)) if heading in self.headings else "A"


def read_archive(data: bytes, *, fixes: Fixes, year: int) -> Book:
    """Read an archive into records of classes, pupils and representatives, and a sheet of staff.

    Raises SheetError for a damaged or hostile archive and one without people.
    """
    files = {name: _file(name, data, member) for name, member in _members(data).items()}
    if "users" not in files:
        raise SheetError("oneroster", f"В архиве OneRoster нет файла users.csv: в нём должны быть люди. {_HOW}")
    return _Archive(files, fixes, year).book()


def _members(data: bytes) -> dict[str, Any]:
    """The files we read, wherever a folder wraps them; the size of all is within the limits of any upload."""
    found: dict[str, Any] = {}
    for member in open_archive(data, LIMITS):
        name = member.name.rsplit("/", 1)[-1].removesuffix(".csv")
        if name in NEEDED and member.name.endswith(".csv"):
            found[name] = member
    return found


def _file(name: str, data: bytes, member: Any) -> File:
    try:
        text = inflate(data, member).decode("utf-8-sig")
        rows = list(_rows(name, text))
    except UnicodeDecodeError:
        raise SheetError("oneroster", f"Файл {name}.csv не в кодировке UTF-8. {_HOW}") from None
    except csv.Error:
        raise SheetError("oneroster", f"Файл {name}.csv повреждён: это не CSV. {_HOW}") from None
    if not rows:
        return File()
    headings = rows[0]
    lacks = [heading for heading in NEEDED[name] if heading not in headings]
    if lacks:
        raise SheetError("oneroster", f"В файле {name}.csv нет столбцов {', '.join(lacks)}. {_HOW}")
    lines = [
        Line(number, dict(zip(headings, cells, strict=False))) for number, cells in enumerate(rows[1:], 2) if any(cells)
    ]
    return File(headings, [line for line in lines if line["status"] != "inactive"])


def _rows(name: str, text: str) -> Iterable[list[str]]:
    csv.field_size_limit(LONGEST_CELL * 4)
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True)):
        if number > LIMITS.max_rows or len(cells) > MOST_COLUMNS:
            raise SheetError("too_many_rows", f"В файле {name}.csv слишком много строк или столбцов. {_HOW}")
        yield [tidy(cell) for cell in cells]


class _Archive:
    """The files of one archive and what they say of each other."""

    def __init__(self, files: Mapping[str, File], fixes: Fixes, year: int) -> None:
        self.files = files
        self.fixes = fixes
        self.year = year
        self.said: list[str] = []
        self.users = {line["sourcedId"]: line for line in self._lines("users")}
        self.roles = self._roles()
        self.classes = self._classes()
        self.placed, self.led = self._enrollments()
        self.born = {line["sourcedId"]: line["birthDate"] for line in self._lines("demographics")}

    def _lines(self, name: str) -> list[Line]:
        return self.files[name].lines if name in self.files else []

    def book(self) -> Book:
        """The records."""
        users = self.files["users"]
        book = Book(said=self.said)
        pupils = [self._pupil(line) for line in users.lines if self.roles.get(line["sourcedId"]) == STUDENT]
        book.readings = [
            self._reading(CLASSES_FILE, "classes.csv", CLASSES, [self._class(line) for line in self.classes.values()]),
            self._reading(USERS, "users.csv", PUPILS, pupils),
            self._reading(USERS, "users.csv", GUARDIANS, list(self._guardians())),
        ]
        staff = self._staff()
        book.staff = [(USERS, staff)] if len(staff.rows) > 1 else []
        if not book.staff and not any(each.records for each in book.readings):
            book.refusal = NO_ROWS
        return book

    def _reading(self, number: int, name: str, kind: str, records: list[Record]) -> SheetReading:
        sheet = Sheet(name=name, hidden=False, first_row=1, first_column=0, rows=[])
        return SheetReading(number, sheet, KIND_BY_KEY[kind], HeaderMatch(0, 1, {}), records)

    def _record(self, number: int, kind: str, line: Line, texts: dict[str, str], places: Mapping[str, str]) -> Record:
        file = self.files["users" if number == USERS else "classes"]
        place = {key: file.letter(places.get(key, "sourcedId")) for key in texts}
        prefix = f"{number}:{line.number}:"
        mended = {key: text for key in (*texts, "patronymic") if (text := self.fixes.get(prefix + key)) is not None}
        texts = {key: text for key, text in (texts | mended).items() if text}
        return clean_record(KIND_BY_KEY[kind], Record(number, line.number, {}, texts, place))

    # Who and where

    def _roles(self) -> dict[str, str]:
        """User → role: roles.csv of version 1.2, else the column of version 1.1."""
        found = {line["sourcedId"]: line["role"] for line in self._lines("users") if line["role"]}
        for line in self._lines("roles"):
            if line["roleType"] != "secondary" or line["userSourcedId"] not in found:
                found[line["userSourcedId"]] = line["role"]
        return found

    def _classes(self) -> dict[str, Line]:
        """Classes of the year: homerooms, else whatever is called as classes are."""
        years = {line["sourcedId"]: _year_of(line["startDate"]) for line in self._lines("academicSessions")}
        lines = [line for line in self._lines("classes") if line["status"] != "tobedeleted"]
        homes = [line for line in lines if line["classType"] == "homeroom"]
        named = homes or [line for line in lines if not clean_class_name(line["title"]).is_mistaken]
        present = [line for line in named if self._is_present(line, years)]
        if len(present) < len(named):
            self.said.append(f"Классы других учебных лет не взяли: {len(named) - len(present)}.")
        return {line["sourcedId"]: line for line in present}

    def _is_present(self, line: Line, years: Mapping[str, int | None]) -> bool:
        """Whether a class is of the year asked for; one whose terms tell no year is taken for it."""
        told = {years.get(term) for term in _list(line["termSourcedIds"])} - {None}
        return not told or self.year in told

    def _enrollments(self) -> tuple[dict[str, str], dict[str, list[str]]]:
        """(pupil → class, class → teachers), by sourcedId."""
        placed: dict[str, str] = {}
        led: dict[str, list[str]] = defaultdict(list)
        for line in self._lines("enrollments"):
            if line["classSourcedId"] not in self.classes or line["status"] == "tobedeleted":
                continue
            if line["role"] == STUDENT:
                placed[line["userSourcedId"]] = line["classSourcedId"]
            elif line["role"] == "teacher" and line["userSourcedId"] in self.users:
                led[line["classSourcedId"]].append(line["userSourcedId"])
        return placed, led

    def _class_name(self, user: str) -> str:
        return self.classes[self.placed[user]]["title"] if user in self.placed else ""

    # Records

    def _class(self, line: Line) -> Record:
        texts = {
            "row_key": _own_key(line["sourcedId"]),
            "class_name": line["title"],
            "teachers": "; ".join(_full_name(self.users[user]) for user in self.led[line["sourcedId"]]),
            "declared_pupils": line["metadata.ru.declaredPupils"],
        }
        return self._record(CLASSES_FILE, CLASSES, line, texts, {"class_name": "title"})

    def _pupil(self, line: Line) -> Record:
        user = line["sourcedId"]
        key = _own_key(user)
        texts = {
            **_names(line),
            "row_key": key,
            "school_class": self._class_name(user),
            "born_on": self.born.get(user, ""),
            "phone": line["sms"] or line["phone"],
            "external_id": line["identifier"] or ("" if key else user[:64]),
            "snils": line["metadata.ru.snils"],
            "enrolled_on": line["metadata.ru.enrolledOn"],
            "left_on": f"{today():%d.%m.%Y}" if line["status"] == "tobedeleted" else "",
        }
        return self._record(USERS, PUPILS, line, texts, _USER_PLACES)

    def _guardians(self) -> Iterable[Record]:
        """A record for each adult of each pupil: relations are told from either side."""
        pairs: dict[tuple[str, str], None] = {}
        for user, line in self.users.items():
            for other in _list(line["agentSourcedIds"]):
                if self.roles.get(user) == STUDENT and self.roles.get(other) in ADULTS:
                    pairs[other, user] = None
                elif self.roles.get(other) == STUDENT and self.roles.get(user) in ADULTS:
                    pairs[user, other] = None
        for adult, child in sorted(pairs, key=lambda pair: (self.users[pair[0]].number, self.users[pair[1]].number)):
            if self.users[adult]["status"] != "tobedeleted":
                yield self._guardian(self.users[adult], self.users[child])

    def _guardian(self, line: Line, child: Line) -> Record:
        told = _relations(line["metadata.ru.guardianships"]).get(child["sourcedId"], ["", "", "", ""])
        texts = {
            **_names(line),
            "row_key": _own_key(line["sourcedId"]),
            "pupil_key": _own_key(child["sourcedId"]),
            "pupil": _full_name(child),
            "pupil_class": self._class_name(child["sourcedId"]),
            "kind": KIND_TITLES.get(told[0]) or ADULTS[self.roles[line["sourcedId"]]],
            "phone": line["sms"] or line["phone"],
            "email": line["email"],
            "snils": line["metadata.ru.snils"],
            **dict(zip(("invited_on", "registered_on", "declined_on"), told[1:], strict=True)),
        }
        return self._record(USERS, GUARDIANS, line, texts, _USER_PLACES)

    def _staff(self) -> Sheet:
        """Staff as a sheet of their own: cells stand where users.csv has them, rows of others are blank."""
        headings = self.files["users"].headings
        places = {name: headings.index(name) for name in _STAFF_HEADINGS if name in headings}
        head = [""] * len(headings)
        for name, place in places.items():
            head[place] = _STAFF_HEADINGS[name]
        rows = [head]
        for line in self.files["users"].lines:
            if self.roles.get(line["sourcedId"]) in STAFF_ROLES and line["status"] != "tobedeleted":
                rows += [[""] * len(headings)] * (line.number - 1 - len(rows))
                told = _names(line) | {"sourcedId": _own_key(line["sourcedId"]), "sms": line["sms"] or line["phone"]}
                told |= {
                    "familyName": told["last_name"],
                    "givenName": told["first_name"],
                    "middleName": told["patronymic"],
                }
                rows.append([told.get(name, line[name]) if name in places else "" for name in headings])
        return Sheet(name="users.csv", hidden=False, first_row=1, first_column=0, rows=rows)


_STAFF_HEADINGS = {
    "sourcedId": "Код строки", "familyName": "Фамилия", "givenName": "Имя", "middleName": "Отчество",
    "sms": "Мобильный телефон", "email": "Электронная почта", "identifier": "Табельный номер",
    "metadata.ru.position": "Должность",
}  # fmt: skip
_USER_PLACES = {
    "last_name": "familyName", "first_name": "givenName", "patronymic": "middleName", "phone": "sms", "email": "email",
    "external_id": "identifier", "pupil": "agentSourcedIds", "enrolled_on": "metadata.ru.enrolledOn",
    "kind": "metadata.ru.guardianships", "snils": "metadata.ru.snils",
}  # fmt: skip


def _list(text: str) -> list[str]:
    return [part for part in (each.strip() for each in text.split(",")) if part]


def _own_key(sourced: str) -> str:
    """Our hidden key in a sourcedId we once gave out; '' for another system's."""
    ours = _OURS.fullmatch(sourced)
    return ours.group(1) if ours else ""


def _names(line: Line) -> dict[str, str]:
    none = line["metadata.ru.noPatronymic"] == "true" and not line["middleName"]
    middle = "нет по документам" if none else line["middleName"]
    return {"last_name": line["familyName"], "first_name": line["givenName"], "patronymic": middle}


def _full_name(line: Line) -> str:
    return " ".join(part for part in (line["familyName"], line["givenName"], line["middleName"]) if part)


def _relations(text: str) -> dict[str, list[str]]:
    """«pupil|mother|2026-09-02|2026-09-05|;…» → pupil → [kind, invited, registered, declined]."""
    found = {}
    for part in text.split(";"):
        child, *told = part.split("|")
        if len(told) == 4:
            found[child.strip()] = told
    return found


def _year_of(text: str) -> int | None:
    day = clean_date(text).value
    return school_year_of(day) if day else None
