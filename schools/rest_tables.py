"""Whole REST lists as CSV and xlsx: the serializer's fields become columns, rows stream."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from django.http import FileResponse, StreamingHttpResponse
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from schools.exports import COMMA, DIALECTS, Cell, Dialect, Kind, Sheet, csv_stream, xlsx_file
from schools.renderers import XLSX_TYPE, to_json

MOST_XLSX_ROWS = 100_000
TABLE_FORMATS = frozenset({"csv", "xlsx"})
Download = StreamingHttpResponse | FileResponse


class ShareField(serializers.FloatField):
    """A share, a fraction from 0 to 1; a percentage in xlsx."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: where the value is in a record, its Russian title, its kind, and the words for its keys."""

    path: tuple[str, ...]
    title: str
    kind: Kind = "text"
    words: Mapping[Any, Any] = field(default_factory=dict)

    def cell(self, record: Mapping[str, Any], *, in_words: bool = True) -> Cell:
        """The value of this column: «опубликована» for people, `published` for programs."""
        value: Any = record
        for key in self.path:
            value = None if value is None else value[key]
        if isinstance(value, str) and self.kind == "date":
            return dt.date.fromisoformat(value)
        if isinstance(value, str) and self.kind == "moment":
            return dt.datetime.fromisoformat(value)
        if isinstance(value, list | dict):
            return to_json(value).decode() if value else None
        return (
            str(self.words[value]) if in_words and isinstance(value, str) and value in self.words else cast(Cell, value)
        )


def columns_of(
    serializer: serializers.BaseSerializer[Any], path: tuple[str, ...] = (), title: str = ""
) -> list[Column]:
    """The columns of a serializer; a nested one adds its own, «Муниципалитет: название».

    A field whose style says `in_files=False` is of JSON alone.
    """
    found: list[Column] = []
    for name, each in cast(serializers.Serializer[Any], serializer).fields.items():
        if each.style.get("in_files") is False:
            continue
        label = f"{title}: {str(each.label).lower()}" if title else str(each.label)
        if isinstance(each, serializers.Serializer):
            found += columns_of(each, (*path, name), label)
        else:
            found.append(Column((*path, name), label, _kind(each), _words(each)))
    return found


def _words(field: serializers.Field[Any, Any, Any, Any]) -> Mapping[Any, Any]:
    return dict(field.choices) if isinstance(field, serializers.ChoiceField) else {}


def _kind(field: serializers.Field[Any, Any, Any, Any]) -> Kind:
    if isinstance(field, serializers.DateTimeField):
        return "moment"
    if isinstance(field, serializers.DateField):
        return "date"
    if isinstance(field, ShareField):
        return "share"
    number = isinstance(field, serializers.IntegerField | serializers.FloatField | serializers.DecimalField)
    return "number" if number else "text"


def dialect_of(request: Request) -> Dialect:
    """The dialect the address asks for: `excel` (default) or `comma`; raises ValidationError for another."""
    name = request.query_params.get("dialect", "excel")
    if name not in DIALECTS:
        raise ValidationError({"dialect": ["Бывает excel (по умолчанию) или comma."]})
    return DIALECTS[name]


def header_of(columns: Sequence[Column], dialect: Dialect) -> list[str]:
    """Russian titles for people, names of JSON fields for programs."""
    return [".".join(column.path) if dialect is COMMA else column.title for column in columns]


def download(
    request: Request,
    name: str,
    columns: Sequence[Column],
    records: Iterable[Mapping[str, Any]],
    more_sheets: Sequence[Sheet] = (),
    title: str = "Данные",
) -> Download:
    """The records as a file in the format asked for; CSV goes out while it is being read."""
    kind = cast(Literal["csv", "xlsx"], request.accepted_renderer.format)
    in_words = kind == "xlsx" or dialect_of(request) is not COMMA
    rows: Iterator[list[Cell]] = ([column.cell(record, in_words=in_words) for column in columns] for record in records)
    if kind == "csv":
        dialect = dialect_of(request)
        response: Download = StreamingHttpResponse(
            csv_stream(header_of(columns, dialect), rows, dialect), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return response
    sheet = Sheet(title, [column.title for column in columns], rows, [column.kind for column in columns])
    file = xlsx_file([sheet, *more_sheets])
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX_TYPE)


def check_xlsx_size(request: Request, count: int) -> None:
    """Refuse a workbook that no one could open; raises ValidationError."""
    if request.accepted_renderer.format == "xlsx" and count > MOST_XLSX_ROWS:
        raise ValidationError({"format": ["Для xlsx строк слишком много. Сузьте отбор или возьмите csv."]})
