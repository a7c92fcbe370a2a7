"""An order as PDF: set by typst from data, with the portal's own Cyrillic fonts embedded."""

import io
import json
from dataclasses import asdict
from pathlib import Path

import segno
import typst
from django.conf import settings

from chats.orders.paper import Paper

SOURCE = Path(__file__).parent / "order.typ"
FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "pt-serif"


def pdf_of(paper: Paper) -> bytes:
    """Return the bytes of the order, accessible (PDF/UA-1) and the same on every machine."""
    words = paper.kept() | {
        "layout": asdict(paper.layout),
        "requisites": paper.requisites,
        "sheets_title": paper.sheets_title,
        "code_svg": _code(paper.code) if paper.layout.has_code and paper.code else "",
    }
    return typst.compile(
        SOURCE,
        format="pdf",
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(words, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )


def _code(address: str) -> str:
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", border=1, xmldecl=False, svgns=True)
    return picture.getvalue().decode()
