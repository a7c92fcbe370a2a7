"""Records → JSON and tables."""

import datetime as dt
import json
from decimal import Decimal

from django.utils.functional import lazystr

from schools.renderers import CSVRenderer, JSONRenderer, flatten, table_of, to_json


def test_json_writes_decimals_dates_and_lazy_texts() -> None:
    value = {"rate": Decimal("0.5"), "on": dt.date(2026, 11, 16), "text": lazystr("да"), "set": {1}, 7: None}

    assert json.loads(to_json(value)) == {"rate": 0.5, "on": "2026-11-16", "text": "да", "set": [1], "7": None}


def test_answer_without_content_is_empty() -> None:
    assert JSONRenderer().render(None) == b""


def test_nested_record_becomes_dotted_columns() -> None:
    record = {"place": {"name": "Школа", "region": {"code": "78"}}, "limits": ["а", "б"], "rows": [{"x": 1}], "no": {}}

    assert flatten(record) == {
        "place.name": "Школа",
        "place.region.code": "78",
        "limits": "а, б",
        "rows": '[{"x":1}]',
        "no": None,
    }


def test_table_takes_the_results_of_a_page_and_every_column_of_every_record() -> None:
    header, rows = table_of({"count": 2, "results": [{"a": 1}, {"a": 2, "b": "="}]})

    assert header == ["a", "b"]
    assert rows == [[1, None], [2, "="]]


def test_csv_of_a_record_is_neutralised() -> None:
    data = CSVRenderer().render({"name": "=1+1"})

    assert data.decode("utf-8-sig") == "name\r\n'=1+1\r\n"
