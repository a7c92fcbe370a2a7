"""Taking an upload back: what people did by hand since then stays, and the large tables are asked by their key."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from reports.models import StaffActivity
from schools.models import SchoolClass
from schools.platforms import MY_SCHOOL, SFERUM
from schools.years import school_year_of
from staff.models import ClassTeacher, StaffAccount, StaffImport, StaffMember
from tests.conftest import Cast, ClientOf
from tests.staff.uploads import applied, csv_of, person, state, undone

pytestmark = pytest.mark.django_db
HEADERS = ("Фамилия", "Имя", "Отчество", "Должность", "Классное руководство", "Учебный профиль", "Статус подтверждён")
ANNA = ("Каренина", "Анна", "Львовна", "учитель", "7Б", "да", "")
OLEG = ("Мороз", "Олег", "Петрович", "методист", "", "", "")
DAY = datetime.date(2026, 10, 1)


def loaded(cast: Cast, *rows: tuple[str, ...]) -> StaffImport:
    """An upload applied to the cast's school."""
    return applied(cast.school, cast.sveta, csv_of(*rows, headers=HEADERS))


def kept(upload: StaffImport) -> dict[int, str]:
    """Whom an undo left as they are, and why."""
    return dict(upload.summary["undo"]["kept"])


def test_an_account_confirmed_by_hand_keeps_its_new_person(cast: Cast) -> None:
    upload = loaded(cast, ANNA, OLEG)
    anna, oleg = StaffMember.objects.filter(school=cast.school).order_by("last_name")
    StaffAccount.objects.filter(staff=anna).update(confirmed_on=DAY)

    undo = undone(upload, cast.sveta)

    assert kept(undo) == {anna.pk: "учётную запись изменили после загрузки"}
    assert undo.summary["undo"]["removed"] == 1
    assert list(StaffMember.objects.filter(school=cast.school)) == [anna]
    assert StaffAccount.objects.get(staff=anna).confirmed_on == DAY
    assert ClassTeacher.objects.filter(staff=anna).count() == 1
    assert not StaffMember.objects.filter(pk=oleg.pk).exists()


@pytest.mark.parametrize("what", ["another platform", "channel", "deleted"])
def test_an_account_added_or_changed_or_removed_by_hand_keeps_its_new_person(cast: Cast, what: str) -> None:
    upload = loaded(cast, ANNA)
    anna = StaffMember.objects.get(school=cast.school)
    accounts = StaffAccount.objects.filter(staff=anna)
    if what == "another platform":
        StaffAccount.objects.create(staff=anna, school=cast.school, platform=MY_SCHOOL.number, profile_on=DAY)
    elif what == "channel":
        accounts.update(channel=2)
    else:
        accounts.delete()
    before = state(cast.school)

    undo = undone(upload, cast.sveta)

    assert kept(undo) == {anna.pk: "учётную запись изменили после загрузки"}
    assert state(cast.school) == before


def test_a_class_given_by_hand_keeps_its_new_person(cast: Cast) -> None:
    upload = loaded(cast, ANNA)
    anna = StaffMember.objects.get(school=cast.school)
    other = SchoolClass.objects.create(
        school=cast.school, year=school_year_of(timezone.localdate()), grade=8, letter="А"
    )
    ClassTeacher.objects.create(staff=anna, school_class=other)
    before = state(cast.school)

    undo = undone(upload, cast.sveta)

    assert kept(undo) == {anna.pk: "классное руководство изменили после загрузки"}
    assert state(cast.school) == before


def test_an_account_mended_by_hand_is_not_reset_with_the_person(cast: Cast) -> None:
    anna = person(cast.school, "Каренина", "Анна", "Львовна", position="методист")
    StaffAccount.objects.create(staff=anna, school=cast.school, platform=SFERUM.number, profile_on=DAY, closed_on=DAY)
    upload = loaded(cast, ANNA)
    reopened = StaffAccount.objects.get(staff=anna)
    assert reopened.closed_on is None
    reopened.confirmed_on = DAY
    reopened.save()
    before = state(cast.school)

    undo = undone(upload, cast.sveta)

    assert kept(undo) == {anna.pk: "учётную запись изменили после загрузки"}
    assert state(cast.school) == before


def test_a_class_taken_away_by_hand_is_not_given_back(cast: Cast) -> None:
    anna = person(cast.school, "Каренина", "Анна", "Львовна")
    upload = loaded(cast, ANNA)
    ClassTeacher.objects.filter(staff=anna).delete()

    undo = undone(upload, cast.sveta)

    assert kept(undo) == {anna.pk: "классное руководство изменили после загрузки"}
    assert not ClassTeacher.objects.filter(staff=anna).exists()


def test_an_account_the_upload_never_touched_may_change_freely(cast: Cast) -> None:
    anna = person(cast.school, "Каренина", "Анна", "Львовна")
    account = StaffAccount.objects.create(staff=anna, school=cast.school, platform=SFERUM.number, profile_on=DAY)
    phone = csv_of(("Каренина", "Анна", "Львовна", "+79000000177"), headers=(*HEADERS[:3], "Телефон"))
    upload = applied(cast.school, cast.sveta, phone)
    account.confirmed_on = DAY
    account.save()

    undo = undone(upload, cast.sveta)

    assert undo.summary["undo"] == {"restored": 1, "removed": 0, "kept": []}
    assert StaffMember.objects.get(pk=anna.pk).phone == ""
    assert StaffAccount.objects.get(staff=anna).confirmed_on == DAY


def test_the_page_tells_what_was_kept(cast: Cast, client_of: ClientOf) -> None:
    upload = loaded(cast, ANNA)
    StaffAccount.objects.filter(school=cast.school).update(confirmed_on=DAY)
    undone(upload, cast.sveta)

    page = client_of(cast.sveta).get(upload.get_absolute_url()).content.decode().replace("\xa0", " ")

    assert "1 сотрудник: учётную запись изменили после загрузки, оставлено как есть." in page


# What other tables say of people


def active(member: StaffMember, week: int, platform: int = 1) -> None:
    """Save that somebody wrote in a week."""
    StaffActivity.objects.create(
        week=week, platform=platform, school=member.school, staff=member, is_teacher=True, messages=1
    )


@pytest.mark.parametrize("week", [202601, 202552, 202640, 202653])
def test_activity_of_any_week_keeps_its_person(cast: Cast, week: int) -> None:
    upload = loaded(cast, ANNA, OLEG)
    anna, oleg = StaffMember.objects.filter(school=cast.school).order_by("last_name")
    active(anna, week, platform=2)
    active(person(cast.sibling, "Седова", "Ольга"), 202445)
    active(person(cast.sibling, "Седова", "Инна"), 202701)

    undo = undone(upload, cast.sveta)

    assert kept(undo) == {anna.pk: "уже есть активность или чаты"}
    assert not StaffMember.objects.filter(pk=oleg.pk).exists()


def plan_of_query(rows: "QuerySet[Any]") -> str:
    """How the database means to find rows, were the table long."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    return rows.explain()


def test_activity_is_looked_up_by_its_key(cast: Cast) -> None:
    for number in range(3):
        active(person(cast.school, f"Седова{number}", "Ольга"), 202640 + number)

    plan = plan_of_query(StaffActivity.of_school(cast.school.pk).values_list("staff", flat=True))

    condition = plan.partition("Index Cond:")[2] if connection.vendor == "postgresql" else plan.partition("INDEX")[2]
    assert "week" in condition
    assert "platform" in condition
    assert "school_id" in condition


def test_activity_of_no_week_is_no_rows(cast: Cast) -> None:
    assert list(StaffActivity.of_school(cast.school.pk)) == []
