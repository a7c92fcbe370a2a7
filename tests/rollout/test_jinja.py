"""Templates: every part renders in every state, names are strict, nothing inline, and helpers keep the address."""

import random
import re
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from jinja2 import Environment, FileSystemLoader, UndefinedError
from markupsafe import Markup

from reports import charts, tiles
from rollout.jinja import NavItem, PortalUser, environment, num, query, strong_match
from schools.texts import number, out_of, percent

TEMPLATES = Path(__file__).parents[2] / "templates"
STEPS = (
    ("Координатор региона", 1, 0, 0, 1),
    ("Реестр школ сверен", 772, 4, 0, 776),
    ("Координаторы районов", 18, 0, 0, 18),
    ("Администраторы школ", 765, 0, 8, 776),
    ("Педагоги внесены", 688, 60, 22, 776),
    ("Классы внесены", 640, 98, 19, 776),
    ("Представители", 391, 300, 46, 776),
    ("Учащиеся", 512, 200, 31, 776),
    ("Освоение и работа", 452, 190, 34, 776),
)
TASKS = (
    ("Координатор региона подключён", "Комитет по образованию · 12 сентября", "", "confirmed"),
    ("Администратор школы назначен", "Приказ № 114-ОД от 4 сентября", "", "done"),
    ("Педагоги внесены", "6 строк с ошибками, 12 ждут вашего подтверждения", "56 из 74", "working"),
    ("Учащиеся добавлены", "Без движения 23 дня: не загружены 8–9-е классы", "604 из 806", "stalled"),
    ("Платформа освоена и используется", "Откроется, когда будут внесены педагоги", "", "locked"),
)
DISTRICTS = (
    ("Невский", 74, 0.715, -0.019, 422, 14),
    ("Красносельский", 47, 0.762, 0.041, 178, 9),
    ("Красногвардейский", 52, 0.794, 0.016, 114, 5),
    ("Выборгский", 58, 0.808, -0.003, 98, 6),
    ("Калининский", 59, 0.815, 0.027, 92, 5),
    ("Подведомственные Комитету", 14, 0.827, 0.011, 13, 2),
    ("Василеостровский", 33, 0.879, 0.0, 0, 1),
    ("Петроградский", 24, 0.931, 0.004, 0, 1),
)
LINE = [0.66, 0.69, 0.72, 0.73, 0.75, 0.77, 0.78, 0.79, 0.703, 0.80, 0.815, 0.834]


def figures() -> list[dict[str, Any]]:
    """The five tiles over a region."""
    rows = (
        ("Педагоги писали в чатах Сферума", 0.834, 0.021, 27646, 33146, 0.85),
        ("Педагоги с профилем", 0.962, 0.003, 31886, 33146, 0.98),
        ("Школы используют платформу (Р-210, № 10)", 0.946, 0.014, 734, 776, 0.95),
        ("Классы, где есть чат", 0.917, -0.004, 17102, 18650, 0.90),
        ("Педагоги входили в «Мою школу»", 0.618, 0.046, 20484, 33146, 0.60),
    )
    return [
        {
            "label": label,
            "value_text": number(share * 100, 1),
            "delta": delta,
            "part_of_text": out_of(part, whole),
            "spark": charts.sparkline_path([v / LINE[-1] * share for v in LINE], 168, 26, target=target),
            "reached": share >= target,
            "target_text": f"цель {percent(target, 0)} есть"
            if share >= target
            else f"до цели {percent(target, 0)} не хватает {number((target - share) * 100, 1)} п. п.",
        }
        for label, share, delta, part, whole, target in rows
    ]


def districts() -> list[dict[str, Any]]:
    """Rows of the table of districts."""
    series = [[v / LINE[-1] * row[2] for v in LINE[4:]] for row in DISTRICTS]
    low, high = charts.scale_of(series)
    return [
        {
            "name": name,
            "schools": schools,
            "bar": charts.share_bar(share, 0.85, 0.8),
            "share_text": percent(share),
            "delta": delta,
            "missing": missing or "—",
            "silent": silent,
            "spark": charts.sparkline_path(values, low=low, high=high),
            "own": name == "Калининский",
        }
        for (name, schools, share, delta, missing, silent), values in zip(DISTRICTS, series, strict=True)
    ]


def country() -> list[tiles.MapTile]:
    """A generated map with two regions that have no data."""
    dice = random.Random(47)
    regions = [
        (p.code, p.letters, None if p.code in {"90", "95"} else dice.uniform(0.6, 0.95), f"/regions/{p.code}/")
        for p in tiles.PLACES
    ]
    return tiles.map_tiles(regions, 0.85)


def styleguide_context() -> dict[str, Any]:
    """What templates/styleguide.html shows; people and figures are generated."""
    spec = charts.LineSpec(list(range(36, 48)), LINE, 0.85, {44: "каникулы"}, [0.846, 0.857], "Активные педагоги")
    shown = country()
    return {
        "nav": [NavItem("Обзор", "#", True), NavItem("Рейтинг", "#"), NavItem("Школы", "#"), NavItem("Загрузки", "#")],
        "portal_user": PortalUser("Координатор региона", "Нина Петровна Ясная", "КР"),
        "search_url": "/search/",
        "theme_url": "/theme/",
        "caption": "18 районов · 776 школ · 33 146 педагогов по ОО-1 на 20 сентября",
        "places": [
            {"title": "Красносельский район", "url": "#", "value_text": "76,2 %", "current": True},
            {"title": "Красногвардейский район", "url": "#", "value_text": "79,4 %"},
            {"title": "ГБОУ СОШ № 375, Красносельский", "url": "#", "value_text": "66,2 %"},
        ],
        "weeks": [
            {"title": "47-я, 16–22 ноября", "url": "#", "state": "published"},
            {"title": "46-я, 9–15 ноября", "url": "#", "state": "revised", "state_text": "редакция 2", "current": True},
            {"title": "45-я, 2–8 ноября", "url": "#", "state": "preliminary"},
            {"title": "44-я, 26 октября — 1 ноября", "url": "#", "state": "holiday"},
            {"title": "43-я, 19–25 октября", "url": "#", "state": "none"},
        ],
        "figures": figures(),
        "rows": districts(),
        "chart": charts.line_chart(spec),
        "narrow": charts.line_chart(spec, 350),
        "funnel_rows": [
            charts.funnel_row(
                i, title, {"done": done, "working": working, "stalled": stalled, "whole": whole}, "#", whole != 776
            )
            for i, (title, done, working, stalled, whole) in enumerate(STEPS, 1)
        ],
        "segments_of_staff": charts.stack(
            [
                ("профиль подтверждён", 47, "ink"),
                ("профиль ждёт подтверждения", 5, "data"),
                ("внесены, профиля нет", 4, "part"),
                ("в загрузке, ждут вас", 12, "accent"),
                ("в загрузке, с ошибкой", 6, "bad"),
            ]
        ),
        "tasks": [
            {"number": i, "title": title, "note": note, "part_text": part, "state": state, "current": i == 3}
            for i, (title, note, part, state) in enumerate(TASKS, 1)
        ],
        "tiles": shown,
        "legend_bars": tiles.map_legend(shown, 0.85),
        "changes": charts.changes([("новые профили", 0.009), ("заговорили", 0.015), ("уволились, выбыли", -0.003)]),
        "accept_all": Markup('<button class="btn btn-quiet btn-sm" form="mend">Принять 2 подсказки</button>'),
        "abort": Markup('<form method="post"><button class="btn btn-link">Прервать</button></form>'),
        "mistakes": [
            {
                "cell": "C14",
                "column": "Имя",
                "value": "Анна-Викторовна",
                "suggestion": "Анна · Викторовна",
                "message": "Имя и отчество склеены дефисом",
            },
            {
                "cell": "F27",
                "column": "СНИЛС",
                "value": "112-233-445 96",
                "name": "fix-F27",
                "placeholder": "000-000-000 00",
                "message": "Контрольное число не сходится: проверьте по документу",
            },
            {
                "cell": "D40",
                "column": "Отчество",
                "value": "",
                "suggestion": "нет по документам",
                "verb": "Отметить",
                "message": "Впишите или отметьте, что его нет по документам",
            },
        ],
    }


@pytest.fixture(scope="module")
def env() -> Environment:
    """The portal's own environment over its templates."""
    return environment(loader=FileSystemLoader(TEMPLATES))


def test_every_part_renders_in_every_state(env: Environment) -> None:
    page = env.get_template("styleguide.html").render(styleguide_context())

    assert page.count("<h1") == 1
    assert page.count('class="tile q') + page.count('class="tile none') == 89 + 6
    assert "None" not in page
    assert "Undefined" not in page


def test_no_page_carries_inline_style_or_script(env: Environment) -> None:
    page = env.get_template("styleguide.html").render(styleguide_context())

    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", page)


def test_every_drawn_glyph_has_a_symbol(env: Environment) -> None:
    page = env.get_template("styleguide.html").render(styleguide_context())

    symbols = set(re.findall(r'<symbol id="([\w-]+)"', page))
    assert set(re.findall(r'href="#(g-[\w-]+)"', page)) <= symbols


@pytest.mark.parametrize("code", [400, 403, 404, 405, 429, 500, 503])
def test_error_page_needs_no_context(env: Environment, code: int) -> None:
    page = env.get_template(f"errors/{code}.html").render()

    assert "<h1>" in page
    assert 'href="/"' in page


@pytest.mark.parametrize("name", ["password_sent", "password_done", "accessibility"])
def test_plain_page_needs_no_context(env: Environment, name: str) -> None:
    assert "<h1>" in env.get_template(f"{name}.html").render()


def test_misspelt_name_is_an_error(env: Environment) -> None:
    with pytest.raises(UndefinedError):
        env.from_string("{{ no_such_name }}").render()


def test_text_is_escaped_and_strictness_cannot_be_turned_off() -> None:
    lax = environment(loader=FileSystemLoader(TEMPLATES), autoescape=False)

    assert lax.from_string("{{ name }}").render(name="<b>") == "&lt;b&gt;"


def test_typed_part_is_bold_and_the_rest_escaped() -> None:
    assert strong_match("<Красносельский>", "крас") == "&lt;<b>Крас</b>носельский&gt;"
    assert strong_match("Невский", "") == "Невский"
    assert strong_match("Невский", "<i>") == "Невский"


def test_query_keeps_the_address_and_changes_what_is_told() -> None:
    params = QueryDict("week=2026-W47&state=a&state=b&page=3")

    assert query(params, page=None, sort="-share") == "?week=2026-W47&state=a&state=b&sort=-share"
    assert query({"week": "2026-W47"}, week="") == "?"


def test_number_on_a_page_stays_on_one_line() -> None:
    assert num(33146) == '<span class="num">33\u2009146</span>'
