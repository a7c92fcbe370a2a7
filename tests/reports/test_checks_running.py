"""Running the checks: only what changed is written, a place keeps to itself, changed people are read anew."""

import datetime
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reports.checks.asking import check_now
from reports.checks.catalogue import CHECK_BY_KEY
from reports.checks.running import KEPT, ChecksRefused, run_checks
from reports.models import CheckCount, CheckRequest, CheckRun
from reports.tasks import run_all_checks, run_checks_of
from rollout.celery import app
from schools.jobs import JobState
from schools.models import Appointment, School
from schools.sealed import seal
from staff.models import StaffMember
from tests.conftest import Cast, make_school
from tests.reports.check_cases import WRONG_SNILS, a_class, ago, person, pupil

NO_PHONE, WRONG = CHECK_BY_KEY["staff_no_phone"].number, CHECK_BY_KEY["staff_snils_wrong"].number


def found(number: int) -> dict[School, int]:
    """What a check found: school → rows."""
    return {row.school: row.found for row in CheckCount.objects.filter(check_number=number).select_related("school")}


def break_snils(staff: StaffMember) -> None:
    """Write a wrong СНИЛС past everything that would refuse it or date the row."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE staff_staffmember SET snils = %s WHERE id = %s", [seal(WRONG_SNILS), staff.pk])


def test_finding_keeps_its_day_until_it_is_mended(cast: Cast) -> None:
    first, second = person(cast.school, phone=""), person(cast.school)
    run_checks()
    CheckCount.objects.filter(check_number=NO_PHONE).update(since_on=ago(30))
    StaffMember.objects.filter(pk=second.pk).update(phone="")

    run_checks()

    count = CheckCount.objects.get(check_number=NO_PHONE, school=cast.school)
    assert (count.found, count.looked_at, count.since_on) == (2, 2, ago(30))

    StaffMember.objects.filter(pk__in=[first.pk, second.pk]).update(phone="+79005550101")
    run_checks()
    assert found(NO_PHONE) == {}

    StaffMember.objects.filter(pk=first.pk).update(phone="")
    run_checks()
    assert CheckCount.objects.get(check_number=NO_PHONE).since_on == ago(0)


def test_only_what_changed_is_written(cast: Cast, written: Callable[[], int]) -> None:
    people = [person(cast.school, phone=""), person(cast.sibling, phone="")]
    run_checks()
    begun = written()

    run_checks()

    assert CheckCount.objects.count() > 10
    assert written() == begun

    StaffMember.objects.filter(pk=people[0].pk).update(email="")
    person(cast.school, phone="")
    run_checks()
    assert 0 < written() - begun < CheckCount.objects.filter(school=cast.school).count()


@pytest.fixture
def written(cast: Cast) -> Callable[[], int]:
    """Count the rows of CheckCount written or taken away so far, by triggers in the database itself."""
    events = ("INSERT", "UPDATE", "DELETE")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE written_rows (n integer)")
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION pg_temp.note_row() RETURNS trigger AS"
                " $$ BEGIN INSERT INTO written_rows VALUES (1); RETURN NULL; END $$ LANGUAGE plpgsql"
            )
        for event in events:
            body = (
                "FOR EACH ROW EXECUTE FUNCTION pg_temp.note_row()"
                if connection.vendor == "postgresql"
                else "BEGIN INSERT INTO written_rows VALUES (1); END"
            )
            temporary = "" if connection.vendor == "postgresql" else "TEMPORARY"
            cursor.execute(f"CREATE {temporary} TRIGGER note_{event} AFTER {event} ON reports_checkcount {body}")

    def count() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM written_rows")
            return int(cursor.fetchone()[0])

    return count


def test_closed_school_loses_its_findings_and_a_moved_one_takes_them_along(cast: Cast) -> None:
    for school in (cast.school, cast.sibling):
        person(school, phone="", snils=WRONG_SNILS)
    run_checks()
    School.objects.filter(pk=cast.school.pk).update(closed_on=ago(1))
    School.objects.filter(pk=cast.sibling.pk).update(municipality=cast.other_municipality)

    run_checks(cast.region)

    assert not CheckCount.objects.filter(school=cast.school).exists()
    places = set(CheckCount.objects.filter(school=cast.sibling).values_list("municipality", flat=True))
    assert places == {cast.other_municipality.pk}


def test_run_of_a_place_keeps_to_it(cast: Cast) -> None:
    run_checks()
    for school in (cast.school, cast.sibling, cast.cousin, cast.foreign):
        person(school, phone="")

    run_checks(cast.school)
    assert set(found(NO_PHONE)) == {cast.school}

    run_checks(cast.municipality)
    assert set(found(NO_PHONE)) == {cast.school, cast.sibling}

    run_checks(cast.region)
    assert set(found(NO_PHONE)) == {cast.school, cast.sibling, cast.cousin}

    run_checks()
    assert set(found(NO_PHONE)) == {cast.school, cast.sibling, cast.cousin, cast.foreign}


def test_findings_of_checks_that_are_no_more_are_forgotten(cast: Cast) -> None:
    CheckCount.objects.create(
        check_number=9999, school=cast.school, region=cast.region, found=1, looked_at=1, since_on=ago(0)
    )

    run_checks(cast.region)

    assert not CheckCount.objects.filter(check_number=9999).exists()


def test_people_are_read_anew_where_they_changed(cast: Cast) -> None:
    changed, forged = person(cast.school), person(cast.sibling)
    run_checks()
    CheckRun.objects.update(checked_at=timezone.now() + datetime.timedelta(minutes=20))  # later than the margin
    break_snils(changed)
    break_snils(forged)
    StaffMember.objects.filter(pk=changed.pk).update(updated_at=timezone.now() + datetime.timedelta(hours=1))

    run_checks(cast.region)
    assert set(found(WRONG)) == {cast.school}

    run_checks(cast.region, afresh=True)
    assert set(found(WRONG)) == {cast.school, cast.sibling}


def test_what_was_found_of_unchanged_people_stays(cast: Cast) -> None:
    person(cast.sibling, snils=WRONG_SNILS)
    pupil(cast.sibling, last_name="Zimin", school_class=a_class(cast.sibling))
    run_checks()
    CheckRun.objects.update(checked_at=timezone.now() + datetime.timedelta(minutes=20))
    before = set(CheckCount.objects.filter(school=cast.sibling).values_list("check_number", "found"))

    run_checks(cast.municipality)

    assert set(CheckCount.objects.filter(school=cast.sibling).values_list("check_number", "found")) == before


def test_those_who_leave_by_the_calendar_are_read_anew(cast: Cast) -> None:
    leaver = person(cast.school, snils=WRONG_SNILS, left_on=ago(-1))
    run_checks()
    assert set(found(WRONG)) == {cast.school}
    CheckRun.objects.update(checked_at=timezone.now() - datetime.timedelta(days=2))
    long_ago = timezone.now() - datetime.timedelta(days=9)
    StaffMember.objects.filter(pk=leaver.pk).update(left_on=ago(0), updated_at=long_ago)

    run_checks(cast.region)

    assert found(WRONG) == {}


def test_a_run_leaves_its_row_and_the_countrys_one_for_each_region(cast: Cast) -> None:
    person(cast.school, phone="")
    person(cast.foreign, phone="")

    run = run_checks()

    of_regions = {row.region: row.found for row in CheckRun.objects.exclude(region=None)}
    assert set(of_regions) == {cast.region, cast.other_region}
    assert run.found == sum(of_regions.values()) == sum(CheckCount.objects.values_list("found", flat=True))

    own = run_checks(cast.school, by=cast.sveta)
    assert (own.school, own.started_by, own.region, own.municipality) == (cast.school, cast.sveta, None, None)
    assert own.found == sum(CheckCount.objects.filter(school=cast.school).values_list("found", flat=True))


def test_runs_are_forgotten_after_their_term(cast: Cast) -> None:
    old = CheckRun.objects.create(found=1, seconds=1.0, checked_at=timezone.now() - KEPT - datetime.timedelta(days=1))

    run_checks()

    assert not CheckRun.objects.filter(pk=old.pk).exists()


def test_whoever_asks_twice_at_once_is_told_to_wait(cast: Cast) -> None:
    check_now(cast.school, by=cast.sveta)

    with pytest.raises(ChecksRefused, match=r"Проверено только что\. .* через [56]\d\W"):
        check_now(cast.school, by=cast.marat)

    check_now(cast.municipality, by=cast.marat)
    assert CheckRun.objects.latest("id").municipality == cast.municipality
    CheckRun.objects.update(checked_at=timezone.now() - datetime.timedelta(minutes=2))
    check_now(cast.school, by=cast.sveta)
    assert CheckRun.objects.filter(school=cast.school).count() == 2


def test_region_is_checked_by_a_worker(cast: Cast) -> None:
    person(cast.cousin, phone="")

    check_now(cast.region, by=cast.nina)
    request = CheckRequest.objects.get()
    assert (request.state, found(NO_PHONE)) == (JobState.QUEUED, {})
    with pytest.raises(ChecksRefused, match="Регион уже проверяют"):
        check_now(cast.region, by=cast.root)

    run_checks_of(request.pk)
    request.refresh_from_db()
    assert request.state == JobState.DONE
    assert (request.run.region, request.run.started_by) == (cast.region, cast.nina)  # type: ignore[union-attr]
    assert set(found(NO_PHONE)) == {cast.cousin}

    run_checks_of(request.pk)
    assert CheckRun.objects.count() == 1


def test_region_is_not_checked_for_those_who_may_no_longer(cast: Cast) -> None:
    check_now(cast.region, by=cast.nina)
    Appointment.objects.filter(user=cast.nina).delete()

    run_checks_of(CheckRequest.objects.get().pk)

    request = CheckRequest.objects.get()
    assert request.state == JobState.FAILED
    assert request.error.startswith("Право проверять этот регион у вас закончилось.")
    assert not CheckRun.objects.exists()


def test_any_number_of_schools_costs_the_same_queries(cast: Cast) -> None:
    person(cast.school, phone="")
    with CaptureQueriesContext(connection) as few:
        run_checks()
    for number in range(12):
        school = make_school(cast.municipality, f"7802{number:02d}", f"Школа № 2{number:02d}")
        person(school, phone="", snils=WRONG_SNILS)

    with CaptureQueriesContext(connection) as many:
        run_checks()

    assert len(many) == len(few)


@pytest.mark.django_db
def test_empty_country_is_checked_too() -> None:
    run = run_checks()

    assert run.found == 0
    assert CheckRun.objects.count() == 1


def test_command_runs_a_region_and_says_what_it_found(cast: Cast) -> None:
    person(cast.school, phone="")
    person(cast.foreign, phone="")
    said = StringIO()

    call_command("run_checks", region="78", stdout=said)

    assert set(found(NO_PHONE)) == {cast.school}
    assert said.getvalue().startswith("Проверено за ")
    assert "Замечаний: " in said.getvalue()


def test_command_says_which_region_there_is_not(cast: Cast) -> None:
    with pytest.raises(CommandError, match="Региона с кодом 00 нет"):
        call_command("run_checks", region="00")


def test_every_night_checks_the_country(cast: Cast) -> None:
    person(cast.foreign, phone="")

    run_all_checks()

    assert set(found(NO_PHONE)) == {cast.foreign}
    assert app.conf.beat_schedule["run-checks"]["task"] == run_all_checks.name


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres("SQLite has one writer at a time")
def test_two_runs_do_not_meet(cast: Cast) -> None:
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x5745454B, 3])
        with pytest.raises(ChecksRefused, match="Проверка уже идёт"):
            run_checks(cast.region)
        cursor.execute("ROLLBACK")
    other.close()

    assert run_checks(cast.region).region == cast.region
