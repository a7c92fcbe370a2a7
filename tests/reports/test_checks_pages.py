"""Pages of the data checks: whose place, which names, what to do first, the button, the files."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from reports.checks import quality
from reports.checks.catalogue import CHECK_BY_KEY, CHECK_BY_NUMBER, WEIGHTS
from reports.checks.running import run_checks
from reports.models import CheckCount, CheckRequest, CheckRun
from reports.reading import check_work
from reports.tasks import run_checks_of
from schools.models import Appointment
from schools.scope import Level
from tests.conftest import Cast, ClientOf, make_school, make_user
from tests.reports.check_cases import CASES, person, pupil


@pytest.fixture
def checked(cast: Cast) -> Cast:
    """The cast with defects of people in three schools, counted."""
    for school in (cast.school, cast.school, cast.sibling, cast.foreign):
        person(school, last_name="Канарейкина", phone="")
    pupil(cast.school, last_name="Воробьёв")
    CASES["teachers_under"].wrong(cast.school)
    run_checks()
    return cast


def text_of(client: Client, address: str) -> str:
    """A page that is there, on one line, with plain spaces."""
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return " ".join(response.content.decode().replace("\u00a0", " ").replace("\u2009", " ").split())


def book(client: Client, address: str) -> list[list[Any]]:
    """The rows of a workbook."""
    body = b"".join(client.get(address))  # type: ignore[arg-type]
    return CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()


def test_everyone_begins_with_their_own_place(checked: Cast, client_of: ClientOf) -> None:
    places = {"observer": "Россия", "nina": "Санкт-Петербург", "marat": "Невский район", "sveta": "Школа № 1"}

    for name, place in places.items():
        assert f"<title>Проверки · {place}</title>" in text_of(client_of(checked.people[name]), "/checks/")


def test_list_says_how_good_the_data_is_and_what_is_wrong(checked: Cast, client_of: ClientOf) -> None:
    page = text_of(client_of(checked.nina), "/checks/")

    assert "Качество данных — <b>" in page
    assert "ошибки есть у 3 из 3 школ" in page
    assert "Нет мобильного телефона" in page
    assert CHECK_BY_KEY["staff_no_phone"].why in page
    assert "Без замечаний:" in page


def test_list_is_the_same_from_the_cache(checked: Cast, client_of: ClientOf) -> None:
    client = client_of(checked.nina)

    first, second = (text_of(client, "/checks/").split("<main")[1].split("csrf") for _ in range(2))

    assert first[0] == second[0]
    assert first[-1].partition(">")[2] == second[-1].partition(">")[2]


def test_what_is_kept_of_one_place_is_not_shown_of_another(checked: Cast, client_of: ClientOf) -> None:
    client = client_of(checked.nina)

    region, district = text_of(client, "/checks/"), text_of(client, f"/checks/?municipality={checked.municipality.pk}")

    assert "ошибки есть у 3 из 3 школ" in region
    assert "ошибки есть у 2 из 2 школ" in district
    assert region.split("Качество данных — <b>")[1][:5] != district.split("Качество данных — <b>")[1][:5]


def test_filters_narrow_the_list(checked: Cast, client_of: ClientOf) -> None:
    client = client_of(checked.nina)

    errors = text_of(client, "/checks/?severity=error")
    pupils = text_of(client, "/checks/?subject=pupils")

    assert "Школа не зарегистрирована в Сферуме" in errors
    assert "Нет мобильного телефона" not in errors.split("Без замечаний")[0]
    assert "Обучающийся без законного представителя" in pupils
    assert "Нет мобильного телефона" not in pupils
    assert "Нет мобильного телефона" in text_of(client, "/checks/?severity=deadly&subject=x")


def test_schools_of_a_check_come_worst_first(checked: Cast, client_of: ClientOf) -> None:
    page = text_of(client_of(checked.nina), "/checks/staff_no_phone/")

    assert page.index("Школа № 1<") < page.index("Гимназия № 2<")
    assert "Школа № 4" not in page
    assert f"/checks/staff_no_phone/?school={checked.school.pk}" in page


def test_numbers_stand_beside_a_school_whose_card_is_wrong(checked: Cast, client_of: ClientOf) -> None:
    page = text_of(client_of(checked.marat), "/checks/teachers_under/")

    assert "внесено 3, по ОО-1 10" in page


def test_names_of_staff_follow_the_rule_of_sight(checked: Cast, client_of: ClientOf) -> None:
    address = f"/checks/staff_no_phone/?school={checked.school.pk}"

    for name in ("sveta", "marat", "nina", "root"):
        assert text_of(client_of(checked.people[name]), address).count("Канарейкина Анна Петровна") == 2
    observed = text_of(client_of(checked.observer), address)

    assert "Канарейкина" not in observed
    assert "2 сотрудника" in observed
    assert "Имена сотрудников открыты школе и её координаторам" in observed


def test_children_are_named_to_their_school_alone(checked: Cast, client_of: ClientOf) -> None:
    address = f"/checks/pupil_without_guardian/?school={checked.school.pk}"

    assert "Воробьёв" in text_of(client_of(checked.sveta), address)
    for user in (checked.marat, checked.nina, checked.observer):
        page = text_of(client_of(user), address)
        assert "Воробьёв" not in page
        assert "2 обучающихся" in page
        assert "видит только сама школа" in page


def test_files_name_no_more_than_the_pages(checked: Cast, client_of: ClientOf) -> None:
    children = f"/checks/pupil_without_guardian/list.xlsx?school={checked.school.pk}"
    staff = f"/checks/staff_no_phone/list.xlsx?school={checked.school.pk}"

    assert {row[0] for row in book(client_of(checked.sveta), children)[1:]} == {
        "Воробьёв Пётр Ильич",
        "Зимин Пётр Ильич",
    }
    assert book(client_of(checked.nina), children)[1:] == []
    assert [row[0] for row in book(client_of(checked.nina), staff)[1:]] == ["Канарейкина Анна Петровна"] * 2
    assert book(client_of(checked.observer), staff)[1:] == []
    schools = book(client_of(checked.nina), "/checks/staff_no_phone/list.xlsx")
    assert [row[3:6] for row in schools[1:]] == [["Школа № 1", 2.0, 3.0], ["Гимназия № 2", 1.0, 1.0]]


def test_work_begins_with_what_gives_most_for_a_minute(checked: Cast, client_of: ClientOf) -> None:
    counts = CheckCount.objects.filter(school=checked.school)

    rows = list(check_work.work(counts, check_work.Area(checked.school), check_work.Asked("", "")))
    page = text_of(client_of(checked.sveta), "/checks/work/")

    speeds = [row.speed for row in rows]  # type: ignore[attr-defined]
    places = [page.index(f">{CHECK_BY_NUMBER[row.check_number].name}<") for row in rows]
    told = [(CHECK_BY_NUMBER[row.check_number], row.found, row.looked_at) for row in rows]
    by_hand = [quality.gain(*each) * WEIGHTS / quality.minutes(*each[:2]) for each in told]
    assert speeds == pytest.approx(by_hand)
    assert speeds == sorted(speeds, reverse=True)
    assert places == sorted(places)
    assert len(rows) == counts.count() > 10


def test_work_of_a_place_is_shown_by_check_and_by_school(checked: Cast, client_of: ClientOf) -> None:
    client = client_of(checked.nina)

    by_check, by_school = text_of(client, "/checks/work/"), text_of(client, "/checks/work/?by=school")
    rows = book(client, "/checks/work/list.xlsx?region=78")

    assert "2 школы" in by_check
    assert "Гимназия № 2" not in by_check
    assert "Гимназия № 2" in by_school
    assert len(rows) - 1 == CheckCount.objects.filter(region=checked.region).count()


@pytest.mark.parametrize(
    "minutes, text",
    [(1, "1 минута"), (60, "1 час"), (95, "1 час 35 минут"), (480, "1 рабочий день"), (1000, "3 рабочих дня")],
)
def test_effort_is_told_in_the_units_people_plan_in(minutes: int, text: str) -> None:
    assert check_work.effort(minutes).replace("\u00a0", " ") == text


def test_small_gain_is_still_a_gain() -> None:
    assert check_work.gain_text(0.0161).startswith("+1,6")
    assert check_work.gain_text(0.00001).startswith("до 0,1")


def test_button_checks_the_place_now(checked: Cast, client_of: ClientOf) -> None:
    client = client_of(checked.sveta)
    person(checked.school, phone="")

    answer = client.post("/checks/run/", {"school": checked.school.pk}, follow=True)

    assert "Проверено. Ниже — то, что нашлось сейчас." in answer.content.decode()
    assert CheckCount.objects.get(check_number=CHECK_BY_KEY["staff_no_phone"].number, school=checked.school).found == 3
    assert CheckRun.objects.get(school=checked.school).started_by == checked.sveta


def test_second_press_is_refused_kindly(checked: Cast, client_of: ClientOf) -> None:
    client = client_of(checked.marat)
    place = {"municipality": checked.municipality.pk}
    client.post("/checks/run/", place)

    answer = client.post("/checks/run/", place)

    assert answer.status_code == 429
    assert "Проверено только что. Поправьте, что нашлось, и проверьте снова через" in answer.content.decode()
    assert CheckRun.objects.filter(municipality=checked.municipality).count() == 1


def test_region_waits_for_its_worker_and_then_shows_what_was_found(checked: Cast, client_of: ClientOf) -> None:
    client = client_of(checked.nina)

    waiting = client.post("/checks/run/", {"region": "78"}, follow=True).content.decode()
    asked = client.get("/checks/run/?region=78", headers={"hx-request": "true"})
    run_checks_of(CheckRequest.objects.get().pk)
    over = client.get("/checks/run/?region=78", headers={"hx-request": "true"})

    assert "Проверяем Санкт-Петербург." in waiting
    assert (asked.status_code, over.status_code, over.headers["HX-Refresh"]) == (200, 286, "true")
    assert "Проверка ждёт своей очереди." in asked.content.decode()
    assert "Проверено. Ниже — то, что нашлось сейчас." in text_of(client, "/checks/?region=78&checked=now")
    assert "Проверяем Санкт-Петербург." not in text_of(client_of(checked.marat), "/checks/")


def test_nobody_checks_what_is_not_theirs(checked: Cast, client_of: ClientOf) -> None:
    runs = CheckRun.objects.count()

    statuses = [
        client_of(checked.sveta).post("/checks/run/", {"school": checked.sibling.pk}).status_code,
        client_of(checked.marat).post("/checks/run/", {"region": "78"}).status_code,
        client_of(checked.observer).post("/checks/run/", {"region": "78"}).status_code,
        client_of(checked.root).post("/checks/run/").status_code,
        client_of(checked.stranger).post("/checks/run/").status_code,
    ]

    assert statuses == [404, 404, 403, 403, 404]
    assert not CheckRequest.objects.exists()
    assert CheckRun.objects.count() == runs
    assert "Проверить сейчас" not in text_of(client_of(checked.observer), "/checks/?region=78")


def test_before_the_first_run_the_page_says_when_it_comes(cast: Cast, client_of: ClientOf) -> None:
    page = text_of(client_of(cast.nina), "/checks/")

    assert "Ещё не проверяли: данные проверяют каждую ночь" in page


def test_stamp_tells_how_findings_moved(checked: Cast, client_of: ClientOf) -> None:
    person(checked.school, phone="")
    before = CheckRun.objects.filter(region=checked.region).latest("id").found

    run_checks()

    moved = CheckRun.objects.filter(region=checked.region).latest("id").found - before
    assert moved > 0
    assert f"+{moved} к прошлой проверке" in text_of(client_of(checked.nina), "/checks/")


def test_those_who_hold_two_schools_choose_between_them(checked: Cast, client_of: ClientOf) -> None:
    both = make_user("dvoe", Level.SCHOOL, school=checked.school)
    Appointment.objects.create(user=both, level=Level.SCHOOL, school=checked.sibling)

    page = text_of(client_of(both), "/checks/")

    assert f"/checks/?school={checked.school.pk}" in page
    assert f"/checks/?school={checked.sibling.pk}" in page


@pytest.mark.parametrize("name", ["observer", "nina", "marat", "sveta"])
def test_more_schools_and_rows_cost_no_more_queries(checked: Cast, client_of: ClientOf, name: str) -> None:
    client = client_of(checked.people[name])
    for _ in range(2):
        pupil(checked.school, last_name="Vorobyov")
        person(checked.school, phone="")
    pages = (
        "/checks/", "/checks/work/", "/checks/work/?by=school", "/checks/staff_no_phone/", "/checks/teachers_under/",
        f"/checks/staff_no_phone/?school={checked.school.pk}", f"/checks/staff_twice/?school={checked.school.pk}",
        f"/checks/pupil_name/?school={checked.school.pk}",
    )  # fmt: skip

    def asked() -> dict[str, int]:
        counts = {}
        for address in pages:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts[address] = len(queries)
        return counts

    asked()
    run_checks()
    before = asked()
    for number in range(12):
        school = make_school(checked.municipality, f"7803{number:02d}", f"Школа № 3{number:02d}")
        for place in (school, checked.school):
            person(place, phone="")
            pupil(place, last_name="Vorobyov")
        CASES["teachers_under"].wrong(school)
    run_checks()
    asked()
    run_checks()

    assert {address: count for address, count in asked().items() if count > before[address]} == {}
