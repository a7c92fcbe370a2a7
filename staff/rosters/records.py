"""From sheets of text to records: every sheet by its kind, each row cleaned with its mistakes (pure)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from schools.codes import Problem
from schools.footers import first_filled, is_footer, said_of
from schools.headers import HeaderMatch, column_letter
from schools.sheets import Sheet, is_error_text
from staff.imports.records import MAX_SHOWN, NAME_KEYS, SKIP
from staff.imports.ticks import Tick, unheard
from staff.rosters.kinds import COLUMN_OF, GUIDE, PUPILS, REFERENCE, STAFF, SheetKind, class_of_title, recognise

Fixes = Mapping[str, str]  # "0:14:first_name" (sheet, row, column) → the text a person put in place of the cell
Place = Mapping[str, str]  # key of a column → its letter
Texts = dict[str, str]


class Mistake(NamedTuple):
    """What is wrong with one cell, as Excel shows it; `severity` is 'mistake' (the row waits) or 'warning'."""

    sheet: int
    row: int
    column: str
    key: str
    severity: str
    code: str
    text: str
    message: str
    suggestion: str | None = None

    @property
    def address(self) -> str:
        """«C14»."""
        return f"{self.column}{self.row}"

    @property
    def fix_key(self) -> str:
        """Under which a text in place of the cell is kept."""
        return f"{self.sheet}:{self.row}:{self.key}"


@dataclass(slots=True)
class Record:
    """One row of a sheet, read: typed values of the columns it has, its cells as texts, and what is wrong with it.

    With `erases` an empty value empties the field; without, as in a spreadsheet, it says nothing.
    """

    sheet: int
    row: int
    values: dict[str, Any]
    texts: Texts
    place: Place
    mistakes: list[Mistake] = field(default_factory=list)
    erases: bool = False
    group: str = ""  # rows of one group are one adult, whatever they say

    @property
    def waits(self) -> bool:
        """Whether a mistake keeps the row out."""
        return any(mistake.severity == "mistake" for mistake in self.mistakes)

    @property
    def title(self) -> str:
        """«Фамилия Имя Отчество», or the class, as far as they could be read."""
        values = self.values
        if "last_name" not in values:
            return str(values.get("class_name") or "")
        return " ".join(part for key in _NAMES if (part := values[key]))

    def mistake(self, key: str, code: str, message: str, suggestion: str | None = None) -> Mistake:
        """A mistake in one cell of the row; for the row as a whole the key is ''."""
        return self._problem("mistake", key, Problem("mistake", code, message, suggestion))

    def warning(self, key: str, code: str, message: str, suggestion: str | None = None) -> Mistake:
        """A warning about one cell: the row goes in."""
        return self._problem("warning", key, Problem("warning", code, message, suggestion))

    def _problem(self, severity: str, key: str, problem: Problem) -> Mistake:
        text = self.texts.get(key, "") if key else self.title
        return _made(self, key, problem._replace(severity=severity), text)  # type: ignore[arg-type]


_NAMES = ("last_name", "first_name", "patronymic")
_BESIDE = {"full_name": _NAMES, "grade": ("class_name", "school_class"), "letter": ("class_name", "school_class")}


@dataclass(frozen=True, slots=True)
class SheetReading:
    """A sheet of a known kind: its number and name in the file, its header and its records."""

    number: int
    sheet: Sheet
    kind: SheetKind
    match: HeaderMatch
    records: list[Record]
    said: list[str] = field(default_factory=list)

    @property
    def facts(self) -> dict[str, Any]:
        """What a page says of the sheet; JSON-plain."""
        first = self.sheet.first_column
        columns = [[column_letter(first + index), key] for index, key in sorted(self.match.columns.items())]
        unknown = [[column_letter(first + each.index), each.text] for each in self.match.unknown]
        facts = {"number": self.number, "name": self.sheet.name, "kind": self.kind.key}
        return facts | {"columns": columns, "unknown": unknown, "rows": len(self.records)}


@dataclass(slots=True)
class Book:
    """A file, read: sheets by kind, the sheet of staff as it came, and sentences about the file as a whole."""

    readings: list[SheetReading] = field(default_factory=list)
    staff: list[tuple[int, Sheet]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    refusal: str = ""

    def records(self, kind: str) -> list[Record]:
        """All rows of a kind, in the order of the file."""
        return [record for each in self.readings if each.kind.key == kind for record in each.records]


NOT_RECOGNISED = (
    "Не узнали ни одного листа. Нужны заголовки: «Класс» и «Классный руководитель» для классов; «Фамилия», «Имя» и "
    "«Класс» для обучающихся; «ФИО», «Кем приходится» и «Обучающийся (ФИО)» для представителей. Впишите их над "
    "данными или возьмите наш шаблон."
)
NO_ROWS = "Под заголовками нет ни одной заполненной строки. Впишите данные и загрузите файл снова."


def read_book(sheets: Sequence[Sheet], *, fixes: Fixes | None = None, tick: Tick = unheard) -> Book:
    """Recognise every visible sheet and clean its rows; `refusal` is not empty when there is nothing to plan."""
    book = Book()
    total = sum(len(sheet.rows) for sheet in sheets)
    done = 0
    strange: list[str] = []
    for number, sheet in enumerate(sheets):
        tick(done, total)
        done += len(sheet.rows)
        if sheet.hidden or sheet.name in (GUIDE, REFERENCE) or not any(map(any, sheet.rows)):
            continue
        found = recognise(sheet.name, sheet.rows)
        if found.kind is None or found.match is None:
            strange.append(sheet.name)
        elif found.kind.key == STAFF:
            book.staff.append((number, sheet))
        else:
            book.readings.append(_read(number, sheet, (found.kind, found.match), fixes or {}))
            book.said += of_sheet(sheet.name, book.readings[-1].said)
    _judge(book, strange)
    return book


def of_sheet(name: str, said: Sequence[str]) -> list[str]:
    """Sentences about a sheet, with its name where it has one."""
    return [f"Лист «{name}»: {one[:1].lower()}{one[1:]}" for one in said] if name else list(said)


def _judge(book: Book, strange: Sequence[str]) -> None:
    if not book.readings and not book.staff:
        book.refusal = NOT_RECOGNISED
    elif not book.staff and not any(each.records for each in book.readings):
        book.refusal = NO_ROWS
    elif strange:
        names = ", ".join(f"«{name}»" for name in strange[:5])
        book.said.append(f"Не узнали и не прочитали листы: {names}. Если они нужны, впишите в них заголовки.")


def _read(number: int, sheet: Sheet, known: tuple[SheetKind, HeaderMatch], fixes: Fixes) -> SheetReading:
    kind, match = known
    reading = SheetReading(number, sheet, kind, match, [])
    reading.records.extend(_records(reading, fixes))
    return reading


def _records(reading: SheetReading, fixes: Fixes) -> Iterator[Record]:
    sheet, match, kind = reading.sheet, reading.match, reading.kind
    known = COLUMN_OF[kind.key]
    columns = [(index, key) for index, key in sorted(match.columns.items()) if not known[key].is_ignored]
    place = {key: column_letter(sheet.first_column + index) for index, key in columns}
    given = _given(reading, set(place))
    footers: list[int] = []
    for row, cells in enumerate(sheet.rows[match.first_data_row :], start=sheet.first_row + match.first_data_row):
        texts = {key: text for index, key in columns if (text := cells[index])}
        if not texts or (_may_be_header(texts, match) and match.repeats_header(cells)):
            continue
        if _is_footer(cells, texts):
            footers.append(row)
            continue
        prefix = f"{reading.number}:{row}:"
        if fixes and fixes.get(prefix + SKIP):
            continue
        if fixes:
            texts.update(_mended(fixes, prefix, known))
        yield clean_record(kind, Record(reading.number, row, {}, given | texts if given else texts, place))
    reading.said.extend(said_of(footers, "запись", "записи"))


_OWN = ("snils", "born_on", "phone", "email", "external_id", "school_class", "kind", "row_key")
_HEADED = ("last_name", "full_name", "class_name", "grade")


def _is_footer(cells: Sequence[str], texts: Texts) -> bool:
    lead = next((text for key in _HEADED if (text := texts.get(key))), "") or first_filled(cells)
    return is_footer(texts, _OWN, signed=lead, summed=lead)


def _may_be_header(texts: Texts, match: HeaderMatch) -> bool:
    """A cheap look before the full one: the first telling cell is empty, a number or a heading."""
    name = next((text for key in _HEADED if (text := texts.get(key))), "")
    return not name or name.isdigit() or name.strip(" *:.").lower().replace("ё", "е") in match.heading


def _given(reading: SheetReading, keys: set[str]) -> Texts:
    """What the sheet's own name tells of each of its rows: the class, where every class has a sheet."""
    name = class_of_title(reading.sheet.name)
    told = reading.kind.key == PUPILS and name and not keys.intersection({"school_class", "grade", "letter"})
    return {"school_class": name} if told else {}


def _mended(fixes: Fixes, prefix: str, known: Mapping[str, Any]) -> Texts:
    return {key: text for key in known if (text := fixes.get(prefix + key)) is not None}


def clean_record(kind: SheetKind, record: Record) -> Record:
    """Clean the texts of a record by its kind: values and mistakes are filled in."""
    texts = record.texts
    broken: list[str] = []
    if "#" in "".join(texts.values()):
        broken = [key for key, text in texts.items() if is_error_text(text)]
        texts = {key: "" if key in broken else text for key, text in texts.items()}
    record.values, problems = kind.clean_row(texts)
    for key, problem in problems:
        record.mistakes.append(_made(record, key, problem, record.texts.get(key, "")))
    for key in broken:
        record.mistakes.append(record.mistake(key, "formula", "В ячейке ошибка формулы: впишите значение"))
    return record


def _made(record: Record, key: str, problem: Problem, text: str) -> Mistake:
    """A problem at its cell; one of a part of the name that has no column stands at the column beside."""
    place, beside = record.place, key
    if key and key not in place:
        others = (*_BESIDE.get(key, ()), "full_name", *_NAMES) if key in NAME_KEYS else _BESIDE.get(key, ())
        beside = next((other for other in others if other in place), key)
        if key in NAME_KEYS and problem.code != "patronymic_missing":
            key = beside  # the missing patronymic keeps a name of its own even where it has no column
        text = text or record.texts.get(key, "")
    shown = text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
    letter = place.get(beside, "") if key else min(place.values(), key=lambda one: (len(one), one), default="A")
    return Mistake(record.sheet, record.row, letter, key, *problem[:2], shown, problem.message, problem.suggestion)
