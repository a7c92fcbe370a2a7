"""The cast: two regions, three municipalities, four schools and the people who answer for them, for every test."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as properties

from reports.counting.rows import Shape, insert_place_rows, insert_school_rows
from reports.counting.week import quarter_of
from reports.indicators import INDICATORS
from reports.models import ChangeAlert, Rating, RatingState, SchoolWeek, UsageRule
from reports.weeks import IsoWeek
from schools.models import AccessToken, Appointment, Municipality, Region, School, User
from schools.platforms import PLATFORMS
from schools.scope import Level

# A busy machine is no failure of a property: no test of ours measures time.
properties.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("portal")


@dataclass(frozen=True)
class Cast:
    """Places and people.

    Санкт-Петербург (78): Невский район has `school` (Света's) and `sibling`, Центральный район has `cousin`.
    Ленинградская область (47): Выборгский район has `foreign`.
    """

    region: Region
    other_region: Region
    municipality: Municipality
    other_municipality: Municipality
    foreign_municipality: Municipality
    school: School
    sibling: School
    cousin: School
    foreign: School
    root: User  # superuser
    observer: User  # sees the figures of the whole country, no people, changes nothing
    nina: User  # coordinator of Санкт-Петербург
    marat: User  # coordinator of Невский район
    sveta: User  # administrator of `school`
    stranger: User  # signs in, but has no appointment

    @property
    def people(self) -> dict[str, User]:
        """Everyone who signs in, by name."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.type is User}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out a test marked `postgres(reason)` where the tests run on SQLite."""
    mark = item.get_closest_marker("postgres")
    if mark is not None and connection.vendor != "postgresql":
        pytest.skip(mark.args[0])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many generated requests were sent, and how they were answered (tests/test_api_fuzz.py)."""
    reports = [report for kind in ("passed", "failed", "skipped") for report in terminalreporter.getreports(kind)]
    sent: Counter[str] = Counter()
    for report in reports:
        sent.update(dict(report.user_properties).get("sent", {}) if report.when == "call" else {})
    if sent:
        answers = ", ".join(f"{status} × {count}" for status, count in sorted(sent.items()))
        terminalreporter.write_line(f"Сгенерированных запросов отправлено: {sent.total()} ({answers}).")


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """Start every test with an empty cache: rate limits and cached answers of another test must not leak in."""
    clear_caches()
    yield
    clear_caches()


def clear_caches() -> None:
    """Empty every cache of this process."""
    for alias in caches:
        caches[alias].clear()


@pytest.fixture(autouse=True)
def reference_data(request: pytest.FixtureRequest) -> None:
    """Put back what migrations fill in: a test with real transactions ends by emptying every table."""
    mark = request.node.get_closest_marker("django_db")
    if "transactional_db" not in request.fixturenames and not (mark and mark.kwargs.get("transaction")):
        return
    request.getfixturevalue("transactional_db")
    import_module("schools.migrations.0002_regions_of_russia").fill(apps, None)
    import_module("reports.migrations.0002_first_usage_rule").begin(apps, None)
    import_module("reports.migrations.0017_first_hold_rule").begin(apps, None)
    import_module("chats.migrations.0004_first_acts_and_resources").fill(apps, None)
    import_module("chats.migrations.0006_first_texts_of_orders").fill(apps, None)


def make_school(place: Municipality | Region, code: str, name: str, **facts: Any) -> School:
    """Save a school of a municipality, or directly under a region."""
    municipality = place if isinstance(place, Municipality) else None
    region = place.region if isinstance(place, Municipality) else place
    return School.objects.create(
        code=code, region=region, municipality=municipality, short_name=name, full_name=f"ГБОУ «{name}»", **facts
    )


def make_user(login: str, level: Level | None = None, **place: Any) -> User:
    """Save a user with the password «password» and, if a level is given, an appointment to the place."""
    user = User.objects.create_user(login, password="password", last_name=login.title())
    if level is not None:
        Appointment.objects.create(user=user, level=level, **place)
    return user


@pytest.fixture
def cast(db: None) -> Cast:
    """Save the cast."""
    region, other_region = Region.objects.get(code="78"), Region.objects.get(code="47")
    nevsky = Municipality.objects.create(region=region, name="Невский район")
    central = Municipality.objects.create(region=region, name="Центральный район")
    vyborg = Municipality.objects.create(region=other_region, name="Выборгский район")
    school = make_school(nevsky, "780001", "Школа № 1", declared_teachers=40)
    return Cast(
        region=region,
        other_region=other_region,
        municipality=nevsky,
        other_municipality=central,
        foreign_municipality=vyborg,
        school=school,
        sibling=make_school(nevsky, "780002", "Гимназия № 2", kind="gymnasium", declared_teachers=30),
        cousin=make_school(central, "780003", "Лицей № 3", kind="lyceum", declared_teachers=20),
        foreign=make_school(vyborg, "470004", "Школа № 4", declared_teachers=10),
        root=User.objects.create_superuser("root", password="password"),
        observer=make_user("observer", Level.COUNTRY),
        nina=make_user("nina", Level.REGION, region=region),
        marat=make_user("marat", Level.MUNICIPALITY, municipality=nevsky),
        sveta=make_user("sveta", Level.SCHOOL, school=school),
        stranger=make_user("stranger"),
    )


ClientOf = Callable[[User | None], Client]


@pytest.fixture
def client_of() -> ClientOf:
    """Give a browser signed in as a person; None is a visitor."""

    def signed_in(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user, backend="schools.login.LoginOrEmailBackend")
        return client

    return signed_in


@pytest.fixture
def token_of() -> Callable[..., dict[str, str]]:
    """Give the headers of a fresh access token of a person; flags: loads_activity=True, loads_staff=True."""

    def headers(user: User, **flags: Any) -> dict[str, str]:
        _, text = AccessToken.objects.create(user=user, **flags)
        return {"Authorization": f"Bearer {text}"}

    return headers


# Counted weeks for tests of pages: wide rows given as numbers, shares and ranks by the product's own statements.
USUAL = {
    "declared_teachers": 40,
    "staff": 44,
    "teachers": 40,
    "names_in_order": 43,
    "profiles": 38,
    "confirmed": 36,
    "active": 32,
    "active_all": 34,
    "classes": 20,
    "classes_with_chat": 20,
    "chats": 30,
    "active_chats": 12,
    "administrators": 1,
    "registered": 1,
    "filled": 1,
    "uses": 1,
}
MakeWeek = Callable[..., Rating]


def make_week(
    numbers: Mapping[School, Mapping[str, Any]],
    week: str = "2026-W46",
    state: str = RatingState.PUBLISHED,
    revision: int = 1,
) -> Rating:
    """Save a revision of a week in which every school named has its numbers (the usual ones where none are given)."""
    iso = IsoWeek.parse(week)
    before = Rating.objects.filter(week=iso.shift(-1).number, state=RatingState.PUBLISHED).first()
    rating = Rating.objects.create(
        week=iso.number,
        revision=revision,
        state=state,
        rule=UsageRule.for_week(iso),
        reason="поправлена выгрузка" if revision > 1 else "",
        counted_at=timezone.now(),
        published_at=None if state == RatingState.DRAFT else timezone.now(),
        sha256="" if state == RatingState.DRAFT else "9f3c" + "0" * 56 + "a71e",
    )
    SchoolWeek.objects.bulk_create(
        SchoolWeek(
            rating=rating,
            platform=platform.number,
            school=school,
            municipality_id=school.municipality_id,
            region_id=school.region_id,
            **{**USUAL, **given},
        )
        for school, given in numbers.items()
        for platform in PLATFORMS
    )
    shape = Shape(tuple(each for each in INDICATORS if not each.waits), {}, settings.SMALL_NUMBER)
    moment = rating.iso_week
    parameters = {"rating": rating.pk, "before": before.pk if before else None}
    with connection.cursor() as cursor:
        cursor.execute(insert_school_rows(shape), parameters)
        cursor.execute(insert_place_rows(shape), parameters | {"sunday": moment.sunday, "quarter": quarter_of(moment)})
    return rating


@pytest.fixture
def weeks_made() -> MakeWeek:
    """Give the maker of counted weeks."""
    return make_week


@pytest.fixture
def change_of() -> Callable[..., ChangeAlert]:
    """Give the maker of a place's change in the published week 2026-W46: the main indicator is worse, by default."""

    def make(level: Level, place_id: int, **facts: Any) -> ChangeAlert:
        week = IsoWeek.parse(facts.pop("week", "2026-W46"))
        rating = Rating.objects.filter(week=week.number).first() or make_week({}, str(week))
        usual = {"indicator": 1, "direction": 2, "since_week": week.shift(-1).number, "size": 600, "expected": 800_000}
        terms = {"before_week": week.shift(-2).number, "part_before": 32, "whole_before": 40, "part": 20, "whole": 40}
        return ChangeAlert.objects.create(rating=rating, level=level, place_id=place_id, **usual | terms | facts)

    return make
