"""What a spreadsheet of chats would do: each row is new, changed, as now, unknown, or has mistakes (pure)."""

import datetime
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from chats.links import LinkRefused, clean_link
from chats.moving import newest
from chats.proposals import likely_owners, title_of
from chats.roles import ASSOCIATION_BY_NUMBER
from chats.talks.sheet.present import Key, KnownChat, Present
from chats.talks.sheet.recognising import Found, Recogniser, channel_said, key_of, link_key
from chats.talks.sheet.records import Mistake, Reading, Record
from chats.talks.sheet.titles import title_key
from chats.use_cases import USE_CASE_BY_NUMBER
from chats.use_cases.kinds import Unit
from schools.codes import fold
from schools.platforms import CHAT_CHANNEL_BY_NUMBER
from schools.texts import counted, plural
from staff.imports.plan import CHANGE, NEW, SAME, WAIT

UNKNOWN, LATER, OTHER = "unknown", "later", "other"  # nobody knows what it is; no chat yet; another school's
OLDEST = 2015  # no chat is of before the platform
FIELD_TITLES = {
    "use_case": "кейс", "class_name": "класс", "area": "методическое объединение", "channel": "канал",
    "title": "название", "link": "ссылка", "external_id": "номер на площадке", "owner": "владелец",
    "opened_on": "создан", "ends_on": "нужен до", "closed_on": "закрыт",
}  # fmt: skip
_SIGNS_OF_LIFE = ("link", "external_id", "opened_on", "closed_on")


@dataclass(slots=True)
class PlannedRow:
    """A row of the file: what is done with it, to which chat (0: a new one), the facts to write, what they change.

    `changes` are field → [old, new] in words; `about` is what a new chat is about, or what an unknown row says.
    """

    row: int
    action: str
    title: str
    chat_id: int = 0
    version: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """The rows in the order of the file, sentences about it, the stamp of what it was compared with."""

    rows: list[PlannedRow] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    stamp: str = ""
    absent: int = 0

    def of(self, action: str) -> list[PlannedRow]:
        """Rows of one kind."""
        return [row for row in self.rows if row.action == action]

    def counts(self) -> dict[str, int]:
        """How many rows there are of each kind, and how much is wrong with them."""
        kinds = Counter(row.action for row in self.rows)
        wrong = [one for row in self.of(WAIT) for one in row.mistakes if one.severity == "mistake"]
        return {
            "rows": len(self.rows),
            "new": kinds[NEW],
            "changed": kinds[CHANGE],
            "same": kinds[SAME],
            "waiting": kinds[WAIT],
            "unrecognised": kinds[UNKNOWN],
            "later": kinds[LATER],
            "leaving": 0,
            "absent": self.absent,
            "mistakes": len(wrong),
            "suggestions": sum(one.suggestion is not None for one in wrong),
        }


def make_plan(reading: Reading, present: Present) -> Plan:
    """Return the plan of a reading against what a school has."""
    planner = _Planner(present, reading)
    own = [record for record in reading.records if planner.is_own(record)]
    found = planner.recogniser.match(own)
    rows = [planner.row(record, each) for record, each in zip(own, found, strict=True)]
    planner.refuse_twins(rows)
    others = len(reading.records) - len(own)
    claimed = {row.chat_id for row in rows if row.chat_id}
    open_now = [chat for chat in present.chats if chat.closed_on is None or chat.closed_on > present.day]
    plan = Plan(rows, list(reading.said), present.stamp, sum(chat.id not in claimed for chat in open_now))
    if others:
        plan.said.append(f"{counted(others, 'строка', 'строки', 'строк')} — о другой школе: не берём.")
    later = len(plan.of(LATER))
    if later:
        verb = plural(later, "Пропустили", "Пропустили", "Пропустили")
        rest = "нет ни ссылки, ни номера, ни даты — чат ещё не заведён"
        plan.said.append(f"{verb} {counted(later, 'строку', 'строки', 'строк')}: {rest}.")
    return plan


class _Planner:
    """Plans row by row against what a school has."""

    def __init__(self, present: Present, reading: Reading) -> None:
        self.present = present
        self.letters = {key: reading.letter(index) for index, key in reading.match.columns.items()}
        self.recogniser = Recogniser(present)
        self.class_names = {line.id: line.name for line in present.roster.classes}

    def is_own(self, record: Record) -> bool:
        """Whether the row is of this school: a row that names none is."""
        return fold(record.get("school") or "") in {"", *self.present.names}

    def row(self, record: Record, found: Found) -> PlannedRow:
        """Plan one row."""
        chat = found.chat
        title = record.get("title") or ""
        if chat is None and not found.trouble and not any(record.texts.get(key) for key in _SIGNS_OF_LIFE):
            return PlannedRow(record.row, LATER, title)
        key = self._key(record, chat) if not found.trouble else None
        if key is None:
            about = _said(record) | {"note": found.trouble}
            return self._done(PlannedRow(record.row, UNKNOWN, title, about=about), record)
        facts = self._facts(record, found, key)
        if chat is None:
            return self._fresh(record, key, facts)
        return self._changed(record, chat, facts)

    def _done(self, row: PlannedRow, record: Record) -> PlannedRow:
        row.mistakes = record.mistakes
        if record.waits:
            row.action, row.facts, row.changes = WAIT, {}, {}
        return row

    # What it is about

    def _key(self, record: Record, chat: KnownChat | None) -> Key | None:
        self._check_class(record, chat)
        if chat is None:
            key = key_of(record, self.present)
            if key is not None and not record.waits:
                self._check_place(record, key)
            return key
        case = record.get("case") or chat.use_case
        unit = USE_CASE_BY_NUMBER[case].unit
        line = self.present.classes.get(record.get("class_name") or "")
        class_id = line.id if line and line.name != chat.class_name else chat.class_id or 0
        area = record.get("area") or chat.area or 0
        if (case, class_id, area) == chat.key:
            return chat.key
        if case != chat.use_case:  # a chat whose case is changed leaves what the new one is not about
            class_id = class_id if unit == Unit.CLASS or record.get("class_name") else 0
            area = area if unit == Unit.ASSOCIATION or record.get("area") else 0
        self._check_place(record, (case, class_id, area))
        return (case, class_id, area)

    def _check_class(self, record: Record, chat: KnownChat | None) -> None:
        name = record.get("class_name")
        if name and name not in self.present.classes and not (chat and chat.class_name == name):
            message = f"Класса {name} в этом учебном году нет: проверьте или заведите его на странице «Классы»"
            record.wrong("class_name", "class_unknown", message)

    def _check_place(self, record: Record, key: Key) -> None:
        """A chat of a case of classes names one, of associations too; of the school names neither."""
        case = USE_CASE_BY_NUMBER[key[0]]
        if case.unit == Unit.CLASS and not key[1]:
            record.wrong("class_name", "class_missing", "Назовите класс: чат этого кейса — о нём")
        if case.unit == Unit.ASSOCIATION and not key[2]:
            record.wrong("area", "area_missing", "Назовите объединение: чат этого кейса — о нём")
        if case.unit != Unit.CLASS and key[1]:
            message = f"Чат кейса «{case.name}» — не о классе: сотрите класс или выберите другой кейс"
            record.wrong("class_name", "no_class_here", message, "-")
        if case.unit != Unit.ASSOCIATION and key[2]:
            message = f"Чат кейса «{case.name}» — не об объединении: сотрите его или выберите другой кейс"
            record.wrong("area", "no_area_here", message, "-")

    # The fields

    def _facts(self, record: Record, found: Found, key: Key) -> dict[str, Any]:
        """The values the row gives a chat; what it does not say is not there."""
        chat = found.chat
        facts: dict[str, Any] = {"use_case": key[0], "area": key[2] or None}
        facts["class_name"] = self.class_names.get(key[1], chat.class_name if chat and key[1] else "")
        facts["channel"] = channel_said(record) or (chat.channel if chat else newest())
        for name in ("title", "external_id", "opened_on", "ends_on", "closed_on"):
            if record.get(name) is not None:
                facts[name] = record.get(name)
        if chat and not record.get("row_key") and title_key(facts.get("title", "")) == title_key(chat.title):
            facts.pop("title", None)  # the same name in another spelling
        self._link(record, facts, chat)
        self._owner(record, facts, chat)
        self._check_days(record, facts, chat)
        self._check_others(record, facts, chat)
        return facts

    def _link(self, record: Record, facts: dict[str, Any], chat: KnownChat | None) -> None:
        text = record.get("link")
        if not text or (chat and link_key(text) == link_key(chat.link) and facts["channel"] == chat.channel):
            return
        try:
            facts["link"] = clean_link(text, facts["channel"])
        except LinkRefused as refusal:
            record.wrong("link", "link", *_link_problem(text, facts["channel"], str(refusal)))

    def _owner(self, record: Record, facts: dict[str, Any], chat: KnownChat | None) -> None:
        text = record.get("owner")
        if not text or (chat and fold(text) == fold(chat.owner_name)):
            return
        found = self.present.owners.find(text)
        if len(found) == 1:
            facts["owner"] = found[0]
        elif found:
            record.wrong(
                "owner", "owner_namesakes", "В школе несколько таких сотрудников: впишите полное ФИО или СНИЛС"
            )
        else:
            message = "Такого сотрудника в школе нет: проверьте ФИО; «-» оставит чат без владельца"
            record.wrong("owner", "owner_unknown", message)

    def _check_days(self, record: Record, facts: dict[str, Any], chat: KnownChat | None) -> None:
        today = self.present.day
        opened = facts.get("opened_on") or (chat.opened_on if chat else today)
        if facts.get("opened_on") not in (None, chat and chat.opened_on) and not (
            datetime.date(OLDEST, 1, 1) <= opened <= today
        ):
            message = f"Проверьте дату: чат создают не раньше {OLDEST} года и не позже сегодняшнего дня"
            record.wrong("opened_on", "opened_on", message)
        for name in ("ends_on", "closed_on"):
            if facts.get(name) and facts[name] < opened:
                record.wrong(name, "before_opening", "Этот день раньше дня создания чата")
        closed = facts.get("closed_on")
        if closed and closed > today and closed != (chat and chat.closed_on):
            record.wrong("closed_on", "future", "Этот день ещё не наступил: впишите день, когда чат закрыли")

    def _check_others(self, record: Record, facts: dict[str, Any], chat: KnownChat | None) -> None:
        """A number and a link are of one chat."""
        own = chat.id if chat else 0
        number, link = facts.get("external_id"), facts.get("link")
        numbered = self.recogniser.by_number.get(number or "", [])
        other = next((one for one in numbered if one.id != own and one.channel == facts["channel"]), None)
        if other and not (chat and number == chat.external_id):
            record.wrong("external_id", "number_taken", f"Этот номер — у чата «{other.title}». Проверьте")
        linked = self.recogniser.by_link.get(link_key(link or ""), [])
        other = next((one for one in linked if one.id != own), None)
        if other:
            record.wrong("link", "link_taken", f"Эта ссылка — чата «{other.title}». Скопируйте ссылку нужного чата")

    # What becomes of it

    def _fresh(self, record: Record, key: Key, facts: dict[str, Any]) -> PlannedRow:
        case, place = USE_CASE_BY_NUMBER[key[0]], self.present.place(key)
        facts.setdefault("opened_on", self.present.day)
        facts.setdefault("title", title_of(case, place, facts["opened_on"]))
        end = case.ends_on(facts["opened_on"])
        if end is not None and "closed_on" not in facts:
            facts.setdefault("ends_on", end)
        if "owner" not in facts and not record.texts.get("owner"):
            likely = likely_owners(case, place, self.present.roster)
            if len(likely) == 1:
                facts["owner"] = likely[0]
        self._tell_of_neighbour(record, key, facts)
        about = {
            "case": f"{case.number}. {case.name}",
            "place": facts["class_name"] or _area_name(key[2]),
            "channel": _channel_name(facts["channel"]),
            "owner": self.present.owners.name(facts.get("owner")),
            "opened": f"{facts['opened_on']:%d.%m.%Y}",
            "link": facts.get("link", ""),
            "by_name": "" if record.get("case") else "да",
        }
        row = PlannedRow(record.row, NEW, facts["title"], facts=facts, about=about)
        return self._done(row, record)

    def _tell_of_neighbour(self, record: Record, key: Key, facts: dict[str, Any]) -> None:
        """A second chat of a case of the school may be meant, or its first one was not recognised."""
        same = [one for one in self.recogniser.by_case[key[0]] if one.channel == facts["channel"] and not one.closed_on]
        if same and USE_CASE_BY_NUMBER[key[0]].unit == Unit.SCHOOL and facts.get("closed_on") is None:
            message = f"В школе уже есть чат этого кейса: «{same[0].title}». Этот запишем вторым"
            record.warn("title", "neighbour", message)

    def _changed(self, record: Record, chat: KnownChat, facts: dict[str, Any]) -> PlannedRow:
        old = {name: getattr(chat, name) for name in FIELD_TITLES}
        changes = {
            name: (self._words(name, old[name], chat), self._words(name, value, chat))
            for name, value in facts.items()
            if value != old[name] and not (value in (None, "") and old[name] in (None, ""))
        }
        if changes:
            self._check_named(record, facts)
        if chat.closed_on and "closed_on" not in facts:
            record.warn(
                "title", "closed", "В портале этот чат закрыт. Если он снова работает, откройте его на странице чата"
            )
        kept = {name: facts[name] for name in changes}
        row = PlannedRow(record.row, CHANGE if changes else SAME, chat.title, chat.id, chat.version, kept, changes, {})
        return self._done(row, record)

    def _check_named(self, record: Record, facts: dict[str, Any]) -> None:
        """A chat that has lost its class or association is not changed until it is named."""
        unit = USE_CASE_BY_NUMBER[facts["use_case"]].unit
        if unit == Unit.CLASS and not facts["class_name"]:
            record.wrong("class_name", "class_missing", "Назовите класс: чат этого кейса — о нём")
        if unit == Unit.ASSOCIATION and not facts["area"]:
            record.wrong("area", "area_missing", "Назовите объединение: чат этого кейса — о нём")

    def _words(self, name: str, value: Any, chat: KnownChat) -> str:
        """A value as a person reads it."""
        if value in (None, ""):
            return ""
        if name == "owner":
            return chat.owner_name if value == chat.owner else self.present.owners.name(value)
        if isinstance(value, datetime.date):
            return f"{value:%d.%m.%Y}"
        words = {"use_case": _case_name, "area": _area_name, "channel": _channel_name}
        return words[name](value) if name in words else str(value)

    # Two rows of one chat

    def refuse_twins(self, rows: list[PlannedRow]) -> None:
        """A class and an association have one open chat of a case in a channel; a number and a link are one chat's."""
        said: dict[tuple[Any, ...], str] = {}
        planned = {row.chat_id: row for row in rows if row.chat_id and row.action in (CHANGE, SAME)}
        for chat in sorted(self.present.chats, key=lambda one: one.id in planned):  # those that stay as they are first
            facts = {name: getattr(chat, name) for name in FIELD_TITLES}
            row = planned.get(chat.id)
            where = f"в строке {row.row}" if row and row.changes else f"в школе: «{chat.title}»"
            for kind, key in _marks(
                facts | (row.facts if row else {}), chat.class_year not in (None, self.present.year)
            ):
                said.setdefault((kind, key), f"{chat.id}|{where}")
        for row in rows:
            if row.action == NEW:
                self._refuse_twin(row, said, f"new{row.row}")
            elif row.action == CHANGE:
                self._refuse_twin(row, said, f"{row.chat_id}", self.recogniser.by_id[row.chat_id])

    def _refuse_twin(
        self, row: PlannedRow, said: dict[tuple[Any, ...], str], own: str, chat: KnownChat | None = None
    ) -> None:
        before = {name: getattr(chat, name) for name in FIELD_TITLES} if chat else {}
        for kind, key in _marks(before | row.facts, False):
            holder, _, where = said.setdefault((kind, key), f"{own}|в строке {row.row}").partition("|")
            if holder == own or (chat and not _TWIN_FIELDS[kind] & set(row.facts)):
                continue
            column, message = _TWIN_WORDS[kind]
            letter = self.letters.get(column, "")
            row.mistakes = [
                *row.mistakes,
                Mistake(row.row, letter, column, "mistake", "twice", row.title, f"{message} {where}"),
            ]
            row.action, row.facts, row.changes = WAIT, {}, {}
            return


_TWIN_WORDS = {
    "place": ("title", "Такой чат в этом канале уже есть"),
    "number": ("external_id", "Чат с этим номером уже есть"),
    "link": ("link", "Чат с этой ссылкой уже есть"),
    "name": ("title", "Чат с этим названием уже есть"),
}
_TWIN_FIELDS = {
    "place": {"use_case", "class_name", "area", "channel", "closed_on"},
    "number": {"external_id", "channel"},
    "link": {"link"},
    "name": {"title", "use_case"},
}


def _marks(facts: dict[str, Any], of_another_year: bool) -> list[tuple[str, tuple[Any, ...]]]:
    """By what two rows would be one chat."""
    found: list[tuple[str, tuple[Any, ...]]] = []
    unit = USE_CASE_BY_NUMBER[facts["use_case"]].unit
    if facts.get("closed_on") is None and not of_another_year:
        if unit != Unit.SCHOOL:
            found.append(("place", (facts["use_case"], facts["class_name"], facts["area"], facts["channel"])))
        elif not facts.get("external_id") and not facts.get("link"):
            found.append(("name", (facts["use_case"], title_key(facts["title"]), facts["channel"])))
    if facts.get("external_id"):
        found.append(("number", (facts["channel"], facts["external_id"])))
    if facts.get("link"):
        found.append(("link", (link_key(facts["link"]),)))
    return found


def _link_problem(text: str, channel: int, said: str) -> tuple[str, str | None]:
    """What is wrong with a link, and the link that was surely meant."""
    whole = "https://" + text.partition("://")[2] if text.startswith("http://") else f"https://{text}"
    if not text.startswith("https://"):
        try:
            return "Ссылка должна начинаться с https://", clean_link(whole, channel)
        except LinkRefused:
            pass
    known = CHAT_CHANNEL_BY_NUMBER.get(channel)
    return said, None if known and known.is_russian else "-"


def _said(record: Record) -> dict[str, str]:
    """What an unknown row says, for the person who tells what it is."""
    return {name: record.texts.get(name, "")[:120] for name in ("title", "link", "external_id", "class_name", "area")}


def _case_name(number: int) -> str:
    return f"{number}. {USE_CASE_BY_NUMBER[number].name}"


def _area_name(number: int) -> str:
    return ASSOCIATION_BY_NUMBER[number].name if number in ASSOCIATION_BY_NUMBER else ""


def _channel_name(number: int) -> str:
    return CHAT_CHANNEL_BY_NUMBER[number].name
