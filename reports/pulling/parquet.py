"""Rows → Parquet with typed columns, by batches, so that memory stays flat (pure)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import IO

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet as write

from schools.exports import Cell
from schools.rest_tables import Column

BATCH = 5000
_WHOLE, _SHARE, _TEXT = DataType.int64(), DataType.float64(), DataType.utf8()


def write_parquet(
    file: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Cell]], facts: Mapping[str, str]
) -> None:
    """Write rows of cells; whole numbers are int64, shares and percentage points double, the rest text.

    Columns are called as in CSV for programs, «place.name»; `facts` stand in the file's own metadata.
    """
    types = [_type_of(column) for column in columns]
    schema = Schema([Field(".".join(column.path), kind) for column, kind in zip(columns, types, strict=True)])
    reader = RecordBatchReader.from_batches(schema, _batches(schema, types, rows))
    write(reader, file, compression="zstd(3)", key_value_metadata=dict(facts), max_row_group_size=BATCH * 4)


def _type_of(column: Column) -> DataType:
    if column.kind == "share" or column.path[-1] == "share_points":
        return _SHARE
    return _WHOLE if column.kind == "number" else _TEXT


def _batches(schema: Schema, types: Sequence[DataType], rows: Iterable[Sequence[Cell]]) -> Iterator[RecordBatch]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, BATCH)):
        arrays = [Array(list(cells), kind) for cells, kind in zip(zip(*chunk, strict=True), types, strict=True)]
        yield RecordBatch.from_arrays(arrays, schema=schema)
