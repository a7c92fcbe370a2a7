"""How REST answers are written: JSON, CSV and xlsx. Lists stream by themselves; these write the rest."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer

from schools.exports import DIALECTS, EXCEL, Cell, Sheet, csv_stream, xlsx_file

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Context = Mapping[str, Any] | None


def to_json(data: Any) -> bytes:
    """The value as JSON in UTF-8; decimals become numbers, dates and moments ISO 8601."""
    return orjson.dumps(data, default=_other, option=orjson.OPT_NON_STR_KEYS)


def _other(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence | set | frozenset):
        return list(value)
    raise TypeError(type(value).__name__)


class JSONRenderer(BaseRenderer):
    """JSON by orjson."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Context = None) -> bytes:
        """Return the answer as bytes; nothing for an answer without content."""
        return b"" if data is None else to_json(data)


class CSVRenderer(BaseRenderer):
    """A CSV of one record or of a few."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Context = None) -> bytes:
        """Return the table as bytes, in the dialect the address asks for."""
        header, rows = table_of(data)
        request = (renderer_context or {}).get("request")
        name = request.query_params.get("dialect", "excel") if request is not None else "excel"
        return b"".join(csv_stream(header, rows, DIALECTS.get(name, EXCEL)))


class XLSXRenderer(BaseRenderer):
    """A workbook of one record or of a few."""

    media_type = XLSX_TYPE
    format = "xlsx"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Context = None) -> bytes:
        """Return the workbook as bytes."""
        header, rows = table_of(data)
        with xlsx_file([Sheet("Данные", header, rows)]) as file:
            return file.read()


class JSONLinesRenderer(JSONRenderer):
    """JSON, a record a line."""

    media_type = "application/x-ndjson"
    format = "jsonl"


class ParquetRenderer(JSONRenderer):
    """Parquet, always a file: what is rendered here is an error, as JSON."""

    media_type = "application/vnd.apache.parquet"
    format = "parquet"


def table_of(data: Any) -> tuple[list[str], list[list[Cell]]]:
    """Header and rows of a record or of a list of records; what is inside a record becomes «place.name»."""
    if isinstance(data, Mapping) and isinstance(data.get("results"), list):
        data = data["results"]
    records = [flatten(record) for record in (data if isinstance(data, list | tuple) else [data])]
    header = list(dict.fromkeys(key for record in records for key in record))
    return header, [[record.get(key) for key in header] for record in records]


def flatten(record: Any, prefix: str = "") -> dict[str, Cell]:
    """{"place": {"name": "x"}} → {"place.name": "x"}; lists become their JSON."""
    if not isinstance(record, Mapping):
        return {prefix or "value": _cell(record)}
    flat: dict[str, Cell] = {}
    for key, value in record.items():
        path = f"{prefix}.{key}" if prefix else str(key)
        flat |= flatten(value, path) if isinstance(value, Mapping) and value else {path: _cell(value)}
    return flat


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | int | float | Decimal | datetime.date):
        return value
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, list | tuple) and all(isinstance(item, str | int) for item in value):
        return ", ".join(map(str, value))
    return to_json(value).decode() if value else None
