"""What a list says otherwise than our card of a school; spelling alone is no difference (pure)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from schools.codes import fold, format_phone
from schools.kinds import KIND_BY_KEY
from schools.reconciling.names import parse
from schools.reconciling.words import form_of, is_misspelt, joined, unglued
from schools.titles import short_name_of


def _same_text(ours: str, theirs: str) -> bool:
    return _bare(ours) == _bare(theirs)


@lru_cache(maxsize=65536)
def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", fold(text)).split())


@lru_cache(maxsize=65536)
def _form(text: str) -> str:
    """The legal form in letters, «мбоу», of a name spelt out or not; '' where it cannot be told."""
    return form_of(joined([part for word in _bare(text).split() for part in unglued(word)]))


@lru_cache(maxsize=65536)
def _misprints(text: str) -> int:
    return sum(map(is_misspelt, _bare(text).split()))


def same_name(ours: str, theirs: str) -> bool:
    """Whether two names differ in spelling only: case, quotes, abbreviations of form and kind.

    An official name spelt out is news where ours is abbreviated, a name without misprints where ours has some; not the
    other way round.
    """
    if _same_text(ours, theirs):
        return True
    if _misprints(ours) > _misprints(theirs):
        return False
    if parse(ours).key != parse(theirs).key or (_form(ours) and _form(theirs) and _form(ours) != _form(theirs)):
        return False
    return not (ours == short_name_of(ours) and short_name_of(theirs) != theirs)


_ADDRESS_WORDS = re.compile(
    r"\b(?:ул|улица|пр|проспект|просп|пр-т|пр-кт|пер|переулок|пл|площадь|ш|шоссе|б-р|бульвар|наб|набережная|д|дом|г|гор|"
    r"город|с|село|пос|поселок|п|пгт|дер|деревня|обл|область|р-н|район|рн|респ|республика|край|россия|рф|литера|лит|"
    r"корпус|корп|к|стр|строение)\b\.?"
)


@lru_cache(maxsize=65536)
def address_key(text: str) -> tuple[str, ...]:
    """Words and numbers of an address without their types and the post code; for «15А» and «15 а» alike."""
    folded = re.sub(r"\b\d{6}\b", " ", fold(text))
    folded = re.sub(r"(?<=\d)\s*(?=[а-я]\b)", "", folded)
    return tuple(sorted(set(re.findall(r"\w+", _ADDRESS_WORDS.sub(" ", folded)))))


def _same_address(ours: str, theirs: str) -> bool:
    one, other = set(address_key(ours)), set(address_key(theirs))
    return bool(one) and (one <= other or other <= one) and _numbers(one) == _numbers(other)


def _numbers(words: set[str]) -> set[str]:
    return {word for word in words if word[0].isdigit()}


def _same_person(ours: str, theirs: str) -> bool:
    """«Иванова А. С.» and «Иванова Анна Сергеевна» are one."""
    one, other = _bare(ours).split(), _bare(theirs).split()
    if len(one) != len(other) or not one:
        return one == other
    return all(a == b or (1 in {len(a), len(b)} and a[0] == b[0]) for a, b in zip(one, other, strict=True))


def website_key(text: str) -> str:
    """A site without its scheme, «www.» and the closing slash."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", fold(text)).rstrip("/")


def _same_site(ours: str, theirs: str) -> bool:
    return website_key(ours) == website_key(theirs)


def _same_oktmo(ours: str, theirs: str) -> bool:
    return ours == theirs or ours.startswith(theirs) or theirs.startswith(ours) if ours and theirs else ours == theirs


def _equal(ours: Any, theirs: Any) -> bool:
    return bool(ours == theirs)


def _told(value: Any) -> str:
    return str(value)


def _date(value: Any) -> str:
    year, month, day = str(value).split("-")
    return f"{day}.{month}.{year}"


def _kind(value: Any) -> str:
    return KIND_BY_KEY[value].name if value in KIND_BY_KEY else str(value)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a school's card that lists speak of: its name, what counts as the same, how a value is shown."""

    key: str
    title: str
    same: Callable[[Any, Any], bool] = _equal
    show: Callable[[Any], str] = _told


FIELDS = (
    Field("full_name", "Полное наименование", same_name),
    Field("short_name", "Краткое наименование", same_name),
    Field(
        "kind", "Вид организации", show=lambda value: KIND_BY_KEY[value].name if value in KIND_BY_KEY else str(value)
    ),
    Field("municipality", "Муниципалитет", _same_text),
    Field("inn", "ИНН"),
    Field("kpp", "КПП"),
    Field("ogrn", "ОГРН"),
    Field("oktmo", "ОКТМО", _same_oktmo),
    Field("address", "Адрес", _same_address),
    Field("phone", "Телефон", show=format_phone),
    Field("email", "Электронная почта", _same_text),
    Field("website", "Сайт", _same_site),
    Field("director_name", "Руководитель", _same_person),
    Field("declared_teachers", "Число педагогов"),
    Field("declared_classes", "Число классов"),
    Field("declared_pupils", "Число обучающихся"),
    Field("external_id", "Номер в реестре"),
    Field("opened_on", "Дата открытия", show=_date),
    Field("closed_on", "Дата закрытия", show=_date),
)
FIELD_BY_KEY = {field.key: field for field in FIELDS}
NOTHING: tuple[Any, ...] = (None, "")


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field → (ours, theirs) of what a list says otherwise; both sides are JSON-plain, an empty cell says nothing.

    «Действует» about a school we closed is a difference too: (the day, None).
    """
    found: dict[str, tuple[Any, Any]] = {}
    given = set(theirs.get("given", ()))
    for field in FIELDS:
        value, mine = theirs.get(field.key), ours.get(field.key)
        if field.key not in given or value in NOTHING:
            continue
        if mine in NOTHING or not field.same(mine, value):
            found[field.key] = (mine, value)
    if theirs.get("status") == "active" and ours.get("closed_on") and not theirs.get("closed_on"):
        found["closed_on"] = (ours["closed_on"], None)
    return found


def value_text(key: str, value: Any) -> str:
    """A value as a person reads it; '' for nothing."""
    return "" if value in NOTHING else FIELD_BY_KEY[key].show(value)
