"""An order as DOCX: the page, the numbers, the tables, and hostile words, read back by python-docx."""

import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from chats.orders.docx import docx_of
from chats.orders.paper import Letterhead, Signer
from chats.orders.text import Body, Point
from tests.chats.orders.papers import HOSTILE, PAPER, lines, opened, paper


@pytest.fixture(scope="module")
def drawn() -> Document:
    """The order."""
    return opened(docx_of(PAPER))


def near(found: int | None, wanted: int) -> bool:
    """Whether two lengths are the same but for what Word rounds off."""
    return found is not None and abs(found - wanted) < Mm(0.1)


def test_page_is_a4_with_the_margins_of_the_profile(drawn: Document) -> None:
    section = drawn.sections[0]

    assert near(section.page_width, Mm(210))
    assert near(section.page_height, Mm(297))
    margins = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
    assert all(near(found, Mm(wanted)) for found, wanted in zip(margins, (30, 10, 20, 20), strict=True))
    assert drawn.styles["Normal"].font.size == Pt(14)  # type: ignore[attr-defined]


def test_number_stands_in_the_middle_above_every_page_but_the_first(drawn: Document) -> None:
    section = drawn.sections[0]

    field = section.header._element.findall(f".//{qn('w:instrText')}")

    assert [element.text for element in field] == ["PAGE"]
    assert section.header.paragraphs[0].alignment == 1
    assert section.different_first_page_header_footer
    assert section.first_page_header._element.findall(f".//{qn('w:instrText')}") == []


def test_heads_of_tables_repeat_and_no_row_is_split(drawn: Document) -> None:
    for table in drawn.tables:
        rows = [table.rows[number]._tr for number in range(len(table.rows))]
        heads = [bool(row.findall(f".//{qn('w:tblHeader')}")) for row in rows]
        assert heads == [True] + [False] * (len(rows) - 1)
        assert all(row.findall(f".//{qn('w:cantSplit')}") for row in rows)
    assert len(drawn.tables) == 2


def test_everything_stands_in_the_order_of_the_standard(drawn: Document) -> None:
    text = "\n".join(lines(drawn))
    parts = [
        PAPER.letterhead.founder, PAPER.letterhead.name, "(ГБОУ СОШ № 5)", "ПРИКАЗ", "№ 45-ОД", "Нефтекамск",
        PAPER.subject, "В соответствии", "ПРИКАЗЫВАЮ:", "1. Назначить", "1.1. Обучить", "Директор\tА.П. Иванова",
        "ознакомлены:", "Приложение № 1\nк приказу от 5", "Перечень чатов",
    ]  # fmt: skip

    places = [text.find(part) for part in parts]

    assert -1 not in places
    assert places == sorted(places)


def test_appendix_begins_a_page_and_its_rows_are_numbered(drawn: Document) -> None:
    mark = next(one for one in drawn.paragraphs if one.text.startswith("Приложение"))

    assert mark.paragraph_format.page_break_before
    assert [cell.text for cell in drawn.tables[1].rows[1].cells] == ["1", "Педсовет", "учителя", "Зимина А.В."]


def test_sheet_has_a_line_for_every_reader(drawn: Document) -> None:
    first = drawn.tables[0]

    assert [cell.text for cell in first.rows[0].cells] == [
        "№",
        "Фамилия, имя, отчество",
        "Должность",
        "Дата",
        "Подпись",
    ]
    assert [cell.text for cell in first.rows[2].cells] == ["2", "Мороз Лев Олегович", "", "", ""]


def test_code_stands_at_the_foot_of_the_first_page_where_the_profile_has_one() -> None:
    pictures = {
        key: opened(docx_of(paper(profile=key))).sections[0].first_page_footer._element.findall(f".//{qn('w:drawing')}")
        for key in ("gost2025", "gost2016")
    }

    assert (len(pictures["gost2025"]), len(pictures["gost2016"])) == (1, 0)


def test_draft_has_blanks_for_its_day_and_number() -> None:
    text = "\n".join(lines(opened(docx_of(paper(number="", day="")))))

    assert "________________\t№ ________" in text
    assert "к приказу от ________ № ____" in text


@pytest.mark.parametrize("words", [HOSTILE, "</w:t><w:br/>", "{{ 7*7 }}", "a\x00b\x0bc\ufffed\x1b", "Чат 😀"])
def test_hostile_words_come_out_as_plain_text(words: str) -> None:
    hostile = paper(
        letterhead=Letterhead(words, words, words, words),
        subject=words,
        body=Body((words,), (Point("1.", 1, words),)),
        signer=Signer(words, words),
        sheet=((words, words),),
    )

    document = opened(docx_of(hostile))

    plain = "".join(sign for sign in words if sign not in "\x00\x0b\ufffe\x1b")
    assert f"1. {plain}" in lines(document)
    assert f"{plain}\t{plain}" in lines(document)
    assert document.tables[0].rows[1].cells[1].text == plain


def test_long_name_of_the_organisation_and_two_thousand_readers_are_drawn_whole() -> None:
    name = "Очень длинное наименование " * 11
    readers = tuple((f"Учителева Анна {number}", "учитель") for number in range(2000))

    document = opened(docx_of(paper(letterhead=Letterhead("", name, name[:300], ""), sheet=readers)))

    assert name in lines(document)
    assert len(document.tables[0].rows) == 2001
    assert "Учителева Анна 1999" in document.tables[0]._tbl.xml
