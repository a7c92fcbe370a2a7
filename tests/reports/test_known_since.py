"""People whose day of hiring nobody gave count from the day the portal knew them: a recount adds nobody to the past."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine

from reports.counting.week import count_week
from reports.models import SchoolWeek
from reports.weeks import IsoWeek
from schools.models import Appointment, School
from schools.platforms import SFERUM
from staff.models import StaffMember
from tests.conftest import Cast
from tests.staff.uploads import applied, csv_of

pytestmark = pytest.mark.django_db
WEEK = IsoWeek(2026, 46)
BEFORE, AFTER = WEEK.sunday - datetime.timedelta(days=3), WEEK.sunday + datetime.timedelta(days=2)
OLD = [("Озёрова", "Анна", "Ильинична"), ("Рощина", "Вера", "Павловна"), ("Гаврилов", "Пётр", "Ильич")]
NEW = [("Селезнёва", "Ольга", "Юрьевна"), ("Тихонов", "Лев", "Олегович"), ("Ушакова", "Нина", "Ивановна")]
HEADERS = ("Фамилия", "Имя", "Отчество", "Должность", "Дата приёма")


@pytest.fixture
def clock(cast: Cast) -> Iterator[time_machine.Traveller]:
    """A clock that stands at noon of a day of the week counted; the coordinator answers for the region by then."""
    Appointment.objects.filter(user=cast.nina).update(starts_on="2026-09-01")
    with time_machine.travel(noon(BEFORE), tick=False) as traveller:
        yield traveller


def noon(day: datetime.date) -> datetime.datetime:
    """Noon of a day in Moscow."""
    return datetime.datetime(day.year, day.month, day.day, 9, tzinfo=datetime.UTC)


def upload(cast: Cast, people: list[tuple[str, str, str]], hired: str = "", mode: str = "update") -> None:
    """Take a list in as the region's coordinator, who may confirm any."""
    rows = [(*person, "учитель", hired) for person in people]
    applied(cast.school, cast.nina, csv_of(*rows, headers=HEADERS), mode)


def counted(school: School) -> int | None:
    """How many staff the week counts now."""
    rating = count_week(WEEK, reason="проверка")
    return SchoolWeek.objects.get(rating=rating, school=school, platform=SFERUM.number).staff


def test_a_full_list_after_the_week_does_not_count_old_and_new_together(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    upload(cast, OLD)
    clock.move_to(noon(AFTER))
    first = counted(cast.school)
    upload(cast, NEW, mode="full")

    again = counted(cast.school)

    assert StaffMember.objects.filter(school=cast.school, left_on=None).count() == len(NEW)
    assert first == again == len(OLD)


def test_a_day_of_hiring_says_more_than_the_day_of_the_upload(cast: Cast, clock: time_machine.Traveller) -> None:
    upload(cast, OLD)
    clock.move_to(noon(AFTER))
    upload(cast, NEW[:1], hired="01.09.2026")
    upload(cast, NEW[1:])

    assert counted(cast.school) == len(OLD) + 1


def test_a_school_that_brought_its_list_after_the_week_has_no_data_and_no_zero(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    clock.move_to(noon(AFTER))
    upload(cast, NEW)

    assert counted(cast.school) is None


def test_people_known_before_this_was_kept_count_in_every_week(cast: Cast, clock: time_machine.Traveller) -> None:
    upload(cast, OLD)
    StaffMember.objects.update(known_on=None)

    assert counted(cast.school) == len(OLD)


@pytest.mark.parametrize("door", ["upload", "by hand"])
def test_every_door_remembers_the_day(cast: Cast, clock: time_machine.Traveller, door: str) -> None:
    if door == "upload":
        upload(cast, OLD[:1])
    else:
        StaffMember.objects.create(school=cast.school, last_name="Озёрова", first_name="Анна")

    assert StaffMember.objects.get().known_on == BEFORE


def test_a_later_upload_keeps_the_day_the_portal_first_knew_of(cast: Cast, clock: time_machine.Traveller) -> None:
    upload(cast, OLD[:1])
    clock.move_to(noon(AFTER))
    rows = [(*OLD[0], "директор", "")]
    applied(cast.school, cast.nina, csv_of(*rows, headers=HEADERS))

    person = StaffMember.objects.get()
    assert (person.position, person.known_on) == ("директор", BEFORE)


def test_who_works_on_a_day_agrees_with_who_is_counted(cast: Cast, clock: time_machine.Traveller) -> None:
    upload(cast, OLD)
    clock.move_to(noon(AFTER))
    upload(cast, NEW)

    assert StaffMember.objects.filter(school=cast.school).working(WEEK.sunday).count() == counted(cast.school)
    assert StaffMember.objects.filter(school=cast.school).working().count() == len(OLD) + len(NEW)
