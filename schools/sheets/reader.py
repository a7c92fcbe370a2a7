"""The parent's side: size, kind, pre-scan, then a child process with limits; its every death is a `SheetError`."""

import dataclasses
import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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

    The bytes are parsed in a child process (30 ms to start), where `limits` hold for memory, processor and clock.
    """
    if len(data) > limits.max_bytes:
        raise SheetError(
            "too_big",
            f"Файл больше {limits.max_bytes // 1024 // 1024} МБ. Оставьте в нём только таблицу и загрузите снова.",
        )
    with started_child(limits) as child:  # it starts while the file is looked at, and is given the file after that
        found = _prescan(data, limits)
        answer = child.answer(data, found)
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


@dataclasses.dataclass
class Child:
    """A child process that waits for its file."""

    process: "subprocess.Popen[bytes]"
    patience: float

    def answer(self, data: bytes, found: Found) -> bytes:
        """What it says of the file; a child that was killed, or said too little, is a refusal."""
        told = orjson.dumps({"kind": found.kind, "marks": found.marks}, option=orjson.OPT_NON_STR_KEYS)
        try:
            answer, complaint = self.process.communicate(told + b"\n" + data, timeout=self.patience)
        except subprocess.TimeoutExpired:
            raise SheetError("timeout", TIMEOUT) from None
        if self.process.returncode:
            raise _death(self.process.returncode, complaint)
        return answer


@contextmanager
def started_child(limits: Limits) -> Iterator[Child]:
    """A child of one file, gone at the end whatever happened."""
    options = orjson.dumps(dataclasses.asdict(limits)).decode()
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", CHILD, SITE_PACKAGES, options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
        start_new_session=True,  # Ctrl-C in a terminal is for the parent
    )
    with process:
        try:
            yield Child(process, limits.wall_seconds)
        finally:
            process.kill()


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
