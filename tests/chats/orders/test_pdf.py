"""An order as PDF: accessible, its own fonts embedded, its text found again, and hostile words as plain text."""

import shutil
import subprocess
from pathlib import Path

import pytest

from chats.orders.glyphs import shown, signs_of
from chats.orders.paper import Appendix, Letterhead, Signer
from chats.orders.pdf import FONTS, pdf_of
from chats.orders.text import Body, Point
from tests.chats.orders.papers import HOSTILE, PAPER, paper

pytestmark = pytest.mark.poppler
FACES = sorted(FONTS.glob("*.ttf"))


def read(data: bytes, folder: Path, *command: str) -> str:
    """What one of poppler's programs says of a PDF."""
    if not shutil.which("pdftotext"):
        pytest.skip("нет poppler-utils")
    file = folder / "order.pdf"
    file.write_bytes(data)
    done = subprocess.run([*command[:1], *command[1:], str(file)], capture_output=True, text=True, check=True)
    return done.stdout


def text_of(data: bytes, folder: Path) -> str:
    """The text of a PDF, lines joined, spaces alike."""
    if not shutil.which("pdftotext"):
        pytest.skip("нет poppler-utils")
    (folder / "order.pdf").write_bytes(data)
    command = ["pdftotext", "-layout", str(folder / "order.pdf"), "-"]
    return " ".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_order_is_an_accessible_a4_in_two_pages(tmp_path: Path) -> None:
    data = pdf_of(PAPER)

    told = read(data, tmp_path, "pdfinfo")
    meta = read(data, tmp_path, "pdfinfo", "-meta")

    assert "Pages:           2" in told
    assert "(A4)" in told
    assert "Tagged:          yes" in told
    assert PAPER.subject in told
    assert "<pdfuaid:part>1</pdfuaid:part>" in meta


def test_only_the_portals_own_fonts_are_there_and_they_are_embedded(tmp_path: Path) -> None:
    fonts = [line.split() for line in read(pdf_of(PAPER), tmp_path, "pdffonts").splitlines()[2:]]

    assert {row[0].partition("+")[2] for row in fonts} == {"PTSerif-Regular", "PTSerif-Bold"}
    assert {row[-5] for row in fonts} == {"yes"}


def test_text_is_found_again_and_only_the_second_page_is_numbered(tmp_path: Path) -> None:
    text = text_of(pdf_of(PAPER), tmp_path)

    parts = [
        PAPER.letterhead.founder, PAPER.letterhead.name, "(ГБОУ СОШ № 5)", "ПРИКАЗ 5 мая 2026 г. № 45-ОД", "Нефтекамск",
        PAPER.subject, "ПРИКАЗЫВАЮ:", "1. Назначить Зимину Анну Викторовну.", "Директор А.П. Иванова",
        "ознакомлены:", "1 Зимина Анна Викторовна учитель", "2 Приложение № 1", "Перечень чатов", "Педсовет",
    ]  # fmt: skip
    places = [text.find(part) for part in parts]
    assert -1 not in places, [part for part, place in zip(parts, places, strict=True) if place < 0]
    assert places == sorted(places)
    assert not text.startswith("1 ")


def test_marks_of_the_setting_language_come_out_as_plain_text(tmp_path: Path) -> None:
    hostile = paper(
        letterhead=Letterhead(HOSTILE, HOSTILE, "", ""),
        body=Body((), (Point("1.", 1, HOSTILE),)),
        signer=Signer("Директор", "#evil[x]"),
        sheet=(("$x$", "<среды>"),),
        appendix=Appendix("#evil[x]", ("&", '"'), (("*", "@"),)),
    )

    text = text_of(pdf_of(hostile), tmp_path)

    assert text.count(HOSTILE) == 3
    assert "1 $x$ <среды>" in text
    assert text.count("#evil[x]") == 5


@pytest.mark.parametrize(
    "words, left",
    [
        ("Чат 😀 класса", "Чат класса"),
        ("a\x00b\x0bc\ufffed\x1be\uf8ff", "abcde"),
        ("Чат 中文", "Чат ??"),
        ("\u202eтекст\u2066", "текст"),
    ],
)
def test_sign_the_font_lacks_stops_no_order(tmp_path: Path, words: str, left: str) -> None:
    one = paper(subject=words, body=Body((words,), (Point("1.", 1, f"{words}."),)), sheet=((words, words),))

    text = text_of(pdf_of(one), tmp_path).replace("b c", "bc")

    assert f"1. {left}." in text


@pytest.mark.parametrize("empty", ["", "😀", " \u200b"])
def test_order_of_empty_words_is_drawn(empty: str) -> None:
    bare = paper(
        letterhead=Letterhead(empty, empty, empty, empty), subject=empty, body=Body((), ()),
        signer=Signer(empty, empty), sheet=(), appendix=None, code="", number="", day="",
    )  # fmt: skip

    assert pdf_of(bare).startswith(b"%PDF-1.7")


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.stem)
def test_every_face_has_what_an_order_is_written_in(face: Path) -> None:
    signs = signs_of(face.read_bytes())

    written = "АБВабвёЁ№«»—–…0123456789()%§\u00a0"
    assert shown(written, signs) == written
    assert ord("😀") not in signs


def test_every_sign_a_face_is_said_to_have_is_drawn() -> None:
    signs = frozenset.intersection(*(signs_of(face.read_bytes()) for face in FACES))
    every = " ".join(chr(code) for code in sorted(signs) if chr(code).isprintable())

    assert len(every) > 600
    assert pdf_of(paper(body=Body((every,), (Point("1.", 1, every),)), subject=every[:200])).startswith(b"%PDF-")


def test_thousands_of_readers_and_a_long_name_are_drawn_over_many_pages(tmp_path: Path) -> None:
    readers = tuple((f"Учителева Анна {number}", "учитель") for number in range(2000))

    data = pdf_of(paper(letterhead=Letterhead("", "Очень длинное наименование " * 11, "", ""), sheet=readers))

    text = text_of(data, tmp_path)
    assert "2000 Учителева Анна 1999 учитель" in text
    assert text.count("Фамилия, имя, отчество") > 30  # the head of the table on every page


def test_face_without_a_table_of_signs_is_told() -> None:
    with pytest.raises(ValueError, match="cmap"):
        signs_of(b"\x00\x01\x00\x00\x00\x00" + b"\x00" * 20)
