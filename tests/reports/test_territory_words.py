"""What a territory's page says agrees with what it counts: silence, uploads, schools outside the week, missing data."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from reports.reading import territories
from schools.models import School, StoredFile, User
from staff.models import ImportStage, StaffImport
from tests.conftest import make_school

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | None], Client]
MakeWeek = Callable[..., Any]


def text_of(client: Client, address: str) -> str:
    """The words of a page, with plain spaces."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", strip_tags(answer.content.decode()).replace("\u00a0", " "))


def upload_to(school: School, *, held: bool, name: str) -> StaffImport:
    """Save a plan that waits: for the school, or held for its coordinator."""
    file = StoredFile.objects.create(school=school, shown_name=name, size=1, sha256=name, content=b"x")
    counts = {"rows": 1, "new": 0, "changed": 0, "leaving": 9, "waiting": 0, "held": held, "working": 10}
    return StaffImport.objects.create(school=school, file=file, stage=ImportStage.PLANNED, state="done", summary=counts)


def test_exactly_two_weeks_of_silence_are_two_weeks_and_longer(
    cast: Any, weeks_made: MakeWeek, client_of: ClientOf
) -> None:
    for week, active in (("2026-W44", 5), ("2026-W45", 0), ("2026-W46", 0)):
        weeks_made({cast.school: {"active": active}, cast.sibling: {}}, week)

    page = text_of(client_of(cast.nina), "/regions/78/")

    assert territories.LONG_SILENCE == 2
    assert "Две недели и дольше молчит 1 школа" in page
    assert "Невский район: молчит 1 школа две недели и дольше" in page
    assert "Больше двух недель" not in page


def test_one_week_of_silence_is_not_a_long_one(cast: Any, weeks_made: MakeWeek, client_of: ClientOf) -> None:
    for week, active in (("2026-W45", 5), ("2026-W46", 0)):
        weeks_made({cast.school: {"active": active}, cast.sibling: {}}, week)

    page = text_of(client_of(cast.nina), "/regions/78/")

    assert "недели и дольше" not in page


def test_who_may_appoint_is_led_to_the_vacancies_and_the_others_to_the_schools(
    cast: Any, weeks_made: MakeWeek, client_of: ClientOf
) -> None:
    weeks_made({cast.school: {}, cast.sibling: {}})
    vacancies = '<a class="link" href="/appointments/?show=vacant">Назначить</a>'
    addresses = {"/regions/78/": cast.nina, cast.municipality.get_absolute_url(): cast.marat}

    pages = {address: client_of(person).get(address).content.decode() for address, person in addresses.items()}
    part = client_of(cast.nina).get(cast.municipality.get_absolute_url()).content.decode()
    abroad = client_of(cast.observer).get("/regions/78/").content.decode()

    assert all("без администратора" in page and vacancies in page for page in pages.values())
    assert "без администратора" in abroad
    assert vacancies not in abroad
    assert "без администратора" in part
    assert vacancies not in part  # her vacancies are of all municipalities
    assert "/search/?region=78&amp;lacks=administrator" in abroad


def test_coordinators_count_and_see_held_uploads_only(cast: Any, weeks_made: MakeWeek, client_of: ClientOf) -> None:
    weeks_made({cast.school: {}})
    upload_to(cast.school, held=False, name="ждёт-школу.xlsx")
    upload_to(cast.school, held=True, name="решает-координатор.xlsx")
    upload_to(cast.cousin, held=True, name="чужой-район.xlsx")
    client = client_of(cast.marat)

    page = client.get(f"/municipalities/{cast.municipality.pk}/").content.decode()
    link = re.search(r'href="(/imports/\?[^"]+)"', page)

    assert "1 загрузка ждёт вашего решения" in page
    assert link is not None
    listed = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert "решает-координатор.xlsx" in listed
    assert "ждёт-школу.xlsx" not in listed


def test_a_region_with_nothing_held_has_nothing_to_decide(cast: Any, weeks_made: MakeWeek, client_of: ClientOf) -> None:
    weeks_made({cast.school: {}})
    upload_to(cast.school, held=False, name="ждёт-школу.xlsx")

    page = text_of(client_of(cast.nina), "/regions/78/")

    assert "вашего решения" not in page


def test_the_link_of_a_municipality_shows_its_own_uploads(cast: Any, weeks_made: MakeWeek, client_of: ClientOf) -> None:
    upload_to(cast.school, held=True, name="невский.xlsx")
    upload_to(cast.cousin, held=True, name="центральный.xlsx")

    page = text_of(client_of(cast.nina), f"/imports/?show=held&municipality={cast.municipality.pk}")

    assert "невский.xlsx" in page
    assert "центральный.xlsx" not in page


@pytest.mark.parametrize("junk", ["municipality=zzz", "municipality=99999999999999999999", "region=ъ", "show=zzz"])
def test_junk_in_the_filters_of_uploads_is_no_failure(cast: Any, client_of: ClientOf, junk: str) -> None:
    assert client_of(cast.nina).get(f"/imports/?{junk}").status_code == 200


@pytest.mark.parametrize(
    "name, own, held", [("sveta", "ждёт вас", "решает координатор"), ("marat", "ждёт школу", "ждёт вас")]
)
def test_rows_of_uploads_speak_to_their_reader(cast: Any, client_of: ClientOf, name: str, own: str, held: str) -> None:
    upload_to(cast.school, held=False, name="обычная.xlsx")
    upload_to(cast.school, held=True, name="крупная.xlsx")

    page = text_of(client_of(cast.people[name]), "/imports/?show=waiting")

    assert re.search(rf"обычная\.xlsx.*?{own}", page)
    assert re.search(rf"крупная\.xlsx.*?{held}", page)
    assert page.count(own) == page.count(held) == 1


def test_a_school_outside_the_week_is_counted_apart_and_explained(
    cast: Any, weeks_made: MakeWeek, client_of: ClientOf
) -> None:
    weeks_made({cast.school: {}, cast.sibling: {}, cast.cousin: {}})
    make_school(cast.municipality, "780010", "Детский сад № 10", kind="preschool")
    make_school(cast.municipality, "780011", "Школа № 11", excluded_because="капитальный ремонт")
    make_school(cast.municipality, "780012", "Школа № 12", opened_on="2026-11-20")
    client = client_of(cast.nina)

    page = client.get("/regions/78/").content.decode()
    link = re.search(r'href="(/search/[^"]*lacks=week[^"]*)">3 вне подсчёта недели<', page)

    assert "6\u00a0школ" in page
    assert link is not None
    listed = text_of(client, link[1].replace("&amp;", "&"))
    assert "3 работающие сегодня школы не вошли в подсчёт" in listed
    assert re.search(r"Детский сад № 10.*?не общеобразовательная: дошкольная организация", listed)
    assert re.search(r"Школа № 11.*?исключена из подсчёта: капитальный ремонт", listed)
    assert re.search(r"Школа № 12.*?открыта после этой недели, 20 ноября", listed)
    assert "Гимназия № 2" not in listed


@pytest.mark.parametrize(
    "name, place, count", [("nina", "regions/78", 2), ("marat", "municipalities/{town}", 1)], ids=["region", "town"]
)
def test_schools_without_data_are_named_as_many_as_are_told(
    cast: Any, weeks_made: MakeWeek, client_of: ClientOf, name: str, place: str, count: int
) -> None:
    for week in ("2026-W45", "2026-W46"):
        weeks_made({cast.school: {"active": 5}, cast.sibling: {"active": None}, cast.cousin: {"active": None}}, week)
    School.objects.filter(pk=cast.sibling.pk).update(closed_on="2026-11-17")
    weeks_made({cast.school: {"active": None}, cast.sibling: {}, cast.cousin: {}}, "2026-W47")
    client = client_of(cast.people[name])

    page = client.get(f"/{place.format(town=cast.municipality.pk)}/?week=2026-W46").content.decode()
    link = re.search(r"(\d)\u00a0школ\w* без данных за неделю.*?href=\"(/search/[^\"]*)\"", page, re.DOTALL)
    assert link is not None
    listed = text_of(client, link[2].replace("&amp;", "&"))

    assert int(link[1]) == count
    assert f"46-я неделя, 9–15 ноября: {link[1]} школ" in listed
    assert (cast.sibling.short_name in listed, cast.cousin.short_name in listed) == (True, count == 2)
    assert cast.school.short_name not in listed


def test_a_region_counted_whole_says_nothing_of_schools_outside(
    cast: Any, weeks_made: MakeWeek, client_of: ClientOf
) -> None:
    weeks_made({cast.school: {}, cast.sibling: {}, cast.cousin: {}})

    page = text_of(client_of(cast.nina), "/regions/78/")
    listed = text_of(client_of(cast.nina), "/search/?region=78&lacks=week")

    assert "вне подсчёта" not in page
    assert "Все работающие школы вошли в подсчёт недели" in listed


def test_a_school_closed_since_is_counted_and_said_to_be_gone(
    cast: Any, weeks_made: MakeWeek, client_of: ClientOf
) -> None:
    weeks_made({cast.school: {}, cast.sibling: {}, cast.cousin: {}})
    School.objects.filter(pk=cast.cousin.pk).update(closed_on="2026-11-17")

    page = text_of(client_of(cast.nina), "/regions/78/")

    assert "2 школы, в подсчёте ещё 1 школа, которой здесь уже нет" in page


def test_schools_without_data_are_told_beside_the_share(cast: Any, weeks_made: MakeWeek, client_of: ClientOf) -> None:
    weeks_made({cast.school: {}, cast.sibling: {"uses": None}, cast.cousin: {}})

    page = text_of(client_of(cast.nina), "/regions/78/")

    assert "2 из 2 · 1 школа без данных" in page
    assert "сколько школ из 3 на каждой ступени; у 1 школы нет данных недели" in page


@pytest.mark.parametrize(
    "found, words", [("№ 2", "1 школа среди тех, что вам видны"), ("ъ", ""), ("№", "3 школы среди")]
)
def test_search_counts_in_good_russian(cast: Any, client_of: ClientOf, found: str, words: str) -> None:
    page = text_of(client_of(cast.nina), f"/search/?q={found}")

    assert words in page
    assert "0 школ" not in page
    assert "1 школа, которые" not in page


@pytest.mark.parametrize(
    "address",
    ["/regions/78/", "/places/region/{region}/indicators/staff_active/", "/register/"],
    ids=["place", "sum", "register"],
)
def test_schools_under_the_region_itself_are_called_alike_everywhere(
    cast: Any, weeks_made: MakeWeek, client_of: ClientOf, address: str
) -> None:
    School.objects.filter(pk=cast.cousin.pk).update(municipality=None)
    cast.cousin.refresh_from_db()
    weeks_made({cast.school: {}, cast.sibling: {}, cast.cousin: {"municipality": None}})

    page = text_of(client_of(cast.nina), address.format(region=cast.region.pk))

    assert "Подведомственные региону" in page
    assert "напрямую" not in page
