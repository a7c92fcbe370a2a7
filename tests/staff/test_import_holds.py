"""Uploads after which too many would stop working: however the file says it, and whoever asks."""

import datetime
from collections.abc import Sequence

import pytest
import time_machine
from django.utils import timezone

from schools.jobs import JobState
from schools.models import Appointment, School, User
from schools.scope import Level
from staff.imports import services
from staff.imports.services import ImportRefused
from staff.models import ImportStage, StaffImport, StaffMember
from tests.conftest import Cast, ClientOf
from tests.staff.uploads import csv_of, person, planned, work

pytestmark = pytest.mark.django_db
NAMES = ("Арбузов", "Берёзов", "Вязов", "Грушин", "Дубов", "Ежов", "Жуков", "Зимин", "Ильин", "Клёнов")
HEADERS = ("Фамилия", "Имя", "Отчество", "Дата приёма", "Дата увольнения")
NOVEMBER = datetime.datetime(2026, 11, 10, 9, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _november() -> object:
    with time_machine.travel(NOVEMBER, tick=False):
        yield


@pytest.fixture
def ten(cast: Cast) -> School:
    """A school of ten."""
    for name in NAMES:
        person(cast.school, name, "Пётр", "Ильич", hired_on=datetime.date(2020, 9, 1))
    return cast.school


def rows(count: int, *, hired: str = "", left: str = "") -> list[Sequence[str]]:
    """The first so many people, with dates."""
    return [(name, "Пётр", "Ильич", hired, left) for name in NAMES[:count]]


@pytest.mark.parametrize(
    ("hired", "left"), [("", "09.11.2026"), ("", "10.11.2026"), ("", "01.02.2027"), ("01.09.2027", "")]
)
@pytest.mark.parametrize(("count", "held"), [(3, False), (4, True), (10, True)])
def test_a_list_of_updates_that_ends_the_work_of_many_is_held(
    ten: School, cast: Cast, hired: str, left: str, count: int, held: bool
) -> None:
    upload = planned(ten, cast.sveta, csv_of(*rows(count, hired=hired, left=left), headers=HEADERS))

    assert (upload.summary["changed"], upload.summary["leaving"]) == (count, 0)
    assert (upload.summary["ending"], upload.summary["held"]) == (count, held)


def test_those_a_full_list_misses_and_those_it_dismisses_are_counted_together(ten: School, cast: Cast) -> None:
    list_of_eight = [*rows(2, left="09.11.2026"), *rows(10)[2:8]]

    upload = planned(ten, cast.sveta, csv_of(*list_of_eight, headers=HEADERS), "full")

    assert (upload.summary["leaving"], upload.summary["ending"], upload.summary["held"]) == (2, 4, True)


@pytest.mark.parametrize(
    ("known", "said", "ends"),
    [
        ({"left_on": datetime.date(2026, 10, 1)}, {"left": "05.10.2026"}, False),  # has left already
        ({"left_on": datetime.date(2027, 2, 1)}, {"left": "01.03.2027"}, False),  # stays longer than known
        ({"left_on": datetime.date(2027, 2, 1)}, {"left": "01.12.2026"}, True),  # leaves earlier than known
        ({"left_on": datetime.date(2026, 10, 1)}, {}, False),  # comes back
        ({"hired_on": None}, {"hired": "01.12.2026"}, True),  # does not work yet after all
        ({"hired_on": datetime.date(2026, 12, 1)}, {"hired": "10.12.2026"}, False),  # had not begun before either
        ({"hired_on": datetime.date(2026, 12, 1)}, {"hired": "01.09.2026"}, False),  # has begun already
    ],
)
def test_only_what_ends_work_counts(
    cast: Cast, known: dict[str, datetime.date | None], said: dict[str, str], ends: bool
) -> None:
    for name in NAMES[:4]:
        person(cast.school, name, "Пётр", "Ильич", **known)

    upload = planned(cast.school, cast.sveta, csv_of(*rows(4, **said), headers=HEADERS))

    assert upload.summary["changed"] == 4
    assert upload.summary["ending"] == (4 if ends else 0)


def mass(school: School, by: User) -> StaffImport:
    """An upload that dismisses everybody."""
    return planned(school, by, csv_of(*rows(10, left="09.11.2026"), headers=HEADERS))


def appointed(user: User, level: Level, **place: object) -> User:
    """The user, fresh, with one appointment more."""
    Appointment.objects.create(user=user, level=level, **place)
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("name", ["marat", "nina", "root"])
def test_a_coordinator_of_the_school_confirms(ten: School, cast: Cast, name: str) -> None:
    upload = mass(ten, cast.sveta)

    done = work(services.request_apply(upload, by=cast.people[name]))

    assert done.stage == ImportStage.APPLIED
    assert not StaffMember.objects.filter(school=ten, left_on=None).exists()


def test_being_a_coordinator_elsewhere_confirms_nothing_here(ten: School, cast: Cast, client_of: ClientOf) -> None:
    upload = mass(ten, cast.sveta)
    elsewhere = appointed(cast.sveta, Level.REGION, region=cast.other_region)
    appointed(cast.sveta, Level.MUNICIPALITY, municipality=cast.other_municipality)

    with pytest.raises(ImportRefused, match="координатор муниципалитета или региона"):
        services.request_apply(upload, by=elsewhere)

    page = client_of(elsewhere).get(upload.get_absolute_url()).content.decode()
    answer = client_of(elsewhere).post(f"/imports/{upload.pk}/act/", {"apply": "1"}, follow=True).content.decode()
    rest = client_of(elsewhere).post(f"/api/v1/imports/{upload.pk}/apply/")
    assert 'name="apply"' not in page
    assert "Загрузка остановлена. По ней сразу перестан" in answer
    assert rest.status_code == 409
    assert StaffImport.objects.get(pk=upload.pk).stage == ImportStage.PLANNED
    assert StaffMember.objects.filter(school=ten, left_on=None).count() == 10


def test_a_coordinator_who_was_let_go_before_the_writing_confirms_nothing(ten: School, cast: Cast) -> None:
    upload = mass(ten, cast.sveta)
    deputy = appointed(cast.stranger, Level.SCHOOL, school=ten)
    both = appointed(deputy, Level.MUNICIPALITY, municipality=cast.municipality)
    services.request_apply(upload, by=both)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Appointment.objects.filter(user=both, level=Level.MUNICIPALITY).update(starts_on=yesterday, ends_on=yesterday)

    done = work(upload)

    assert (done.state, services.standing(done)) == (JobState.FAILED, ImportStage.PLANNED)
    assert "координатор муниципалитета или региона" in done.error
    assert StaffMember.objects.filter(school=ten, left_on=None).count() == 10


def test_the_page_of_a_held_upload_says_how_many_and_who_decides(ten: School, cast: Cast, client_of: ClientOf) -> None:
    upload = mass(ten, cast.sveta)

    pages = {
        name: client_of(cast.people[name]).get(upload.get_absolute_url()).content.decode().replace("\xa0", " ")
        for name in ("sveta", "marat")
    }

    assert "По ней сразу перестанут работать 10 сотрудников из 10." in pages["sveta"]
    assert "Столько подтверждает координатор муниципалитета или региона." in pages["sveta"]
    assert 'name="apply"' not in pages["sveta"]
    assert 'name="discard"' in pages["sveta"]
    assert "перестанут работать" not in pages["marat"]
    assert 'name="apply"' in pages["marat"]


def test_a_list_of_uploads_says_who_decides_on_each(ten: School, cast: Cast, client_of: ClientOf) -> None:
    mass(ten, cast.sveta)
    elsewhere = appointed(cast.sveta, Level.REGION, region=cast.other_region)

    assert "решает координатор" in client_of(elsewhere).get("/imports/").content.decode()
    assert "решает координатор" not in client_of(cast.nina).get("/imports/").content.decode()
