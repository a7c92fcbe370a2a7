"""Which chat of the school a row of a file is, or what a new one is about (pure).

The surest first, so that the order of rows tells nothing: hidden key, number on the platform, link; then the case with
its class or association; then the name; then what the name is about by the rule of some case. A chat is one row's.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from chats.talks.sheet.columns import SFERUM_ITSELF
from chats.talks.sheet.present import Key, KnownChat, Present, chat_of_key
from chats.talks.sheet.records import Record
from chats.talks.sheet.titles import class_in, loose_key, title_key
from chats.use_cases import USE_CASE_BY_NUMBER
from chats.use_cases.kinds import Lifetime, Unit
from schools.platforms import CHAT_CHANNELS
from schools.values import clean_class_name

SEVERAL = "В школе несколько таких чатов: впишите в файле канал, номер на площадке или ссылку"


class Found(NamedTuple):
    """The chat a row is; None for a new one. `trouble` says why it cannot be told."""

    chat: KnownChat | None = None
    trouble: str = ""


def link_key(link: str) -> str:
    """A link without what tells nothing: the case of its host, a slash at the end."""
    scheme, sign, rest = link.strip().partition("://")
    host, slash, path = (rest or scheme).partition("/")
    return f"{host.casefold()}{slash}{path}".rstrip("/") if sign or slash else link.strip()


def channel_of_link(link: str) -> int | None:
    """The channel whose hosts a link leads to; None for any other."""
    try:
        host = (urlsplit(link if "://" in link else f"https://{link}").hostname or "").rstrip(".")
    except ValueError:
        return None
    for channel in CHAT_CHANNELS:
        if any(host == each or host.endswith(f".{each}") for each in channel.hosts):
            return channel.number
    return None


def channel_said(record: Record) -> int | None:
    """The channel a row names, or its link leads to; None where it says neither."""
    said = record.get("channel")
    if said not in (None, SFERUM_ITSELF):
        return int(said)
    return channel_of_link(record.get("link") or "")


@dataclass(slots=True)
class Recogniser:
    """Recognises the records of a file among the chats of a school; what cannot be told is written on the record."""

    present: Present
    claimed: dict[int, int] = field(default_factory=dict)  # chat id → row
    by_id: dict[int, KnownChat] = field(default_factory=dict)
    by_number: dict[str, list[KnownChat]] = field(default_factory=lambda: defaultdict(list))
    by_link: dict[str, list[KnownChat]] = field(default_factory=lambda: defaultdict(list))
    by_title: dict[str, list[KnownChat]] = field(default_factory=lambda: defaultdict(list))
    by_case: dict[int, list[KnownChat]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for chat in self.present.chats:
            self.by_id[chat.id] = chat
            if chat.external_id:
                self.by_number[chat.external_id].append(chat)
            if chat.link:
                self.by_link[link_key(chat.link)].append(chat)
            self.by_title[title_key(chat.title)].append(chat)
            self.by_case[chat.use_case].append(chat)

    def match(self, records: Iterable[Record]) -> list[Found]:
        """Which chat each record is, in their order."""
        listed = list(records)
        found = [self._sure(record) for record in listed]
        for look in (self._of_place, self._of_title, self._of_rule):
            sure = set(self.claimed)
            for at, record in enumerate(listed):
                if found[at] is None:
                    free = [chat for chat in look(record) if chat.id not in sure]
                    found[at] = self._one(record, free) if free else None
        return [each or Found() for each in found]

    def _claim(self, record: Record, chat: KnownChat) -> Found:
        row = self.claimed.setdefault(chat.id, record.row)
        if row != record.row:
            record.wrong("", "twice", f"Тот же чат уже есть в строке {row}. Оставьте одну из двух")
        return Found(chat)

    def _one(self, record: Record, free: list[KnownChat]) -> Found:
        return self._claim(record, free[0]) if len(free) == 1 else Found(trouble=SEVERAL)

    # By key, number, link

    def _sure(self, record: Record) -> Found | None:
        key = record.get("row_key")
        if key:
            chat = self.by_id.get(chat_of_key(key) or 0)
            if chat is None:
                message = "Код строки не из чатов вашей школы. Сотрите его, чтобы узнать чат по названию"
                record.wrong("row_key", "foreign_key", message, "-")
                return Found(trouble=message)
            return self._claim(record, chat)
        numbered, linked = self._numbered(record), self._linked(record)
        if numbered and linked and numbered.id != linked.id:
            message = f"Номер — чата «{numbered.title}», а ссылка — чата «{linked.title}». Проверьте"
            record.wrong("external_id", "two_chats", message)
            return Found(trouble=message)
        chat = numbered or linked
        return self._claim(record, chat) if chat else None

    def _numbered(self, record: Record) -> KnownChat | None:
        channel = channel_said(record)
        found = self.by_number.get(record.get("external_id") or "", [])
        here = [chat for chat in found if channel in (None, chat.channel)]
        return here[0] if len(here) == 1 else None

    def _linked(self, record: Record) -> KnownChat | None:
        found = self.by_link.get(link_key(record.get("link") or ""), [])
        number = record.get("external_id")
        here = [chat for chat in found if not number or chat.external_id in ("", number)] or found
        if len(here) > 1:
            named = title_key(record.get("title") or "")
            here = [chat for chat in here if title_key(chat.title) == named]
        return here[0] if len(here) == 1 else None

    # By what it is about, by its name

    def _of_place(self, record: Record) -> list[KnownChat]:
        """Chats of the case the row names: of its class or association, of its name, or the school's only one."""
        case = record.get("case")
        return self._about(record, (case, *place_said(record, self.present))) if case else []

    def _of_rule(self, record: Record) -> list[KnownChat]:
        """Chats about what the row's name is about by the naming rule, whatever they are called themselves."""
        key = key_of(record, self.present)
        return self._about(record, key) if key else []

    def _about(self, record: Record, key: Key) -> list[KnownChat]:
        case = USE_CASE_BY_NUMBER[key[0]]
        here = [chat for chat in self.by_case[key[0]] if self._fits(record, chat)]
        if case.unit != Unit.SCHOOL:
            return [chat for chat in here if chat.key == key] if any(key[1:]) else []
        named = [chat for chat in here if title_key(chat.title) == title_key(record.get("title") or "")]
        lone = here if case.lifetime == Lifetime.PERMANENT and len(here) == 1 else []
        return named or lone

    def _of_title(self, record: Record) -> list[KnownChat]:
        title = record.get("title")
        if not title:
            return []
        class_id, area = place_said(record, self.present)
        case = record.get("case")
        return [
            chat
            for chat in self.by_title.get(title_key(title), [])
            if self._fits(record, chat)
            and case in (None, chat.use_case)
            and class_id in (0, chat.class_id)
            and area in (0, chat.area)
        ]

    def _fits(self, record: Record, chat: KnownChat) -> bool:
        """Whether the row may be this chat at all: its channel, its number, open like it or closed like it."""
        channel, number = channel_said(record), record.get("external_id")
        if channel not in (None, chat.channel):
            return False
        if number and chat.external_id not in ("", number) and USE_CASE_BY_NUMBER[chat.use_case].unit == Unit.SCHOOL:
            return False
        is_open = chat.closed_on is None or chat.closed_on > self.present.day
        return is_open or chat.closed_on == record.get("closed_on")


def place_said(record: Record, present: Present) -> tuple[int, int]:
    """(class id, association) a row names, 0 for neither; a class that is not there is as one not named."""
    line = present.classes.get(record.get("class_name") or "")
    return (line.id if line else 0, record.get("area") or 0)


def key_of(record: Record, present: Present) -> Key | None:
    """What a new chat is about: as its cells say, else as its name does by the rule of some case; None if neither."""
    case, (class_id, area) = record.get("case"), place_said(record, present)
    title = record.get("title") or ""
    if case is None:
        return next((key for key in _named(title, present) if _agrees(key, class_id, area)), None)
    unit = USE_CASE_BY_NUMBER[case].unit
    if unit == Unit.CLASS and not class_id and not record.texts.get("class_name"):
        line = present.classes.get(clean_class_name(class_in(title)).value)
        class_id = line.id if line else 0
    if unit == Unit.ASSOCIATION and not area and not record.texts.get("area"):
        area = next((key[2] for key in _named(title, present) if key[0] == case), 0)
    return (case, class_id, area)


def _named(title: str, present: Present) -> list[Key]:
    strict = present.expected.get(title_key(title), []) if title else []
    return strict or (present.alike.get(loose_key(title), []) if loose_key(title) else [])


def _agrees(key: Key, class_id: int, area: int) -> bool:
    return class_id in (0, key[1]) and area in (0, key[2])
