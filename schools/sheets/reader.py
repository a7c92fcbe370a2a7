"""The parent's side: size, kind, pre-scan, then a child process with limits; its every death is a `SheetError`."""

import dataclasses
import importlib.util
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

from schools.sheets.kinds import detect
from schools.sheets.ole import check_ole
from schools.sheets.prescan import Found, check_zip
from schools.sheets.texts import DAMAGED, MEMORY, TIMEOUT
from schools.sheets.workbook import LIMITS, UNCOMPUTED, Limits, Sheet, SheetError, Workbook

CHILD = str(Path(__file__).with_name("child.py"))


def _site_packages() -> str:
    """Where calamine lies: the child starts without site-packages, which is faster and leaves nothing else to load."""
    spec = importlib.util.find_spec("python_calamine")
    if spec is None or spec.origin is None:
        raise ImportError("python-calamine is not installed: see requirements.txt")
    return str(Path(spec.origin).parent.parent)


SITE_PACKAGES = _site_packages()


def read_workbook(data: bytes, *, limits: Limits = LIMITS) -> Workbook:
    """Read xlsx, xls, xlsb, ods or csv bytes of any origin and any name. Raises `SheetError` and nothing else.

    The bytes are parsed in a child process (20 ms to start), where `limits` hold for memory, processor and clock.
    """
    if len(data) > limits.max_bytes:
        raise SheetError(
            "too_big",
            f"Файл больше {limits.max_bytes // 1024 // 1024} МБ. Оставьте в нём только таблицу и загрузите снова.",
        )
    found = _prescan(data, limits)
    answer = run_child(data, found, limits)
    workbook = _workbook(found, answer)
    if not any(sheet.rows for sheet in workbook.sheets):
        raise SheetError(
            "empty", "В файле нет ни одной заполненной ячейки. Проверьте, тот ли файл вы выбрали, и загрузите снова."
        )
    return workbook


def _prescan(data: bytes, limits: Limits) -> Found:
    kind = detect(data)
    if kind == "zip":
        return check_zip(data, limits)
    if kind == "ole":
        check_ole(data)
        return Found("xls")
    return Found("csv")


def run_child(data: bytes, found: Found, limits: Limits) -> bytes:
    """The child's answer; a child that was killed, or said too little, is a refusal."""
    options = json.dumps({**dataclasses.asdict(limits), "kind": found.kind})
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", CHILD, SITE_PACKAGES, options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
        start_new_session=True,  # Ctrl-C in a terminal is for the parent
    )
    marks = json.dumps(found.marks).encode() + b"\n"
    with process:
        try:
            answer, complaint = process.communicate(marks + data, timeout=limits.wall_seconds)
        except subprocess.TimeoutExpired:
            raise SheetError("timeout", TIMEOUT) from None
        finally:
            process.kill()
    if process.returncode:
        raise _death(process.returncode, complaint)
    return answer


def _death(code: int, complaint: bytes) -> SheetError:
    """Why the child died. What it complained of is never shown or logged: it may quote the file."""
    if -code in (signal.SIGXCPU, signal.SIGALRM):
        return SheetError("timeout", TIMEOUT)
    if -code == signal.SIGKILL or b"memory allocation of" in complaint or b"MemoryError" in complaint:
        return SheetError("memory", MEMORY)
    return SheetError("damaged", DAMAGED)


def _workbook(found: Found, answer: bytes) -> Workbook:
    """The lines of the child as a workbook. Lines end with \\n only: a cell may hold U+2028 or U+0085."""
    lines: list[dict[str, Any]] = [orjson.loads(line) for line in answer.split(b"\n") if line]
    if not lines:
        raise SheetError("damaged", DAMAGED)
    last = lines.pop()
    if "refused" in last:
        raise SheetError(*last["refused"])
    sheets = [Sheet(**line) for line in lines]
    return Workbook(found.kind, sheets, last["notes"] + _notes(sheets, found), last["encoding"])


def _notes(sheets: list[Sheet], found: Found) -> list[str]:
    hidden = [f"«{sheet.name}»" for sheet in sheets if sheet.hidden and sheet.rows]
    notes = [f"В файле есть скрытые листы: {', '.join(hidden)}."] if hidden else []
    if any(text == UNCOMPUTED for cells in found.marks.values() for _, _, text in cells):
        notes.append(
            "В файле есть формулы без сохранённых значений. Откройте его в Excel, сохраните и загрузите снова."
        )
    return notes
