"""The demo: generated people only, the same for the same seed, and every story it means to tell."""

import datetime
import hashlib
import random
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import models, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from chats.models import Acknowledgement, Chat, Order
from reports.counting import count_week
from reports.demo import codes as demo_codes
from reports.demo import names as demo_names
from reports.demo.accounts import ACCOUNTS
from reports.demo.calendar import Calendar
from reports.hold_decisions import decide
from reports.holds import EVEN
from reports.indicators import INDICATORS
from reports.models import (
    ActivityLoad,
    Hold,
    Holiday,
    Rating,
    RatingRow,
    RatingState,
    SchoolWeek,
    Verdict,
    WeekRun,
)
from reports.publishing import verify
from reports.weeks import IsoWeek
from schools import codes
from schools.jobs import JobState
from schools.models import (
    Appointment,
    Guardian,
    Guardianship,
    Municipality,
    Pupil,
    Reconciliation,
    Region,
    School,
    SchoolClass,
    SchoolRegistration,
    User,
)
from schools.models.registers import ReconcileStage
from schools.scope import Level
from staff.imports.stored import unpack_plan
from staff.models import ImportStage, StaffAccount, StaffImport, StaffMember
from staff.names import name_issue
from tests.reports.world import rating_rows, recount_rows

TODAY = "2026-11-24"
PASSWORD = "показ-для-проверки"
MAIN = (Municipality, School, StaffMember, StaffAccount, SchoolClass, Pupil, Guardian, Guardianship, Chat, ActivityLoad)
OURS = ("id", "updated_at", "loaded_at")  # keys come from sequences


def seed_demo(*options: str) -> str:
    """Run the command on a told day; return what it said."""
    said = StringIO()
    call_command("seed_demo", "--today", TODAY, *options, stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Seed a small demo once for the module: 25 schools of St Petersburg and two more regions; gone afterwards."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        patch.setenv("DEMO_PASSWORD", PASSWORD)
        yield seed_demo("--schools", "25", "--regions", "3")
        transaction.set_rollback(True)


def checksum(model: type[models.Model]) -> str:
    """A fingerprint of a table's rows without keys and moments."""
    fields = [each.attname for each in model._meta.concrete_fields if each.attname not in OURS and not each.is_relation]
    rows = sorted(map(repr, model._default_manager.values_list(*fields)))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def school_named(name: str) -> School:
    return School.objects.get(short_name=name)


def last_week(name: str, back: int = 0) -> SchoolWeek:
    """The published wide row of a school in «Сферум», so many weeks before the last one."""
    week = IsoWeek(2026, 47).shift(-back).number
    return SchoolWeek.objects.get(
        rating__week=week, rating__state=RatingState.PUBLISHED, school__short_name=name, platform=1
    )


# Pure


@given(number=st.integers(0, 99_999), region=st.sampled_from(["01", "05", "16", "78", "95"]))
def test_generated_codes_agree_with_their_check_digits(number: int, region: str) -> None:
    made = {
        codes.clean_inn: demo_codes.make_inn(region, number),
        codes.clean_ogrn: demo_codes.make_ogrn(region, number),
        codes.clean_kpp: demo_codes.make_kpp(region, branch=number % 1000),
        codes.clean_snils: demo_codes.make_snils(demo_codes.STAFF_FROM + number),
        codes.clean_mobile: demo_codes.make_phone(number),
    }

    cleaned = {clean(code) for clean, code in made.items()}

    assert cleaned == {codes.Cleaned(code) for code in made.values()}


@given(seed=st.integers(0, 100_000), gender=st.sampled_from("mf"))
def test_every_drawn_name_is_in_order_and_its_parts_agree(seed: int, gender: str) -> None:
    rng = random.Random(seed)

    name = demo_names.draw(rng, gender, demo_names.draw_culture(rng))

    assert name_issue(name.last, name.first, name.patronymic, name.no_patronymic) == "", name


@given(seed=st.integers(0, 100_000), kind=st.integers(0, len(demo_names.DEFECTS) - 1))
def test_every_way_to_spoil_a_name_is_noticed(seed: int, kind: int) -> None:
    rng = random.Random(seed)
    name = demo_names.draw(rng, "f", demo_names.CULTURES[0])

    spoilt = demo_names.spoil(rng, name, kind)

    assert name_issue(spoilt.last, spoilt.first, spoilt.patronymic, spoilt.no_patronymic) != "", spoilt


def test_autumn_holidays_are_quieter_than_the_weeks_around_them() -> None:
    calendar = Calendar.of(datetime.date(2026, 11, 24), 12)

    lively = [round(calendar.liveliness(week), 2) for week in calendar.weeks]

    assert str(calendar.weeks[-1]) == "2026-W47"
    assert lively[-5:] == [1.0, 0.87, 1.0, 1.0, 1.0]


@given(st.dates(datetime.date(2024, 1, 1), datetime.date(2032, 12, 31)))
def test_the_demo_of_any_day_ends_before_that_day(today: datetime.date) -> None:
    calendar = Calendar.of(today, 12)

    assert calendar.weeks[-1].sunday < today
    assert calendar.declared_on <= today
    assert all(0 < calendar.liveliness(week) <= 1 for week in calendar.weeks)


# The seeded region


def test_told_weeks_are_published_and_one_of_them_twice(demo: str, db: None) -> None:
    official = Rating.objects.exclude(state=RatingState.PREVIEW)

    ratings = list(official.order_by("week", "revision").values_list("week", "revision", "state"))

    assert len(ratings) == 13
    assert ratings[8:10] == [(202644, 1, RatingState.SUPERSEDED), (202644, 2, RatingState.PUBLISHED)]
    assert all(state == RatingState.PUBLISHED for week, _, state in ratings if week != 202644)
    assert all(verify(rating) for rating in official)


@pytest.mark.parametrize("week", [IsoWeek(2026, 47), IsoWeek(2026, 44), IsoWeek(2026, 40)], ids=str)
def test_every_indicator_of_the_demo_agrees_with_a_recount_in_plain_python(demo: str, db: None, week: IsoWeek) -> None:
    for hold in Hold.objects.filter(rating__week=week.number, state=Verdict.WAITING):
        decide(hold, verdict=Verdict.RIGHT, comment="так и было", by=User.objects.get(username="root"))
    rating = count_week(week, reason="сверка")

    rows = rating_rows(rating)

    assert {key[0] for key in rows} == {each.number for each in INDICATORS}
    assert rows == recount_rows(week)


def test_values_of_one_school_wait_for_the_word_of_their_district(demo: str, db: None) -> None:
    holds = Hold.objects.filter(rating__state=RatingState.PUBLISHED, rating__week=202647)

    found = set(holds.values_list("school__short_name", "kind", "state"))

    assert found == {("ГБОУ СОШ № 546", EVEN.number, Verdict.WAITING)}
    assert last_week("ГБОУ СОШ № 546").active is not None  # kept, though not shown to the rest


def test_running_week_is_counted_and_every_revision_has_its_run(demo: str, db: None) -> None:
    preview = Rating.objects.get(state=RatingState.PREVIEW)

    runs = WeekRun.objects.values_list("rating", "state").order_by("rating")

    official = Rating.objects.exclude(pk=preview.pk).order_by("pk")
    assert list(runs) == [(pk, JobState.DONE) for pk in official.values_list("pk", flat=True)]
    assert preview.week > max(official.values_list("week", flat=True))
    assert RatingRow.objects.filter(rating=preview, level=Level.SCHOOL).exists()


def test_weeks_were_published_on_the_monday_after(demo: str, db: None) -> None:
    moments = Rating.objects.filter(revision=1).values_list("week", "counted_at", "published_at")

    for week, counted_at, published_at in moments:
        closes_at = IsoWeek.from_number(week).closes_at
        assert published_at is not None
        assert (
            IsoWeek.from_number(week).counts_at <= counted_at < published_at < closes_at + datetime.timedelta(hours=12)
        )


def test_late_schools_have_no_data_at_first_and_figures_in_the_second_revision(demo: str, db: None) -> None:
    rows = SchoolWeek.objects.filter(rating__week=202644, school__short_name="ГБОУ СОШ № 467", platform=1)

    first, second = rows.order_by("rating__revision").values_list("active", flat=True)

    assert first is None
    assert second


def test_region_grows_over_the_weeks_and_dips_in_the_holidays(demo: str, db: None) -> None:
    region = Region.objects.get(code="78")
    rows = RatingRow.objects.filter(
        indicator=1, level=Level.REGION, place_id=region.pk, rating__state=RatingState.PUBLISHED
    )

    shares = [row.share or 0 for row in rows.order_by("rating__week")]

    assert shares[0] + 0.05 < shares[-1] < 0.95
    assert shares[8] < min(shares[7], shares[9]) - 0.03
    assert Holiday.objects.filter(name="осенние каникулы", starts_on="2026-10-26").exists()


def test_silence_is_zero_and_an_undelivered_week_is_no_data(demo: str, db: None) -> None:
    silent, undelivered = last_week("ГБОУ СОШ № 571"), last_week("ЧОУ «Частная школа „Лахта“»")

    assert (silent.active, silent.uses, silent.administrators) == (0, 0, 0)
    assert (undelivered.active, undelivered.uses) == (None, None)
    assert last_week("ЧОУ «Частная школа „Лахта“»", back=5).active is not None


def test_one_school_has_more_active_teachers_than_it_declared(demo: str, db: None) -> None:
    week = last_week("ГБОУ СОШ № 684")

    assert week.active is not None
    assert week.declared_teachers is not None
    assert week.active > week.declared_teachers


def test_schools_out_of_scope_are_not_counted(demo: str, db: None) -> None:
    counted = set(SchoolWeek.objects.filter(rating__week=202647).values_list("school__short_name", flat=True))

    assert not counted & {"ГБОУ СОШ № 232", "ГБДОУ детский сад № 64", "ГБОУ СОШ № 81"}
    assert {"ГБОУ СОШ № 518", "Филиал ГБОУ СОШ № 375", "ГБОУ школа-интернат № 2"} <= counted


def test_places_are_as_the_register_has_them(demo: str, db: None) -> None:
    branch = school_named("Филиал ГБОУ СОШ № 375")

    assert Municipality.objects.filter(region__code="78").count() == 18
    assert set(School.objects.values_list("region__code", flat=True)) == {"78", "77", "01"}
    assert branch.parent == school_named("ГБОУ СОШ № 375")
    assert (branch.inn, branch.ogrn) == (branch.parent.inn, branch.parent.ogrn)
    assert school_named("ГБОУ школа-интернат № 2").municipality is None
    assert school_named("ГБОУ СОШ № 518").declared_teachers is None
    assert not SchoolRegistration.objects.filter(school__short_name="ГБОУ СОШ № 276", platform=1).exists()
    for school in School.objects.all():
        school.full_clean(exclude=["parent"])


def test_people_are_generated_and_their_rows_agree_with_the_rules(demo: str, db: None) -> None:
    staff = StaffMember.objects.all()

    assert all(each.snils == "" or (each.snils[0] == "9" and codes.clean_snils(each.snils).value) for each in staff)
    assert all(each.phone == "" or each.phone.startswith("+7900000") for each in staff)
    assert all(each.email == "" or each.email.endswith("@example.ru") for each in staff)
    for each in random.Random(1).sample(list(staff), 60):
        key, issue = each.name_key, each.name_issue
        each.full_clean()
        each.save()
        assert (each.name_key, each.name_issue) == (key, issue)


def test_own_school_has_names_of_every_kind_of_defect(demo: str, db: None) -> None:
    own = school_named("ГБОУ СОШ № 375")

    issues = set(own.staff.exclude(name_issue="").values_list("name_issue", flat=True))

    assert issues == {"glued", "patronymic_missing", "mixed_alphabets", "letter_case", "initials"}
    assert (own.declared_teachers, last_week(own.short_name).teachers) == (74, 56)


def test_an_official_list_waits_for_the_decisions_of_the_region(demo: str, db: None) -> None:
    made = Reconciliation.objects.get()

    assert (made.region.code, made.stage, made.error) == ("78", ReconcileStage.PLANNED, "")
    assert made.summary["open"] == 3


def test_an_upload_with_four_hints_waits_for_the_administrator(demo: str, db: None) -> None:
    upload = StaffImport.objects.get()

    plan = unpack_plan(upload.plan_data)

    assert (upload.stage, upload.summary["new"], upload.summary["waiting"]) == (ImportStage.PLANNED, 12, 6)
    assert sum(1 for row in plan.rows for mistake in row.mistakes if mistake.suggestion) == 4


def test_own_school_has_orders_that_most_have_read_and_a_draft(demo: str, db: None) -> None:
    issued = Order.objects.in_force().order_by("number")
    sheet = Acknowledgement.objects.filter(order__number="131-ОД")

    found = list(issued.values_list("number", "template__key"))

    assert found == [("131-ОД", "sferum-use"), ("87-ОД", "my-school")]
    assert 0 < sheet.exclude(acknowledged_on=None).count() < sheet.count()
    assert Order.objects.get(state="draft").template.key == "chats"


def test_families_are_many_to_many_and_refusals_are_kept(demo: str, db: None) -> None:
    children = Guardian.objects.annotate(children=models.Count("pupils"))

    assert children.filter(children__gt=1).exists()
    assert Pupil.objects.annotate(adults=models.Count("guardians")).filter(adults__gt=1).exists()
    assert Guardianship.objects.filter(declined_on__isnull=False).exists()
    assert not Guardianship.objects.filter(declined_on__isnull=False, registered_on__isnull=False).exists()


def test_every_account_signs_in_and_sees_its_own_place(demo: str, db: None) -> None:
    seen = {}

    for account in ACCOUNTS:
        client = Client()
        answer = client.post("/login/", {"username": account.login, "password": PASSWORD})
        seen[account.login] = (answer.status_code, client.get("/", follow=True).status_code)

    assert seen == {account.login: (302, 200) for account in ACCOUNTS}
    schools = {each.login: School.objects.visible_to(User.objects.get(username=each.login)) for each in ACCOUNTS}
    assert schools["country"].count() == schools["root"].count() == School.objects.count()
    assert set(schools["region"].values_list("region__code", flat=True)) == {"78"}
    assert set(schools["municipality"].values_list("municipality__name", flat=True)) == {"Красносельский район"}
    assert schools["school"].get() == school_named("ГБОУ СОШ № 375")


def test_only_root_and_the_region_reach_the_admin(demo: str, db: None) -> None:
    region = User.objects.get(username="region")

    reaching = set(User.objects.filter(is_staff=True).values_list("username", flat=True))

    assert reaching == {"root", "region"}
    assert region.has_perms(["staff.change_staffmember", "schools.view_school"])
    assert not region.has_perm("staff.delete_staffmember")


def test_everybody_else_of_the_demo_cannot_sign_in(demo: str, db: None) -> None:
    others = User.objects.exclude(username__in=[account.login for account in ACCOUNTS])

    assert others.exists()
    assert not any(user.has_usable_password() for user in others)


def test_a_second_run_changes_nothing(demo: str, db: None) -> None:
    before = {model: checksum(model) for model in (*MAIN, Appointment, Rating, User)}

    said = seed_demo("--schools", "50")

    assert "уже здесь" in said
    assert before == {model: checksum(model) for model in (*MAIN, Appointment, Rating, User)}
