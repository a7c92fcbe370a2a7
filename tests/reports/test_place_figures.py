"""Operators' tables of municipalities and regions: found and never guessed, kept beside the rating, never in it."""

import datetime
from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports.counting import count_week
from reports.indicators import INDICATOR_BY_KEY
from reports.models import FigureLoad, FigurePeriod, PlaceFigure, Rating, RatingRow, SchoolFigure
from reports.operator_figures import OPERATOR_FIGURE_BY_KEY
from reports.operator_tables import periods, services
from reports.operator_tables.given import About
from reports.operator_tables.services import FiguresRefused, Origin
from reports.reading import totals
from reports.reading.weeks import Chosen
from reports.weeks import IsoWeek
from schools.models import Municipality, User
from schools.platforms import SFERUM
from schools.scope import Level
from tests.conftest import Cast, make_school

ClientOf = Callable[[User | None], Client]
WEEK = IsoWeek(2026, 46)
PROFILE = INDICATOR_BY_KEY["staff_profile"]
HEAD = "Муниципалитет;ОКТМО;Школ зарегистрировано;Педагогов всего;Педагогов зарегистрировано\n"
TOWN = f"{HEAD}Невский район;;45;2100;1730\n"


@pytest.fixture(autouse=True)
def later() -> Iterator[None]:
    """Be in the week after WEEK."""
    with time_machine.travel(datetime.datetime(2026, 11, 18, 9, tzinfo=datetime.UTC), tick=False):
        yield


def start(cast: Cast, text: str, when: str = str(WEEK), **more: Any) -> FigureLoad:
    """Take a CSV in as Нина does."""
    origin = Origin(more.get("region", cast.region), more.get("source", "Письмо РОИВ"), cast.nina, "", "таблица.csv")
    return services.start(data=text.encode(), about=About(SFERUM, *periods.parse(when)), origin=origin)


def apply(cast: Cast, text: str, when: str = str(WEEK), **more: Any) -> FigureLoad:
    """Take a CSV in and confirm what its page shows."""
    load = start(cast, text, when, **more)
    digest = services.view_of(load).plan.digest
    return services.confirm(load, by=cast.nina, digest=digest, sure=True)


def kept(key: str = "profiles") -> dict[str, int]:
    """Name of the place → what is kept of a figure."""
    rows = PlaceFigure.objects.filter(figure=OPERATOR_FIGURE_BY_KEY[key].number)
    return {str(row.municipality or row.region): row.value for row in rows}


def mistakes(load: FigureLoad) -> list[tuple[int, str]]:
    """Rows with what is wrong in them."""
    return [(each.row, each.text) for each in services.view_of(load).plan.mistakes]


# Whose rows


@pytest.mark.parametrize(
    ("head", "level"),
    [
        ("Код школы;Муниципалитет;Регион", Level.SCHOOL),
        ("Район;Регион;№ п/п", Level.MUNICIPALITY),
        ("ОКТМО;№ п/п;Педагогов активно", Level.MUNICIPALITY),
        ("Субъект РФ;№ п/п;Педагогов активно", Level.REGION),
        ("Где;Сколько;Педагогов активно", None),
    ],
)
def test_level_is_that_of_the_lowest_place_named_in_the_headings(cast: Cast, head: str, level: Level | None) -> None:
    load = start(cast, f"{head};Педагогов всего\nа;б;1;2\n")

    assert services.view_of(load).headed.level == level
    assert load.level == (level or Level.SCHOOL)


def test_column_of_schools_told_to_be_passed_by_makes_rows_of_municipalities(cast: Cast) -> None:
    load = start(cast, "Наименование;Территория;Педагогов активно\nвсе школы;Невский район;7\n")
    assert load.level == Level.SCHOOL

    services.tell_columns(load, {"Наименование": ""}, by=cast.nina)

    load.refresh_from_db()
    assert load.level == Level.MUNICIPALITY
    assert services.view_of(load).plan.places == {cast.municipality.pk}
    again = start(cast, "Наименование;Территория;Педагогов активно\nвсе школы;Невский район;7\n")
    assert again.level == Level.SCHOOL  # remembered once the table is confirmed, not before


def test_code_that_knows_no_level_keeps_a_table_of_schools(cast: Cast) -> None:
    FigureLoad.objects.create(week=202646, platform=SFERUM.number, source="Оператор", region=cast.region)
    known = [field.column for field in FigureLoad._meta.concrete_fields if field.name not in {"id", "level"}]
    columns = ", ".join(f'"{column}"' for column in known)

    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO reports_figureload ({columns}) SELECT {columns} FROM reports_figureload")

    assert [load.level for load in FigureLoad.objects.all()] == [Level.SCHOOL] * 2


def test_level_told_by_hand_is_remembered_for_the_source(cast: Cast) -> None:
    load = start(cast, "Наименование;Педагогов активно\nНевский район;7\n")
    services.tell_columns(load, {"Наименование": "municipality"}, by=cast.nina)
    load.refresh_from_db()
    services.confirm(load, by=cast.nina, digest=services.view_of(load).plan.digest)

    again = start(cast, "Наименование;Педагогов активно\nНевский район;8\n")

    assert again.level == Level.MUNICIPALITY
    assert [(each.old, each.new) for each in services.view_of(again).plan.changes] == [(7, 8)]


@pytest.mark.parametrize(
    "row", ["Невский район;", "Невский р-н;", "невский;", ";40381000", ";40381000.0", "что-то;40381000001"]
)
def test_municipality_is_found_by_its_name_its_type_aside_and_by_oktmo(cast: Cast, row: str) -> None:
    Municipality.objects.filter(pk=cast.municipality.pk).update(oktmo="40381000")

    load = start(cast, f"{HEAD}{row};45;;\nЦентральный район;;;;5\n")

    assert not mistakes(load)
    assert services.view_of(load).plan.places == {cast.municipality.pk, cast.other_municipality.pk}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Выборгский район;;1;;", "непонятно: впишите название целиком"),  # of another region
        ("Приморский;;1;;", "Похожие: Приморский городской округ, Санкт-Петербург; Приморский район"),
        (";99999999;1;;", "с таким ОКТМО среди ваших нет"),
        (";;1;;", "Впишите название муниципалитета"),
        ("Санкт-Петербург;;1;;", "Это строка региона среди строк муниципалитетов"),
        ("Невский район;;много;;", "целое число"),
        ("Невский район;;400000000;;", "слишком большое число, не больше 300\u2009000\u2009000"),
    ],
)
def test_row_in_doubt_waits_and_says_what_to_do(cast: Cast, row: str, said: str) -> None:
    Municipality.objects.create(region=cast.region, name="Приморский район")
    Municipality.objects.create(region=cast.region, name="Приморский городской округ")

    load = start(cast, f"{HEAD}{row}\nЦентральный район;;;;5\n")

    [(number, text)] = mistakes(load)
    assert number == 2
    assert said in text
    assert services.view_of(load).plan.places == {cast.other_municipality.pk}


def test_closed_municipality_is_not_found(cast: Cast) -> None:
    Municipality.objects.filter(pk=cast.municipality.pk).update(closed_on=datetime.date(2026, 1, 1))

    assert "непонятно" in mistakes(start(cast, TOWN))[0][1]


def test_municipality_named_twice_waits_in_both_rows(cast: Cast) -> None:
    load = start(cast, f"{HEAD}Невский район;;1;;\nНевский р-н;;2;;\n")

    assert mistakes(load) == [
        (number, "Муниципалитет назван несколько раз: строки 2 и 3. Оставьте одну из них.") for number in (2, 3)
    ]


def test_row_of_a_municipality_among_schools_is_refused_and_totals_are_passed_over(cast: Cast) -> None:
    text = "Муниципалитет;Школа;Педагогов активно\nНевский район;;9\n;Невский район;9\n;Школа № 1;4\n;Итого;9\n"

    view = services.view_of(start(cast, text))

    assert [remark.row for remark in view.plan.mistakes] == [2, 3]
    assert all("Это строка муниципалитета среди строк школ" in remark.text for remark in view.plan.mistakes)
    assert view.lines.totals == (5,)
    assert view.plan.places == {cast.school.pk}


def test_row_of_a_region_among_schools_is_refused_as_one_of_a_municipality_is(cast: Cast) -> None:
    text = "Регион;Школа;Педагогов активно\nСанкт-Петербург;;9\n;г. Санкт-Петербург;9\n78;Школа № 1;4\n;;3\n"

    plan = services.view_of(start(cast, text)).plan

    assert [(each.row, each.subject) for each in plan.mistakes] == [
        (2, "Санкт-Петербург"),
        (3, "г. Санкт-Петербург"),
        (5, ""),
    ]
    assert all("Это строка региона среди строк школ" in each.text for each in plan.mistakes[:2])
    assert plan.mistakes[2].text == "Впишите код или название школы."
    assert plan.places == {cast.school.pk}


@pytest.mark.parametrize(
    ("name", "odd", "wrong"),
    [
        ("Центральный район", "", "По коду это «Невский район», а по названию — «Центральный район»: исправьте"),
        ("Выборгский район", "По коду это «Невский район», а в файле — «Выборгский район»: проверьте код.", ""),
        ("Невский", "", ""),
        ("Невский муниципальный округ", "", ""),
        ("Невский район Санкт-Петербурга", "", ""),
    ],
)
def test_oktmo_and_a_name_of_two_municipalities_are_no_silence(cast: Cast, name: str, odd: str, wrong: str) -> None:
    Municipality.objects.filter(pk=cast.municipality.pk).update(oktmo="40381000")

    plan = services.view_of(start(cast, f"{HEAD}{name};40381000;1;;\n")).plan

    assert [each.text for each in plan.odd] == [odd] * bool(odd)
    assert len(plan.mistakes) == bool(wrong)
    assert all(wrong in each.text for each in plan.mistakes)
    assert plan.places == (set() if wrong else {cast.municipality.pk})


def test_table_of_the_country_tells_namesakes_apart_by_their_region(cast: Cast) -> None:
    Municipality.objects.create(region=cast.other_region, name="Невский район")
    text = f"Регион;{HEAD}СПб;Невский район;;1;;\nЛенинградская область;Невский район;;2;;\n"

    apply(cast, text, region=None)
    doubtful = mistakes(start(cast, f"{HEAD}Невский район;;1;;\n", region=None))

    rows = PlaceFigure.objects.values_list("municipality__region__code", "value")
    assert sorted(rows) == [("47", 2), ("78", 1)]
    assert "впишите регион или ОКТМО" in doubtful[0][1]


@pytest.mark.parametrize("name", ["78", "Санкт-Петербург", "г. Санкт-Петербург", "СПб"])
def test_region_is_found_by_code_and_by_any_usual_name(cast: Cast, name: str) -> None:
    apply(cast, f"Регион;Педагогов всего;Педагогов зарегистрировано\n{name};60000;50000\nИтого;1;1\n")

    assert kept() == {"Санкт-Петербург": 50000}


@pytest.mark.parametrize(("name", "said"), [("47", "среди ваших нет"), ("Тридевятое", "непонятно")])
def test_region_of_another_coordinator_is_refused(cast: Cast, name: str, said: str) -> None:
    load = start(cast, f"Регион;Педагогов всего;Педагогов зарегистрировано\n{name};6;5\n")

    assert said in mistakes(load)[0][1]


# Kept, replaced, undone


@pytest.mark.parametrize("order", list(permutations(["2026-W44", "2026-10", "2026-W43"])), ids=" ".join)
def test_same_period_replaces_never_adds_and_undo_puts_back(cast: Cast, order: tuple[str, ...]) -> None:
    for when in order:
        apply(cast, TOWN, when)
    before = sorted(PlaceFigure.objects.values_list("week", "period", "figure", "value", "load"))

    again = apply(cast, f"{HEAD}Невский район;;45;2100;1800\nЦентральный район;;1;2;3\n", "2026-10")

    assert PlaceFigure.objects.count() == 9 + 3
    services.undo(again, by=cast.nina)
    assert sorted(PlaceFigure.objects.values_list("week", "period", "figure", "value", "load")) == before


def test_totals_of_schools_municipalities_and_region_are_kept_apart(cast: Cast) -> None:
    apply(cast, "Код школы;Педагогов зарегистрировано\n780001;30\n")
    apply(cast, TOWN)
    region = apply(cast, "Регион;Педагогов всего;Педагогов зарегистрировано\n78;60000;50000\n")

    services.undo(region, by=cast.nina)

    assert kept() == {"Невский район": 1730}
    assert SchoolFigure.objects.get().value == 30


def test_undo_is_refused_while_a_later_table_of_places_stands_on_it(cast: Cast) -> None:
    first = apply(cast, TOWN)
    apply(cast, TOWN.replace("1730", "1731"))

    with pytest.raises(FiguresRefused, match="Сначала отмените"):
        services.undo(first, by=cast.nina)


def test_database_keeps_one_figure_of_one_place(cast: Cast) -> None:
    row = PlaceFigure.objects.filter(load=apply(cast, TOWN)).first()
    assert row is not None
    facts = {name: getattr(row, name) for name in ("week", "period", "platform", "figure", "value", "load")}

    for wrong in (
        {"level": Level.MUNICIPALITY, "municipality": cast.municipality},
        {"level": Level.REGION, "municipality": cast.other_municipality},
        {"level": Level.MUNICIPALITY, "municipality": cast.other_municipality, "region": cast.region},
        {"level": Level.REGION},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlaceFigure.objects.create(**facts, **wrong)


def test_totals_never_enter_a_rating(cast: Cast) -> None:
    apply(cast, "Код школы;Педагогов всего;Педагогов зарегистрировано\n780001;40;30\n")
    fields = ("indicator", "level", "place_id", "part", "whole", "rank")
    before = sorted(RatingRow.objects.filter(rating=count_week(WEEK)).values_list(*fields), key=str)

    apply(cast, TOWN)
    apply(cast, "Регион;Педагогов всего;Педагогов зарегистрировано\n78;60000;50000\n")

    assert sorted(RatingRow.objects.filter(rating=count_week(WEEK)).values_list(*fields), key=str) == before


# Who sees


@pytest.mark.parametrize(
    ("person", "seen"),
    [("root", 3), ("observer", 3), ("nina", 3), ("marat", 1), ("sveta", 0), ("stranger", 0)],
)
def test_totals_keep_to_the_rule_of_sight(cast: Cast, person: str, seen: int) -> None:
    apply(cast, f"{HEAD}Невский район;;1;;\nЦентральный район;;2;;\n")
    apply(cast, "Регион;Педагогов всего\n78;60000\n")

    rows = PlaceFigure.objects.visible_to(cast.people[person])

    assert rows.count() == seen
    assert not PlaceFigure.objects.editable_by(cast.people[person]).exists() or person == "root"
    assert not PlaceFigure.objects.visible_to(AnonymousUser()).exists()


# Three numbers


def plain(text: str) -> str:
    """A text with plain spaces."""
    return text.replace("\xa0", " ").replace("\u2009", " ")


def read(client: Client, address: str) -> str:
    """A page as it is read."""
    return plain(client.get(address).content.decode())


def chosen(rating: Rating) -> Chosen:
    """The week of a rating."""
    return Chosen(rating.iso_week, rating, (rating,))


def test_week_of_its_own_goes_before_a_month_and_a_month_holds_five_weeks(cast: Cast, weeks_made: Any) -> None:
    rating = weeks_made({cast.school: {"op_profiles": 40, "op_teachers": 44}})

    def seen() -> tuple[int | None, str] | None:
        total = totals.total_of(Level.MUNICIPALITY, cast.municipality.pk, PROFILE, chosen(rating), cast.nina)
        return (total.side.part, plain(total.when)) if total else None

    apply(cast, TOWN.replace("1730", "9"), "2026-09")
    assert seen() is None
    apply(cast, TOWN.replace("1730", "10"), "2026-10")
    assert seen() == (10, "октябрь 2026")
    apply(cast, TOWN.replace("1730", "45"), "2026-W45")
    assert seen() == (10, "октябрь 2026")
    apply(cast, TOWN.replace("1730", "46"), "2026-W46")
    assert seen() == (46, "46-я неделя, 9–15 ноября")


def test_total_of_the_week_in_which_a_month_ends_is_the_weeks_own(cast: Cast, weeks_made: Any) -> None:
    rating = weeks_made({cast.school: {}}, week="2026-W44")
    apply(cast, TOWN.replace("1730", "44"), "2026-W44")
    apply(cast, TOWN.replace("1730", "100"), "2026-10")

    total = totals.total_of(Level.MUNICIPALITY, cast.municipality.pk, PROFILE, chosen(rating), cast.nina)

    assert total is not None
    assert total.side.part == 44


def test_total_says_how_far_it_is_from_the_sum_and_why_it_may_be(cast: Cast, weeks_made: Any) -> None:
    rows = ("Школа № 1;;4", "Школа № 77;Невский район;5", "Школа № 78;Центральный район;5")
    apply(cast, "\n".join(["Школа;Муниципалитет;Педагогов активно", *rows]))
    apply(cast, f"{HEAD}Невский район;;2;100;50\n")
    rating = weeks_made({cast.school: {"op_profiles": 40, "op_teachers": 44}, cast.sibling: {}, cast.cousin: {}})

    total = totals.total_of(Level.MUNICIPALITY, cast.municipality.pk, PROFILE, chosen(rating), cast.nina)

    assert total is not None
    assert (plain(total.of_text), total.text) == ("50 из 100", "+10")
    assert plain(total.why[0]) == "В таблице оператора по школам нет 1 школы из 2: Гимназия № 2."
    assert plain(total.why[1]) == "В 1 строке таблицы оператора по школам портал не узнал школу: Школа № 77."
    assert total.why[2] == totals.CAUTION


def test_school_that_the_operator_counts_and_the_indicator_does_not_is_told(cast: Cast, weeks_made: Any) -> None:
    apply(cast, "Код школы;Педагогов зарегистрировано\n780001;4\n780002;5\n780003;6\n")
    apply(cast, TOWN)
    rating = weeks_made({cast.school: {"op_profiles": 4, "op_teachers": 44}})

    total = totals.total_of(Level.MUNICIPALITY, cast.municipality.pk, PROFILE, chosen(rating), cast.nina)

    assert total is not None
    said = "В таблице оператора есть 1 школа, которую показатель не считает: Гимназия № 2."
    assert [plain(line) for line in total.why] == [said, totals.CAUTION]


def test_those_who_do_not_see_the_table_are_not_told_its_rows(cast: Cast, weeks_made: Any) -> None:
    apply(cast, "Школа;Муниципалитет;Педагогов активно\nШкола № 1;;4\nШкола № 77;Невский район;5\n")
    apply(cast, TOWN)
    rating = weeks_made({cast.school: {"op_profiles": 40, "op_teachers": 44}})

    total = totals.total_of(Level.MUNICIPALITY, cast.municipality.pk, PROFILE, chosen(rating), cast.marat)

    assert total is not None
    assert total.why == (totals.CAUTION,)


def test_pages_of_a_place_and_of_gaps_show_three_numbers(cast: Cast, weeks_made: Any, client_of: ClientOf) -> None:
    apply(cast, TOWN)
    apply(cast, "Регион;Педагогов всего;Педагогов зарегистрировано\n78;60000;50000\n")
    weeks_made({cast.school: {"op_profiles": 40, "op_teachers": 44}})
    town = f"/places/municipality/{cast.municipality.pk}/indicators/staff_profile/"

    client = client_of(cast.nina)
    place = read(client, town)
    region = read(client, f"/places/region/{cast.region.pk}/indicators/staff_profile/")
    gaps = read(client, "/regions/78/gaps/?indicator=staff_profile")

    assert "1 730 из 2 100" in place
    assert "40 из 44" in place
    assert "38 из 40" in place
    assert "+1 690" in place
    assert "сумма своих школ" in place
    assert "50 000 из 60 000" in region
    assert "50 000 из 60 000" in gaps
    assert "1 730 из 2 100" in gaps
    assert "+1 690" in gaps


def test_total_is_shown_where_the_operator_gave_nothing_of_schools(
    cast: Cast, weeks_made: Any, client_of: ClientOf
) -> None:
    apply(cast, TOWN)
    weeks_made({cast.school: {}})

    page = read(client_of(cast.nina), "/regions/78/gaps/?indicator=staff_profile")

    assert "1 730 из 2 100" in page
    assert "чисел оператора нет" not in page


def test_total_of_a_hidden_place_is_on_no_page_of_another_region(
    cast: Cast, weeks_made: Any, client_of: ClientOf
) -> None:
    apply(cast, f"{HEAD}Выборгский район;;1;2100;1730\n", region=cast.other_region)
    weeks_made({cast.school: {"op_profiles": 40, "op_teachers": 44}})

    page = read(client_of(cast.nina), "/regions/78/gaps/?indicator=staff_profile")

    assert "1 730" not in page


def test_queries_of_gaps_do_not_grow_with_municipalities(cast: Cast, weeks_made: Any, client_of: ClientOf) -> None:
    client, address = client_of(cast.nina), "/regions/78/gaps/?indicator=staff_profile"
    apply(cast, f"{TOWN}Центральный район;;;20;10\n")
    weeks_made({cast.school: {"op_profiles": 40, "op_teachers": 44}})
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    names = [f"Район {word}" for word in "Альфа Бета Гамма Дельта Эпсилон Дзета Эта Тета".split()]
    for number, name in enumerate(names):
        town = Municipality.objects.create(region=cast.region, name=name)
        make_school(town, f"7811{number:02}", name)
    apply(cast, HEAD + "".join(f"{name};;;20;10\n" for name in names))

    with CaptureQueriesContext(connection) as many:
        page = read(client, address)

    assert len(many) == len(few)
    assert "Район Эпсилон" in page


def test_plan_of_places_says_they_are_control_totals(cast: Cast, client_of: ClientOf) -> None:
    load = start(cast, TOWN)

    client = client_of(cast.nina)
    plan = read(client, f"/figures/{load.pk}/")
    digest = services.view_of(load).plan.digest
    client.post(f"/figures/{load.pk}/act/", {"apply": "1", "digest": digest})
    outcome = read(client, f"/figures/{load.pk}/")
    listed = read(client, "/figures/")

    assert "Строки муниципалитетов" in plan
    assert "в рейтинг они не идут" in plan
    assert "Внести 3 числа" in plan
    assert "в рейтинг они не идут" in outcome
    assert "1 муниципалитет" in listed
    assert "по муниципалитетам" in listed
    assert set(PlaceFigure.objects.values_list("period", flat=True)) == {FigurePeriod.WEEK}
