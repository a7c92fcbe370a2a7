"""A register taken into a region: planned, applied, taken in again; what it says of regions, statuses and zeros."""

import random
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.demo.codes import make_inn
from schools.models import Municipality, Region, RegisterImport, School
from schools.register import CHANGE, NEW, SAME, WAIT, RegisterPlan, RegisterRefused, apply_register, plan_register
from tests.schools.lists import HEADERS, csv_bytes, school_lines, table_of, xlsx_bytes

INN = make_inn("07", 5)
MOSCOW = Path(__file__).parents[3] / "shared/data/schools/moscow-2016.csv"


@pytest.fixture
def region(db: None) -> Region:
    """Кабардино-Балкария: its ИНН begin with a zero."""
    return Region.objects.get(code="07")


def taken(region: Region, data: bytes) -> RegisterPlan:
    """The plan of a register that has been written."""
    return apply_register(region, data, shown_name="реестр.csv", by=None)


def codes_of(plan: RegisterPlan) -> list[str]:
    """Codes of the problems of all rows."""
    return [problem.code for row in plan.rows for _, problem in row.problems]


def cards(region: Region) -> list[tuple[Any, ...]]:
    """Everything the schools of a region hold, but for the moments of writing."""
    fields = [field.attname for field in School._meta.concrete_fields if field.name != "updated_at"]
    return list(School.objects.filter(region=region).order_by("pk").values_list(*fields))


def one(**values: str) -> bytes:
    """A register of one row under the headings given: {"full_name": …} or {"Статус": …}."""
    line = {"full_name": "МБОУ «Школа № 5»", **values}
    return csv_bytes(table_of([line], list(line)))


# The whole register, twice


@pytest.mark.corpus
@pytest.mark.skipif(not MOSCOW.exists(), reason="../shared/data/schools/moscow-2016.csv is absent")
def test_register_of_moscow_is_taken_once_and_changes_nothing_again(db: None) -> None:
    region = Region.objects.get(code="77")
    first = taken(region, MOSCOW.read_bytes())
    kept = cards(region)

    second = taken(region, MOSCOW.read_bytes())

    assert first.counts == {NEW: 626}
    assert School.objects.filter(region=region).count() == 626
    assert second.counts == {SAME: 626}
    assert cards(region) == kept
    assert RegisterImport.objects.count() == 1
    assert Municipality.objects.filter(region=region).count() == len(first.new_municipalities) == 10


def test_generated_register_is_taken_once_and_changes_nothing_again(region: Region) -> None:
    data = csv_bytes(table_of(school_lines(120)))
    first = taken(region, data)
    kept = cards(region)

    second = taken(region, data)

    assert first.counts == {NEW: 120}
    assert second.counts == {SAME: 120}
    assert cards(region) == kept
    assert RegisterImport.objects.count() == 1


def test_plan_writes_nothing(region: Region) -> None:
    plan = plan_register(region, csv_bytes(table_of(school_lines(10))))

    assert plan.counts == {NEW: 10}
    assert not School.objects.filter(region=region).exists()
    assert not Municipality.objects.filter(region=region).exists()


@pytest.mark.parametrize("kind", ["columns shuffled", "xlsx", "cp1251", "xlsx with numbers"])
def test_same_register_in_another_form_changes_nothing(region: Region, kind: str) -> None:
    lines = school_lines(60)
    taken(region, csv_bytes(table_of(lines)))
    keys = list(HEADERS)
    random.Random(3).shuffle(keys)
    forms = {
        "columns shuffled": csv_bytes(table_of(lines, keys)),
        "xlsx": xlsx_bytes(table_of(lines, keys)),
        "cp1251": csv_bytes(table_of(lines, keys), "cp1251"),
        "xlsx with numbers": xlsx_bytes(table_of(lines), ("ИНН", "КПП", "ОГРН", "Число педагогов")),
    }

    plan = taken(region, forms[kind])

    assert plan.counts == {SAME: 60}


def test_zeros_excel_lost_are_put_back_and_reported_in_their_cells(region: Region) -> None:
    plan = taken(region, xlsx_bytes(table_of(school_lines(3)), ("ИНН", "КПП")))

    assert plan.counts == {NEW: 3}
    assert all(len(school.inn) == 10 and school.inn[0] == "0" for school in School.objects.filter(region=region))
    told = [(address, problem.message) for row in plan.rows for address, problem in row.problems]
    assert [address for address, _ in told] == ["C2", "D2", "C3", "D3", "C4", "D4"]
    assert all("вернули" in message for _, message in told)


def test_columns_nobody_knows_are_named(region: Region) -> None:
    line = {"full_name": "МБОУ «Школа № 5»", "Цвет крыши": "зелёный", "ОКПО": "00032538", "Район": "", "Округ": "А"}

    plan = plan_register(region, csv_bytes(table_of([line], list(line))))

    assert any("«Цвет крыши»" in sentence for sentence in plan.said)
    assert any("«ОКПО» не храним" in sentence for sentence in plan.said)
    assert any("«Район» не храним" in sentence for sentence in plan.said)
    assert [(address, problem.severity) for row in plan.rows for address, problem in row.problems] == [
        ("C2", "warning")
    ]


# Regions and territories


def test_schools_of_other_regions_wait(region: Region) -> None:
    lines = [
        {"full_name": f"Школа № {number}", "Субъект РФ": name}
        for number, name in enumerate(("г. Москва", "Кабардино-Балкарская Республика", "КБР", "7", "Орёл", ""), 1)
    ]

    plan = taken(region, csv_bytes(table_of(lines, ["full_name", "Субъект РФ"])))

    assert [row.action for row in plan.rows] == [WAIT, NEW, NEW, NEW, WAIT, NEW]
    assert codes_of(plan) == ["other_region", "unknown_region"]
    assert plan.rows[0].problems[0][0] == "B2"
    assert "Москва" in plan.rows[0].problems[0][1].message
    assert any("1 строка других регионов" in sentence.replace("\u00a0", " ") for sentence in plan.said)
    assert School.objects.filter(region=region).count() == 4


def test_code_of_the_region_is_believed_like_its_name(region: Region) -> None:
    plan = plan_register(region, one(**{"Код региона": "50"}))

    assert codes_of(plan) == ["other_region"]


@pytest.mark.parametrize(
    "first, second",
    [
        ("МО Ясенево", "МО  ясенево"),
        ("Невский район", "Невский р-н"),
        ("Невский район", "Невский"),
        ("г. Энск", "Городской округ Энск"),
    ],
)
def test_two_spellings_of_a_new_territory_make_one(region: Region, first: str, second: str) -> None:
    lines = school_lines(2)
    lines[0]["municipality"], lines[1]["municipality"] = first, second

    plan = taken(region, csv_bytes(table_of(lines)))

    assert plan.counts == {NEW: 2}
    assert plan.new_municipalities == [first]
    assert [school.municipality.name for school in School.objects.filter(region=region) if school.municipality] == [
        first,
        first,
    ]


def test_territory_of_another_type_is_another_one(region: Region) -> None:
    lines = school_lines(2)
    lines[0]["municipality"], lines[1]["municipality"] = "Каменский район", "Каменский городской округ"

    plan = taken(region, csv_bytes(table_of(lines)))

    assert plan.new_municipalities == ["Каменский район", "Каменский городской округ"]


def test_our_own_spelling_of_a_territory_stays(region: Region) -> None:
    municipality = Municipality.objects.create(region=region, name="Невский район")
    School.objects.create(
        region=region,
        municipality=municipality,
        code="07-1",
        full_name="МБОУ «Школа № 5»",
        short_name="МБОУ «Школа № 5»",
    )

    plan = taken(region, one(municipality="район Невский"))

    assert plan.counts == {SAME: 1}
    assert Municipality.objects.filter(region=region).count() == 1


def test_district_is_the_territory_where_no_other_column_is(region: Region) -> None:
    taken(region, one(**{"Район": "Северный район"}))

    school = School.objects.get(region=region)
    assert school.municipality is not None
    assert school.municipality.name == "Северный район"


# Statuses


def test_closed_school_is_closed_on_its_day(region: Region) -> None:
    taken(region, one(inn=INN))

    plan = taken(region, one(inn=INN, **{"Статус": "ликвидирована", "Дата закрытия": "01.09.2025"}))

    assert plan.counts == {CHANGE: 1}
    assert School.objects.get(region=region).closed_on.isoformat() == "2025-09-01"  # type: ignore[union-attr]


@pytest.mark.parametrize("word", ["ликвидирована", "Деятельность прекращена", "прекратила деятельность", "закрыта"])
def test_school_closed_without_a_day_closes_today_and_stays_so(region: Region, word: str) -> None:
    taken(region, one())

    plan = taken(region, one(**{"Статус": word}))
    again = taken(region, one(**{"Статус": word}))

    assert School.objects.get(region=region).closed_on == timezone.localdate()
    assert codes_of(plan) == ["closed_today"]
    assert again.counts == {SAME: 1}


def test_closed_school_we_never_had_is_not_added(region: Region) -> None:
    plan = taken(region, one(**{"Статус": "ликвидирована"}))

    assert codes_of(plan) == ["closed_unknown"]
    assert not School.objects.filter(region=region).exists()


def test_closed_school_we_never_had_is_added_for_history_with_its_day(region: Region) -> None:
    taken(region, one(**{"Статус": "ликвидирована", "Дата закрытия": "01.09.2020"}))

    assert School.objects.get(region=region).closed_on.isoformat() == "2020-09-01"  # type: ignore[union-attr]


@pytest.mark.parametrize("word, code", [("приостановлена", "suspended"), ("реорганизация", "reorganised")])
def test_suspended_school_stays_open_with_a_warning(region: Region, word: str, code: str) -> None:
    plan = taken(region, one(**{"Статус": word}))

    assert codes_of(plan) == [code]
    assert School.objects.get(region=region).closed_on is None


def test_working_school_with_a_past_day_of_closing_waits(region: Region) -> None:
    plan = taken(region, one(**{"Статус": "действует", "Дата закрытия": "01.09.2020"}))

    assert codes_of(plan) == ["status_and_date"]
    assert plan.counts == {WAIT: 1}


def test_working_school_we_hold_for_closed_is_told_and_not_opened(region: Region) -> None:
    taken(region, one(**{"Статус": "ликвидирована", "Дата закрытия": "01.09.2020"}))

    plan = taken(region, one(**{"Статус": "действует"}))

    assert codes_of(plan) == ["works_again"]
    assert School.objects.get(region=region).closed_on is not None


# What is true of any register


WORDS = st.sampled_from(
    ["", "МО Ясенево", "мо  ясенево", "Невский р-н", "Невский район", "Невский", "77", "КБР", "ß" * 90]
)
STATUSES = st.sampled_from(["", "действует", "ликвидирована", "приостановлена", "нечто"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40)
@given(rows=st.lists(st.tuples(WORDS, WORDS, STATUSES, st.sampled_from(["", "01.09.2020", "вчера"])), max_size=6))
def test_any_register_is_taken_whole_or_refused_by_row_and_changes_nothing_again(
    region: Region, rows: list[tuple[str, str, str, str]]
) -> None:
    School.objects.filter(region=region).delete()
    Municipality.objects.filter(region=region).delete()
    lines = [
        {"full_name": f"Школа № {n}", "municipality": place, "Регион": whose, "Статус": status, "Дата закрытия": day}
        for n, (place, whose, status, day) in enumerate(rows)
    ] or [{"full_name": "Школа"}]
    data = csv_bytes(table_of(lines, ["full_name", "municipality", "Регион", "Статус", "Дата закрытия"]))

    first = taken(region, data)
    second = taken(region, data)

    assert School.objects.filter(region=region).count() == first.counts[NEW]
    assert second.counts[NEW] == 0
    assert second.counts[WAIT] == first.counts[WAIT]


# The command


def said(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("import_register", *arguments, stdout=out)
    return out.getvalue().replace("\u00a0", " ")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A register of ten schools, with a column nobody knows."""
    table = table_of(school_lines(10))
    path = tmp_path / "реестр.csv"
    path.write_bytes(csv_bytes([[*table[0], "Крыша"], *([*row, "зелёная"] for row in table[1:])]))
    return path


def test_command_shows_then_applies_then_changes_nothing(region: Region, file: Path) -> None:
    shown = said(str(file), "--region", "07")
    assert not School.objects.filter(region=region).exists()

    applied = said(str(file), "--region", "07", "--apply")
    again = said(str(file), "--region", "07", "--apply")

    assert "План (ничего не внесено): новых школ 10" in shown
    assert "«Крыша»" in shown
    assert "Внесено: новых школ 10" in applied
    assert "новых школ 0, изменятся 0, без изменений 10, с ошибками 0; всего 10 строк" in again
    assert School.objects.filter(region=region).count() == 10


def test_command_believes_a_persons_word_about_columns(region: Region, tmp_path: Path) -> None:
    path = tmp_path / "свой.csv"
    path.write_bytes(csv_bytes([["Как зовётся", "ИНН"], ["МБОУ «Школа № 5»", INN]]))

    shown = said(str(path), "--region", "07", "--map", "Как зовётся=full_name", "--map", "ИНН=")

    assert "новых школ 1" in shown
    assert plan_register(region, path.read_bytes(), mapping={"Как зовётся": "full_name", "ИНН": ""}).rows[0].values.get(
        "inn"
    ) in (None, "")


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["нет.csv", "--region", "07"], "Файл не открывается"),
        (["{file}", "--region", "00"], "Региона с кодом 00 нет"),
        (["{file}", "--region", "07", "--map", "ИНН=нечто"], "пишите «Заголовок=ключ»"),
    ],
)
def test_command_refuses_in_words(region: Region, file: Path, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        said(*(each.format(file=file) for each in arguments))


def test_what_is_no_register_is_refused_with_what_to_do(region: Region) -> None:
    with pytest.raises(RegisterRefused, match="нет столбца «Полное наименование»|нет его заголовков"):
        plan_register(region, csv_bytes([["Фамилия", "Имя"], ["Каренина", "Ольга"]]))
