"""From records of chats and what a school has to a plan: each row recognised, compared, its mistakes told (pure)."""

import datetime
from typing import Any

from chats.links import LinkRefused, clean_link
from chats.moving import newest
from chats.proposals import likely_owners, title_of
from chats.roles import ASSOCIATION_BY_NUMBER
from chats.talks.sheet.plan import FIELD_TITLES, LATER, UNKNOWN, Plan, PlannedRow
from chats.talks.sheet.present import Key, KnownChat, Present
from chats.talks.sheet.recognising import Found, Recogniser, channel_said, key_of, link_key
from chats.talks.sheet.records import Reading, Record
from chats.talks.sheet.titles import title_key
from chats.talks.sheet.twins import Twins
from chats.use_cases import USE_CASE_BY_NUMBER
from chats.use_cases.kinds import Unit
from schools.codes import fold
from schools.platforms import CHAT_CHANNEL_BY_NUMBER
from schools.texts import counted
from staff.imports.plan import CHANGE, NEW, SAME, WAIT

OLDEST = 2015  # no chat is of before the platform
_SIGNS_OF_LIFE = ("link", "external_id", "opened_on", "closed_on")


def make_plan(reading: Reading, present: Present) -> Plan:
    """Return the plan of a reading against what a school has."""
    planner = _Planner(present, reading)
    own = [record for record in reading.records if planner.is_own(record)]
    found = planner.recogniser.match(own)
    rows = [planner.row(record, each) for record, each in zip(own, found, strict=True)]
    Twins(present, planner.letters).refuse(rows)
    others = len(reading.records) - len(own)
    claimed = {row.chat_id for row in rows if row.chat_id}
    open_now = [chat for chat in present.chats if chat.closed_on is None or chat.closed_on > present.day]
    plan = Plan(rows, list(reading.said), present.stamp, sum(chat.id not in claimed for chat in open_now))
    if others:
        plan.said.append(f"{counted(others, 'строка', 'строки', 'строк')} — о другой школе: не берём.")
    later = len(plan.of(LATER))
    if later:
        rows_ = counted(later, "строку", "строки", "строк")
        plan.said.append(f"Пропустили {rows_} без ссылки, номера и даты: чат ещё не заведён.")
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
