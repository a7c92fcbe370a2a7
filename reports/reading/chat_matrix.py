"""Chats over a territory: the matrix school × case of use, its totals, and where its places stand."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse

from chats.use_cases import USE_CASE_BY_NUMBER, USE_CASES, Group, UseCase
from reports.models import ChatCount, SchoolChats
from reports.reading.tables import Page, cut
from schools.codes import fold
from schools.texts import counted, out_of, percent_of, unbroken

SORTS = (
    ("чатов меньше", "share"),
    ("не хватает больше", "lack"),
    ("чатов больше", "-share"),
    ("по названию", "name"),
)
GROUPS = (("сотрудники", "staff"), ("дети и родители", "families"), ("временные", "projects"))
_GROUP_OF = {"staff": Group.STAFF, "families": Group.FAMILIES, "projects": Group.PROJECTS}


@dataclass(frozen=True, slots=True)
class Line:
    """A school of a territory in one line: chats it should have of the cases shown, and those it has."""

    school_id: int
    name: str
    name_key: str
    town_id: int | None
    expected: int
    present: int

    @property
    def share(self) -> float:
        """Chats there are of those expected, 0–1; 1 where none are."""
        return self.present / self.expected if self.expected else 1.0


@dataclass(frozen=True, slots=True)
class Cell:
    """A school at a case: its glyph where one chat is asked, «28/30» where many, and what is read aloud."""

    number: int
    glyph: str
    text: str
    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A school's row: a cell for each case shown, None where the case does not apply."""

    name: str
    url: str
    cells: list[Cell | None]
    part_text: str
    share_text: str
    town: str = ""


# Over the rows the caller may see, as the ORM writes them; names are looked up line by line (see step_matrix).
_LINES = """
    SELECT g.school_id, (SELECT short_name FROM schools_school WHERE id = g.school_id),
      (SELECT name_key FROM schools_school WHERE id = g.school_id), g.municipality_id,
      sum(g.expected), sum(g.present)
    FROM ({rows}) g GROUP BY g.school_id, g.municipality_id
"""


def cases_of(params: QueryDict) -> list[UseCase]:
    """The cases of ?group, all where none is asked for."""
    group = _GROUP_OF.get(params.get("group", ""))
    return [case for case in USE_CASES if group is None or case.group == group]


def of_cases(found: "QuerySet[SchoolChats]", cases: Iterable[UseCase]) -> "QuerySet[SchoolChats]":
    """Rows of some cases."""
    return found.filter(use_case__in=[case.number for case in cases])


def lines_of(found: "QuerySet[SchoolChats]") -> list[Line]:
    """One line a school of the rows, in one query."""
    rows = found.order_by().values_list("school_id", "municipality_id", "expected", "present")
    try:
        statement, values = rows.query.sql_with_params()
    except EmptyResultSet:  # whoever sees no schools
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(rows=statement), values)
        return [
            Line(school, name, key, town, int(expected), int(present))
            for school, name, key, town, expected, present in cursor.fetchall()
        ]


def chosen(lines: Iterable[Line], params: QueryDict, lacking: set[int] | None = None) -> list[Line]:
    """The lines asked for by ?q and ?town, of the schools in `lacking` where given, in the order of ?sort."""
    words = fold(params.get("q", "")[:100]).split()[:6]
    found = [line for line in lines if all(word in line.name_key for word in words)]
    town = params.get("town", "")
    if town.isascii() and town.isdecimal():
        found = [line for line in found if str(line.town_id or 0) == town]
    if lacking is not None:
        found = [line for line in found if line.school_id in lacking]
    return arranged(found, params.get("sort", "share"))


def arranged(lines: list[Line], sort: str) -> list[Line]:
    """Lines in an order of SORTS; those with the smallest share first by default."""
    keys: dict[str, Any] = {
        "share": lambda line: (line.share, line.present - line.expected, line.name_key),
        "lack": lambda line: (line.present - line.expected, line.name_key),
        "-share": lambda line: (-line.share, line.name_key),
        "name": lambda line: line.name_key,
    }
    return sorted(lines, key=keys.get(sort, keys["share"]))


def asked_case(params: QueryDict) -> UseCase | None:
    """The case of ?case, whose lacking schools are asked for."""
    text = params.get("case", "")
    return USE_CASE_BY_NUMBER.get(int(text)) if text.isascii() and text.isdecimal() and len(text) < 4 else None


def lacking_schools(found: "QuerySet[SchoolChats]", case: UseCase) -> set[int]:
    """Schools that lack a chat of a case, in one query."""
    rows = found.filter(use_case=case.number, present__lt=F("expected"))
    return set(rows.order_by().values_list("school_id", flat=True))


def cell(case: UseCase, expected: int, present: int) -> Cell:
    """A school at a case."""
    state = "done" if present == expected else "working" if present else "todo"
    words = "на месте" if present == expected else f"есть {out_of(present, expected)}" if present else "нет"
    text = f"{present}/{expected}" if expected > 1 else ""
    return Cell(case.number, state, text, "lacks" if not present else "", f"{case.name}: {words}")


Totals = dict[int, tuple[int, int]]  # (expected, present) by case


def by_school(found: "QuerySet[SchoolChats]", lines: Sequence[Line]) -> dict[int, Totals]:
    """(expected, present) of these schools by school and case, in one query."""
    values: dict[int, Totals] = {line.school_id: {} for line in lines}
    rows = found.filter(school_id__in=list(values))
    for school, case, expected, present in rows.values_list("school_id", "use_case", "expected", "present"):
        values[school][case] = (expected, present)
    return values


def matrix(
    lines: Sequence[Line], found: "QuerySet[SchoolChats]", cases: Sequence[UseCase], towns: dict[int, str]
) -> list[MatrixRow]:
    """The rows of these schools, in one query."""
    values = by_school(found, lines)
    return [
        MatrixRow(
            name=unbroken(line.name),
            url=reverse("chats", args=[line.school_id]),
            cells=[
                cell(case, *values[line.school_id][case.number]) if case.number in values[line.school_id] else None
                for case in cases
            ],
            part_text=f"{line.present}/{line.expected}",
            share_text=percent_of(line.present, line.expected, 0),
            town=towns.get(line.town_id or 0, ""),
        )
        for line in lines
    ]


def totals_of(found: "QuerySet[SchoolChats]") -> Totals:
    """(expected, present) by case, in one query."""
    rows = found.order_by().values_list("use_case").annotate(Sum("expected"), Sum("present"))
    return {case: (expected, present) for case, expected, present in rows}


@dataclass(frozen=True, slots=True)
class TownRow:
    """A municipality: schools, chats by case as whole per cent without the sign, and all together."""

    name: str
    url: str
    schools: int
    shares: list[str]
    part_text: str
    share_text: str
    share: float


def town_rows(
    found: "QuerySet[SchoolChats]", lines: Sequence[Line], cases: Sequence[UseCase], towns: dict[int, str]
) -> list[TownRow]:
    """Municipalities of a region, those with the smallest share first; one query."""
    by_town: dict[int, Totals] = defaultdict(dict)
    rows = found.order_by().values_list("municipality_id", "use_case").annotate(Sum("expected"), Sum("present"))
    for town, case, expected, present in rows:
        by_town[town or 0][case] = (expected, present)
    schools = Counter(line.town_id or 0 for line in lines)
    made = [_town_row(town, totals, schools[town], cases, towns) for town, totals in by_town.items()]
    return sorted(made, key=lambda row: (row.share, row.name))


def _town_row(town: int, totals: Totals, schools: int, cases: Sequence[UseCase], towns: dict[int, str]) -> TownRow:
    expected = sum(pair[0] for pair in totals.values())
    present = sum(pair[1] for pair in totals.values())
    return TownRow(
        name=towns.get(town, "Подведомственные региону"),
        url=reverse("municipality_chats", args=[town]) if town else "?town=0",
        schools=schools,
        shares=[share_of(totals.get(case.number)).removesuffix("\u00a0%") for case in cases],
        part_text=out_of(present, expected),
        share_text=percent_of(present, expected, 0),
        share=present / expected if expected else 1.0,
    )


def share_of(pair: tuple[int, int] | None) -> str:
    """«83 %» of (expected, present); «—» where nothing is expected."""
    return percent_of(pair[1], pair[0], 0) if pair else "—"


def caption(lines: Sequence[Line]) -> str:
    """«47 школ · есть 1 240 из 1 900 нужных чатов · у 6 школ все на месте»."""
    expected, present = sum(line.expected for line in lines), sum(line.present for line in lines)
    whole = sum(1 for line in lines if line.present == line.expected)
    parts = [
        counted(len(lines), "школа", "школы", "школ"),
        f"есть {out_of(present, expected)} нужных чатов, {percent_of(present, expected, 0)}",
    ]
    if whole:
        parts.append(f"все на месте у {counted(whole, 'школы', 'школ', 'школ')}")
    return " · ".join(parts)


def worst_case(totals: Totals) -> str:
    """«Реже всего есть чат „Служба сопровождения“: 12 из 47», '' where all are there."""
    lacking = {case: pair for case, pair in totals.items() if pair[1] < pair[0]}
    if not lacking:
        return ""
    case, (expected, present) = min(lacking.items(), key=lambda item: (item[1][1] / item[1][0], item[0]))
    return f"Реже всего есть «{USE_CASE_BY_NUMBER[case].name}»: {out_of(present, expected)}."


def stamp(region_id: int) -> datetime.datetime | None:
    """When the chats of a region were last counted, alone or with the country."""
    found = ChatCount._default_manager.filter(Q(region=region_id) | Q(region=None)).order_by("-id")
    return found.values_list("counted_at", flat=True).first()


def page(
    seen: "QuerySet[SchoolChats]", towns: dict[int, str], params: QueryDict, *, by_town: bool = False
) -> dict[str, Any]:
    """Everything templates/reports/chats.html shows beside the header; four queries or five."""
    cases = cases_of(params)
    found = of_cases(seen, cases)
    lines, totals = lines_of(found), totals_of(found)
    cases = [case for case in cases if case.number in totals]
    case = asked_case(params)
    lines_shown = chosen(lines, params, lacking_schools(found, case) if case else None)
    table: Page[Any] = cut(lines_shown, params)
    return {
        "caption": caption(lines) if lines else "",
        "lead": worst_case(totals),
        "table": table,
        "rows": [] if by_town else matrix(table.rows, found, cases, towns),
        "towns": town_rows(found, lines, cases, towns) if by_town else [],
        "heads": [(case, share_of(totals.get(case.number)), SHORT[case.number]) for case in cases],
        "sorts": SORTS,
        "groups": [("все", ""), *GROUPS],
        "asked": case,
        "total": len(lines),
    }


# What a column is called where there is room for a word or two; | is where it may be parted.
_SHORT = {
    1: "Адми|нист|рация",
    2: "Руко|води|тели МО",
    3: "Пред|мет|ники",
    4: "На дому",
    5: "Объе|дине|ния",
    6: "Тех|под|держка",
    7: "Клас|сные руко|води|тели",
    8: "Воспи|тание",
    9: "Сопро|вож|дение",
    10: "Началь|ная школа",
    11: "ППЭ и лагерь",
    12: "Хозяй|ство",
    13: "Сайт",
    14: "Классы: дети",
    15: "Классы: роди|тели",
    16: "Классы: все",
    17: "Роди|тель|ские",
    18: "Совет роди|телей",
    19: "Старо|стат",
    20: "Олим|пиады",
    21: "ОГЭ и ЕГЭ: семьи",
    22: "Подго|товка к ОГЭ",
    23: "События",
    24: "Рабочие прог|раммы",
    25: "Само|обсле|дование",
    26: "Успе|ваемость",
    27: "Поездки",
}
SHORT = {case: words.replace("|", "\u00ad") for case, words in _SHORT.items()}


# The sheet


def export_header() -> list[str]:
    """Headings of export_rows."""
    header = ["Муниципалитет", "Школа", "Есть чатов", "Должно быть"]
    for case in USE_CASES:
        header += [f"{case.number}. {case.name}: есть", "должно быть"]
    return header


def export_rows(seen: "QuerySet[SchoolChats]", towns: dict[int, str], params: QueryDict) -> Iterator[list[Any]]:
    """The chosen schools as rows of a sheet: place, school, all together, then each case; empty where none is due."""
    case = asked_case(params)
    lines = chosen(lines_of(seen), params, lacking_schools(seen, case) if case else None)
    for start in range(0, len(lines), 500):
        some = lines[start : start + 500]
        values = by_school(seen, some)
        for line in some:
            cells: list[Any] = [towns.get(line.town_id or 0, ""), line.name, line.present, line.expected]
            for case_ in USE_CASES:
                due = values[line.school_id].get(case_.number)
                cells += [due[1], due[0]] if due else [None, None]
            yield cells
