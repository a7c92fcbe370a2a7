"""The admin: everyone sees and changes their own places only, lists cost the same for ten times the rows."""

import datetime
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import tablib
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import CompositePrimaryKey, Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from chats.models import Acknowledgement, Chat, Duty, NameForms, Order, OrderBatch, OrderTemplate
from reports.models import (
    ActivityCoverage,
    ActivityLoad,
    CaseWeek,
    ChatActivity,
    CheckCount,
    Holiday,
    Rating,
    RatingPlace,
    RatingRow,
    SchoolChats,
    SchoolFigure,
    SchoolStep,
    SchoolWeek,
    StaffActivity,
    Target,
    UsageRule,
    WeekRun,
)
from reports.weeks import IsoWeek, last_finished
from schools.admin import paging
from schools.admin.resources import SchoolResource
from schools.jobs import JobState
from schools.models import (
    AccessToken,
    Appointment,
    Guardian,
    Guardianship,
    Municipality,
    Pupil,
    Region,
    RegisterImport,
    School,
    SchoolClass,
    SchoolRegistration,
    StoredFile,
    Succession,
    User,
)
from schools.scope import Level
from schools.sealed import seal
from staff.models import ClassTeacher, StaffAccount, StaffImport, StaffMember

pytestmark = pytest.mark.django_db

OURS = {"schools", "staff", "chats", "reports"}
DAY = datetime.date(2026, 9, 1)
WEEK = last_finished(timezone.now())
MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label in OURS), key=lambda model: model._meta.label
)
ids = [model._meta.label for model in MODELS]
MOST_QUERIES = 18  # of a list: session, user, sight, rights, bounded count, page, one per filter
СНИЛС = "11223344595"


def staffed(user: User) -> User:
    """Give a person the door of the admin and every right of Django's."""
    user.is_staff = True
    user.save()
    given, every = User.user_permissions.through._meta.db_table, Permission._meta.db_table
    with connection.cursor() as cursor:  # hundreds of rights, in most tests of the admin: as one statement
        cursor.execute(f"INSERT INTO {given} (user_id, permission_id) SELECT %s, id FROM {every}", [user.pk])
    return user


@pytest.fixture
def staff_cast(cast: Any) -> Any:
    """The cast with Нина (region), Света (school) and the observer let into the admin."""
    for person in (cast.nina, cast.marat, cast.sveta, cast.observer):
        staffed(person)
    return cast


def of_school(school: School, number: int) -> None:
    """Save one of everything a school has; its texts hold «чужое» where the school is the foreign one."""
    mark = f"{school.code}-{number}"
    letter = f"А{number}"
    school_class = SchoolClass.objects.create(school=school, year=2026, grade=7, letter=letter)
    who = {"last_name": f"Человеков{mark}", "first_name": "Имя", "snils": ""}
    pupil = Pupil.objects.create(school=school, school_class=school_class, **who)
    guardian = Guardian.objects.create(school=school, **who)
    Guardianship.objects.create(pupil=pupil, guardian=guardian, kind="mother")
    member = StaffMember.objects.create(school=school, is_teacher=True, **{**who, "last_name": f"Педагогов{mark}"})
    StaffAccount.objects.create(staff=member, school=school, platform=1)
    ClassTeacher.objects.create(staff=member, school_class=school_class)
    chat = Chat.objects.create(
        school=school,
        use_case=1,
        channel=1,
        title=f"Чат {mark}",
        owner=member,
        school_class=school_class,
        opened_on=DAY,
    )
    file = StoredFile.objects.create(school=school, shown_name=f"{mark}.xlsx", size=1, sha256="0", content=b"x")
    StaffImport.objects.create(school=school, file=file, state=JobState.FAILED)
    load = ActivityLoad.objects.create(
        week=WEEK.shift(-number).number, platform=1, region=school.region, school=school, source=mark
    )
    ActivityCoverage.objects.create(week=load.week, platform=1, school=school, load=load)
    StaffActivity.objects.create(week=load.week, platform=1, school=school, staff=member, is_teacher=True, messages=1)
    ChatActivity.objects.create(week=load.week, school=school, chat=chat, messages=1)
    of_orders(school, member, mark)


def of_orders(school: School, member: StaffMember, mark: str) -> None:
    """Save an order of a school and what hangs on it."""
    text = OrderTemplate.objects.earliest("pk")
    batch = OrderBatch.objects.create(municipality=school.municipality, template=text, state=JobState.FAILED)
    order = Order.objects.create(level=Level.SCHOOL, school=school, template=text, subject=f"О {mark}", batch=batch)
    Acknowledgement.objects.create(order=order, staff=member, name=f"Читателев {mark}")
    Duty.objects.create(order=order, staff=member, field="методист", starts_on=DAY)
    NameForms.objects.create(staff=member, name=f"Педагогов {mark}")


def fill(cast: Any, first: int, last: int) -> None:
    """Save one of everything for each number and each of the cast's schools and regions."""
    for number in range(first, last):
        for school in (cast.school, cast.sibling, cast.cousin, cast.foreign):
            of_school(school, number)
        for region in (cast.region, cast.other_region):
            of_region(cast, region, number)
        _counted(cast, number)


def of_region(cast: Any, region: Region, number: int) -> None:
    """Save one of everything a region has."""
    mark = f"{region.code}-{number}"
    Municipality.objects.create(region=region, name=f"Округ {mark}")
    Holiday.objects.create(region=region, name=f"Каникулы {mark}", starts_on=DAY, ends_on=DAY)
    Target.objects.create(region=region, indicator=1, starts_week=WEEK.shift(number).number, value="0.9")
    RegisterImport.objects.create(
        region=region, shown_name=mark, sha256="0", rows_read=1, schools_added=1, schools_changed=0, rows_refused=0
    )
    place = Municipality.objects.filter(region=region).first()
    twin = School.objects.create(
        code=f"{region.code}9{number:03}", region=region, municipality=place, short_name=f"Школа {mark}", full_name=mark
    )
    home = cast.school if region == cast.region else cast.foreign
    Succession.objects.create(predecessor=twin, successor=home, kind="merged", happened_on=DAY)
    SchoolRegistration.objects.create(school=twin, platform=1, registered_on=DAY)
    someone = User.objects.create_user(f"someone{mark}", last_name=f"Назначенный{mark}")
    Appointment.objects.create(user=someone, level=Level.SCHOOL, school=twin)
    AccessToken.objects.create(user=someone, name=mark)


def _counted(cast: Any, number: int) -> None:
    rating = Rating.objects.create(
        week=WEEK.shift(-number).number, revision=1, rule=UsageRule.objects.earliest("id"), counted_at=timezone.now()
    )
    for school in (cast.school, cast.sibling, cast.foreign):
        place = {"region": school.region, "municipality": school.municipality}
        SchoolWeek.objects.create(rating=rating, platform=1, school=school, **place)
        RatingRow.objects.create(
            rating=rating, indicator=1, level=Level.SCHOOL, place_id=school.pk, part=1, whole=2, **place
        )
    WeekRun.objects.create(week=rating.week, state=JobState.FAILED)


@pytest.fixture
def filled(staff_cast: Any) -> Any:
    """The cast with one of everything."""
    fill(staff_cast, 0, 1)
    return staff_cast


def url(model: type[Model], page: str, *args: Any) -> str:
    """Address of a page of a model."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def names(cast: Any) -> dict[str, User]:
    """Those who come into the admin."""
    return {"root": cast.root, "nina": cast.nina, "marat": cast.marat, "sveta": cast.sveta, "observer": cast.observer}


def visible(model: Any, person: User) -> set[Any]:
    """Primary keys a person should meet; of models without a rule of sight, none but for superusers."""
    rows = model._default_manager.all()
    if hasattr(rows, "visible_to"):
        rows = rows.visible_to(User.objects.get(pk=person.pk))
    elif not person.is_superuser:
        rows = rows.none()
    return set(rows.values_list("pk", flat=True))


def test_every_model_is_registered_but_those_with_composite_keys() -> None:
    models = {model for model in apps.get_models() if model._meta.app_label in OURS}

    missing = models - set(admin.site._registry)

    assert missing == {model for model in models if isinstance(model._meta.pk, CompositePrimaryKey)}
    assert missing == {
        StaffActivity,
        ChatActivity,
        ActivityCoverage,
        SchoolWeek,
        RatingRow,
        RatingPlace,
        SchoolStep,
        SchoolChats,
        CaseWeek,
        SchoolFigure,
        CheckCount,
    }


@pytest.mark.parametrize("name", ["root", "nina", "marat", "sveta", "observer"])
def test_every_page_of_every_model_answers(filled: Any, client_of: Callable[..., Client], name: str) -> None:
    person = names(filled)[name]
    client = client_of(person)

    for model in MODELS:
        listed = client.get(url(model, "changelist"))
        added = client.get(url(model, "add"))
        mine = visible(model, person)
        statuses = {pk: client.get(url(model, "change", pk)).status_code for pk in _keys(model)}

        allowed = name == "root" or model not in {User, AccessToken}
        assert listed.status_code == (200 if allowed else 403), model
        assert added.status_code in ({200, 403}), model
        wanted = {pk: 200 if pk in mine and allowed else 302 for pk in statuses}
        assert statuses == (wanted if allowed else statuses), model
        assert allowed or not set(statuses.values()) & {200}, model


def _keys(model: Any) -> list[Any]:
    return list(model._default_manager.order_by("pk").values_list("pk", flat=True)[:6])


@pytest.mark.parametrize("name", ["root", "nina", "marat", "sveta", "observer"])
def test_lists_hold_only_what_is_in_sight(filled: Any, client_of: Callable[..., Client], name: str) -> None:
    person = names(filled)[name]
    client = client_of(person)

    pages = {model: client.get(url(model, "changelist")) for model in MODELS}

    shown = {
        model: {row.pk for row in page.context["cl"].result_list}
        for model, page in pages.items()
        if page.status_code == 200
    }
    seen = {model: visible(model, person) for model in shown}
    assert {model: rows - seen[model] for model, rows in shown.items() if rows - seen[model]} == {}
    assert {model: len(rows) for model, rows in shown.items()} == {
        model: min(len(rows), 50) for model, rows in seen.items()
    }
    assert len(shown) > len(MODELS) // 2


def test_choices_and_autocomplete_never_offer_a_foreign_row(filled: Any, client_of: Callable[..., Client]) -> None:
    for name in ("nina", "marat", "sveta"):
        person = names(filled)[name]
        client = client_of(person)
        for model in MODELS:
            page = client.get(url(model, "add"))
            if page.status_code != 200 or "adminform" not in page.context:
                continue
            for field in page.context["adminform"].form.fields.values():
                queryset = getattr(field, "queryset", None)
                if queryset is not None:
                    around = (
                        {filled.region.pk} if queryset.model is Region else set()
                    )  # a municipality knows its region
                    assert set(queryset.values_list("pk", flat=True)) <= visible(queryset.model, person) | around
        found = client.get(
            reverse("admin:autocomplete"),
            {"term": "", "app_label": "staff", "model_name": "staffaccount", "field_name": "staff"},
        ).json()["results"]
        assert found
        assert {int(each["id"]) for each in found} <= visible(StaffMember, person)


def test_foreign_choice_is_refused_by_the_form(filled: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(filled.sveta)
    form = {"school": filled.foreign.pk, "last_name": "Чужая", "first_name": "Анна", "patronymic": ""}

    page = client.post(url(Pupil, "add"), form)

    assert page.status_code == 200
    assert "school" in page.context["adminform"].form.errors
    assert not Pupil.objects.filter(last_name="Чужая").exists()


def test_row_that_would_leave_ones_places_is_taken_back(filled: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(filled.nina)
    form = {"region": "", "name": "Всероссийские", "starts_on": "01.01.2027", "ends_on": "10.01.2027"}

    page = client.post(url(Holiday, "add"), form, follow=True)

    assert "за пределами ваших мест" in page.content.decode()
    assert not Holiday.objects.filter(name="Всероссийские").exists()


def test_own_row_is_saved(filled: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(filled.nina)
    form = {"region": filled.region.pk, "name": "Зимние", "starts_on": "01.01.2027", "ends_on": "10.01.2027"}

    page = client.post(url(Holiday, "add"), form)

    assert page.status_code == 302
    assert Holiday.objects.get(name="Зимние").region == filled.region


def test_coordinator_changes_only_appointments_below_her_own(filled: Any, client_of: Callable[..., Client]) -> None:
    own = filled.nina.appointments.get()
    below = filled.marat.appointments.get()
    client = client_of(filled.nina)
    form = {"starts_on": "01.09.2026", "ends_on": "31.12.2026"}

    statuses = [client.post(url(Appointment, "change", row.pk), form).status_code for row in (own, below)]

    assert statuses == [403, 302]
    below.refresh_from_db()
    assert below.ends_on == datetime.date(2026, 12, 31)


def test_order_of_an_impossible_year_is_refused_beside_its_field(filled: Any, client_of: Callable[..., Client]) -> None:
    below = filled.marat.appointments.get()
    form = {"starts_on": "01.09.2026", "order_number": "5", "order_on": "01.09.2062"}

    page = client_of(filled.nina).post(url(Appointment, "change", below.pk), form)

    below.refresh_from_db()
    assert (page.status_code, below.order_on) == (200, None)
    assert "проверьте год приказа" in page.content.decode()


def test_seen_but_not_editable_school_is_shown_and_not_saved(filled: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(filled.sveta)

    shown = client.get(url(School, "change", filled.school.pk))
    saved = client.post(url(School, "change", filled.school.pk), {"short_name": "Другое имя"})

    assert shown.status_code == 200
    assert 'name="short_name"' not in shown.content.decode()
    assert saved.status_code == 403


def test_lists_ask_the_same_number_of_queries_for_ten_times_the_rows(
    filled: Any, client_of: Callable[..., Client]
) -> None:
    client = client_of(filled.root)
    addresses = {model._meta.label: url(model, "changelist") for model in MODELS}
    for address in addresses.values():
        client.get(address)  # content types are remembered after the first page
    few = {label: _queries(client, address) for label, address in addresses.items()}
    fill(filled, 1, 10)

    many = {label: _queries(client, address) for label, address in addresses.items()}

    assert few == many
    assert {label: count for label, count in many.items() if count > MOST_QUERIES} == {}


def test_counts_beside_the_filters_are_not_to_be_asked_for(filled: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(filled.root)
    address = url(School, "changelist")

    plain, counted = (_queries(client, each) for each in (address, f"{address}?_facets=True"))

    assert counted <= plain


@pytest.mark.parametrize("model", [Rating, ActivityLoad, StaffMember, Pupil], ids=lambda model: model.__name__)
def test_page_with_tables_asks_the_same_number_of_queries_for_more_rows(
    filled: Any, client_of: Callable[..., Client], model: Any
) -> None:
    client = client_of(filled.root)
    row = model._default_manager.first()
    address = f"{url(model, 'change', row.pk)}?level=4"
    _queries(client, address)  # content types are remembered after the first page
    few = _queries(client, address)
    more_rows(filled, row)

    many = _queries(client, address)

    assert few == many


def more_rows(cast: Any, row: Any) -> None:
    """Hang more rows on a row."""
    if isinstance(row, Rating):
        for school in School.objects.exclude(weeks__rating=row):
            place = {"region": school.region, "municipality": school.municipality}
            SchoolWeek.objects.create(rating=row, platform=1, school=school, **place)
            RatingRow.objects.create(rating=row, indicator=1, level=4, place_id=school.pk, part=1, whole=2, **place)
    if isinstance(row, ActivityLoad):
        for school in School.objects.exclude(code=row.school.code if row.school else ""):
            ActivityCoverage.objects.filter(week=row.week, platform=1, school=school).delete()
            ActivityCoverage.objects.create(week=row.week, platform=1, school=school, load=row)
    if isinstance(row, StaffMember):
        StaffAccount.objects.create(staff=row, school=row.school, platform=2)
    if isinstance(row, Pupil):
        for number in range(5):
            guardian = Guardian.objects.create(school=row.school, last_name=f"Ещё{number}", first_name="Имя")
            Guardianship.objects.create(pupil=row, guardian=guardian, kind="father")


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_count_of_a_list_stops_at_the_bound(
    filled: Any, client_of: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "COUNTED", 3)

    with CaptureQueriesContext(connection) as caught:
        page = client_of(filled.root).get(url(StaffMember, "changelist"))

    counts = [query["sql"] for query in caught if "COUNT(" in query["sql"] and "staff_staffmember" in query["sql"]]
    assert len(counts) == 1
    assert "LIMIT 4" in counts[0]
    assert "Больше 3" in page.content.decode()


@pytest.mark.parametrize("typed", ["человеков780001", "ЧЕЛОВЕКОВ780001", "Человеков780001"])
def test_search_finds_a_name_in_any_case(filled: Any, client_of: Callable[..., Client], typed: str) -> None:
    page = client_of(filled.sveta).get(url(Pupil, "changelist"), {"q": typed})

    assert [row.school for row in page.context["cl"].result_list] == [filled.school]


def test_address_cannot_ask_what_the_list_does_not_offer(filled: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(filled.nina)

    statuses = {
        lookup: client.get(url(StaffMember, "changelist"), {lookup: "1"}).status_code
        for lookup in ("snils", "snils__exact", "phone__startswith", "school__code", "accounts__platform", "id__in")
    }

    assert set(statuses.values()) == {400}


def test_snils_is_only_ever_masked(filled: Any, client_of: Callable[..., Client]) -> None:
    person = StaffMember.objects.create(school=filled.school, last_name="Тайный", first_name="Иван", snils=СНИЛС)
    client = client_of(filled.root)

    shown = client.get(url(StaffMember, "change", person.pk)).content.decode()
    taken = client.post(url(StaffMember, "export"), {"format": "1", "resource": "0"}).content.decode()

    for page in (shown, taken):
        assert "445 95" in page
        assert СНИЛС not in page
        assert seal(СНИЛС) not in page


def test_history_is_never_deleted(filled: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(filled.root)
    kept = [Region, Municipality, School, RegisterImport, StaffImport, StoredFile, Rating, WeekRun, UsageRule, User]

    statuses = {}
    for model in kept:
        row: Any = model._default_manager.first()
        statuses[model] = client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code

    assert set(statuses.values()) == {403}


def test_published_rating_cannot_be_changed_by_anybody(filled: Any, client_of: Callable[..., Client]) -> None:
    rating = Rating.objects.get()

    status = client_of(filled.root).post(url(Rating, "change", rating.pk), {"reason": "подправим"}).status_code

    assert status == 403


def test_rule_is_added_and_never_changed(filled: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(filled.root)
    form = {"starts_week": "2027-W01", "administrator_required": "on", "filled_share": "0.8", "active_teachers": "1"}
    form |= {"active_share": "0", "active_chats": "1", "reason": "Приказ"}

    added = client.post(url(UsageRule, "add"), form)
    changed = client.post(url(UsageRule, "change", UsageRule.objects.earliest("id").pk), form)

    assert (added.status_code, changed.status_code) == (302, 403)
    assert UsageRule.objects.get(reason="Приказ").starts_week == 202701
    assert UsageRule.objects.get(reason="Приказ").created_by == filled.root


def test_week_that_does_not_exist_is_refused_in_words(filled: Any, client_of: Callable[..., Client]) -> None:
    page = client_of(filled.root).post(url(WeekRun, "add"), {"week": "2025-W53"})

    assert "нет 53-й недели" in page.content.decode()


def test_superuser_has_a_week_counted_and_nobody_else(filled: Any, client_of: Callable[..., Client]) -> None:
    rating = Rating.objects.get()
    form = {"action": "count_and_publish", "_selected_action": [rating.pk], "reason": "Поздние данные"}

    client_of(filled.nina).post(url(Rating, "changelist"), form)
    before = WeekRun.objects.filter(state=JobState.QUEUED).count()
    client_of(filled.root).post(url(Rating, "changelist"), form)

    run = WeekRun.objects.get(state=JobState.QUEUED)
    assert before == 0
    assert (run.week, run.publish, run.reason, run.created_by) == (rating.week, True, "Поздние данные", filled.root)


def test_published_week_is_not_counted_again_without_a_reason(filled: Any, client_of: Callable[..., Client]) -> None:
    rating = Rating.objects.get()
    Rating.objects.update(state="published", sha256="1", published_at=timezone.now())
    form = {"action": "count_again", "_selected_action": [rating.pk], "reason": " "}

    page = client_of(filled.root).post(url(Rating, "changelist"), form, follow=True)

    assert "Впишите причину" in page.content.decode()
    assert not WeekRun.objects.filter(state=JobState.QUEUED).exists()


def test_failed_upload_is_tried_again_within_ones_place_only(filled: Any, client_of: Callable[..., Client]) -> None:
    every = list(StaffImport.objects.values_list("pk", flat=True))

    client_of(filled.sveta).post(url(StaffImport, "changelist"), {"action": "try_again", "_selected_action": every})

    assert {job.school for job in StaffImport.objects.filter(state=JobState.QUEUED)} == {filled.school}


def test_queued_upload_is_stopped(filled: Any, client_of: Callable[..., Client]) -> None:
    StaffImport.objects.filter(school=filled.school).update(state=JobState.QUEUED)
    every = list(StaffImport.objects.values_list("pk", flat=True))

    client_of(filled.sveta).post(url(StaffImport, "changelist"), {"action": "stop", "_selected_action": every})

    assert StaffImport.objects.get(school=filled.school).state == JobState.ABORTED


def test_observer_adds_and_changes_nothing(filled: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(filled.observer)

    statuses = [client.post(url(model, "add"), {}).status_code for model in MODELS]

    assert set(statuses) == {403}


def test_token_is_revoked_and_not_made_here(filled: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(filled.root)
    token = AccessToken.objects.first()
    assert token is not None

    listed = client.get(url(AccessToken, "changelist")).content.decode()
    added = client.get(url(AccessToken, "add")).status_code
    client.post(url(AccessToken, "delete", token.pk), {"post": "yes"})

    assert token.token_key in listed
    assert "issue_token" in listed
    assert added == 403
    assert not AccessToken.objects.filter(pk=token.pk).exists()


# Exchange


EXCHANGED = [Municipality, School, SchoolRegistration, Holiday, Target, Appointment, StaffMember]


def sheet(rows: list[list[Any]]) -> SimpleUploadedFile:
    """A workbook of rows as an upload."""
    book = openpyxl.Workbook()
    page: Any = book.active
    for row in rows:
        page.append(row)
    file = BytesIO()
    book.save(file)
    return SimpleUploadedFile("список.xlsx", file.getvalue())


def imported(client: Client, model: Any, file: SimpleUploadedFile) -> Any:
    """Upload a table and, if the preview allows it, confirm; return the last page."""
    page = client.post(url(model, "import"), {"format": "0", "resource": "0", "import_file": file})
    confirm = page.context.get("confirm_form") if page.context else None
    if confirm is None:
        return page
    return client.post(url(model, "process_import"), confirm.initial, follow=True)


def exported(client: Client, model: Any, format: str = "0") -> list[tuple[Any, ...]]:
    """The rows of an exported workbook."""
    page = client.post(url(model, "export"), {"format": format, "resource": "0"})
    assert page.status_code == 200, model
    return list(_sheet_of(page.content).iter_rows(values_only=True))


def _sheet_of(data: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(data)).active


@pytest.mark.parametrize("model", EXCHANGED, ids=lambda model: model.__name__)
@pytest.mark.parametrize("name", ["root", "nina", "sveta"])
def test_export_holds_as_many_rows_as_are_in_sight(
    filled: Any, client_of: Callable[..., Client], model: Any, name: str
) -> None:
    person = names(filled)[name]

    rows = exported(client_of(person), model)

    assert len(rows) - 1 == len(visible(model, person))
    if name != "root":
        assert "470004" not in str(rows)


def test_export_writes_formulas_as_texts(filled: Any, client_of: Callable[..., Client]) -> None:
    School.objects.filter(pk=filled.school.pk).update(short_name="=1+1", address="@SUM(A1)")
    client = client_of(filled.nina)

    book = client.post(url(School, "export"), {"format": "0", "resource": "0"}).content
    text = client.post(url(School, "export"), {"format": "1", "resource": "0"}).content.decode("utf-8-sig")

    kinds = {cell.data_type for row in _sheet_of(book) for cell in row}
    assert "f" not in kinds
    assert ";'=1+1;" in text
    assert ";'@SUM(A1);" in text


def test_exported_list_goes_back_in_without_a_change(filled: Any, client_of: Callable[..., Client]) -> None:
    for model in (Municipality, School, SchoolRegistration, Holiday, Target):
        client = client_of(filled.nina)
        before = list(model._default_manager.order_by("pk").values())

        page = imported(client, model, sheet([list(row) for row in exported(client, model)]))

        assert "Импорт завершен" in page.content.decode(), (model, page.content.decode()[-3000:])
        assert list(model._default_manager.order_by("pk").values()) == before


def test_file_of_targets_from_before_there_were_levels_goes_in(filled: Any, client_of: Callable[..., Client]) -> None:
    header = ["показатель", "регион", "действует с недели", "цель"]

    page = imported(client_of(filled.nina), Target, sheet([header, ["1", "78", "2027-W01", "0,5"]]))

    assert "Импорт завершен" in page.content.decode()
    made = Target.objects.get(region=filled.region, starts_week=202701)
    assert (made.level, made.due_week, str(made.value)) == (0, None, "0.500")


def test_target_of_a_level_with_a_date_goes_in_and_one_due_before_it_starts_does_not(
    filled: Any, client_of: Callable[..., Client]
) -> None:
    header = ["показатель", "регион", "уровень", "действует с недели", "к неделе", "цель"]
    client = client_of(filled.nina)

    imported(client, Target, sheet([header, ["1", "78", "школа", "2027-W01", "2027-W20", "0,5"]]))
    refused = imported(client, Target, sheet([header, ["1", "78", "", "2027-W02", "2027-W01", "0,5"]]))

    made = Target.objects.get(region=filled.region, starts_week=202701)
    assert (made.level, made.due_week) == (4, 202720)
    assert "должна быть позже первой" in refused.content.decode()
    assert not Target.objects.filter(starts_week=202702).exists()


def test_changed_and_new_schools_go_in(filled: Any, client_of: Callable[..., Client]) -> None:
    rows = [
        ["Код школы", "Регион", "Краткое наименование", "Полное наименование", "Открыта", "Педагогов по ОО-1"],
        ["780001", "78", "Школа № 1", "ГБОУ «Школа № 1»", "01.09.1990", "41"],
        ["780777", "78", "Школа № 777", "ГБОУ «Школа № 777»", "2020-09-01", "1 240"],
    ]

    page = imported(client_of(filled.nina), School, sheet(rows))

    assert "1 новых" in page.content.decode() or "Импорт завершен" in page.content.decode()
    assert School.objects.get(code="780001").declared_teachers == 41
    assert School.objects.get(code="780777").opened_on == datetime.date(2020, 9, 1)
    assert School.objects.get(code="780777").declared_teachers == 1240


HEADER = ["код школы", "регион", "краткое наименование", "полное наименование"]
MINE = ["780001", "78", "Переименована", "Переименована"]
FOREIGN = {
    "a school of another region": (School, HEADER, MINE, ["470004", "47", "Захвачена", "Захвачена"]),
    "a foreign school under my region": (School, HEADER, MINE, ["470004", "78", "Захвачена", "Захвачена"]),
    "a new school in another region": (School, HEADER, MINE, ["470999", "47", "Новая", "Новая"]),
    "holidays of another region": (
        Holiday,
        ["номер", "регион", "название", "начало", "окончание"],
        ["", "78", "Наши", "01.01.2027", "02.01.2027"],
        ["", "47", "Чужие", "01.01.2027", "02.01.2027"],
    ),
    "holidays of the whole country": (
        Holiday,
        ["номер", "регион", "название", "начало", "окончание"],
        ["", "78", "Наши", "01.01.2027", "02.01.2027"],
        ["", "", "Всех", "01.01.2027", "02.01.2027"],
    ),
    "a target of another region": (
        Target,
        ["показатель", "регион", "действует с недели", "цель"],
        ["1", "78", "2027-W01", "0,5"],
        ["1", "47", "2027-W01", "0,5"],
    ),
    "a registration of a foreign school": (
        SchoolRegistration,
        ["код школы", "площадка", "зарегистрирована"],
        ["780001", "Сферум", "01.09.2026"],
        ["470004", "Сферум", "01.09.2026"],
    ),
}


@pytest.mark.parametrize("case", FOREIGN)
@pytest.mark.parametrize("foreign_first", [True, False])
def test_file_with_a_foreign_row_writes_nothing(
    filled: Any, client_of: Callable[..., Client], case: str, foreign_first: bool
) -> None:
    model, header, mine, foreign = FOREIGN[case]
    before = list(model._default_manager.order_by("pk").values())

    page = imported(
        client_of(filled.nina), model, sheet([header, *([foreign, mine] if foreign_first else [mine, foreign])])
    )

    text = page.content.decode()
    assert "Не найдено" in text
    assert "Traceback" not in text
    assert list(model._default_manager.order_by("pk").values()) == before


def test_foreign_row_met_only_while_writing_takes_the_whole_file_back(filled: Any) -> None:
    person = User.objects.get(pk=filled.nina.pk)
    table = tablib.Dataset(MINE, FOREIGN["a school of another region"][3], headers=HEADER)

    result = SchoolResource(user=person).import_data(table, dry_run=False)

    assert result.has_validation_errors()
    assert School.objects.get(code="780001").short_name == "Школа № 1"


def test_foreign_place_in_a_cell_is_not_found(filled: Any, client_of: Callable[..., Client]) -> None:
    header = [*HEADER, "муниципалитет (номер)"]

    page = imported(client_of(filled.nina), School, sheet([header, [*MINE, filled.foreign_municipality.pk]]))

    assert "Не найдено" in page.content.decode()
    assert "другому региону" not in page.content.decode()


def test_number_of_a_foreign_row_is_not_found(filled: Any, client_of: Callable[..., Client]) -> None:
    foreign = Holiday.objects.get(region=filled.other_region)
    header = ["номер", "регион", "название", "начало", "окончание"]

    page = imported(
        client_of(filled.nina), Holiday, sheet([header, [foreign.pk, "78", "Мои", "01.01.2027", "02.01.2027"]])
    )

    foreign.refresh_from_db()
    assert "Не найдено" in page.content.decode()
    assert foreign.region == filled.other_region


def test_school_administrator_imports_no_schools(filled: Any, client_of: Callable[..., Client]) -> None:
    status = client_of(filled.sveta).get(url(School, "import")).status_code

    assert status == 403


def test_file_that_is_no_table_is_refused_in_words(filled: Any, client_of: Callable[..., Client]) -> None:
    bomb = SimpleUploadedFile("список.xlsx", b"PK\x03\x04" + b"\0" * 100)

    page = imported(client_of(filled.nina), School, bomb)

    assert page.status_code == 200
    error = str(page.context["form"].errors["import_file"])
    assert "Error" not in error
    assert error.count(".") >= 1
    assert not StoredFile.objects.filter(school=None, content__isnull=False, shown_name="bomb").exists()


def test_preview_of_another_person_cannot_be_confirmed(filled: Any, client_of: Callable[..., Client]) -> None:
    page = client_of(filled.nina).post(
        url(School, "import"), {"format": "0", "resource": "0", "import_file": sheet([HEADER, MINE])}
    )
    form = page.context["confirm_form"].initial

    stolen = client_of(filled.root).post(url(School, "process_import"), form, follow=True)

    assert "только свою загрузку" in stolen.content.decode()
    assert School.objects.get(code="780001").short_name == "Школа № 1"


def test_confirming_twice_says_so(filled: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(filled.nina)
    page = client.post(url(School, "import"), {"format": "0", "resource": "0", "import_file": sheet([HEADER, MINE])})
    form = page.context["confirm_form"].initial

    first = client.post(url(School, "process_import"), form, follow=True)
    second = client.post(url(School, "process_import"), form, follow=True)

    assert "Импорт завершен" in first.content.decode()
    assert "уже внесён" in second.content.decode()


# Activity


def activity(client: Client, rows: list[Any], **facts: Any) -> Any:
    """Deliver a file of activity."""
    form = {
        "file": sheet(rows),
        "week": str(WEEK),
        "platform": "1",
        "region": Region.objects.get(code="78").pk,
        **facts,
    }
    return client.post(url(ActivityLoad, "add"), form, follow=True)


def test_activity_comes_in_by_file(filled: Any, client_of: Callable[..., Client]) -> None:
    member = StaffMember.objects.get(school=filled.sibling)
    ActivityLoad.objects.all().delete()
    rows = [["Выгрузка оператора"], [], ["Код школы", "id", "Сообщений"], ["780002", member.pk, 7]]

    page = activity(client_of(filled.nina), rows, whole="on")

    load = ActivityLoad.objects.get()
    assert "Принято" in page.content.decode()
    assert (load.rows, load.schools_covered, load.loaded_by) == (1, 4, filled.nina)
    assert StaffActivity.objects.get(week=WEEK.number, school=filled.sibling).messages == 7


def test_chats_come_in_by_the_file_of_activity(filled: Any, client_of: Callable[..., Client]) -> None:
    member, chat = StaffMember.objects.get(school=filled.school), Chat.objects.get(school=filled.school)
    rows = [["Код школы", "id", "id чата", "Сообщений"], ["780001", member.pk, "", 7], ["780001", "", chat.pk, 5]]

    page = activity(client_of(filled.nina), rows)

    assert "Принято" in page.content.decode()
    assert ChatActivity.objects.get(week=WEEK.number, chat=chat).messages == 5
    assert ActivityCoverage.objects.get(week=WEEK.number, school=filled.school).has_chats


def test_activity_of_a_foreign_school_is_refused_with_its_row(filled: Any, client_of: Callable[..., Client]) -> None:
    member = StaffMember.objects.get(school=filled.foreign)
    before = ActivityLoad.objects.count()
    rows = [["Выгрузка оператора"], [], ["Код школы", "id", "Сообщений"], ["780001", 1, 1], ["470004", member.pk, 7]]

    page = activity(client_of(filled.nina), rows)

    assert "Строка 5: Этой школы нет" in page.content.decode()
    assert ActivityLoad.objects.count() == before


def test_activity_of_a_foreign_region_is_not_offered(filled: Any, client_of: Callable[..., Client]) -> None:
    page = activity(client_of(filled.nina), [["Код школы", "id", "Сообщений"]], region=filled.other_region.pk)

    assert "region" in page.context["form"].errors


def test_mistakes_of_a_file_are_listed(filled: Any, client_of: Callable[..., Client]) -> None:
    page = activity(client_of(filled.nina), [["Код школы", "id", "Сообщений"], ["780001", 1, "много"], ["", "", 3]])

    text = page.content.decode()
    assert "Строка 2: Столбец «сообщений»: впишите целое число" in text
    assert "Строка 3: Заполните школу и сотрудника" in text


def test_school_administrator_delivers_no_activity(filled: Any, client_of: Callable[..., Client]) -> None:
    assert client_of(filled.sveta).get(url(ActivityLoad, "add")).status_code == 403


# Tables of what cannot be registered


def test_tables_of_a_rating_show_only_rows_in_sight(filled: Any, client_of: Callable[..., Client]) -> None:
    rating = Rating.objects.get()

    page = client_of(filled.nina).get(url(Rating, "change", rating.pk), {"level": "4"}).content.decode()

    assert "Школа № 1" in page
    assert "Гимназия № 2" in page
    assert "Школа № 4" not in page


def test_tables_of_a_delivery_show_coverage_staff_and_chats(filled: Any, client_of: Callable[..., Client]) -> None:
    load = ActivityLoad.objects.get(school=filled.school)

    page = client_of(filled.root).get(url(ActivityLoad, "change", load.pk))

    titles = {table.title: len(table.rows) for table in page.context["tables"]}
    assert titles == {"Охваченные школы": 1, "Кто был активен": 1, "Активные чаты": 1}


# The door


def test_visitor_is_sent_to_the_portals_door(client: Client) -> None:
    answer = client.get("/admin/schools/school/", follow=True)

    assert answer.redirect_chain[-1][0] == "/login/?next=/admin/schools/school/"


def test_admin_is_not_there_for_those_outside_the_staff(cast: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(cast.nina)

    assert [client.get(path).status_code for path in ("/admin/", "/admin/login/", "/admin/schools/school/")] == [
        404
    ] * 3


def test_door_does_not_send_to_other_sites(staff_cast: Any, client_of: Callable[..., Client]) -> None:
    answer = client_of(staff_cast.nina).get("/admin/login/?next=https://example.com/")

    assert answer["Location"] == "/admin/"


def test_index_is_russian(staff_cast: Any, client_of: Callable[..., Client]) -> None:
    page = client_of(staff_cast.root).get("/admin/").content.decode()

    assert "Портал внедрения" in page
    assert "Управление данными" in page
    for model in MODELS:
        assert str(model._meta.verbose_name_plural)[1:] in page


def test_week_numbers_are_written_as_weeks(filled: Any, client_of: Callable[..., Client]) -> None:
    page = client_of(filled.root).get(url(Rating, "changelist")).content.decode()

    assert str(IsoWeek.from_number(Rating.objects.get().week)) in page
