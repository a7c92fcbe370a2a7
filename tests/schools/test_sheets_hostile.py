"""Hostile spreadsheets (threats F01–F22, F29): each is refused by a sentence, and the process that asked lives on."""

import contextlib
import dataclasses
import io
import os
import subprocess
import sys
import threading
import time
import tracemalloc
import zipfile

import pytest

from schools.sheets import LIMITS, SheetError, read_workbook
from schools.sheets.archive import inflate, open_archive
from schools.sheets.prescan import Found, check_zip
from schools.sheets.reader import started_child
from tests.schools import hostile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def ole_with(name: str) -> bytes:
    """A container of Office with one directory entry of this name."""
    encoded = name.encode("utf-16-le")
    entry = (encoded + b"\0" * 64)[:64] + (len(encoded) + 2).to_bytes(2, "little") + b"\0" * 62
    return OLE + b"\0" * (512 - len(OLE)) + b"\0" * 512 + entry


def code_of(data: bytes) -> str:
    with pytest.raises(SheetError) as refusal:
        read_workbook(data)
    assert refusal.value.message.endswith((".", ")."))
    assert any("а" <= letter <= "я" for letter in refusal.value.message)
    return refusal.value.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(hostile.deflate_bomb(), "bomb", id="F01 deflate bomb"),
        pytest.param(hostile.deflate_bomb(50), "bomb", id="F01 ratio"),
        pytest.param(hostile.cell_bomb(), "bomb", id="F02 empty cells"),
        pytest.param(hostile.corner(), "far_cell", id="F03 corner"),
        pytest.param(hostile.corner("AZ1048576"), "far_cell", id="F03 bottom"),
        pytest.param(hostile.corner("BM1"), "far_cell", id="F03 column"),
        pytest.param(hostile.corner("A20001"), "far_cell", id="F03 row"),
        pytest.param(hostile.overlapping(), "strange", id="F05 overlap"),
        pytest.param(hostile.lying_size(), "damaged", id="F06 declared size"),
        pytest.param(hostile.entities("laughs"), "dtd", id="F07 laughs"),
        pytest.param(hostile.entities("quadratic"), "dtd", id="F08 quadratic"),
        pytest.param(hostile.entities("file"), "dtd", id="F09 file"),
        pytest.param(hostile.utf16_dtd(), "strange", id="F10 UTF-16"),
        pytest.param(hostile.with_part("../evil.xml"), "strange", id="F11 dots"),
        pytest.param(hostile.with_part("/etc/passwd"), "strange", id="F11 absolute"),
        pytest.param(hostile.with_part("..\\evil.xml"), "strange", id="F11 backslash"),
        pytest.param(hostile.with_part("XL/Workbook.xml"), "strange", id="F11 twice"),
        pytest.param(hostile.with_part("xl/a.xml").replace(b"xl/a.xml", b"xl/\0.xml"), "strange", id="F11 NUL"),
        pytest.param(hostile.with_part("xl/vbaProject.bin"), "macros", id="F12 macros"),
        pytest.param(hostile.with_part("xl/macrosheets/sheet1.xml"), "macros", id="F12 XLM"),
        pytest.param(hostile.with_part("xl/externalLinks/externalLink1.xml"), "external_links", id="F12 links"),
        pytest.param(hostile.with_part("xl/other.xml", b"<ddeLink/>"), "external_links", id="F12 DDE"),
        pytest.param(hostile.with_part("xl/connections.xml"), "connections", id="F12 connections"),
        pytest.param(hostile.with_part("xl/embeddings/oleObject1.bin"), "embedded", id="F12 embeddings"),
        pytest.param(
            hostile.book(types='<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'),
            "macros",
            id="F12 content type",
        ),
        pytest.param(ole_with("EncryptedPackage"), "protected", id="F13 OLE"),
        pytest.param(ole_with("_VBA_PROJECT_CUR"), "macros", id="F12 xls"),
        pytest.param(ole_with("WordDocument"), "document", id="F14 doc"),
        pytest.param(b"<html><table><tr><td>1</td></tr></table></html>", "html", id="F14 HTML"),
        pytest.param("\ufeff<!DOCTYPE html><p>1".encode("utf-16-le"), "html", id="F14 HTML UTF-16"),
        pytest.param(b"MIME-Version: 1.0\r\n\r\n<html>", "html", id="F14 MHTML"),
        pytest.param(b"%PDF-1.7 ...", "pdf", id="F14 PDF"),
        pytest.param(b"\x89PNG\r\n\x1a\n....", "image", id="F14 PNG"),
        pytest.param(b"Rar!\x1a\x07....", "archive", id="F14 RAR"),
        pytest.param(hostile.packed({"a.txt": b"1"}), "archive", id="F14 zip"),
        pytest.param(hostile.packed({"word/document.xml": b"<x/>"}), "document", id="F14 docx"),
        pytest.param(b"\x09\x04\x06\x00\x00\x00\x10\x00" + b"\0" * 90, "old_excel", id="F14 BIFF4"),
        pytest.param(b'{"a": [1]}', "json", id="F14 JSON"),
        pytest.param(
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "xml", id="F14 XML 2003"
        ),
        pytest.param(b"%!\n" + hostile.book(), "not_a_table", id="F15 prefix"),
        pytest.param(hostile.shared_text_bomb(), "memory", id="one text in many cells"),
        pytest.param(hostile.book()[:700], "damaged", id="F22 cut"),
        pytest.param(OLE + b"\0" * 2000, "damaged", id="F22 hollow"),
    ],
)
def test_a_hostile_file_is_refused_by_its_own_sentence(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_a_password_flag_of_the_zip_is_told_as_protection() -> None:
    data = bytearray(hostile.book())
    place = data.index(b"PK\1\2")
    data[place + 8] |= 1

    assert code_of(bytes(data)) == "protected"


def test_a_lying_dimension_is_ignored() -> None:
    data = hostile.book(dimension='<dimension ref="A1:XFD1048576"/>')

    assert read_workbook(data).sheets[0].rows == [["1"]]


def test_a_hyperlink_is_no_reason_to_refuse() -> None:
    relation = hostile.RELATIONS.format(kind="hyperlink", target="https://example.ru/").replace(
        "/>", ' TargetMode="External"/>'
    )
    data = hostile.with_part("xl/worksheets/_rels/sheet1.xml.rels", relation.encode())

    assert read_workbook(data).sheets[0].rows == [["1"]]


def test_a_shared_string_that_does_not_exist_is_no_crash() -> None:
    data = hostile.book('<row r="1"><c r="A1" t="s"><v>99</v></c><c r="B1"><v>2</v></c></row>')

    assert code_of(data) == "damaged"


def test_without_the_prescan_the_far_corner_kills_only_the_child() -> None:
    data = hostile.corner()

    with pytest.raises(SheetError) as refusal, started_child(LIMITS) as child:
        child.answer(data, Found("xlsx"))

    assert refusal.value.code == "memory"


def test_plain_zipfile_opens_the_overlapping_file_on_this_python() -> None:
    with zipfile.ZipFile(io.BytesIO(hostile.overlapping())) as archive:
        names = archive.namelist()

    assert "xl/worksheets/sheet6.xml" in names


def test_the_processor_limit_ends_the_child_and_says_too_long() -> None:
    data = b"a;b;c\n" * 3_000_000
    limits = dataclasses.replace(LIMITS, max_rows=10**7, cpu_seconds=0, memory_bytes=8 * 2**30)  # 0 means a second

    with pytest.raises(SheetError) as refusal, started_child(limits) as child:
        child.answer(data, Found("csv"))

    assert refusal.value.code == "timeout"


@pytest.mark.parametrize(
    ("data", "limit"),
    [
        pytest.param(hostile.deflate_bomb(), "max_unpacked", id="F01 unpacked size"),
        pytest.param(hostile.cell_bomb(), "max_cell_tags", id="F02 empty cells"),
    ],
)
def test_a_bomb_is_refused_even_where_the_ratio_allows_it(data: bytes, limit: str) -> None:
    limits = dataclasses.replace(LIMITS, max_ratio=10**6)

    with pytest.raises(SheetError) as refusal:
        read_workbook(data, limits=limits)

    assert refusal.value.code == "bomb", limit


@pytest.mark.parametrize(
    ("data", "changed", "told"),
    [
        pytest.param(hostile.deflate_bomb(), {"max_ratio": 10**6}, "после распаковки больше 60 МБ", id="size"),
        pytest.param(hostile.deflate_bomb(50), {}, "больше в 200 раз", id="ratio"),
        pytest.param(b"a;b\n" * (LIMITS.max_rows + 1), {}, "больше 20\u2009000 строк", id="rows"),
    ],
)
def test_a_refusal_names_the_limit(data: bytes, changed: dict[str, int], told: str) -> None:
    with pytest.raises(SheetError) as refusal:
        read_workbook(data, limits=dataclasses.replace(LIMITS, **changed))

    assert told in refusal.value.message


def test_bytes_beyond_the_declared_size_are_counted_while_inflating() -> None:
    data = hostile.lying_size()
    sheet = open_archive(data, LIMITS)[-1]

    with pytest.raises(SheetError) as refusal:
        inflate(data, sheet)

    assert refusal.value.code == "damaged"


def test_more_text_than_allowed_is_refused_however_few_the_cells() -> None:
    limits = dataclasses.replace(LIMITS, max_text=100)

    with pytest.raises(SheetError) as refusal:
        read_workbook(hostile.legitimate_xlsx(), limits=limits)

    assert refusal.value.code == "bomb"


def test_the_clock_ends_the_child_and_says_too_long() -> None:
    limits = dataclasses.replace(LIMITS, wall_seconds=0)

    with pytest.raises(SheetError) as refusal:
        read_workbook(hostile.legitimate_xlsx(rows=2000), limits=limits)

    assert refusal.value.code == "timeout"


def test_a_killed_child_is_a_refusal_and_the_next_file_is_read() -> None:
    data = hostile.legitimate_xlsx(rows=20_000 - 1)
    stop = threading.Event()

    def hunt() -> None:
        while not stop.is_set():
            for pid in _children():
                os.kill(pid, 11)
            time.sleep(0.001)

    hunter = threading.Thread(target=hunt)
    hunter.start()
    try:
        code = code_of(data)
    finally:
        stop.set()
        hunter.join()

    assert code == "damaged"
    assert read_workbook(hostile.legitimate_xlsx()).kind == "xlsx"


def _children() -> list[int]:
    """Processes that this very process started to read a spreadsheet."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as stat, open(f"/proc/{pid}/cmdline") as command:
                parent, line = stat.read().rpartition(")")[2].split()[1], command.read()
        except OSError:
            continue
        if parent == str(os.getpid()) and "child.py" in line:
            found.append(int(pid))
    return found


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"<!---->" * 500 + b"x;y\n1;2\n", id="comments"),
        pytest.param(hostile.book('<row r="1"><c' + ' r="A99999"' * 1_000_000), id="attributes"),
        pytest.param(hostile.book('<row r="1"><k' + ' t="e"' * 2_000_000), id="error cells"),
        pytest.param(hostile.book("<row><c>" + "<f>1</f></c>" * 1_000_000), id="formulas"),
        pytest.param(hostile.book('<row r="1"><c r="A99999"' + " " * 5_000_000 + "/>"), id="spaces"),
    ],
)
@pytest.mark.timeout(60)  # whoever looks at each sign again and again needs hours for these
def test_the_prescan_comes_to_an_end_of_a_file_made_to_slow_it(data: bytes) -> None:
    limits = dataclasses.replace(LIMITS, max_ratio=10**6)  # such files pack too well: the ratio alone would refuse them

    with contextlib.suppress(SheetError):
        read_workbook(data, limits=limits)


def _prescan_seconds(data: bytes) -> float:
    """The processor's time of the pre-scan alone: the best of three, for the machine has other work."""
    limits = dataclasses.replace(LIMITS, max_ratio=10**6)
    times = []
    for _ in range(3):
        started = time.thread_time()
        with contextlib.suppress(SheetError):
            check_zip(data, limits)
        times.append(time.thread_time() - started)
    return min(times)


@pytest.mark.parametrize("name", hostile.SLOW)
def test_the_work_of_the_prescan_grows_with_the_file_and_not_with_its_square(name: str) -> None:
    small, large = (_prescan_seconds(hostile.SLOW[name](size)) for size in (6_000, 48_000))

    assert large < 20 * small + 0.05  # eight times the size: the square would be 64 times


def test_one_page_of_errors_is_searched_once_however_many_sheets_name_it() -> None:
    once, often = (_prescan_seconds(hostile.SLOW["many sheets of one part"](size)) for size in (1, 900))

    assert often < 3 * once + 0.02


def test_a_number_nobody_can_hold_in_the_name_of_a_part_is_no_crash() -> None:
    links = hostile.RELATIONS.format(kind="worksheet", target="&#" + "9" * 5000 + ";")

    found = check_zip(hostile.with_workbook_part("xl/_rels/workbook.xml.rels", links, hostile.ERRORS), LIMITS)

    assert found.marks == {}


def test_a_directory_of_very_many_parts_is_refused_before_an_object_is_made_of_each() -> None:
    data = hostile.crowded_directory(100_000)

    tracemalloc.start()
    try:
        with pytest.raises(SheetError) as refusal:
            check_zip(data, LIMITS)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert refusal.value.code == "bomb"
    assert peak < 5_000_000


@pytest.mark.parametrize("prefix", ["", "x:", "связь:", "a-b.c:"])
def test_a_link_to_another_program_is_found_however_deep_it_lies(prefix: str) -> None:
    part = "<x>" + "<y/>" * 100_000 + f"<{prefix}ddeLink/></x>"

    assert code_of(hostile.with_part("xl/other.xml", part.encode())) == "external_links"


def test_the_name_of_such_a_link_in_a_cell_is_only_a_text() -> None:
    data = hostile.book('<row r="1"><c r="A1" t="inlineStr"><is><t>&lt;ddeLink/&gt; oleLink</t></is></c></row>')

    assert read_workbook(data).sheets[0].rows == [["<ddeLink/> oleLink"]]


def test_the_package_needs_no_django() -> None:
    program = "import sys, schools.sheets; print('django' in sys.modules)"

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert result.stdout == "False\n"
