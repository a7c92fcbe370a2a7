"""Operators' tables: any layout is read, nothing is guessed, the same period is replaced, all of it can be undone."""

import datetime
import io
import zlib
from collections.abc import Callable
from typing import Any

import orjson
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from openpyxl import Workbook

from reports.models import FigureLoad, FigurePeriod, FigureSource, FigureStage, SchoolFigure
from reports.operator_figures import OPERATOR_FIGURE_BY_KEY
from reports.operator_tables import periods, services
from reports.operator_tables.columns import headers_of, read_headings
from reports.operator_tables.given import About
from reports.operator_tables.services import FiguresRefused, Origin
from reports.weeks import IsoWeek
from schools.models import School, User
from schools.platforms import MY_SCHOOL, PLATFORMS, SFERUM, Platform
from tests.conftest import Cast, make_school

ClientOf = Callable[[User | None], Client]
WEEK = IsoWeek(2026, 46)
HEAD = "Код школы;Школа;Педагогов всего;Педагогов зарегистрировано;Педагогов активно\n"


def start(cast: Cast, text: str, platform: Platform = SFERUM, **more: Any) -> FigureLoad:
    """Take a CSV in as Нина does."""
    about = About(platform, more.get("week", WEEK), more.get("period", FigurePeriod.WEEK))
    origin = Origin(more.get("region", cast.region), more.get("source", "Письмо РОИВ"), cast.nina, "", "таблица.csv")
    return services.start(data=text.encode(), about=about, origin=origin)


def confirm(cast: Cast, load: FigureLoad, *, sure: bool = False) -> FigureLoad:
    """Confirm what the page shows."""
    digest = services.view_of(load).plan.digest
    return services.confirm(load, by=cast.nina, digest=digest, sure=sure)


def apply(cast: Cast, text: str, **more: Any) -> FigureLoad:
    """Take a CSV in and confirm it."""
    return confirm(cast, start(cast, text, **more))


def kept(cast: Cast, key: str = "active") -> dict[str, int]:
    """Code of the school → what is kept of a figure."""
    rows = SchoolFigure.objects.filter(figure=OPERATOR_FIGURE_BY_KEY[key].number)
    return dict(rows.values_list("school__code", "value"))


# Reading


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda each: each.key)
def test_no_heading_means_two_figures(platform: Platform) -> None:
    headers = headers_of(platform)

    assert "active" in headers.columns


def test_heading_that_only_resembles_a_figure_is_left_to_a_person() -> None:
    rows = [["Школа", "Педагогов не зарегистрировано", "Родителей активно", "% активных", "Педагогов активно"]]

    headed = read_headings([*rows, ["Школа № 1", "1", "2", "3 %", "4"]], SFERUM, {})

    assert headed.columns == {0: "school", 4: "active"}


def test_two_rows_of_headings_are_read_as_one() -> None:
    rows = [["Школа", "Педагогов", ""], ["", "всего", "активно"], ["Школа № 1", "40", "30"]]

    headed = read_headings(rows, SFERUM, {})

    assert headed.columns == {0: "school", 1: "teachers", 2: "active"}


def test_workbook_with_a_title_above_and_totals_below_is_read(cast: Cast) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["Мониторинг за 46-ю неделю"])
    sheet.append([])
    sheet.append(["№ п/п", "Муниципалитет", "Наименование ОО", "Активные учителя", "Официальное сообщество"])
    sheet.append([1, "Невский район", "Школа № 1", 25, "да"])
    sheet.append(["", "Итого", "", 25, ""])
    stream = io.BytesIO()
    book.save(stream)
    about = About(SFERUM, WEEK, FigurePeriod.WEEK)

    load = services.start(data=stream.getvalue(), about=about, origin=Origin(cast.region, "Письмо", cast.nina))

    view = services.view_of(load)
    assert view.lines.totals == (5,)
    assert [(each.figure, each.new) for each in view.plan.changes] == [(5, 25), (17, 1)]
    assert not view.plan.mistakes


@pytest.mark.parametrize(
    ("cell", "said"), [("тридцать", "целое число"), ("#Н/Д", "ошибка формулы"), ("99999999", "слишком большое")]
)
def test_wrong_cell_keeps_its_row_out_and_no_other(cast: Cast, cell: str, said: str) -> None:
    text = f"{HEAD}780001;;40;30;{cell}\n780002;;30;20;10\n"

    plan = services.view_of(start(cast, text)).plan

    assert [remark.row for remark in plan.mistakes] == [2]
    assert said in plan.mistakes[0].text
    assert {each.place_id for each in plan.changes} == {cast.sibling.pk}


def test_school_is_found_by_its_code_its_inn_and_its_name(cast: Cast) -> None:
    cast.sibling.inn = "7801000004"
    cast.sibling.save()

    plan = services.view_of(start(cast, f"{HEAD}780001;;;;1\n7801000004;;;;2\n;ЛИЦЕЙ № 3;;;3\n")).plan

    assert plan.places == {cast.school.pk, cast.sibling.pk, cast.cousin.pk}


def test_two_schools_of_one_name_are_a_mistake_with_hints(cast: Cast) -> None:
    make_school(cast.other_municipality, "780009", "Школа № 1")

    plan = services.view_of(start(cast, f"{HEAD};Школа № 1;;;1\n")).plan

    assert not plan.changes
    assert "780001 — Школа № 1, 780009 — Школа № 1" in plan.mistakes[0].text


def test_school_of_another_region_is_as_one_that_is_not_there(cast: Cast) -> None:
    plan = services.view_of(start(cast, f"{HEAD}470004;;;;1\n470099;;;;1\n")).plan

    assert not plan.changes
    assert len({remark.text for remark in plan.mistakes}) == 1


def test_school_named_twice_waits_in_both_rows(cast: Cast) -> None:
    plan = services.view_of(start(cast, f"{HEAD}780001;;;;1\n;Школа № 1;;;2\n")).plan

    assert not plan.changes
    assert [remark.row for remark in plan.mistakes] == [2, 3]


@pytest.mark.parametrize("cell", ["-5", "−5", "– 5", "-1,5"])
def test_number_below_zero_is_called_so(cast: Cast, cell: str) -> None:
    plan = services.view_of(start(cast, f"{HEAD}780001;;;;{cell}\n")).plan

    assert [remark.text for remark in plan.mistakes] == ["«Педагогов активно»: не может быть меньше нуля."]


@pytest.mark.parametrize("cell", ["10000001", "99999999999", "99 999 999 999", "99999999999,0"])
def test_number_too_large_is_called_so(cast: Cast, cell: str) -> None:
    plan = services.view_of(start(cast, f"{HEAD}780001;;;;{cell}\n")).plan

    said = "«Педагогов активно»: слишком большое число, не больше 10\u2009000\u2009000."
    assert [remark.text for remark in plan.mistakes] == [said]


@pytest.mark.parametrize(
    ("times", "said"), [(2, "строки 2 и 3."), (3, "строки 2, 3 и 4."), (6, "строки 2, 3, 4, 5, 6 и другие.")]
)
def test_rows_of_one_school_are_listed_as_people_list(cast: Cast, times: int, said: str) -> None:
    plan = services.view_of(start(cast, HEAD + "780001;;;;1\n" * times)).plan

    assert len(plan.mistakes) == times
    assert said in plan.mistakes[0].text


def test_large_numbers_of_odd_figures_are_told_with_spaces(cast: Cast) -> None:
    apply(cast, f"{HEAD}780001;;;12000;1100\n", week=WEEK.shift(-1))

    odd = services.view_of(start(cast, f"{HEAD}780001;;;12000;13500\n")).plan.odd

    assert [remark.text for remark in odd] == [
        "«Педагогов активно» 13\u2009500 — больше, чем «Педагогов зарегистрировано» 12\u2009000.",
        "«Педагогов активно»: было 1\u2009100, стало 13\u2009500 — больше чем втрое.",
    ]


# A code and a name of two schools


@pytest.mark.parametrize(
    "name",
    [
        "ГБОУ гимназия № 610",
        "ГБОУ СОШ № 1А",
        "Лицей № 12 Невского района",
    ],
)
def test_name_of_no_school_beside_a_code_is_odd_and_part_of_what_is_confirmed(cast: Cast, name: str) -> None:
    load = start(cast, f"{HEAD}780001;{name};;;7\n")
    plain = services.view_of(start(cast, f"{HEAD}780001;;;;7\n")).plan

    plan = services.view_of(load).plan

    assert [(each.row, each.subject, each.text) for each in plan.odd] == [
        (2, "Школа № 1", f"По коду это «Школа № 1», а в файле — «{name}»: проверьте код.")
    ]
    assert plan.digest != plain.digest
    with pytest.raises(FiguresRefused, match="странные числа"):
        confirm(cast, load)
    assert confirm(cast, load, sure=True).summary["odd"] == 1


def test_name_of_another_school_of_the_region_beside_a_code_is_a_mistake(cast: Cast) -> None:
    School.objects.filter(pk=cast.sibling.pk).update(short_name="Гимназия «Альфа»")
    text = f'{HEAD}780001;лицей № 3;;;7\n780003;гимназия "Альфа";;;8\n'

    plan = services.view_of(start(cast, text.replace(';гимназия "Альфа";', ";гимназия «альфа»;"))).plan

    assert not plan.changes
    assert not plan.odd
    assert [(each.row, each.text) for each in plan.mistakes] == [
        (2, "По коду это «Школа № 1», а по названию — «Лицей № 3» (код 780003): исправьте код или название."),
        (3, "По коду это «Лицей № 3», а по названию — «Гимназия „Альфа“» (код 780002): исправьте код или название."),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Школа № 1",
        "школа №1",
        "ГБОУ СОШ № 1",
        "Государственное бюджетное общеобразовательное учреждение средняя общеобразовательная школа № 1",
        "СОШ № 1 Невского района Санкт-Петербурга",
        "ГБОУ школа № 1 имени А. С. Пушкина",
        "1",
        "Школа",
        "Невский район",
    ],
)
def test_longer_or_shorter_name_of_the_same_school_is_no_doubt(cast: Cast, name: str) -> None:
    plan = services.view_of(start(cast, f"{HEAD}780001;{name};;;7\n")).plan

    assert plan.places == {cast.school.pk}
    assert not plan.odd
    assert not plan.mistakes


def test_name_without_a_number_that_is_another_school_s_to_the_letter_is_a_mistake(cast: Cast) -> None:
    text = f"{HEAD}780001;Школа Невского района;;;7\n"

    alone = services.view_of(start(cast, text)).plan
    School.objects.filter(pk=cast.cousin.pk).update(short_name="Школа Невского района")
    beside = services.view_of(start(cast, text)).plan

    assert alone.places == {cast.school.pk}
    assert not alone.mistakes
    assert not beside.changes
    assert [each.text for each in beside.mistakes] == [
        "По коду это «Школа № 1», а по названию — «Школа Невского района» (код 780003): исправьте код или название."
    ]


def test_short_name_that_is_another_school_s_too_leaves_the_code_its_word(cast: Cast) -> None:
    School.objects.filter(pk=cast.school.pk).update(short_name="Школа № 5 с. Ключи", full_name="СОШ № 5 села Ключи")
    School.objects.filter(pk=cast.sibling.pk).update(short_name="Школа № 5")

    plan = services.view_of(start(cast, f"{HEAD}780001;Школа № 5;;;7\n")).plan

    assert plan.places == {cast.school.pk}
    assert not plan.odd


def test_same_number_beside_words_of_its_own_is_no_doubt(cast: Cast) -> None:
    School.objects.filter(pk=cast.school.pk).update(short_name="Школа № 1 «Альфа»", full_name="Школа № 1 «Альфа»")

    plan = services.view_of(start(cast, f"{HEAD}780001;СОШ № 1 «Бета»;;;7\n")).plan

    assert plan.places == {cast.school.pk}
    assert not plan.odd


# Columns told by hand


def test_columns_are_remembered_once_the_table_is_confirmed_and_not_before(cast: Cast) -> None:
    text = "ОО;Показатель А\nШкола № 1;7\n"
    load = start(cast, text)

    services.tell_columns(load, {"Показатель А": "active", "нет-такого": "выдумка"}, by=cast.nina)

    load.refresh_from_db()
    assert load.mapping == {"показатель а": "active"}
    assert not services.view_of(start(cast, text)).plan.changes


def test_branches_that_share_an_inn_are_told_apart_by_name_or_not_at_all(cast: Cast) -> None:
    School.objects.filter(pk__in=[cast.school.pk, cast.sibling.pk]).update(inn="7801000004")

    plan = services.view_of(start(cast, f"{HEAD}7801000004;Гимназия № 2;;;1\n7801000004;;;;2\n")).plan

    assert plan.places == {cast.sibling.pk}
    assert [remark.row for remark in plan.mistakes] == [3]
    assert "780001 — Школа № 1" in plan.mistakes[0].text
    assert "780002 — Гимназия № 2" in plan.mistakes[0].text


def test_columns_told_by_hand_are_remembered_for_the_source_and_its_region(cast: Cast) -> None:
    text = "ОО;Показатель А;Показатель Б\nШкола № 1;7;8\n"
    load = start(cast, text)
    assert not services.view_of(load).plan.changes

    services.tell_columns(load, {"Показатель А": "active", "Показатель Б": ""}, by=cast.nina)
    load.refresh_from_db()
    confirm(cast, load)

    assert kept(cast) == {"780001": 7}
    again = services.view_of(start(cast, text.replace(";7", ";9"))).plan
    assert [(each.old, each.new) for each in again.changes] == [(7, 9)]
    assert not services.view_of(start(cast, text, source="Другое письмо")).plan.changes


def test_one_figure_is_never_read_from_two_columns(cast: Cast) -> None:
    load = start(cast, "Школа;Показатель А;Показатель Б\nШкола № 1;7;8\n")

    with pytest.raises(FiguresRefused, match="двух столбцов"):
        services.tell_columns(load, {"Показатель А": "active", "Показатель Б": "active"}, by=cast.nina)


# Writing


def test_same_period_delivered_twice_replaces_and_never_adds(cast: Cast) -> None:
    first = apply(cast, f"{HEAD}780001;;40;30;20\n780002;;30;;10\n")

    second = apply(cast, f"{HEAD}780001;;40;30;25\n780002;;;;10\n")

    assert kept(cast) == {"780001": 25, "780002": 10}
    assert kept(cast, "profiles") == {"780001": 30}
    assert (second.summary["changed"], second.summary["same"], second.summary["new"]) == (1, 3, 0)
    assert set(SchoolFigure.objects.filter(load=second).values_list("value", flat=True)) == {25}
    assert SchoolFigure.objects.filter(load=first).count() == 4


def test_table_without_anything_new_is_not_written(cast: Cast) -> None:
    apply(cast, f"{HEAD}780001;;40;30;20\n")
    load = start(cast, f"{HEAD}780001;;40;30;20\n")

    with pytest.raises(FiguresRefused, match="Вносить нечего"):
        confirm(cast, load)

    load.refresh_from_db()
    assert load.stage == FigureStage.PLANNED


def test_plan_is_confirmed_as_it_was_seen(cast: Cast) -> None:
    load = start(cast, f"{HEAD}780001;;40;30;20\n")
    seen = services.view_of(load).plan.digest
    apply(cast, f"{HEAD}780001;;40;30;11\n")

    with pytest.raises(FiguresRefused, match="числа на портале изменились"):
        services.confirm(load, by=cast.nina, digest=seen)

    assert kept(cast) == {"780001": 11}


def test_plan_that_would_replace_another_number_than_the_one_seen_is_not_confirmed(cast: Cast) -> None:
    apply(cast, f"{HEAD}780001;;;;20\n")
    load = start(cast, f"{HEAD}780001;;;;25\n")
    seen = services.view_of(load).plan.digest
    apply(cast, f"{HEAD}780001;;;;21\n")

    with pytest.raises(FiguresRefused, match="новый план"):
        services.confirm(load, by=cast.nina, digest=seen)

    assert kept(cast) == {"780001": 21}


def test_plan_that_has_become_odd_since_it_was_seen_is_not_confirmed_by_a_tick(cast: Cast) -> None:
    load = start(cast, f"{HEAD}780001;;;;31\n")
    seen = services.view_of(load).plan.digest
    apply(cast, f"{HEAD}780001;;;;10\n", week=WEEK.shift(-1))

    with pytest.raises(FiguresRefused, match="новый план"):
        services.confirm(load, by=cast.nina, digest=seen, sure=True)

    assert kept(cast) == {"780001": 10}


@pytest.mark.parametrize(
    "row", ["780001;;40;30;31", "780001;;20;31;1"], ids=["more active than registered", "registered beyond 1.5"]
)
def test_odd_figures_need_a_tick(cast: Cast, row: str) -> None:
    load = start(cast, f"{HEAD}{row}\n")

    with pytest.raises(FiguresRefused, match="странные числа"):
        confirm(cast, load)

    assert not kept(cast)
    confirm(cast, load, sure=True)
    assert kept(cast)


def test_jump_beyond_three_times_the_previous_period_is_odd(cast: Cast) -> None:
    apply(cast, f"{HEAD}780001;;;;10\n780002;;;;2\n", week=WEEK.shift(-1))

    plan = services.view_of(start(cast, f"{HEAD}780001;;;;31\n780002;;;;8\n")).plan

    assert [remark.subject for remark in plan.odd] == ["Школа № 1"]
    assert "было 10, стало 31" in plan.odd[0].text


def test_undo_puts_everything_back_as_it_was(cast: Cast) -> None:
    first = apply(cast, f"{HEAD}780001;;40;30;20\n")
    before = sorted(SchoolFigure.objects.values_list("school", "figure", "value", "period", "load"))
    second = apply(cast, f"{HEAD}780001;;40;29;25\n780002;;30;20;10\n")

    services.undo(second, by=cast.nina)

    assert sorted(SchoolFigure.objects.values_list("school", "figure", "value", "period", "load")) == before
    services.undo(first, by=cast.nina)
    assert not SchoolFigure.objects.exists()


def test_undo_is_refused_while_a_later_table_stands_on_it(cast: Cast) -> None:
    first = apply(cast, f"{HEAD}780001;;40;30;20\n")
    second = apply(cast, f"{HEAD}780001;;40;30;20\n780002;;;;5\n")  # repeats it: to take the first away would lose both

    with pytest.raises(FiguresRefused, match=f"№ {second.pk}"):
        services.undo(first, by=cast.nina)

    assert kept(cast) == {"780001": 20, "780002": 5}


def test_undo_waits_for_no_table_of_another_week_or_platform_nor_for_one_undone(cast: Cast) -> None:
    first = apply(cast, f"{HEAD}780001;;40;30;20\n")
    apply(cast, f"{HEAD}780001;;40;30;21\n", week=WEEK.shift(-1))
    apply(cast, f"{HEAD}780001;;40;30;22\n", platform=MY_SCHOOL)
    again = apply(cast, f"{HEAD}780001;;40;30;23\n")
    assert services.later_than(first) == [again]

    services.undo(again, by=cast.nina)

    assert services.later_than(first) == []


def test_table_undone_or_put_away_is_neither_undone_nor_confirmed_again(cast: Cast) -> None:
    load = apply(cast, f"{HEAD}780001;;40;30;20\n")
    away = start(cast, f"{HEAD}780001;;40;30;21\n")
    digest = services.view_of(away).plan.digest
    services.undo(load, by=cast.nina)
    services.discard(away, by=cast.nina)

    for act in (
        lambda: services.undo(load, by=cast.nina),
        lambda: services.confirm(away, by=cast.nina, digest=digest),
        lambda: services.tell_columns(away, {}, by=cast.nina),
    ):
        with pytest.raises(FiguresRefused, match="Так уже нельзя"):
            act()

    assert not SchoolFigure.objects.exists()


def test_what_waits_and_what_was_replaced_is_sealed_in_the_database(cast: Cast) -> None:
    waiting = start(cast, f"{HEAD};Школа № 1;40;30;20\n")
    applied = apply(cast, f"{HEAD}780002;;40;30;20\n")

    with connection.cursor() as cursor:
        cursor.execute('SELECT "table", before FROM reports_figureload WHERE id IN (%s, %s)', [waiting.pk, applied.pk])
        stored = [bytes(cell) for row in cursor.fetchall() for cell in row if cell is not None]

    assert len(stored) == 2
    for cell in stored:
        assert "Школа".encode() not in cell
        with pytest.raises(zlib.error):
            zlib.decompress(cell)


def test_tables_of_one_person_that_wait_are_bounded(cast: Cast) -> None:
    for number in range(services.MOST_WAITING):
        start(cast, f"{HEAD}780001;;;;{number}\n")

    with pytest.raises(FiguresRefused, match="слишком много таблиц"):
        start(cast, f"{HEAD}780001;;;;99\n")


def test_undone_or_confirmed_table_is_not_confirmed_again(cast: Cast) -> None:
    load = apply(cast, f"{HEAD}780001;;40;30;20\n")

    with pytest.raises(FiguresRefused, match="внесена"):
        services.confirm(load, by=cast.nina, digest="")


def test_month_is_kept_under_the_week_of_its_last_day(cast: Cast) -> None:
    week, period = periods.parse("2026-10")

    apply(cast, f"{HEAD}780001;;;;20\n", platform=MY_SCHOOL, week=week, period=period)

    row = SchoolFigure.objects.get()
    assert (row.week, row.period) == (202644, FigurePeriod.MONTH)


def test_undo_of_a_week_that_once_replaced_a_month_puts_the_month_back_unless_it_came_anew(cast: Cast) -> None:
    week, period = periods.parse("2026-10")
    month = apply(cast, f"{HEAD}780001;;;;20\n780002;;;;30\n", week=week, period=period)
    own = apply(cast, f"{HEAD}780001;;;;21\n780002;;;;31\n", week=week)
    _as_before_the_period_was_in_the_key(own, month, [(cast.school, 20), (cast.sibling, 30)])
    apply(cast, f"{HEAD}780001;;;;25\n", week=week, period=period)

    services.undo(own, by=cast.nina)

    assert kept(cast) == {"780001": 25, "780002": 30}


def _as_before_the_period_was_in_the_key(own: FigureLoad, month: FigureLoad, old: list[tuple[School, int]]) -> None:
    """Let a week's table have replaced a month's, as it did then."""
    figure = OPERATOR_FIGURE_BY_KEY["active"].number
    SchoolFigure.objects.filter(load=month).delete()
    before = [[school.pk, figure, value, FigurePeriod.MONTH.value, month.pk] for school, value in old]
    own.before, own.summary = zlib.compress(orjson.dumps(before)), own.summary | {"stands_on": [month.pk]}
    own.save()


@pytest.mark.parametrize("text", ["2026-13", "октябрь", "2026-W54", "", "2026-1"])
def test_what_is_no_period_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="пишется|недел"):
        periods.parse(text)


@pytest.mark.parametrize(
    ("day", "newest"),
    [
        (datetime.date(2026, 11, 27), "2026-10"),
        (datetime.date(2026, 11, 30), "2026-11"),
        (datetime.date(2026, 12, 1), "2026-11"),
        (datetime.date(2026, 12, 31), "2026-12"),
        (datetime.date(2027, 1, 1), "2026-12"),
    ],
)
def test_month_is_offered_from_its_last_day_on_and_all_that_is_offered_is_taken(
    day: datetime.date, newest: str
) -> None:
    months = [value for value, _ in periods.choices(day)[1][1]]

    early = [value for value in months if periods.too_early(*periods.parse(value), day)]

    assert months[0] == newest
    assert len(months) == periods.MONTHS
    assert early == []


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2026-11", "Ноябрь ещё не кончился: его таблицу можно внести с\xa030\xa0ноября."),
        ("2027-02", "Февраль 2027 ещё не кончился: его таблицу можно внести с\xa028\xa0февраля\xa02027."),
    ],
)
def test_month_that_is_not_over_is_refused_in_words_of_months(cast: Cast, when: str, said: str) -> None:
    week, period = periods.parse(when)

    now = datetime.datetime(2026, 11, 27, 9, tzinfo=datetime.UTC)
    with time_machine.travel(now, tick=False), pytest.raises(FiguresRefused) as refusal:
        start(cast, HEAD, week=week, period=period)

    assert str(refusal.value) == said


def test_week_that_has_not_begun_is_refused(cast: Cast) -> None:
    with pytest.raises(FiguresRefused, match="ещё не началась"):
        start(cast, HEAD, week=IsoWeek(2090, 1))


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"PK\x03\x04broken"])
def test_broken_file_is_refused_in_words(cast: Cast, data: bytes) -> None:
    about = About(SFERUM, WEEK, FigurePeriod.WEEK)

    with pytest.raises(FiguresRefused):
        services.start(data=data, about=about, origin=Origin(cast.region, "Письмо", cast.nina))

    assert not FigureLoad.objects.exists()


# Pages


def sent(text: str, **more: str) -> dict[str, Any]:
    """A form as the browser sends it."""
    file = SimpleUploadedFile("неделя.csv", text.encode())
    return {"platform": "1", "when": "2026-W46", "source": "Письмо", "file": file, **more}


def test_table_goes_from_the_form_to_the_plan_to_the_figures_and_back(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.nina)

    client.post("/figures/upload/", sent(f"{HEAD}780001;;40;30;20\n"))
    load = FigureLoad.objects.get()
    page = client.get(f"/figures/{load.pk}/").content.decode()

    assert "Внести 3\xa0числа" in page
    assert not SchoolFigure.objects.exists()
    digest = services.view_of(load).plan.digest
    client.post(f"/figures/{load.pk}/act/", {"apply": "1", "digest": digest})
    assert kept(cast) == {"780001": 20}
    assert "Отменить таблицу целиком" in client.get(f"/figures/{load.pk}/").content.decode()
    client.post(f"/figures/{load.pk}/act/", {"undo": "1"})
    assert not SchoolFigure.objects.exists()
    assert "Таблица отменена" in client.get(f"/figures/{load.pk}/").content.decode()


def test_page_without_a_column_of_schools_asks_for_it(cast: Cast, client_of: ClientOf) -> None:
    load = start(cast, "Где;Показатель\nНевский район;3\n")

    page = client_of(cast.nina).get(f"/figures/{load.pk}/")

    assert page.status_code == 200
    assert "Не видно, чьи это строки" in page.content.decode()


@pytest.mark.parametrize("done", ["apply", "discard"])
def test_columns_of_a_table_that_waits_no_longer_are_refused_as_every_other_act(
    cast: Cast, client_of: ClientOf, done: str
) -> None:
    client, load = client_of(cast.nina), start(cast, f"{HEAD}780001;;40;30;20\n")
    digest = services.view_of(load).plan.digest
    client.post(f"/figures/{load.pk}/act/", {done: "1", "digest": digest})

    answer = client.post(f"/figures/{load.pk}/act/", {"columns": "1", "column-0": "school"})
    other = client.post(f"/figures/{load.pk}/act/", {"discard": "1"})

    assert answer.status_code == other.status_code == 409
    for page in (answer, other):
        assert "Так уже нельзя: таблица" in page.content.decode()


def test_yes_and_no_of_a_school_are_told_in_words(cast: Cast, client_of: ClientOf) -> None:
    head = "Код школы;Школа зарегистрирована\n"
    apply(cast, f"{head}780001;да\n")
    load = start(cast, f"{head}780001;нет\n780002;да\n")

    page = client_of(cast.nina).get(f"/figures/{load.pk}/").content.decode()

    assert "<del>да</del>" in page
    assert '<ins class="new">нет</ins>' in page
    assert '<ins class="new">да</ins>' in page
    assert '<ins class="new">1</ins>' not in page


@pytest.mark.parametrize("rows", ["", ";Итого;;;5\n"], ids=["headings only", "totals only"])
def test_table_without_rows_says_what_to_do(cast: Cast, client_of: ClientOf, rows: str) -> None:
    load = start(cast, HEAD + rows)

    page = client_of(cast.nina).get(f"/figures/{load.pk}/").content.decode()

    assert "под заголовками нет строк с числами" in page
    assert "Впишите в файл строки с числами" in page


def test_page_of_a_waiting_table_without_rows_is_shown(cast: Cast, client_of: ClientOf) -> None:
    load = start(cast, f"{HEAD}780001;;40;30;20\n")
    FigureLoad.objects.filter(pk=load.pk).update(table=None)

    page = client_of(cast.nina).get(f"/figures/{load.pk}/")

    assert page.status_code == 200


def test_form_without_a_file_or_with_an_alien_region_is_refused(cast: Cast, client_of: ClientOf) -> None:
    root, nina = client_of(cast.root), client_of(cast.nina)

    lacking = nina.post("/figures/upload/", {"platform": "1", "when": "2026-W46", "source": "Письмо"})
    alien = nina.post("/figures/upload/", sent(f"{HEAD}470004;;;;1\n", region=str(cast.other_region.pk)))
    whole = root.post("/figures/upload/", sent(f"{HEAD}470004;;;;1\n"))

    assert lacking.status_code == 422
    assert alien.status_code == 302
    assert whole.status_code == 302
    assert [load.region for load in FigureLoad.objects.order_by("pk")] == [cast.region, None]


@pytest.mark.parametrize(("person", "status"), [("nina", 302), ("root", 302), ("observer", 403), ("marat", 404)])
def test_only_those_who_answer_for_the_region_confirm(
    cast: Cast, client_of: ClientOf, person: str, status: int
) -> None:
    load = start(cast, f"{HEAD}780001;;40;30;20\n")
    digest = services.view_of(load).plan.digest

    answer = client_of(cast.people[person]).post(f"/figures/{load.pk}/act/", {"apply": "1", "digest": digest})

    assert answer.status_code == status
    assert SchoolFigure.objects.exists() == (status == 302)


def test_sources_of_another_region_are_not_told(cast: Cast, client_of: ClientOf) -> None:
    FigureSource.objects.create(region=cast.other_region, platform=1, name="Тайный источник")

    page = client_of(cast.nina).get("/figures/upload/").content.decode()

    assert "Тайный источник" not in page


def test_source_is_known_once_its_table_is_confirmed_and_not_before(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.nina)
    client.post("/figures/upload/", sent(f"{HEAD}780001;;;;1\n", source="Опечатка"))
    away = FigureLoad.objects.get()
    client.post(f"/figures/{away.pk}/act/", {"discard": "1"})

    assert not FigureSource.objects.exists()
    assert "Знакомые источники" not in client.get("/figures/upload/").content.decode()
    confirm(cast, start(cast, f"{HEAD}780001;;;;1\n", source="Письмо РОИВ"))
    confirm(cast, start(cast, f"{HEAD}780001;;;;2\n", source="Письмо РОИВ"))
    assert list(FigureSource.objects.values_list("region", "platform", "name")) == [(cast.region.pk, 1, "Письмо РОИВ")]
    assert "Знакомые источники" in client.get("/figures/upload/").content.decode()


def test_source_of_the_country_is_known_once(cast: Cast) -> None:
    for active in (1, 2):
        confirm(cast, start(cast, f"{HEAD}780001;;;;{active}\n", region=None, source="Свод"))

    assert FigureSource.objects.get().region is None


def test_signs_nobody_sees_are_taken_out_of_the_name_of_a_source(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.nina)

    client.post("/figures/upload/", sent(f"{HEAD}780001;;;;1\n", source="Пись\u202eмо\u200b \u2066РОИВ\x07"))
    empty = client.post("/figures/upload/", sent(f"{HEAD}780001;;;;1\n", source="\u202e\u200b"))

    assert [load.source for load in FigureLoad.objects.all()] == ["Письмо РОИВ"]
    assert empty.status_code == 422
    assert "ни одного видимого знака" in empty.content.decode()
