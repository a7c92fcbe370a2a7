"""A whole question in one of its forms – CSV, JSON, JSON lines, xlsx, Parquet – written into a file in flat memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, cast

from reports.pulling.parquet import write_parquet
from reports.pulling.questions import Question
from reports.pulling.sql import Texts
from reports.rating_list import read, records
from schools.bulk import on_postgres
from schools.exports import COMMA, Cell, Dialect, Sheet, csv_stream, write_xlsx
from schools.renderers import to_json
from schools.rest_tables import Column, header_of

LINES = 500  # records put together before they are written


class Pull:
    """A question of a person, with the columns asked for."""

    def __init__(self, question: Question, user: Any, columns: Sequence[Column]) -> None:
        self.question, self.columns = question, columns
        self.rows = question.rows(user)

    @property
    def texts(self) -> Texts:
        """The rows as the database makes text of them; only on PostgreSQL."""
        return Texts(self.question, self.rows)

    def page(self) -> list[tuple[Any, ...]]:
        """All rows as (JSON, keys of the order…); only on PostgreSQL, for a page."""
        return Texts(self.question, self.rows, whole=False).page(self.columns)

    def records(self) -> Iterator[dict[str, Any]]:
        """The rows as records with the columns asked for."""
        return picked(records(read(self.rows), self.question.rating), self.columns)

    def write_lines(self, file: IO[bytes]) -> None:
        """JSON, a record a line."""
        if on_postgres():
            self.texts.write_lines(self.columns, file)
            return
        for record in self.records():
            file.write(to_json(record) + b"\n")

    def write_json(self, file: IO[bytes], head: Mapping[str, Any]) -> None:
        """One JSON object: what stands in the head, and all records as `results`."""
        file.write(to_json(head)[:-1] + b',"results":[')
        self.write_lines(cast(IO[bytes], _Items(file)))
        file.write(b"]}")

    def write_csv(self, file: IO[bytes], dialect: Dialect) -> None:
        """CSV with a header."""
        header, in_words = header_of(self.columns, dialect), dialect is not COMMA
        if on_postgres():
            file.write(b"".join(csv_stream(header, (), dialect)))
            self.texts.write_csv(self.columns, dialect, file, in_words=in_words)
            return
        for piece in csv_stream(header, self.cells(in_words=in_words), dialect):
            file.write(piece)

    def write_xlsx(self, file: IO[bytes], about: Sheet) -> None:
        """A workbook: the rating, and what its figures are; it bears the moment of publication, so its bytes stay."""
        kinds = [column.kind for column in self.columns]
        titles = [column.title for column in self.columns]
        sheet = Sheet("Рейтинг", titles, self.cells(in_words=True), kinds)
        rating = self.question.rating
        write_xlsx(file, [sheet, about], created=rating.published_at or rating.counted_at)

    def write_parquet(self, file: IO[bytes], facts: Mapping[str, str]) -> None:
        """Parquet with typed columns; the facts about the rating go with it."""
        write_parquet(file, self.columns, self.cells(in_words=False), facts)

    def cells(self, *, in_words: bool) -> Iterator[Sequence[Cell]]:
        """The rows as typed cells."""
        if on_postgres():
            return self.texts.cells(self.columns, in_words=in_words)
        return ([column.cell(record, in_words=in_words) for column in self.columns] for record in self.records())


class _Items:
    """A file that makes items of an array of the lines written to it, one at a time."""

    def __init__(self, file: IO[bytes]) -> None:
        self._write, self._between = file.write, b""

    def write(self, line: bytes) -> None:
        """Write a record that ends its line."""
        self._write(self._between + line)
        self._between = b","


def picked(found: Iterable[dict[str, Any]], columns: Sequence[Column]) -> Iterator[dict[str, Any]]:
    """Records with the columns asked for alone, nested as they were."""
    paths = [column.path for column in columns]
    return (_part(record, paths) for record in found)


def _part(record: Mapping[str, Any], paths: Sequence[tuple[str, ...]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in dict.fromkeys(path[0] for path in paths):
        inside = [path[1:] for path in paths if path[0] == name and len(path) > 1]
        value = record[name]
        found[name] = _part(value, inside) if inside and value is not None else value
    return found
