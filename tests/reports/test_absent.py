"""The list «Кого нет» holds exactly those whom the number leaves out, of every indicator about people."""

from typing import Any

import pytest
from django.http import QueryDict

from reports.counting import count_week
from reports.indicators import INDICATORS
from reports.models import Rating, SchoolWeek, StaffActivity
from reports.reading import breakdowns
from reports.reading.weeks import Chosen
from staff.models import StaffAccount, StaffMember
from staff.names import ISSUES
from tests.conftest import Cast
from tests.reports.test_views import ClientOf
from tests.reports.world import WEEK, build_world

pytestmark = pytest.mark.django_db
LISTED_WHOLE = {"active": "teachers", "profiles": "teachers", "confirmed": "profiles", "names_in_order": "staff"}


def tidy() -> None:
    """Bring a random world to what the portal keeps true: who does not work there has neither profile nor activity."""
    there = StaffMember.objects.working(WEEK.sunday)
    StaffAccount.objects.exclude(staff__in=there).delete()
    StaffActivity.objects.exclude(staff__in=there).delete()


def left_out(week: SchoolWeek, part: str) -> int:
    """How many of the listed are not in the part, by the counted numbers."""
    return (getattr(week, LISTED_WHOLE[part]) or 0) - (getattr(week, part) or 0)


def chosen_of(rating: Rating) -> Chosen:
    """The week as a page shows it."""
    return Chosen(WEEK, rating, (rating,))


@pytest.mark.parametrize("seed", range(6))
def test_list_is_as_long_as_the_number_says(seed: int) -> None:
    build_world(seed, schools=12)
    tidy()
    rating = count_week(WEEK)
    compared = 0

    for indicator in INDICATORS:
        if indicator.part not in breakdowns.STAFF_PARTS:
            continue
        weeks = SchoolWeek.objects.filter(rating=rating, platform=indicator.platform.number, staff__isnull=False)
        for week in weeks.exclude(**{indicator.part: None}):
            people = StaffMember.objects.filter(school=week.school_id)
            found = breakdowns.absent(people, indicator, chosen_of(rating), QueryDict())
            assert found.total == left_out(week, indicator.part), (indicator.key, week.school_id)
            compared += found.total > 0

    assert compared > 5
    idle = StaffActivity.objects.filter(week=WEEK.number, platform=1, messages=0, calls=0)
    assert idle.exists()  # rows of people who did nothing: the trap


def test_school_that_is_counted_and_not_its_people_lists_nobody(cast: Cast, client_of: ClientOf) -> None:
    count_week(WEEK)
    address = f"/places/school/{cast.school.pk}/indicators/r210_10/"

    page = client_of(cast.sveta).get(address).content.decode()

    assert "Этот показатель считает школы" in page
    assert "Все на месте" not in page


def test_school_without_a_list_is_not_said_to_be_complete(cast: Cast, client_of: ClientOf) -> None:
    count_week(WEEK)
    for key in ("staff_profile", "names_in_order"):
        page = client_of(cast.sveta).get(f"/places/school/{cast.school.pk}/indicators/{key}/").content.decode()

        assert "Все на месте" not in page
        assert "не посчитан: нет списка сотрудников" in page


def test_what_is_wrong_with_a_name_is_said_in_words(cast: Cast, client_of: ClientOf) -> None:
    StaffMember.objects.create(school=cast.school, last_name="ОЗЁРОВ", first_name="Глеб", hired_on="2026-09-01")
    count_week(WEEK)

    page = client_of(cast.sveta).get(f"/places/school/{cast.school.pk}/indicators/names_in_order/").content.decode()

    issue = StaffMember.objects.get().name_issue
    assert ISSUES[issue] in page
    assert issue not in page


def test_profile_ends_with_the_work_of_its_person_in_the_admin_too(cast: Cast, client_of: ClientOf) -> None:
    person = StaffMember.objects.create(school=cast.school, last_name="Озёров", first_name="Глеб", is_teacher=True)
    account = StaffAccount.objects.create(staff=person, school=cast.school, platform=1, is_teacher=True)
    client, address = client_of(cast.root), f"/admin/staff/staffmember/{person.pk}/change/"
    page = client.get(address)
    form: dict[str, Any] = {
        name: value for name, value in page.context["adminform"].form.initial.items() if value is not None
    }
    form |= {"accounts-TOTAL_FORMS": 0, "accounts-INITIAL_FORMS": 0}

    answer = client.post(address, form | {"left_on": "2026-11-13"})

    account.refresh_from_db()
    assert answer.status_code == 302
    assert str(account.closed_on) == "2026-11-13"
