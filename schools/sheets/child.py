"""The disposable child process: limits itself, reads one spreadsheet from stdin, writes JSON lines of text to stdout.

Run as `python -I -S child.py SITE_PACKAGES LIMITS`, where LIMITS is JSON. Stdin begins with a line of JSON, the kind
and the cells that calamine cannot tell (errors and uncomputed formulas, found by the pre-scan); then come the bytes of
the file. Answers with a line per sheet and a last line with notes, or ends with `{"refused": [code, message]}`. It may
be killed at any moment: the parent treats that as a refusal too.
"""

import resource
import signal
import sys
from pathlib import Path

if (
    __name__ == "__main__"
):  # a stand-in for the package: its __init__ would load the parent's modules too, which costs 30 ms
    _package = type(sys)("schools.sheets")
    _package.__path__ = [str(Path(__file__).parent)]
    sys.modules["schools"] = type(sys)("schools")
    sys.modules["schools.sheets"] = _package
    sys.path.append(sys.argv[1])

import gc
import io
import json
from typing import Any, BinaryIO

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from schools.sheets.biff import error_cells
from schools.sheets.blocks import Block, Budget, marked, trimmed
from schools.sheets.delimited import decode, split_rows
from schools.sheets.texts import DAMAGED, MACROS, MEMORY, PROTECTED, Refusal, clean, row_texts


def main() -> None:
    """Limit, read, answer; every failure that Python can still see becomes a refusal."""
    options = json.loads(sys.argv[2])
    limit_self(options)
    gc.disable()  # a short life without cycles
    answer = sys.stdout.buffer
    try:
        told = json.loads(sys.stdin.buffer.readline())
        signal.alarm(options["wall_seconds"] + 1)  # the clock of the file itself
        options["kind"] = told["kind"]
        options["marks"] = {int(sheet): cells for sheet, cells in told["marks"].items()}
        read(sys.stdin.buffer.read(), options, answer)
    except Refusal as refusal:
        _write(answer, {"refused": [refusal.code, refusal.message]})
    except MemoryError:
        _write(answer, {"refused": ["memory", MEMORY]})
    except PasswordError:
        _write(answer, {"refused": ["protected", PROTECTED]})
    except BaseException:  # a panic inside calamine is no Exception
        _write(answer, {"refused": ["damaged", DAMAGED]})


def limit_self(options: dict[str, Any]) -> None:
    """No more memory, processor, files or clock than allowed, from the first untrusted byte on."""
    cpu = options["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (options["memory_bytes"], options["memory_bytes"]))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(options["wall_seconds"] + 1)  # should the parent die before it can end us


def read(data: bytes, options: dict[str, Any], answer: BinaryIO) -> None:
    """Write a line for each sheet and a last line with the encoding and the notes."""
    budget = Budget(options)
    encoding: str | None = None
    notes: list[str] = []
    if options["kind"] == "csv":
        text, encoding, notes = decode(data)
        limits = {key: options[key] for key in ("max_rows", "max_columns", "max_cell_text")}
        rows = [[clean(cell) for cell in row] for row in split_rows(text, **limits)]
        _write(answer, sheet_line("", False, trimmed(Block(0, 0, rows), budget)))
    else:
        if options["kind"] == "xls":
            options["marks"] = error_cells(data)
        read_book(data, options, (budget, answer))
    _write(answer, {"encoding": encoding, "notes": notes})


def read_book(data: bytes, options: dict[str, Any], ends: tuple[Budget, BinaryIO]) -> None:
    """A line for each work sheet in the order of the workbook; charts are passed over, macro sheets refused."""
    budget, answer = ends
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    metadata = book.sheets_metadata
    if len(metadata) > options["max_sheets"]:
        raise Refusal(
            "too_many_sheets",
            f"В файле больше {options['max_sheets']} листов. Оставьте только нужные и загрузите снова.",
        )
    for index, entry in enumerate(metadata):
        if entry.typ in (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba):
            raise Refusal("macros", MACROS)
        if entry.typ == SheetTypeEnum.WorkSheet:
            block = sheet_block(book.get_sheet_by_index(index), budget.max_rows)
            marks = [tuple(mark) for mark in options["marks"].get(index, ())]
            hidden = entry.visible != SheetVisibleEnum.Visible
            _write(answer, sheet_line(entry.name, hidden, trimmed(marked(block, marks), budget)))


def sheet_block(sheet: CalamineSheet, max_rows: int) -> Block:
    """The texts of one sheet: `iter_rows` begins with the sheet's first row, but with the column of `start`."""
    start = sheet.start
    if start is None:
        return Block(0, 0, [])
    rows: list[list[str]] = []
    for number, values in enumerate(sheet.iter_rows()):
        if number >= start[0]:
            rows.append(row_texts(values))
            if number > max_rows and any(rows[-1]):
                break  # `trimmed` will say so
    return Block(start[0], start[1], rows)


def sheet_line(name: str, hidden: bool, block: Block) -> dict[str, Any]:
    """One sheet as the parent reads it: rows from one, columns from zero."""
    return {
        "name": clean(name),
        "hidden": hidden,
        "first_row": block.row + 1,
        "first_column": block.column,
        "rows": block.rows,
    }


def _write(answer: BinaryIO, line: dict[str, Any]) -> None:
    answer.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    answer.flush()


if __name__ == "__main__":
    main()
