"""Columns of a register of schools: Moscow's open data, Rosobrnadzor's, a region's own table (pure)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from schools.codes import (
    Cleaned,
    Problem,
    clean_email,
    clean_inn,
    clean_kpp,
    clean_ogrn,
    clean_okpo,
    clean_oktmo,
    clean_phone,
    fold,
    mistake,
    tidy,
)
from schools.headers import Column, HeaderMatch, Headers, Row
from schools.kinds import KIND_BY_KEY, KINDS
from schools.place_names import region_code
from schools.titles import kind_of, short_name_of
from schools.values import clean_count, clean_date, clean_flag, clean_text

__all__ = ["COLUMNS", "COLUMN_BY_KEY", "clean_record", "kind_of", "match_headers", "short_name_of"]


def clean_school_inn(text: str) -> Cleaned[str]:
    """ИНН of an organisation: 10 digits."""
    return _of_organisation(clean_inn(text), 10, "ИНН")


def clean_school_ogrn(text: str) -> Cleaned[str]:
    """ОГРН of an organisation: 13 digits."""
    return _of_organisation(clean_ogrn(text), 13, "ОГРН")


def _of_organisation(cleaned: Cleaned[str], length: int, name: str) -> Cleaned[str]:
    if cleaned.value and len(cleaned.value) != length:
        return mistake("personal_code", f"Это {name} предпринимателя: у организации в нём {length} цифр")
    return cleaned


def check_okpo(text: str) -> Cleaned[str]:
    """ОКПО, which is checked and not kept: a wrong one is worth saying and holds nothing up."""
    cleaned = clean_okpo(text)
    if cleaned.problem is None or not cleaned.is_mistaken:
        return cleaned
    return Cleaned("", cleaned.problem._replace(severity="warning"))


def clean_title(text: str) -> Cleaned[str]:
    """A full name of up to 500 characters in one line."""
    return clean_text(text, 500)


def clean_short_title(text: str) -> Cleaned[str]:
    """A short name or another text of up to 200 characters."""
    return clean_text(text, 200)


def clean_id(text: str) -> Cleaned[str]:
    """An id in somebody's register, up to 64 characters; Excel's «123.0» is 123."""
    return clean_text(re.sub(r"(?<=[0-9])\.0+$", "", text.strip()), 64)


@lru_cache(maxsize=512)
def clean_kind(text: str) -> Cleaned[str]:
    """A key of `schools.kinds` from its key, its name or any wording; '' for an empty cell."""
    folded = fold(text)
    if not folded:
        return Cleaned("")
    named = {fold(kind.name): kind.key for kind in KINDS} | {key: key for key in KIND_BY_KEY}
    if folded in named:
        return Cleaned(named[folded])
    kind = kind_of(text)
    if kind == "other":
        message = "Вид организации не узнали: запишем «другая организация». Проверьте"
        return Cleaned(kind, Problem("warning", "unknown_kind", message))
    return Cleaned(kind)


# The first that fits wins; a sign is the beginning of a word, or of several.
_STATUSES = (
    ("closing", ("в процессе ликвид", "в стадии ликвид", "ликвидируется", "в ликвидации")),
    ("closed", ("ликвид", "закрыт", "прекра", "не действ", "недейств", "closed", "исключ")),
    ("suspended", ("приост", "suspended", "капит", "временно")),
    ("reorganised", ("реорг", "присоед", "reorganised", "слит", "слиян")),
    ("active", ("действ", "active", "работа", "функц", "да ", "открыт")),
)


@lru_cache(maxsize=512)
def clean_status(text: str) -> Cleaned[str]:
    """'active', 'reorganised', 'suspended', 'closing', 'closed', or '' for an empty cell."""
    folded = f" {fold(text)} "
    for status, signs in _STATUSES:
        if any(f" {sign}" in folded for sign in signs):
            return Cleaned(status)
    if not folded.strip(" -"):
        return Cleaned("")
    return mistake("unknown_status", "Впишите «действует», «реорганизация», «приостановлена» или «ликвидирована»")


@lru_cache(maxsize=512)
def clean_region(text: str) -> Cleaned[str]:
    """The code of a region from its name or code in any usual spelling; '' for an empty cell."""
    if not fold(text) or fold(text) == "-":
        return Cleaned("")
    code = region_code(text)
    if not code:
        return mistake("unknown_region", "Такого региона не знаем: впишите его название целиком или код, например 77")
    return Cleaned(code)


def clean_website(text: str) -> Cleaned[str]:
    """An address of a site in lower case without the closing slash; more than one word is a mistake."""
    site = tidy(text).removesuffix("/")
    if not site or fold(site) in {"-", "нет"}:
        return Cleaned("")
    if (
        " " in site
        or "." not in site
        or len(site) > 200
        or not re.fullmatch(r"(?i:https?://)?[^\s/<>\"']+(?:/[^\s<>\"']*)?", site)
    ):
        return mistake("not_website", "Впишите один адрес сайта, например school375.example")
    head, slashes, tail = site.partition("://")
    host, slash, path = (tail if slashes else head).partition("/")
    return Cleaned(f"{head.lower()}://{host.lower()}{slash}{path}" if slashes else f"{host.lower()}{slash}{path}")


def ignore(text: str) -> Cleaned[str]:
    """The cell is not read."""
    return Cleaned("")


COLUMNS = (
    Column(
        "full_name",
        "Полное наименование",
        clean_title,
        (
            "EDU_NAME",
            "FullName",
            "Full name",
            "Наименование",
            "Наименование ОО",
            "Название",
            "Название школы",
            "Название ОО",
            "Наименование организации",
            "Наименование образовательной организации",
            "Наименование общеобразовательной организации",
            "Полное наименование ОО",
            "Полное наименование организации",
            "Полное название",
            "Образовательная организация",
            "Общеобразовательная организация",
            "Организация",
            "Школа",
            "ОО",
            "ОУ",
            "Наименование ОУ",
            "Name",
        ),
        required=True,
        width=60,
        example="Муниципальное бюджетное общеобразовательное учреждение «Средняя школа № 5»",
        note="Как в уставе: из него составим краткое и узнаем вид.",
    ),
    Column(
        "short_name",
        "Краткое наименование",
        clean_short_title,
        (
            "ShortName",
            "Short name",
            "Сокращённое наименование",
            "Краткое название",
            "Краткое наименование ОО",
            "Сокращение",
        ),
        width=30,
        example="МБОУ СШ № 5",
    ),
    Column("inn", "ИНН", clean_school_inn, ("INN", "ИНН ОО", "ИНН организации"), width=14, note="10 цифр."),
    Column(
        "kpp",
        "КПП",
        clean_kpp,
        ("KPP", "КПП ОО"),
        width=12,
        note="У филиала свой КПП при том же ИНН: по паре их и различаем.",
    ),
    Column("ogrn", "ОГРН", clean_school_ogrn, ("OGRN", "ОГРН ОО", "ОГРН организации"), width=16, note="13 цифр."),
    Column("oktmo", "ОКТМО", clean_oktmo, ("OKTMO", "Код ОКТМО"), width=14),
    Column("okpo", "ОКПО", check_okpo, ("OKPO", "Код ОКПО"), in_template=False, note="Проверяется, но не хранится."),
    Column(
        "municipality",
        "Муниципалитет",
        clean_short_title,
        (
            "AdmArea",
            "Adm area",
            "Муниципальное образование",
            "Муниципальный район",
            "Муниципальный округ",
            "Городской округ",
            "Административный округ",
            "Округ",
            "Территория",
            "МО",
            "МСУ",
            "ОМСУ",
            "Municipality",
        ),
        width=30,
        note="Пусто, если школа подчинена региону напрямую.",
    ),
    Column(
        "district",
        "Район",
        clean_short_title,
        ("District", "Район города", "Внутригородской район"),
        in_template=False,
        note="Территория, если столбца «Муниципалитет» нет; иначе не хранится.",
    ),
    Column(
        "region",
        "Регион",
        clean_region,
        ("RegionName", "Region", "Субъект РФ", "Субъект", "Регион РФ"),
        in_template=False,
        note="Строки другого региона не берутся.",
    ),
    Column(
        "region_code",
        "Код региона",
        clean_region,
        ("RegionCode", "Код субъекта", "Код субъекта РФ"),
        in_template=False,
        note="Строки другого региона не берутся.",
    ),
    Column(
        "kind",
        "Вид организации",
        clean_kind,
        ("Тип ОО", "Вид ОО", "Тип организации", "KindName", "TypeName", "Вид", "Тип", "Тип ОУ", "Вид ОУ"),
        width=22,
        choices=tuple(kind.name for kind in KINDS),
    ),
    Column("address", "Адрес", clean_text, ("PostAddress", "Address", "Почтовый адрес", "Юридический адрес"), width=40),
    Column("phone", "Телефон", clean_phone, ("Phone", "Тел", "Телефоны", "Контактный телефон", "Телефон ОО"), width=20),
    Column("email", "Электронная почта", clean_email, ("Email", "E-mail", "Эл. почта", "Эл. адрес", "Почта"), width=26),
    Column("website", "Сайт", clean_website, ("WebSite", "Site", "URL", "Адрес сайта", "Официальный сайт"), width=26),
    Column(
        "director_name",
        "Руководитель",
        clean_short_title,
        ("HeadName", "Директор", "ФИО руководителя", "ФИО директора", "Ф.И.О. руководителя", "Заведующий"),
        width=34,
    ),
    Column(
        "declared_teachers",
        "Число педагогов",
        clean_count,
        (
            "Число педагогов (ОО-1)",
            "Педагогов",
            "Педагогов по ОО-1",
            "Количество педагогов",
            "Число учителей",
            "Учителей",
        ),
        width=12,
        note="По форме ОО-1: знаменатель показателей.",
    ),
    Column(
        "declared_classes", "Число классов", clean_count, ("Классов", "Количество классов", "Классов по ОО-1"), width=12
    ),
    Column(
        "declared_pupils",
        "Число обучающихся",
        clean_count,
        (
            "Учащихся",
            "Количество учащихся",
            "Число учащихся",
            "Обучающихся",
            "Количество обучающихся",
            "Учащихся по ОО-1",
            "Обучающихся по ОО-1",
            "Контингент",
        ),
        width=12,
    ),
    Column(
        "external_id",
        "Номер в реестре",
        clean_id,
        (
            "global_id",  # from the names of this number to those of any: of two columns the earlier name is taken
            "uuid",
            "Внешний ID",
            "Идентификатор ОО",
            "Id ОО",
            "ID ОО",
            "Код ОО",
            "Код школы",
            "Идентификатор",
            "ID",
        ),
        width=16,
    ),
    Column(
        "status",
        "Статус",
        clean_status,
        ("Статус ОО", "Состояние", "Status", "StatusName", "Действует"),
        width=16,
        choices=("действует", "реорганизация", "приостановлена", "ликвидирована"),
    ),
    Column(
        "opened_on", "Дата открытия", clean_date, ("Открыта", "Дата создания", "Дата регистрации", "Создана"), width=14
    ),
    Column("closed_on", "Дата закрытия", clean_date, ("Закрыта", "Дата ликвидации", "Ликвидирована"), width=14),
    Column(
        "is_branch",
        "Филиал",
        clean_flag,
        ("IsBranch", "Филиал (да/нет)", "Является филиалом"),
        choices=("да", "нет"),
        width=8,
    ),
    Column(
        "parent_inn",
        "ИНН головной",
        clean_school_inn,
        ("ИНН головной организации", "ИНН головной ОО", "ParentINN", "ИНН учредителя филиала"),
        width=14,
    ),
    Column("line_number", "№", ignore, ("№ п/п", "п/п", "№пп", "N п/п", "N", "No"), in_template=False, is_ignored=True),
)
COLUMN_BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}
_HEADERS = Headers(
    COLUMNS, (("full_name",), ("short_name",)), sheet="реестра школ", foreign=("учредител", "passe", "лиценз")
)


def match_headers(rows: Sequence[Row], mapping: Mapping[int, str] | None = None) -> HeaderMatch:
    """Find the header of a register in rows of text; see `schools.headers.Headers.match`.

    Where no column is the municipality, «Район» is.
    """
    match = _HEADERS.match(rows, mapping)
    if "municipality" in match.columns.values():
        return match
    columns = {index: "municipality" if key == "district" else key for index, key in match.columns.items()}
    return replace(match, columns=columns)


UNKEPT = frozenset({"okpo", "district"})


def clean_record(cells: Mapping[str, str]) -> tuple[dict[str, Any], tuple[tuple[str, Problem], ...]]:
    """Clean one row (key → text): typed values and problems as (key, Problem); never raises.

    A missing short name and kind are read from the full name, a missing full name is the short one.
    """
    values: dict[str, Any] = {}
    problems: list[tuple[str, Problem]] = []
    for key, text in cells.items():
        column = COLUMN_BY_KEY.get(key)
        if column is not None and not column.is_ignored:
            values[key], problem = column.cleaner(text)
            if problem is not None:
                problems.append((key, problem))
    _complete(values)
    if not values["full_name"]:
        problems.append(("full_name", Problem("mistake", "name_missing", "Впишите наименование школы")))
    return values, tuple(problems)


def _complete(values: dict[str, Any]) -> None:
    full, short = values.get("full_name", ""), values.get("short_name", "")
    values["full_name"] = full or short
    values["short_name"] = short or short_name_of(full)
    values["kind"] = values.get("kind") or kind_of(full or short)
