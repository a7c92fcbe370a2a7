"""A letter as a DOCX: heading, address, text, deadline, table of schools, signature; A4, 14 pt (pure)."""

import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FONT, SIZE = "Times New Roman", 14
_ILLEGAL = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class LetterText:
    """What the document holds; rows begin with the school's name."""

    sender: str
    signer: str
    subject: str
    paragraphs: Sequence[str]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    day: dt.date


def docx_of(letter: LetterText) -> bytes:
    """Return the letter's bytes; a table of several pages repeats its header."""
    document = Document()
    _page(document)
    _line(document, letter.sender, bold=True)
    _line(document, f"{letter.day:%d.%m.%Y}  № ________")
    _line(document, "Руководителям\nобщеобразовательных организаций", right=True)
    _line(document, letter.subject, bold=True)
    _line(document, "Уважаемые руководители!", centre=True)
    for paragraph in letter.paragraphs:
        _line(document, paragraph, indent=True)
    _table(document, ["№", "Школа", *letter.head], [[str(n), *row] for n, row in enumerate(letter.rows, start=1)])
    _line(document, f"\n\n{letter.signer}")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _page(document: DocumentType) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(10)
    section.top_margin = section.bottom_margin = Mm(20)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(0)


def clean(text: str) -> str:
    """The text without signs that XML does not allow."""
    return _ILLEGAL.sub("", text)


def _line(
    document: DocumentType,
    text: str,
    *,
    bold: bool = False,
    right: bool = False,
    centre: bool = False,
    indent: bool = False,
) -> None:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(clean(text))
    run.bold = bold
    layout = paragraph.paragraph_format
    layout.space_after = Pt(10)
    if right:
        layout.left_indent = Mm(95)
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if indent:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        layout.first_line_indent = Mm(12.5)


def _table(document: DocumentType, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=1, cols=len(head))
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.text = clean(text)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = clean(text)
    for row_of in table.rows:
        row_of.cells[0].width = Mm(10)
        for cell in row_of.cells:
            for paragraph in cell.paragraphs:
                for run in paragraph.runs:
                    run.font.size = Pt(11)
