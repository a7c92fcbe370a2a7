"""A plan that waits: whether the list, or the day itself, makes another plan of it before it is written."""

import datetime
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from schools.models import SchoolClass
from schools.platforms import SFERUM
from staff.imports import services
from staff.imports.roster import stamp_of
from staff.models import ClassTeacher, ImportStage, StaffAccount, StaffImport, StaffMember
from tests.conftest import Cast
from tests.staff.uploads import csv_of, person, planned, work

pytestmark = pytest.mark.django_db
AUGUST = datetime.datetime(2026, 8, 31, 18, tzinfo=datetime.UTC)
SEPTEMBER = AUGUST + datetime.timedelta(hours=4)  # 1 September in Moscow
OCTOBER = datetime.datetime(2026, 10, 5, 9, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
HEADERS = ("Фамилия", "Имя", "Отчество", "Классное руководство")
ANNA = ("Каренина", "Анна", "Львовна", "7Б")


def confirmed_later(cast: Cast, planned_at: datetime.datetime, confirmed_at: datetime.datetime) -> StaffImport:
    """An upload planned at one moment, confirmed and worked at another."""
    with time_machine.travel(planned_at, tick=False):
        upload = planned(cast.school, cast.root, csv_of(ANNA, headers=HEADERS))
    with time_machine.travel(confirmed_at, tick=False):
        return work(services.request_apply(upload, by=cast.root))


def test_a_plan_of_august_is_made_again_in_september(cast: Cast) -> None:
    upload = confirmed_later(cast, AUGUST, SEPTEMBER)

    assert upload.stage == ImportStage.PLANNED
    assert upload.summary["said"][0].startswith("Пока план ждал, начался другой учебный год.")
    assert not StaffMember.objects.filter(school=cast.school).exists()
    with time_machine.travel(SEPTEMBER, tick=False):
        work(services.request_apply(upload, by=cast.root))
    assert SchoolClass.objects.get(school=cast.school).year == 2026


def test_an_ordinary_night_changes_nothing(cast: Cast) -> None:
    person(cast.school, "Мороз", "Олег", hired_on=datetime.date(2020, 9, 1), left_on=datetime.date(2026, 9, 1))

    assert confirmed_later(cast, OCTOBER, OCTOBER + 3 * DAY).stage == ImportStage.APPLIED


@pytest.mark.parametrize("what", ["leaves", "begins", "account closes"])
def test_a_known_day_that_came_meanwhile_makes_the_plan_again(cast: Cast, what: str) -> None:
    tomorrow = (OCTOBER + DAY).date()
    dates: dict[str, Any] = {"leaves": {"left_on": tomorrow}, "begins": {"hired_on": tomorrow}}.get(what, {})
    member = person(cast.school, "Мороз", "Олег", **dates)
    if what == "account closes":
        StaffAccount.objects.create(
            staff=member, school=cast.school, platform=SFERUM.number, profile_on=AUGUST.date(), closed_on=tomorrow
        )

    upload = confirmed_later(cast, OCTOBER, OCTOBER + DAY)

    assert upload.stage == ImportStage.PLANNED
    assert upload.summary["said"][0].startswith("Пока план ждал, список сотрудников изменился.")


def swap_profiles(one: StaffAccount, other: StaffAccount) -> None:
    """The counts stay, the people do not."""
    StaffAccount.objects.filter(pk=one.pk).update(confirmed_on=None)
    StaffAccount.objects.filter(pk=other.pk).update(confirmed_on=AUGUST.date())


def give_class_away(one: StaffAccount, other: StaffAccount) -> None:
    """One leader in place of another."""
    ClassTeacher.objects.filter(staff=one.staff_id).update(staff=other.staff_id)


def rename_class(one: StaffAccount, other: StaffAccount) -> None:
    """The class of a leader becomes the next one."""
    SchoolClass.objects.filter(class_leaderships__staff=one.staff_id).update(grade=8)


@pytest.mark.parametrize("edit", [swap_profiles, give_class_away, rename_class])
def test_an_edit_that_keeps_every_count_changes_the_stamp(
    cast: Cast, edit: Callable[[StaffAccount, StaffAccount], None]
) -> None:
    made = []
    for name in ("Мороз", "Зимин"):
        member = person(cast.school, name, "Олег")
        account = StaffAccount(staff=member, school=cast.school, platform=SFERUM.number, profile_on=AUGUST.date())
        account.save()
        made.append(account)
    StaffAccount.objects.filter(pk=made[0].pk).update(confirmed_on=AUGUST.date())
    led = SchoolClass.objects.create(school=cast.school, year=2026, grade=7, letter="Б")
    ClassTeacher.objects.create(staff=made[0].staff, school_class=led)
    before = stamp_of(cast.school)
    assert stamp_of(cast.school) == before

    edit(*made)

    assert stamp_of(cast.school) != before


def test_the_command_fails_when_the_list_changed_before_the_plan_was_written(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "список.csv"
    file.write_bytes(csv_of(ANNA, headers=HEADERS))
    confirm = services.request_apply

    def meanwhile(upload: StaffImport, **options: Any) -> StaffImport:
        person(cast.school, "Мороз", "Олег")
        return confirm(upload, **options)

    monkeypatch.setattr(services, "request_apply", meanwhile)
    said = StringIO()
    with pytest.raises(CommandError, match=r"^Ничего не внесено\. Пока план ждал, список сотрудников изменился"):
        call_command("import_staff", str(file), school="780001", apply=True, stdout=said)

    assert said.getvalue() == ""
    assert not StaffMember.objects.filter(school=cast.school, last_name="Каренина").exists()
    monkeypatch.undo()
    call_command("import_staff", str(file), school="780001", apply=True, stdout=said)
    assert said.getvalue().startswith("Внесено: новых 1")
