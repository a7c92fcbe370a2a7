"""An order as PDF: set by typst from data, with the portal's own Cyrillic fonts embedded."""

import io
import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

from chats.orders.glyphs import shown, signs_of
from chats.orders.paper import Paper

SOURCE = Path(__file__).parent / "order.typ"
FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "pt-serif"


def pdf_of(paper: Paper) -> bytes:
    """Return the bytes of the order, accessible (PDF/UA-1) and the same on every machine.

    The standard allows no sign without a glyph, so what the font lacks (an emoji in the title of a chat) is left out.
    """
    words: dict[str, Any] = _shown(paper.kept() | {"requisites": paper.requisites, "sheets_title": paper.sheets_title})
    words |= {
        "subject": words["subject"].strip() or paper.kind,
        "layout": asdict(paper.layout),
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


def _shown(words: Any) -> Any:
    """Texts within texts, each as the font can show it."""
    if isinstance(words, str):
        return shown(words, _signs())
    if isinstance(words, dict):
        return {key: _shown(value) for key, value in words.items()}
    return [_shown(value) for value in words] if isinstance(words, list | tuple) else words


@lru_cache
def _signs() -> frozenset[int]:
    """Signs that every face has: the four differ in weight, not in what they can write."""
    return frozenset.intersection(*(signs_of(face.read_bytes()) for face in sorted(FONTS.glob("*.ttf"))))


def _code(address: str) -> str:
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", border=1, xmldecl=False, svgns=True)
    return picture.getvalue().decode()
