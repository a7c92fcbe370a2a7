"""A letter as a DOCX: heading, address, text, deadline, table of schools, signature; A4, 14 pt (pure)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from schools.word import a4, add_table, bytes_of, clean


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
    document = a4()
    _line(document, letter.sender, bold=True)
    _line(document, f"{letter.day:%d.%m.%Y}  № ________")
    _line(document, "Руководителям\nобщеобразовательных организаций", right=True)
    _line(document, letter.subject, bold=True)
    _line(document, "Уважаемые руководители!", centre=True)
    for paragraph in letter.paragraphs:
        _line(document, paragraph, indent=True)
    add_table(document, ["№", "Школа", *letter.head], [[str(n), *row] for n, row in enumerate(letter.rows, start=1)])
    _line(document, f"\n\n{letter.signer}")
    return bytes_of(document)


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
