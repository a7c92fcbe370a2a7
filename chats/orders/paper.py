"""An order as it stands on paper: requisites, text, appendix, sheet of readers; drawn as page, DOCX and PDF (pure).

The order of requisites, the date and the rules of numbering are those of ГОСТ Р 7.0.97.
"""

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from chats.orders.text import Body, Point
from chats.orders.values import full_date


@dataclass(frozen=True, slots=True)
class Profile:
    """How a page is laid out: margins and sizes in millimetres and points, what is asked of the order."""

    key: str
    name: str
    left: int
    right: int
    top: int
    bottom: int
    size: int
    has_code: bool  # the QR code at the foot of the first page


# Margins: at least 20, 10, 20 and 20 mm, 30 on the left for what is kept longer than ten years, as orders on the main
# activity are; sizes 12, 13 or 14 are advised; the QR code and the title of every document came in 2025.
PROFILES = (
    Profile("gost2025", "ГОСТ Р 7.0.97-2025", left=30, right=10, top=20, bottom=20, size=14, has_code=True),
    Profile("gost2016", "ГОСТ Р 7.0.97-2016", left=30, right=10, top=20, bottom=20, size=14, has_code=False),
)
PROFILE_BY_KEY = {profile.key: profile for profile in PROFILES}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues the order, from above: founder, full name, short name, place."""

    founder: str
    name: str
    short_name: str
    city: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the position, «А.П. Иванова»."""

    position: str
    name: str


@dataclass(frozen=True, slots=True)
class Appendix:
    """A table after the order: its title, its headings, its rows."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole order, ready to be drawn. An order without number and date is a draft."""

    letterhead: Letterhead
    subject: str
    body: Body
    signer: Signer
    number: str = ""
    day: str = ""
    profile: str = PROFILES[0].key
    appendix: Appendix | None = None
    sheet: tuple[tuple[str, str], ...] = ()  # (name, position) of those who sign that they have read it
    code: str = ""  # the address in the QR code
    kind: str = field(default="ПРИКАЗ")

    @property
    def layout(self) -> Profile:
        """The profile of the page."""
        return PROFILE_BY_KEY.get(self.profile, PROFILES[0])

    @property
    def preamble(self) -> tuple[str, ...]:
        """What stands before the word that orders, which is a line of its own."""
        return self.body.preamble

    @property
    def sheets_title(self) -> str:
        """«С приказом от 5 мая 2026 г. № 45-ОД ознакомлены»."""
        return f"С приказом {self.requisites} ознакомлены" if self.requisites else "С приказом ознакомлены"

    @property
    def requisites(self) -> str:
        """«от 5 мая 2026 г. № 45-ОД»; empty for a draft."""
        return f"от {self.day} № {self.number}" if self.day and self.number else ""

    @property
    def text(self) -> str:
        """All that was written by hand or filled in, line by line: what is searched for what was left over."""
        return "\n".join([self.subject, *self.body.preamble, *(point.text for point in self.body.points)])

    def kept(self) -> dict[str, Any]:
        """What is kept as JSON with an issued order."""
        return asdict(self)

    @property
    def sha256(self) -> str:
        """The fingerprint of all that is kept."""
        return hashlib.sha256(json.dumps(self.kept(), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def paper_from(kept: Mapping[str, Any]) -> Paper:
    """The order as it was issued, from its JSON."""
    body = kept["body"]
    appendix = kept.get("appendix")
    return Paper(
        **{
            **kept,
            "letterhead": Letterhead(**kept["letterhead"]),
            "signer": Signer(**kept["signer"]),
            "body": Body(tuple(body["preamble"]), tuple(Point(**point) for point in body["points"])),
            "appendix": _appendix(appendix["title"], appendix["head"], appendix["rows"]) if appendix else None,
            "sheet": tuple((name, position) for name, position in kept["sheet"]),
        }
    )


def _appendix(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Appendix:
    return Appendix(title, tuple(head), tuple(tuple(row) for row in rows))


def day_words(day: datetime.date | None) -> str:
    """The date as the order bears it; empty where there is none yet."""
    return full_date(day) if day else ""
