"""Small words of the pages: nobody is called «he», a target names a place, one example of shared places."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from reports.models import ActivityCoverage, ActivityLoad, Target
from schools.models import Region, User
from staff.models import StaffAccount, StaffMember
from tests.reports.test_territory_words import text_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | None], Client]


@pytest.mark.parametrize(
    "platform, indicator, words",
    [(1, "staff_active", "за неделю ни сообщения, ни звонка"), (2, "myschool_active", "за неделю ни одного входа")],
)
def test_who_is_missing_is_told_of_without_a_gender(
    cast: Any, weeks_made: Any, client_of: ClientOf, platform: int, indicator: str, words: str
) -> None:
    weeks_made({cast.school: {}})
    who = {"last_name": "Озёрова", "first_name": "Анна", "hired_on": "2026-09-01"}
    person = StaffMember.objects.create(school=cast.school, is_teacher=True, **who)
    StaffAccount.objects.create(
        staff=person, school=cast.school, platform=platform, profile_on="2026-09-01", confirmed_on="2026-09-02"
    )
    load = ActivityLoad.objects.create(week=202646, platform=platform, school=cast.school, source="проверка")
    ActivityCoverage.objects.create(week=202646, platform=platform, school=cast.school, load=load)

    page = text_of(client_of(cast.sveta), f"/places/school/{cast.school.pk}/indicators/{indicator}/")

    assert words in page
    assert "не писал" not in page
    assert "не входил" not in page


def test_a_target_of_the_passport_stands_for_the_country_until_there_is_one(
    cast: Any, weeks_made: Any, client_of: ClientOf
) -> None:
    weeks_made({cast.school: {}})
    Target.objects.create(region=Region.objects.get(code="78"), indicator=1, starts_week=202601, value="0.9")

    before = text_of(client_of(cast.nina), "/indicators/staff_active/")
    Target.objects.create(region=None, indicator=1, starts_week=202601, value="0.8")
    after = text_of(client_of(cast.nina), "/indicators/staff_active/")

    assert "Вся страна85 %пока не задана другая" in before  # three cells of a row
    assert "Пример из паспорта" not in before
    assert "Вся страна80 %2026-W01" in after
    assert "пока не задана" not in after


def test_pages_give_one_example_of_a_shared_place(cast: Any, weeks_made: Any, client_of: ClientOf) -> None:
    weeks_made({cast.school: {}})

    pages = [text_of(client_of(cast.nina), address) for address in ("/country/", "/indicators/")]

    assert all("место общее: 1, 2, 2, 4" in page for page in pages)
