"""Columns of an operator's table: which place a row is of, and its figures, under any usual heading (pure)."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from reports.operator_figures import OPERATOR_FIGURES
from schools.codes import DASHES, Cleaned, fold, tidy
from schools.headers import EXACT, Column, HeaderMatch, Headers, Row, header_key
from schools.platforms import Platform
from schools.scope import Level
from schools.values import clean_count, clean_text, refused

SCHOOL_KEYS = ("code", "school")
KEYS_BY_LEVEL = {Level.SCHOOL: SCHOOL_KEYS, Level.MUNICIPALITY: ("oktmo", "municipality"), Level.REGION: ("region",)}
PLACE_KEYS = frozenset(key for keys in KEYS_BY_LEVEL.values() for key in keys)
YES = frozenset(
    {"да", "1", "+", "есть", "зарегистрирована", "подключена", "подтвержден", "подтверждено", "true", "yes"}
)
NO = frozenset(
    {"нет", "0", "-", "не зарегистрирована", "не подключена", "не подтвержден", "отсутствует", "false", "no"}
)


def clean_flag(text: str) -> Cleaned[int | None]:
    """«да» is 1 and «нет» is 0; an empty cell is None."""
    word = fold(text).removesuffix(".0")
    if not word:
        return Cleaned(None)
    if word in YES | NO:
        return Cleaned(int(word in YES))
    return refused("not_flag", "Впишите «да» или «нет»")


_MINUS = re.compile(rf"[{DASHES}-]\d+(?:[.,]\d+)?")
_LONG = re.compile(r"(\d{10,})(?:[.,]0+)?", re.ASCII)


def clean_whole(text: str) -> Cleaned[int | None]:
    """A whole number from zero, however large; a dash is no figure at all."""
    bare = "".join(tidy(text).split())
    if _MINUS.fullmatch(bare):
        return refused("negative", "Не может быть меньше нуля")
    long = _LONG.fullmatch(bare)
    return Cleaned(int(long[1])) if long else clean_count(bare)


def _text(text: str) -> Cleaned[str]:
    return clean_text(text, 300)


def _ignored(key: str, header: str, synonyms: tuple[str, ...] = ()) -> Column:
    return Column(key, header, _text, synonyms, is_ignored=True)


_PLACES = (
    Column(
        "code", "Код школы", _text, ("Код", "Код ОО", "Код ОУ", "Код организации", "ИНН", "ИНН школы", "ИНН ОО"), True
    ),
    Column(
        "school",
        "Школа",
        _text,
        (
            "Название школы",
            "Наименование школы",
            "Наименование ОО",
            "Наименование",
            "Краткое наименование",
            "Наименование образовательной организации",
            "Образовательная организация",
            "Общеобразовательная организация",
            "Организация",
            "ОО",
            "ОУ",
        ),
        True,
    ),
    _ignored("number", "№ п/п", ("№", "Место", "п/п", "Номер строки")),
    Column("oktmo", "ОКТМО", _text, ("Код ОКТМО", "ОКТМО муниципалитета")),
    Column(
        "municipality",
        "Муниципалитет",
        _text,
        (
            "Район",
            "Муниципальное образование",
            "Название муниципалитета",
            "Наименование муниципалитета",
            "Наименование МО",
            "Муниципальный район",
            "МО",
            "Территория",
        ),
    ),
    Column(
        "region",
        "Регион",
        _text,
        ("Субъект", "Субъект РФ", "Субъект Российской Федерации", "Код региона", "Название региона"),
    ),
)
_NOT_COUNTS = ("доля", "процент", "динамика", "план", "не зарегистрир", "неактивн", "отклонение")


@cache
def headers_of(platform: Platform) -> Headers:
    """The headings that a table of a platform may have."""
    figures = (
        Column(
            figure.key,
            figure.name,
            clean_flag if figure.is_flag else clean_whole,
            tuple(dict.fromkeys(name for name in (*figure.headings, figure.key))),
        )
        for figure in OPERATOR_FIGURES
        if platform in figure.platforms
    )
    return Headers(
        (*_PLACES, *figures),
        (("code",), ("school",), ("oktmo",), ("municipality",), ("region",)),
        sheet="с числами оператора",
        foreign=_NOT_COUNTS,
    )


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of the file: where, what it says, which key it is read as ("" is passed by) and what it resembles."""

    index: int
    text: str
    key: str
    guess: str = ""


@dataclass(frozen=True, slots=True)
class Headed:
    """What the headings of a table come to."""

    match: HeaderMatch
    headings: tuple[Heading, ...]

    @property
    def columns(self) -> dict[int, str]:
        """Index → key of the columns that are read."""
        return {heading.index: heading.key for heading in self.headings if heading.key}

    @property
    def level(self) -> Level | None:
        """Whose rows they are; to pass a column of schools by is to say that they are of municipalities."""
        return level_of(self.columns.values())


def level_of(keys: Collection[str]) -> Level | None:
    """The lowest level that columns name: schools, else municipalities, else regions; None where they name none."""
    return next((level for level, own in KEYS_BY_LEVEL.items() if not set(own).isdisjoint(keys)), None)


def read_headings(rows: Sequence[Row], platform: Platform, mapping: Mapping[str, str]) -> Headed:
    """Find the headings; `mapping` (heading, folded → key) has the last word.

    A figure is read only where its heading is known to the letter: of what merely resembles one a person decides.
    """
    headers = headers_of(platform)
    told = [[cell.replace("%", " доля ") for cell in row] for row in rows[:40]]
    first = headers.match(told)
    if first.header_row is None:
        first = _likely_row(rows, headers)
    texts = _texts(rows, first)
    by_hand = {index: mapping[header_key(text)] for index, text in texts.items() if header_key(text) in mapping}
    sure = {
        index: key for index, key in first.columns.items() if key in SCHOOL_KEYS or first.confidence.get(index) == EXACT
    }
    chosen = {**sure, **by_hand}
    twice = {key for key in chosen.values() if key and list(chosen.values()).count(key) > 1}
    passed = {column.index for column in first.ignored}
    headings = tuple(
        Heading(index, text, _key(chosen.get(index, ""), index, by_hand, twice), first.columns.get(index, ""))
        for index, text in texts.items()
        if index not in passed or index in by_hand
    )
    return Headed(first, headings)


def _likely_row(rows: Sequence[Row], headers: Headers) -> HeaderMatch:
    """Where next to nothing is recognised: the row that names places, else the first of words; columns by hand."""
    named = [index for index, row in enumerate(rows[:30]) if any(headers.look_up(c)[0] in PLACE_KEYS for c in row)]
    wordy = [index for index, row in enumerate(rows[:30]) if sum(bool(c) and not c[:1].isdigit() for c in row) > 1]
    start = next(iter([*named, *wordy]), 0)
    row = rows[start] if rows else []
    seen = {i: headers.look_up(cell) for i, cell in enumerate(row)}
    first = {key: index for index, (key, _) in reversed(seen.items()) if key in PLACE_KEYS}
    return HeaderMatch(start, start + 1, {i: key for key, i in first.items()}, {i: seen[i][1] for i in first.values()})


def _key(key: str, index: int, by_hand: Mapping[int, str], twice: set[str]) -> str:
    """What a person told goes before what was recognised: one key is read from one column."""
    return "" if key in twice and index not in by_hand and key in by_hand.values() else key


def _texts(rows: Sequence[Row], match: HeaderMatch) -> dict[int, str]:
    """Index → heading; of two rows of headings the group stands before what is under it."""
    start = match.header_row or 0
    upper = rows[start] if rows else []
    if match.first_data_row - start < 2:
        return {index: tidy(text) for index, text in enumerate(upper) if text.strip()}
    group, texts = "", {}
    for index, below in enumerate(rows[start + 1]):
        above = upper[index] if index < len(upper) else ""
        group = above or group
        text = tidy(f"{group} {below}" if below.strip() else above)
        if text:
            texts[index] = text
    return texts
