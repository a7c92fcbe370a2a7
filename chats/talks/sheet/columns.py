"""Columns of the spreadsheet of chats, under any usual heading, and how their cells are read (pure)."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from chats.links import LONGEST
from chats.roles import ASSOCIATIONS, areas_of_text
from chats.use_cases import USE_CASES
from schools.codes import Cleaned, Problem, fold, is_scientific, mistake, tidy
from schools.headers import Column, HeaderMatch, Headers, Row
from schools.platforms import CHAT_CHANNEL_BY_NUMBER, CHAT_CHANNELS, FOREIGN, SFERUM
from schools.values import clean_class_name, clean_date, clean_text, refused

LONGEST_TITLE = 150
NOTHING = frozenset({"", "-", "нет"})
_TAIL = re.compile(r"(?<=[0-9])\.0+$")
_CASE_NUMBER = re.compile(r"(?:кейс\s*)?(?:№\s*)?([0-9]{1,2})(?:\.0+)?(?:[.):\s-]+(.*))?")
_HOW_CASE = "Впишите номер кейса от 1 до 27 или его название"


def case_title(number: int, name: str) -> str:
    """«15. Классный руководитель и родители»."""
    return f"{number}. {name}"


CASE_CHOICES = tuple(case_title(case.number, case.name) for case in USE_CASES)
_CASES = {fold(name): case.number for case in USE_CASES for name in (case.name, case.key)}


@lru_cache(maxsize=512)
def clean_case(text: str) -> Cleaned[int | None]:
    """«15», «№ 15», «15. Классный руководитель и родители», its name or key → 15."""
    asked = fold(text[:200])
    if asked in NOTHING:
        return Cleaned(None)
    if asked in _CASES:
        return Cleaned(_CASES[asked])
    numbered = _CASE_NUMBER.fullmatch(asked)
    if numbered:
        return _numbered(int(numbered[1]), numbered[2] or "")
    holding = {number for name, number in _CASES.items() if len(asked) > 4 and asked in name}
    if len(holding) == 1:
        return Cleaned(holding.pop())
    near = get_close_matches(asked, _CASES, n=1, cutoff=0.75)
    return refused("no_case", f"Такого кейса нет. {_HOW_CASE}", CASE_CHOICES[_CASES[near[0]] - 1] if near else None)


def _numbered(number: int, name: str) -> Cleaned[int | None]:
    """A number, and perhaps a name beside it: where they speak of two cases, nobody knows which is meant."""
    if not 1 <= number <= len(USE_CASES):
        return refused("no_case", f"Кейса с таким номером нет. {_HOW_CASE}")
    other = _CASES.get(name, number)
    if other != number:
        return refused("two_cases", f"Номер {number}, а название — кейса {other}: оставьте что-то одно")
    return Cleaned(number)


@lru_cache(maxsize=256)
def clean_area(text: str) -> Cleaned[int | None]:
    """«МО: естественные науки», «5», «математика» → the number of the association."""
    asked = re.sub(r"^(?:ш?мо|методическое объединение)\b[ .:-]*", "", fold(text[:200]))
    asked = re.sub(r"^(?:учителей )", "", _TAIL.sub("", asked))
    if asked in NOTHING:
        return Cleaned(None)
    for each in ASSOCIATIONS:
        if asked in {str(each.number), fold(each.name)}:
            return Cleaned(each.number)
    found = areas_of_text(asked)
    if len(found) == 1:
        return Cleaned(next(iter(found)))
    names = ", ".join(each.name for each in ASSOCIATIONS)
    return refused("no_area", f"Такого объединения нет. Подойдёт: {names}")


SFERUM_ITSELF = 0  # «Сферум» may mean either of its channels: the link tells which
_CHANNELS = {
    "max": ("макс", "мах", "max мессенджер", "мессенджер max"),
    "vk": ("вк", "вк мессенджер", "vk", "vk messenger", "вконтакте", "vk.me", "vk.com"),
    "foreign": ("иностранный", "иностранный мессенджер (вне правил)"),
}
_CHANNEL_BY_WORD = {
    fold(word): channel.number
    for channel in CHAT_CHANNEL_BY_NUMBER.values()
    for word in (channel.name, channel.key, *_CHANNELS.get(channel.key, ()))
} | {fold(name): SFERUM_ITSELF for name in (SFERUM.name, SFERUM.full_name, "учебный профиль")}


@lru_cache(maxsize=256)
def clean_channel(text: str) -> Cleaned[int | None]:
    """«MAX», «вк», «Сферум» → the channel's number, 0 for either channel of «Сферум»."""
    asked = fold(text[:100])
    if asked in NOTHING:
        return Cleaned(None)
    if asked in _CHANNEL_BY_WORD:
        return Cleaned(_CHANNEL_BY_WORD[asked])
    names = ", ".join(channel.name for channel in CHAT_CHANNELS)
    return refused("no_channel", f"Такого канала нет. Подойдёт: {names}", FOREIGN.name if asked else None)


def clean_class(text: str) -> Cleaned[str]:
    """«6 "б"» → '6Б'; «-» says that there is none."""
    return Cleaned("") if fold(text) in NOTHING else clean_class_name(text)


def clean_title(text: str) -> Cleaned[str]:
    """The name of a chat."""
    return clean_text(text, LONGEST_TITLE)


def clean_raw(text: str) -> Cleaned[str]:
    """A text whose sense the plan knows: a link is of its channel, an owner of the school."""
    return Cleaned("") if fold(text) in NOTHING else clean_text(text, LONGEST)


def clean_external_id(text: str) -> Cleaned[str]:
    """The chat's number on the platform: Excel's «14.0» is 14."""
    number = _TAIL.sub("", tidy(text)).lstrip("№ ").removeprefix("'")
    if fold(number) in NOTHING:
        return Cleaned("")
    if is_scientific(number):
        return mistake("scientific", "Excel сократил номер и потерял цифры: задайте столбцу формат «Текстовый»")
    return clean_text(number, 100)


def ignore(text: str) -> Cleaned[str]:
    """The cell is not read."""
    return Cleaned("")


COLUMNS = (
    Column("row_key", "Код строки", clean_raw, ("Ключ строки",), hidden=True, width=14,
           note="Скрыт: по нему узнаём чат, даже если его переименовали."),
    Column("case", "Кейс", clean_case,
           ("Кейс использования", "Номер кейса", "№ кейса", "Вид чата", "Тип чата", "Назначение чата"),
           width=44, choices=CASE_CHOICES, example="15. Классный руководитель и родители",
           note="Номер или название одного из 27 кейсов."),
    Column("class_name", "Класс", clean_class, ("Класс чата", "Класс, литера", "Класс (литера)"),
           width=9, example="6Б", note="Для чатов класса: 6Б, 6 «б» и 6B латинской буквой — один класс."),
    Column("area", "Методическое объединение", clean_area, ("МО", "ШМО", "Объединение", "Методобъединение"),
           width=30, choices=tuple(each.name for each in ASSOCIATIONS), note="Только для чатов объединений."),
    Column("channel", "Канал", clean_channel, ("Мессенджер", "Площадка", "Платформа", "Приложение", "Где чат"),
           width=18, choices=tuple(each.name for each in CHAT_CHANNELS), example="MAX",
           note="Пусто — поймём по ссылке, без ссылки считаем MAX."),
    Column("title", "Название", clean_title,
           ("Название чата", "Наименование чата", "Имя чата", "Чат", "Наименование", "Беседа", "Название беседы",
            "Название группы", "Заголовок", "title", "name", "chat_title", "chat_name"),
           width=36, example="6Б. Родители",
           note="Как чат называется в мессенджере. Пусто — назовём по правилу кейса."),
    Column("link", "Ссылка", clean_raw,
           ("Ссылка-приглашение", "Ссылка на чат", "Ссылка приглашение", "Пригласительная ссылка", "Приглашение",
            "Ссылка для вступления", "Адрес чата", "URL", "link", "invite_link"),
           width=40, example="https://max.ru/join/…",
           note="Приглашение из чата. Ведёт в канал чата и ни в какой другой."),
    Column("external_id", "Номер на площадке", clean_external_id,
           ("Номер чата", "ID чата", "Идентификатор чата", "ИД чата", "Внешний номер", "Идентификатор", "ID", "chat_id",
            "external_id"),
           width=20, note="По нему узнаём чат в выгрузках оператора."),
    Column("owner", "Владелец", clean_raw,
           ("ФИО владельца", "Владелец чата", "Администратор чата", "Администратор", "Ответственный за чат",
            "Ответственный", "Ведёт чат", "Кто ведёт", "Модератор", "owner"),
           width=32, example="Зимина Светлана Игоревна",
           note="ФИО, табельный номер или СНИЛС того, кто работает в школе."),
    Column("opened_on", "Создан", clean_date,
           ("Дата создания", "Дата создания чата", "Создан, дата", "Дата открытия", "Открыт", "Дата", "created",
            "created_at"),
           width=13, example="05.09.2026", note="ДД.ММ.ГГГГ. Пусто у нового чата — сегодня."),
    Column("ends_on", "Нужен до", clean_date, ("Действует до", "Срок", "Срок действия", "До какого дня"), width=13,
           note="Для временных чатов: после этого дня напомним закрыть."),
    Column("closed_on", "Закрыт", clean_date, ("Дата закрытия", "Закрыт, дата", "Дата удаления"), width=13,
           note="День, когда чат закрыли. Открытому чату не нужен."),
    Column("school", "Школа", clean_title,
           ("ОО", "ОУ", "Организация", "Образовательная организация", "Название школы", "Наименование школы",
            "Наименование ОО", "Код школы", "Код ОО", "ИНН школы", "ИНН"),
           in_template=False),
    Column("members", "Участников", ignore,
           ("Число участников", "Количество участников", "Кол-во участников", "Участники", "members_count", "members"),
           in_template=False, is_ignored=True),
    Column("line_number", "№", ignore, ("№ п/п", "п/п", "N п/п", "N", "No"), in_template=False, is_ignored=True),
)  # fmt: skip
COLUMN_BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}
TEMPLATE_COLUMNS = tuple(column for column in COLUMNS if column.in_template)
_HEADERS = Headers(
    COLUMNS,
    (("title",), ("link",), ("external_id",)),
    sheet="чатов",
    foreign=("муниципал", "регион", "школ", "телефон", "почт"),
)


def match_headers(rows: Sequence[Row], mapping: Mapping[int, str] | None = None) -> HeaderMatch:
    """Find the header in rows of text; see `schools.headers.Headers.match`."""
    return _HEADERS.match(rows, mapping)


def column_choices() -> list[tuple[str, str]]:
    """(key, heading) of every column a person may name by hand."""
    return [(column.key, column.header) for column in COLUMNS if not column.is_ignored and not column.hidden]


def clean_record(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[tuple[str, Problem]]]:
    """Clean one row (key → text): typed values of the columns it has, and problems as (key, Problem)."""
    values: dict[str, Any] = {}
    problems: list[tuple[str, Problem]] = []
    for key, text in cells.items():
        values[key], problem = COLUMN_BY_KEY[key].cleaner(text)
        if problem is not None:
            problems.append((key, problem))
    return values, problems
