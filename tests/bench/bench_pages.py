"""Pages of the whole country on PostgreSQL, each against the logged-in base page without content, request by request."""

import datetime
import io
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reports.counting import count_week
from reports.models import Rating, RatingState, UsageRule
from reports.publishing import publish
from reports.steps.counting import count_steps
from reports.weeks import IsoWeek
from schools.models import Appointment, Municipality, School, User
from schools.scope import Level
from tests.bench.country import SCHOOLS, Dataset, fill
from tests.bench.lines import line

SMALL = 4_000  # schools of --scale small
WEEK, HISTORY = IsoWeek(2026, 47), 12
ROUNDS, GOAL = 40, 5.0
BASE = "/bench-base/"
MS = 1000


@dataclass(frozen=True, slots=True)
class Case:
    """A page and who reads it."""

    name: str
    address: str
    user: User


def run() -> list[str]:
    """Count the country's weeks, then open each page by turns with the base page; return the lines to print."""
    prepare(SMALL if os.environ.get("BENCH_SCALE") == "small" else SCHOOLS)
    return [text for case in cases() for text in measured(case)]


def prepare(schools: int) -> None:
    """The country with one counted week, copied into the eleven before it, and its steps."""
    fill(Dataset(1, schools, week=WEEK.number, weeks=1))
    rating = publish(count_week(WEEK))
    for ago in range(1, HISTORY):
        _copy(rating, WEEK.shift(-ago))
    count_steps()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _copy(rating: Rating, week: IsoWeek) -> None:
    """The rows of a counted week as those of an earlier one."""
    earlier = Rating.objects.create(
        week=week.number,
        revision=1,
        state=RatingState.PUBLISHED,
        rule=UsageRule.for_week(week),
        counted_at=timezone.now(),
        published_at=timezone.now(),
        sha256=f"{week.number:064d}",
    )
    with connection.cursor() as cursor:
        for table in ("reports_schoolweek", "reports_ratingrow", "reports_ratingplace"):
            cursor.execute(f"SELECT * FROM {table} LIMIT 0")
            columns = ", ".join(column[0] for column in cursor.description if column[0] != "rating_id")
            cursor.execute(
                f"INSERT INTO {table} (rating_id, {columns}) SELECT %s, {columns} FROM {table} WHERE rating_id = %s",
                [earlier.pk, rating.pk],
            )


def cases() -> list[Case]:
    """The pages timed, each as the one whose page it is."""
    school = School.objects.filter(municipality__isnull=False, kind="school", pk__gt=100).earliest("pk")
    region, place = school.region, Municipality.objects.get(schools=school)
    nina = _reader("region", Level.REGION, region=region)
    marat = _reader("municipality", Level.MUNICIPALITY, municipality=place)
    sveta = _reader("school", Level.SCHOOL, school=school)
    observer = _reader("country", Level.COUNTRY)
    return [
        Case("region", f"/regions/{region.code}/", nina),
        Case("municipality", f"/municipalities/{place.pk}/", marat),
        Case("school", f"/schools/{school.pk}/", sveta),
        Case("matrix of schools and steps", f"/regions/{region.code}/steps/", nina),
        Case("country", "/country/", observer),
        Case("rating of regions", "/ratings/?level=region", observer),
        Case("rating of municipalities", "/ratings/?level=municipality", nina),
        Case("rating of schools", "/ratings/?level=school", nina),
    ]


def _reader(name: str, level: Level, **place: object) -> User:
    user = User.objects.create_user(f"bench-{name}", last_name=name, pk=10**9 + level)  # clear of the data set's
    Appointment.objects.create(user=user, level=level, starts_on=datetime.date(2025, 9, 1), **place)
    return user


def measured(case: Case) -> Iterator[str]:
    """The page as it is opened all day, then with nothing kept from earlier readers, which is once a week and a place."""
    settings.ROOT_URLCONF = "tests.bench.page_urls"
    browser = Browser(case.user)
    pages, bases, cold = [], [], []
    for number in range(ROUNDS + 3):
        page, base = browser.seconds(case.address), browser.seconds(BASE)
        if number >= 3:  # templates compiled, connections open, the week's numbers read
            pages.append(page)
            bases.append(base)
    for _ in range(ROUNDS // 4):
        cache.clear()
        cold.append(browser.seconds(case.address))
    with CaptureQueriesContext(connection) as caught:
        browser.seconds(case.address)
    name = f"page, {case.name}, ms, {len(caught)} queries"
    yield line(name, median(pages) * MS, median(bases) * MS, GOAL)
    yield f"  the first reader of a week: {median(cold) * MS:.1f} ms"


class Browser:
    """Somebody signed in, without a server in between: the WSGI application itself."""

    def __init__(self, user: User) -> None:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "schools.login.LoginOrEmailBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
        self.application = WSGIHandler()
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)  # the connection outlives a request, as it does in the portal

    def seconds(self, address: str) -> float:
        """Open a page and return how long it took; anything but a page stops the bench."""
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_COOKIE": self.cookie,
            "HTTP_HOST": "localhost", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(),
        }  # fmt: skip
        answered: list[str] = []
        begun = time.perf_counter()
        response = self.application(environ, lambda status, headers, failure=None: answered.append(status))  # type: ignore[arg-type,return-value]
        body = b"".join(response)
        response.close()
        took = time.perf_counter() - begun
        if answered != ["200 OK"] or not body:
            raise SystemExit(f"{address}: {answered}")
        return took
