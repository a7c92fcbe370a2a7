"""What the DOCX documents of the portal share: an A4 page, texts that XML allows, tables whose heads repeat."""

import io
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FONT, SIZE, TABLE_SIZE = "Times New Roman", 14, 11
_ILLEGAL = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Margins(NamedTuple):
    """Margins of a page in millimetres."""

    left: int = 30
    right: int = 10
    top: int = 20
    bottom: int = 20


def a4(margins: Margins | None = None, size: int = SIZE) -> DocumentType:
    """An empty document of A4 pages in a font of so many points."""
    document = Document(io.BytesIO(_empty()))
    margins = margins or Margins()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(margins.left), Mm(margins.right)
    section.top_margin, section.bottom_margin = Mm(margins.top), Mm(margins.bottom)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(0)
    return document


_KEPT_STYLES = {"Normal", "Default Paragraph Font", "Normal Table", "No List", "Table Grid", "header", "footer"}
_NEEDLESS_PARTS = ("stylesWithEffects", "customXml", "thumbnail", "numbering")


@lru_cache(maxsize=1)
def _empty() -> bytes:
    """python-docx's empty document without the styles and parts nobody uses here: a sixth of its size."""
    document = Document()
    for style in list(document.styles.element.style_lst):
        if style.name_val not in _KEPT_STYLES:
            document.styles.element.remove(style)
    for rels in (document.part.rels, document.part.package.rels):
        for key in [key for key, rel in rels.items() if rel.reltype.rpartition("/")[2] in _NEEDLESS_PARTS]:
            rels.pop(key)
    return bytes_of(document)


def clean(text: str) -> str:
    """The text without signs that XML does not allow."""
    return _ILLEGAL.sub("", text)


def add_table(
    document: DocumentType, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int] = (10,)
) -> None:
    """Add a table with borders over the width of the text; its head repeats on every page, no row is split.

    Widths of the first columns are in millimetres, the other columns share what is left.
    """
    table = document.add_table(rows=1 + len(rows), cols=len(head))
    table.style = "Table Grid"
    table.autofit = False
    columns = _widths(document, len(head), widths)
    for column, width in zip(table.columns, columns, strict=True):
        column.width = width
    for number, (row, texts) in enumerate(zip(table.rows, [head, *rows], strict=True)):
        _mark(row, "w:cantSplit")
        if number == 0:
            _mark(row, "w:tblHeader")
        for cell, text, width in zip(row.cells, texts, columns, strict=True):
            cell.width = width
            run = cell.paragraphs[0].add_run(clean(text))
            run.font.size, run.bold = Pt(TABLE_SIZE), number == 0


def _widths(document: DocumentType, count: int, given: Sequence[int]) -> list[int]:
    """Widths of all columns in English metric units."""
    section = document.sections[0]
    text = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    rest = text - sum(Mm(width) for width in given)
    return [Mm(width) for width in given] + [rest // (count - len(given))] * (count - len(given))


def _mark(row: Any, name: str) -> None:
    """Set a yes-no property of a row."""
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def bytes_of(document: DocumentType) -> bytes:
    """The document as a file."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
