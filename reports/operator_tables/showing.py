"""An operator's table as its page and the list show it: the plan, the columns, the outcome, ready to print."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from reports.models import FigureLoad, FigureStage
from reports.operator_figures import OPERATOR_FIGURE_BY_NUMBER
from reports.operator_tables.columns import Heading, headers_of
from reports.operator_tables.periods import title_of
from reports.operator_tables.plan import Change, Plan, Remark
from reports.operator_tables.services import View, about_of, later_than, view_of
from reports.reading.tables import Page, cut
from reports.weeks import IsoWeek
from schools.headers import column_letter, header_key
from schools.platforms import PLATFORM_BY_NUMBER
from schools.scope import Level
from schools.texts import counted, moment_text, number, plural

TRAIL = ("Файл", "Проверка", "Готово")
CHIPS = {
    FigureStage.PLANNED: "working",
    FigureStage.APPLIED: "done",
    FigureStage.UNDONE: "none",
    FigureStage.DISCARDED: "none",
}
_OF_PLACES = {Level.SCHOOL: "по школам", Level.MUNICIPALITY: "по муниципалитетам", Level.REGION: "по регионам"}
FIGURE_WORDS = ("число", "числа", "чисел")
PLACE_WORDS = {
    Level.SCHOOL: ("школа", "школы", "школ"),
    Level.MUNICIPALITY: ("муниципалитет", "муниципалитета", "муниципалитетов"),
    Level.REGION: ("регион", "региона", "регионов"),
}
_BY = {
    Level.SCHOOL: ("школе", "школам", "школам"),
    Level.MUNICIPALITY: ("муниципалитету", "муниципалитетам", "муниципалитетам"),
    Level.REGION: ("региону", "регионам", "регионам"),
}
_AFTER = {
    True: "Числа войдут в следующий подсчёт недели; опубликованные недели не меняются",
    False: "Итоги видны на страницах мест рядом с числами портала; в рейтинг они не идут",
}
MOST_TOTALS = 8  # rows of totals told by number


def line_of(load: FigureLoad) -> dict[str, Any]:
    """A table as a row of the list."""
    return {
        "load": load,
        "title": title_of(IsoWeek.from_number(load.week), load.period),
        "platform": PLATFORM_BY_NUMBER[load.platform].name,
        "place": load.region.name if load.region else "вся страна",
        "rows_of": _OF_PLACES[Level(load.level)],
        "when": moment_text(load.loaded_at),
        "result": result_of(load),
        "chip": CHIPS[FigureStage(load.stage)],
        "word": load.get_stage_display(),
    }


def result_of(load: FigureLoad) -> str:
    """«45 школ, 120 новых чисел»."""
    if load.stage == FigureStage.PLANNED:
        return "посмотрите план и подтвердите"
    places = counted(load.schools, *PLACE_WORDS[Level(load.level)])
    counts = load.summary
    if "new" not in counts:
        return places
    parts = [f"новых чисел {number(counts['new'])}"] * bool(counts["new"])
    parts += [f"изменённых {number(counts['changed'])}"] * bool(counts["changed"])
    return ", ".join([places, *parts])


def page(load: FigureLoad, params: QueryDict) -> dict[str, Any]:
    """What the page of a table shows at its stage."""
    context = {"load": load, "line": line_of(load), "trail": TRAIL, "trail_at": 3}
    if load.stage == FigureStage.PLANNED:
        return context | plan_page(load, view_of(load), params)
    return context | _outcome(load)


def plan_page(load: FigureLoad, view: View, params: QueryDict) -> dict[str, Any]:
    """The plan, and the columns to tell by hand."""
    plan = view.plan
    return {
        "trail_at": 2,
        "sheet": view.table.name,
        "rows": counted(len(view.lines.rows), "строка", "строки", "строк"),
        "totals": _totals(view.lines.totals),
        "names_places": view.names_places,
        "level_words": _level_words(view),
        "place_word": PLACE_WORDS[view.headed.level or Level.SCHOOL][0].capitalize(),
        "four": _four(plan),
        "columns": [_column(each, view.table.first_column) for each in view.headed.headings],
        "choices": _choices(load),
        "unread": sum(not each.key and each.index not in _told(load, view) for each in view.headed.headings),
        "changed": _changes(view, plan.changed, params, "changed"),
        "fresh": _changes(view, plan.fresh, params, "new"),
        "wrong": _remarks(plan.mistakes, params, "wrong"),
        "odd": _remarks(plan.odd, params, "odd"),
        "digest": plan.digest,
        "confirm": _confirm(view),
    }


def _level_words(view: View) -> str:
    """Which rows a table of places has, and what will become of them; empty for one of schools."""
    level = view.headed.level
    if level is None or level == Level.SCHOOL:
        return ""
    return (
        f"Строки {PLACE_WORDS[level][2]}: столбца школ в таблице нет или вы сказали его не брать. "
        "Это контрольные итоги: в рейтинг они не идут, место в нём — сумма своих школ. "
        "Портал покажет их рядом со своими числами."
    )


def _told(load: FigureLoad, view: View) -> set[int]:
    """Columns a person said to pass by."""
    return {each.index for each in view.headed.headings if load.mapping.get(header_key(each.text)) == ""}


def _column(heading: Heading, first: int) -> dict[str, Any]:
    return {
        "letter": column_letter(first + heading.index),
        "text": heading.text,
        "key": heading.key,
        "guess": "" if heading.key else heading.guess,
        "name": f"column-{heading.index}",
    }


def _choices(load: FigureLoad) -> list[tuple[str, str]]:
    columns = headers_of(about_of(load).platform).columns
    return [(key, column.header) for key, column in columns.items() if not column.is_ignored]


def _totals(rows: Sequence[int]) -> str:
    if not rows:
        return ""
    shown = ", ".join(str(row) for row in rows[:MOST_TOTALS]) + (" и другие" if len(rows) > MOST_TOTALS else "")
    word = plural(len(rows), "Строку с итогом", "Строки с итогами", "Строки с итогами")
    return f"{word} не берём: {shown}. Суммы портал считает сам."


def _four(plan: Plan) -> list[dict[str, Any]]:
    wrong = len({remark.row for remark in plan.mistakes})
    return [
        {"number_text": number(len(plan.fresh)), "glyph": "plus", "label": "новые числа"},
        {"number_text": number(len(plan.changed)), "glyph": "pencil", "label": "изменятся"},
        {"number_text": number(plan.same), "glyph": "equal", "label": "такие же, не тронем"},
        {
            "number_text": number(wrong),
            "glyph": "mistake",
            "label": "строки с ошибкой, не возьмём",
            "tone": "bad" if wrong else "",
        },
    ]


def _changes(view: View, changes: Sequence[Change], params: QueryDict, name: str) -> Page[dict[str, str]]:
    rows = sorted(changes, key=lambda each: (each.row, each.figure))
    return cut([_change(view, each) for each in rows], params, name, anchor=f"#{name}")


def _change(view: View, change: Change) -> dict[str, str]:
    """A figure before and after."""
    figure = OPERATOR_FIGURE_BY_NUMBER[change.figure]
    is_flag = figure.is_flag and view.headed.level == Level.SCHOOL
    return {
        "row": str(change.row),
        "place": view.plan.names[change.place_id],
        "figure": figure.name,
        "old": "" if change.old is None else _value(change.old, is_flag=is_flag),
        "new": _value(change.new, is_flag=is_flag),
    }


def _value(value: int, *, is_flag: bool) -> str:
    """«1 240»; of a school's yes or no «да» or «нет»."""
    return ("да" if value else "нет") if is_flag else number(value)


def _remarks(remarks: Sequence[Remark], params: QueryDict, name: str) -> Page[Remark]:
    return cut(sorted(remarks, key=lambda each: each.row), params, name, anchor=f"#{name}")


def _confirm(view: View) -> dict[str, str]:
    plan, level = view.plan, view.headed.level or Level.SCHOOL
    count = counted(len(plan.changes), *FIGURE_WORDS)
    places = counted(len(plan.places), *_BY[level])
    wrong = len({remark.row for remark in plan.mistakes})
    rows = counted(wrong, "строка", "строки", "строк")
    left = f"{rows} с ошибкой {plural(wrong, 'останется', 'останутся', 'останутся')} в стороне."
    if not view.lines.rows:
        text = "Впишите в файл строки с числами, сохраните его и загрузите снова."
        return {"summary": "Вносить нечего: под заголовками нет строк с числами.", "text": text, "button": ""}
    if not plan.changes:
        return {"summary": "Вносить нечего.", "text": "Все числа уже такие." if plan.same else "", "button": ""}
    return {
        "summary": f"Внесём {count} по {places}.",
        "text": f"{left if wrong else ''} Потом это можно отменить целиком.".strip(),
        "button": f"Внести {count}",
    }


def _outcome(load: FigureLoad) -> dict[str, Any]:
    later = later_than(load) if load.stage == FigureStage.APPLIED else []
    moment = load.undone_at if load.stage == FigureStage.UNDONE else load.applied_at or load.loaded_at
    return {
        "counts": load.summary,
        "moment": moment_text(moment) if moment else "",
        "may_undo": load.stage == FigureStage.APPLIED and load.before is not None and not later,
        "later": [line_of(each) for each in later],
        "after": _AFTER[load.level == Level.SCHOOL],
    }
