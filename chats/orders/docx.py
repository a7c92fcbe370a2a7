"""An order as DOCX: A4 by its profile, page numbers from the second page on, tables whose heads repeat."""

import io

import segno
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from chats.orders.paper import Paper
from schools.word import Margins, a4, add_table, bytes_of, clean

CODE_SIZE = 20  # mm
INDENT = Mm(12.5)
PAGE_WIDTH = 210
LINES_BEFORE_SIGNATURE = Pt(42)  # three intervals


def docx_of(paper: Paper) -> bytes:
    """Return the bytes of the order; a draft has blanks where its date and number will be."""
    layout = paper.layout
    document = a4(Margins(layout.left, layout.right, layout.top, layout.bottom), layout.size)
    document.core_properties.title = clean(paper.subject)[:255]
    document.core_properties.author = clean(paper.letterhead.short_name)[:255]
    _page_numbers(document)
    if layout.has_code and paper.code:
        _code(document, paper.code)
    width = Mm(PAGE_WIDTH - layout.left - layout.right)
    _letterhead(document, paper, width)
    _text(document, paper)
    _signature(document, paper, width)
    if paper.sheet:
        _sheet(document, paper)
    if paper.appendix is not None:
        _appendix(document, paper)
    return bytes_of(document)


def _line(document: Document, text: str, *, centre: bool = False, bold: bool = False, after: int = 0) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.add_run(clean(text)).bold = bold
    paragraph.paragraph_format.space_after = Pt(after)
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def _letterhead(document: Document, paper: Paper, width: int) -> None:
    head = paper.letterhead
    for text, bold in (
        (head.founder, False),
        (head.name, True),
        (f"({head.short_name})" if head.short_name else "", False),
    ):
        if text:
            _line(document, text, centre=True, bold=bold)
    _line(document, paper.kind, centre=True, bold=True, after=12).paragraph_format.space_before = Pt(18)
    dated = _line(document, f"{paper.day or '_' * 16}\t№ {paper.number or '_' * 8}")
    dated.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    if head.city:
        _line(document, head.city, centre=True)
    title = _line(document, paper.subject, bold=True, after=14)
    title.paragraph_format.space_before = Pt(14)
    title.paragraph_format.right_indent = Mm(60)


def _text(document: Document, paper: Paper) -> None:
    for text in paper.preamble:
        _justified(document, text)
    ordering = _line(document, "ПРИКАЗЫВАЮ:", after=6)
    ordering.paragraph_format.space_before = Pt(6)
    ordering.paragraph_format.keep_with_next = True
    for point in paper.body.points:
        _justified(document, f"{point.number} {point.text}")


def _justified(document: Document, text: str) -> None:
    paragraph = _line(document, text)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = INDENT


def _signature(document: Document, paper: Paper, width: int) -> None:
    """Position on the left, name on the right of one line; between them the mark of an electronic signature."""
    signed = _line(document, f"{paper.signer.position}\t{paper.signer.name}")
    signed.paragraph_format.space_before = LINES_BEFORE_SIGNATURE
    signed.paragraph_format.keep_together = True
    signed.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)


def _sheet(document: Document, paper: Paper) -> None:
    title = _line(document, f"{paper.sheets_title}:", after=6)
    title.paragraph_format.space_before = Pt(28)
    title.paragraph_format.keep_with_next = True
    rows = [(str(number), name, position, "", "") for number, (name, position) in enumerate(paper.sheet, start=1)]
    head = ("№", "Фамилия, имя, отчество", "Должность", "Дата", "Подпись")
    add_table(document, head, rows, widths=(10, 60, 52, 22))


def _appendix(document: Document, paper: Paper) -> None:
    assert paper.appendix is not None
    mark = _line(document, f"Приложение № 1\nк приказу {paper.requisites or 'от ________ № ____'}", after=14)
    mark.paragraph_format.page_break_before = True
    mark.paragraph_format.left_indent = Mm(86)
    _line(document, paper.appendix.title, centre=True, bold=True, after=10)
    rows = [(str(number), *row) for number, row in enumerate(paper.appendix.rows, start=1)]
    add_table(document, ("№", *paper.appendix.head), rows)


def _page_numbers(document: Document) -> None:
    """The number in the middle of the top margin, from the second page on."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _code(document: Document, address: str) -> None:
    """The QR code in the lower right corner of the first page."""
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="png", scale=6, border=1)
    picture.seek(0)
    paragraph = document.sections[0].first_page_footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.add_run().add_picture(picture, width=Mm(CODE_SIZE))
