"""REST of operators' figures and the command beside it: taken in whole or not at all, by those who may."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from reports.counting import engine
from reports.indicators import INDICATOR_BY_KEY
from reports.models import Feed, FigureLoad, FigurePeriod, IndicatorFeed, PlaceFigure, SchoolFigure
from schools.models import Municipality, User
from tests.conftest import Cast

Tokens = Callable[..., dict[str, str]]
ClientOf = Callable[[User | None], Client]


def delivery(**changes: Any) -> dict[str, Any]:
    """A delivery of two schools."""
    rows = [{"school": "780001", "teachers": 40, "active": 20}, {"school": "780002", "active": 10}]
    return {"platform": "sferum", "week": "2026-W46", "rows": rows} | changes


def deliver(headers: dict[str, str], body: Any) -> Any:
    """POST it."""
    return Client().post("/api/v1/figures/", body, content_type="application/json", headers=headers)


def test_trusted_token_delivers_figures_and_the_list_shows_the_table(cast: Cast, token_of: Tokens) -> None:
    headers = token_of(cast.nina, loads_activity=True, name="Оператор")

    response = deliver(headers, delivery())

    assert response.status_code == 201, response.json()
    assert (response.json()["new"], response.json()["changed"], response.json()["same"]) == (3, 0, 0)
    assert SchoolFigure.objects.count() == 3
    listed = Client().get("/api/v1/figures/", headers=headers).json()["results"]
    assert [(row["source"], row["period"], row["week"]) for row in listed] == [
        ("REST, токен «Оператор»", "week", "2026-W46")
    ]


def test_same_figures_again_write_nothing(cast: Cast, token_of: Tokens) -> None:
    headers = token_of(cast.nina, loads_activity=True)
    deliver(headers, delivery())

    response = deliver(headers, delivery())

    assert (response.status_code, response.json()["load"], response.json()["same"]) == (200, None, 3)
    assert FigureLoad.objects.count() == 1


def test_delivery_that_meets_another_is_told_to_come_again(
    cast: Cast, token_of: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "held_in_time", lambda number: False)

    response = deliver(token_of(cast.nina, loads_activity=True), delivery())

    assert (response.status_code, response["Retry-After"]) == (409, "10")
    assert not FigureLoad.objects.exists()


def test_month_is_told_as_a_month(cast: Cast, token_of: Tokens) -> None:
    body = delivery(month="2026-10", platform="myschool")
    del body["week"]

    response = deliver(token_of(cast.nina, loads_activity=True), body)

    assert response.status_code == 201
    assert set(SchoolFigure.objects.values_list("week", "period")) == {(202644, FigurePeriod.MONTH.value)}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"week": "2025-W53"}, "week"),
        ({"week": "2090-W01"}, "non_field_errors"),
        ({"month": "2026-10"}, "non_field_errors"),
        ({"platform": "telegram"}, "platform"),
        ({"region": "47"}, "region"),
        ({"rows": []}, "rows"),
        ({"rows": [{"school": "470004", "active": 1}]}, "rows.0"),
        ({"rows": [{"school": "780001", "active": -1}]}, "rows.0"),
        ({"rows": [{"school": "780001", "active": True}]}, "rows.0"),
        ({"rows": [{"school": "780001", "active": 10**12}]}, "rows.0"),
        ({"rows": [{"school": "780001", "registered": 2}]}, "rows.0"),
        ({"rows": [{"school": "780001", "library": 2}]}, "rows.0"),
        ({"rows": [{"school": "780001", "сколько": 2}]}, "rows.0"),
        ({"rows": [{"school": "780002", "active": 1}, {"school": "780002", "active": 2}]}, "rows.1"),
        ({"rows": [{"school": "780002", "active": 9, "profiles": 8}]}, "rows.0"),
    ],
)
def test_wrong_delivery_is_refused_whole_and_says_where(
    cast: Cast, token_of: Tokens, changes: dict[str, Any], field: str
) -> None:
    response = deliver(token_of(cast.nina, loads_activity=True), delivery(**changes))

    assert response.status_code == 400, response.json()
    assert field in {error["field"] for error in response.json()["errors"]}
    assert not SchoolFigure.objects.exists()
    assert not FigureLoad.objects.exists()


def test_odd_figures_are_taken_once_they_are_checked(cast: Cast, token_of: Tokens) -> None:
    rows = [{"school": "780002", "active": 9, "profiles": 8}]

    response = deliver(token_of(cast.nina, loads_activity=True), delivery(rows=rows, checked=True))

    assert response.status_code == 201


@pytest.mark.parametrize(
    ("person", "status"),
    [("root", 201), ("nina", 201), ("marat", 403), ("sveta", 403), ("observer", 403), ("stranger", 403)],
)
def test_without_a_token_only_a_region_delivers(cast: Cast, client_of: ClientOf, person: str, status: int) -> None:
    response = client_of(cast.people[person]).post("/api/v1/figures/", delivery(), content_type="application/json")

    assert response.status_code == status
    assert SchoolFigure.objects.exists() == (status == 201)


def test_plain_token_only_reads(cast: Cast, token_of: Tokens) -> None:
    response = deliver(token_of(cast.nina), delivery())

    assert response.status_code == 403
    assert not SchoolFigure.objects.exists()


def test_trusted_token_of_an_observer_delivers_for_the_country(cast: Cast, token_of: Tokens) -> None:
    rows = [{"school": "780001", "active": 1}, {"school": "470004", "active": 2}]

    response = deliver(token_of(cast.observer, loads_activity=True), delivery(rows=rows))

    assert response.status_code == 201
    assert FigureLoad.objects.get().region is None


def test_passport_tells_whose_figures_feed_the_rating_now(cast: Cast, client_of: ClientOf) -> None:
    number = INDICATOR_BY_KEY["staff_profile"].number
    IndicatorFeed.objects.create(indicator=number, starts_week=202601, feed=Feed.OPERATOR, reason="договорились")

    found = {each["key"]: each["feed"] for each in client_of(cast.nina).get("/api/v1/indicators/").json()}

    assert (found["staff_profile"], found["staff_active"], found["names_in_order"]) == ("operator", "ours", None)


# The command


def load_figures(path: Path, *options: str) -> str:
    """Run the command; return what it said."""
    said = StringIO()
    call_command("load_figures", str(path), "--platform", "sferum", "--region", "78", *options, stdout=said)
    return said.getvalue()


def test_command_loads_a_file_and_says_how_much(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "неделя.csv"
    path.write_text("Код школы;Педагогов активно\n780001;20\nИтого;20\n")

    said = load_figures(path, "--week", "2026-W46")

    assert "новых чисел 1" in said
    assert SchoolFigure.objects.get().value == 20
    assert "Ничего нового" in load_figures(path, "--week", "2026-W46")


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("Код школы;Педагогов активно\n999999;20\n", ("--week", "2026-W46"), "строка 2"),
        ("Где;Показатель\nНевский;20\n", ("--week", "2026-W46"), "в каком столбце школы"),
        ("Код школы;Педагогов активно\n780001;20\n", ("--week", "46"), "2026-W47"),
        ("", ("--month", "2026-10"), "Файл пуст"),
    ],
)
def test_command_refuses_in_words(cast: Cast, tmp_path: Path, text: str, options: tuple[str, ...], said: str) -> None:
    path = tmp_path / "неделя.csv"
    path.write_text(text)

    with pytest.raises(CommandError, match=said):
        load_figures(path, *options)

    assert not SchoolFigure.objects.exists()


# Municipalities and regions


def of_places(*rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A delivery of other places than schools."""
    return {"platform": "sferum", "week": "2026-W46", "rows": list(rows)} | changes


def test_rows_of_municipalities_are_totals_and_the_list_says_whose_they_are(cast: Cast, token_of: Tokens) -> None:
    headers = token_of(cast.nina, loads_activity=True)
    Municipality.objects.filter(pk=cast.other_municipality.pk).update(oktmo="40911000")
    rows = {"municipality": "Невский р-н", "active": 700}, {"municipality": "40911000", "region": "78", "active": 5}

    response = deliver(headers, of_places(*rows))
    again = deliver(headers, of_places(*rows))

    assert response.status_code == 201, response.json()
    assert response.json()["load"]["level"] == "municipality"
    assert sorted(PlaceFigure.objects.values_list("municipality__name", "value")) == [
        ("Невский район", 700),
        ("Центральный район", 5),
    ]
    assert (again.status_code, again.json()["same"]) == (200, 2)
    assert not SchoolFigure.objects.exists()


def test_rows_of_regions_of_the_country_are_for_whoever_loads_the_country(cast: Cast, token_of: Tokens) -> None:
    rows = {"region": "78", "active": 9}, {"region": "Ленинградская область", "active": 8}

    mine = deliver(token_of(cast.nina, loads_activity=True), of_places(*rows))
    whole = deliver(token_of(cast.observer, loads_activity=True), of_places(*rows))

    assert mine.status_code == 400
    assert {error["field"] for error in mine.json()["errors"]} == {"rows.1"}
    assert whole.status_code == 201
    assert sorted(PlaceFigure.objects.values_list("region__code", "value")) == [("47", 8), ("78", 9)]


@pytest.mark.parametrize(
    ("rows", "field", "said"),
    [
        (
            [{"municipality": "Невский район", "active": 1}, {"school": "780001", "active": 1}],
            "rows.1",
            "одного уровня",
        ),
        ([{"school": "780001", "municipality": "Невский район", "active": 1}], "rows.0", "одного уровня"),
        ([{"region": "78", "active": 1}, {"municipality": "Невский район", "active": 1}], "rows.1", "одного уровня"),
        ([{"municipality": "Выборгский район", "active": 1}], "rows.0", "непонятно"),
        ([{"municipality": "Невский район", "region": "47", "active": 1}], "rows.0", "среди ваших нет"),
        ([{"municipality": 5, "active": 1}], "rows.0", "текстом"),
        ([{"municipality": "", "active": 1}], "rows.0", "текстом"),
        ([{"region": "47", "active": 1}], "rows.0", "среди ваших нет"),
        ([{"municipality": "Невский район", "active": 400_000_000}], "rows.0", "слишком большое число"),
        ([{"active": 1}], "rows.0", "Впишите код школы"),
    ],
)
def test_wrong_rows_of_places_are_refused_whole_and_say_why(
    cast: Cast, token_of: Tokens, rows: list[dict[str, Any]], field: str, said: str
) -> None:
    response = deliver(token_of(cast.nina, loads_activity=True), of_places(*rows))

    assert response.status_code == 400, response.json()
    [error] = response.json()["errors"]
    assert error["field"] == field
    assert said in error["message"]
    assert not FigureLoad.objects.exists()


@pytest.mark.parametrize(("person", "status"), [("nina", 201), ("marat", 403), ("sveta", 403), ("observer", 403)])
def test_without_a_token_only_a_region_delivers_totals(
    cast: Cast, client_of: ClientOf, person: str, status: int
) -> None:
    body = of_places({"municipality": "Невский район", "active": 1})

    response = client_of(cast.people[person]).post("/api/v1/figures/", body, content_type="application/json")

    assert response.status_code == status
    assert PlaceFigure.objects.exists() == (status == 201)


def test_command_loads_a_table_of_municipalities(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "районы.csv"
    path.write_text("Муниципалитет;Педагогов активно\nНевский район;700\nИтого;700\n")

    said = load_figures(path, "--week", "2026-W46")

    assert "новых чисел 1" in said
    assert PlaceFigure.objects.get().municipality == cast.municipality
    assert "Ничего нового" in load_figures(path, "--week", "2026-W46")
