"""Every address × every person → status. A route of the resolver without a row in POLICY fails: write the row.

A row is (path, statuses of the people in the order of PEOPLE). {school}, {foreign}, {upload}… are filled from the cast.
A route may have several rows: one's own place and a foreign one. Statuses are those of GET.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from chats.models import Resource
from reports.models import ChangeAlert, FigureLoad, Hold, Rating, UsageRule
from reports.steps.counting import count_steps
from schools.models import Appointment, AppointmentSheet, Letter, Roadmap, StepMark, StepPlan, StoredFile, User, Webhook
from schools.scope import Level
from staff.models import StaffImport, StaffMember
from tests import roster_access
from tests.chats import orders_access, talk_access
from tests.conftest import Cast
from tests.schools import register_access

PEOPLE = ("visitor", "stranger", "sveta", "marat", "nina", "observer", "root")
Row = tuple[str, tuple[int, ...]]

# Whom a place is open to:                 visitor, stranger, sveta, marat, nina, observer, root
EVERYONE = (200, 200, 200, 200, 200, 200, 200)
SIGNED_IN_API = (401, 200, 200, 200, 200, 200, 200)
OWN_REGION_API = (401, 404, 404, 404, 200, 200, 200)
OWN_MUNICIPALITY_API = (401, 404, 404, 200, 200, 200, 200)
OWN_SCHOOL_API = (401, 404, 200, 200, 200, 200, 200)
OWN_PEOPLE_API = (401, 404, 200, 200, 200, 404, 200)
ABROAD_API = (401, 404, 404, 404, 404, 200, 200)
PEOPLE_ABROAD_API = (401, 404, 404, 404, 404, 404, 200)
NOTHING_API = (401, 404, 404, 404, 404, 404, 404)
ONLY_POST_API = (401, 405, 405, 405, 405, 405, 405)

API: dict[str, list[Row]] = {
    "": [("", SIGNED_IN_API)],
    "^regions/$": [("regions/", SIGNED_IN_API)],
    r"^regions/(?P<code>\d{2})/$": [("regions/78/", OWN_REGION_API), ("regions/47/", ABROAD_API)],
    "^municipalities/$": [("municipalities/", SIGNED_IN_API)],
    r"^municipalities/(?P<pk>\d{1,18})/$": [
        ("municipalities/{municipality}/", OWN_MUNICIPALITY_API),
        ("municipalities/{foreign_municipality}/", ABROAD_API),
    ],
    "^schools/$": [("schools/", SIGNED_IN_API)],
    r"^schools/(?P<pk>\d{1,18})/$": [("schools/{school}/", OWN_SCHOOL_API), ("schools/{foreign}/", ABROAD_API)],
    "^appointments/$": [("appointments/", SIGNED_IN_API)],
    r"^appointments/(?P<pk>\d{1,18})/$": [
        ("appointments/{appointment}/", OWN_PEOPLE_API),
        ("appointments/{foreign_appointment}/", PEOPLE_ABROAD_API),
    ],
    r"^appointments/(?P<pk>\d{1,18})/end/$": [("appointments/{appointment}/end/", ONLY_POST_API)],
    "^appointments/bulk/$": [("appointments/bulk/", ONLY_POST_API)],
    "^staff/$": [("staff/", SIGNED_IN_API)],
    r"^staff/(?P<pk>\d{1,18})/$": [("staff/{member}/", OWN_PEOPLE_API), ("staff/{foreign_member}/", PEOPLE_ABROAD_API)],
    **roster_access.API,
    **talk_access.API,
    **register_access.API,
    **orders_access.API,
    "^imports/$": [("imports/", SIGNED_IN_API)],
    r"^imports/(?P<pk>\d{1,18})/$": [
        ("imports/{upload}/", OWN_PEOPLE_API),
        ("imports/{foreign_upload}/", PEOPLE_ABROAD_API),
    ],
    **{
        rf"^imports/(?P<pk>\d{{1,18}})/{verb}/$": [(f"imports/{{upload}}/{verb}/", ONLY_POST_API)]
        for verb in ("apply", "undo", "abort")
    },
    "^indicators/$": [("indicators/", SIGNED_IN_API)],
    "^indicators/(?P<key>[a-z0-9_]+)/$": [("indicators/r210_10/", SIGNED_IN_API)],
    "^legal-acts/$": [("legal-acts/", SIGNED_IN_API)],
    r"^legal-acts/(?P<key>[\w-]{1,60})/$": [
        ("legal-acts/r-210/", SIGNED_IN_API),
        ("legal-acts/no-such-act/", NOTHING_API),
    ],
    "^resources/$": [("resources/", SIGNED_IN_API)],
    r"^resources/(?P<pk>\d{1,18})/$": [
        ("resources/{resource}/", OWN_SCHOOL_API),
        ("resources/{foreign_resource}/", ABROAD_API),
    ],
    "^changes/$": [("changes/", SIGNED_IN_API)],
    "^weeks/$": [("weeks/", SIGNED_IN_API)],
    "^weeks/(?P<week>[^/.]+)/$": [("weeks/2026-W47/", NOTHING_API)],
    "^ratings/$": [("ratings/", SIGNED_IN_API)],
    "^ratings/(?P<week>[^/.]+)/$": [("ratings/2026-W47/", NOTHING_API)],
    "^paths/$": [
        ("paths/?week=2026-W45&place=school.{school}", OWN_SCHOOL_API),
        ("paths/?week=2026-W45&place=school.{foreign}", ABROAD_API),
        ("paths/?week=2026-W45&place=municipality.{municipality}", OWN_MUNICIPALITY_API),
        ("paths/?week=2026-W45&place=municipality.{foreign_municipality}", ABROAD_API),
        ("paths/?week=2026-W45&place=region.78", OWN_REGION_API),
        ("paths/?week=2026-W45&place=region.47", ABROAD_API),
        ("paths/?week=2026-W45&place=country", OWN_REGION_API),
        ("paths/?week=2026-W44&place=school.{school}", NOTHING_API),
    ],
    "^comparisons/$": [
        ("comparisons/?week=2026-W45&a=school.{school}&with=2026-W40", NOTHING_API),
        ("comparisons/?week=2026-W45&a=school.{school}&b=school.{foreign}", ABROAD_API),
        ("comparisons/?week=2026-W45&a=school.{foreign}&b=school.{school}", ABROAD_API),
        ("comparisons/?week=2026-W45&a=municipality.{municipality}&b=municipality.{foreign_municipality}", ABROAD_API),
        ("comparisons/?week=2026-W45&a=region.78&b=region.47", ABROAD_API),
    ],
    "^alerts/$": [("alerts/", SIGNED_IN_API)],
    r"^alerts/(?P<pk>\d{1,18})/$": [
        ("alerts/{alert}/", OWN_SCHOOL_API),
        ("alerts/{alert_of_region}/", OWN_REGION_API),
        ("alerts/{foreign_alert}/", ABROAD_API),
    ],
    "^activity/$": [("activity/", SIGNED_IN_API)],
    r"^activity/(?P<pk>\d{1,18})/$": [("activity/1/", NOTHING_API)],
    "^figures/$": [("figures/", SIGNED_IN_API)],
    r"^figures/(?P<pk>\d{1,18})/$": [
        ("figures/{figures}/", OWN_REGION_API),
        ("figures/{foreign_figures}/", ABROAD_API),
    ],
    "^roadmaps/$": [("roadmaps/", SIGNED_IN_API)],
    r"^roadmaps/(?P<pk>\d{1,18})/$": [("roadmaps/{plan}/", OWN_SCHOOL_API), ("roadmaps/{foreign_plan}/", ABROAD_API)],
    "^steps/$": [("steps/", SIGNED_IN_API)],
    r"^steps/(?P<pk>\d{1,18})/$": [("steps/{counted}/", OWN_SCHOOL_API), ("steps/{counted_abroad}/", ABROAD_API)],
    "^step-marks/$": [("step-marks/", SIGNED_IN_API)],
    r"^step-marks/(?P<pk>\d{1,18})/$": [
        ("step-marks/{mark}/", OWN_SCHOOL_API),
        ("step-marks/{foreign_mark}/", ABROAD_API),
    ],
    r"^step-marks/(?P<pk>\d{1,18})/withdraw/$": [("step-marks/{mark}/withdraw/", ONLY_POST_API)],
    "^step-marks/bulk/$": [("step-marks/bulk/", ONLY_POST_API)],
    "^checks/$": [("checks/", SIGNED_IN_API)],
    "^checks/(?P<key>[^/.]+)/$": [("checks/name_glued/", SIGNED_IN_API), ("checks/no_such_check/", NOTHING_API)],
    "^checks/(?P<key>[^/.]+)/rows/$": [
        ("checks/name_glued/rows/?school={school}", OWN_SCHOOL_API),
        ("checks/name_glued/rows/?school={foreign}", ABROAD_API),
    ],
    "schema/": [("schema/", EVERYONE)],
    "docs/": [("docs/", EVERYONE)],
    "^.*/$": [("anything/else/", NOTHING_API)],
}

SIGNED_IN = (302, 200, 200, 200, 200, 200, 200)
APPOINTED = (302, 404, 200, 200, 200, 200, 200)
OWN_REGION = (302, 404, 404, 404, 200, 200, 200)
OWN_MUNICIPALITY = (302, 404, 404, 200, 200, 200, 200)
OWN_SCHOOL = (302, 404, 200, 200, 200, 200, 200)
OWN_PEOPLE = (302, 404, 200, 200, 200, 404, 200)
ABROAD = (302, 404, 404, 404, 404, 200, 200)
PEOPLE_ABROAD = (302, 404, 404, 404, 404, 404, 200)
NOTHING = (302, 404, 404, 404, 404, 404, 404)
HOME = (302,) * 7
APPOINTS = (302, 404, 403, 200, 200, 404, 200)
APPOINTS_ABROAD = (302, 404, 403, 404, 404, 404, 200)
COORDINATORS = (302, 404, 404, 200, 200, 404, 200)
OWN_FORM = (302, 404, 302, 302, 302, 302, 302)  # a form's address opened by hand leads to its page
FORM_ABROAD = (302, 404, 404, 404, 404, 302, 302)
HELD_FORM = (302, 404, 302, 302, 302, 404, 302)

PAGES: dict[str, list[Row]] = {
    "healthz": [("healthz", EVERYONE)],
    "readyz": [("readyz", EVERYONE)],
    "login/": [("login/", (200, 302, 302, 302, 302, 302, 302))],
    "logout/": [("logout/", HOME)],
    "password/": [("password/", EVERYONE)],
    "password/sent/": [("password/sent/", EVERYONE)],
    "password/<uidb64>/<token>/": [("password/MQ/wrong-token/", EVERYONE)],
    "password/done/": [("password/done/", EVERYONE)],
    "profile/": [("profile/", SIGNED_IN)],
    "profile/tokens/": [("profile/tokens/", SIGNED_IN)],
    "profile/tokens/new/": [("profile/tokens/new/", APPOINTED)],
    "profile/webhooks/": [("profile/webhooks/", SIGNED_IN)],
    "profile/webhooks/new/": [("profile/webhooks/new/", APPOINTED)],
    "profile/webhooks/<int:pk>/": [("profile/webhooks/{webhook}/", (302, 404, 404, 404, 200, 404, 404))],
    "profile/webhooks/<int:pk>/act/": [("profile/webhooks/{webhook}/act/", (302, 404, 404, 404, 302, 404, 404))],
    "profile/tokens/revoke/": [("profile/tokens/revoke/", (302,) * 7)],
    "appointments/": [("appointments/", OWN_PEOPLE), ("appointments/?show=vacant", OWN_PEOPLE)],
    "appointments/new/": [
        ("appointments/new/", APPOINTS),
        ("appointments/new/?school={school}", APPOINTS),
        ("appointments/new/?school={foreign}", APPOINTS_ABROAD),
        ("appointments/new/?municipality={municipality}", (302, 404, 403, 403, 200, 404, 200)),
        ("appointments/new/?region=78", (302, 404, 403, 404, 403, 404, 200)),
        ("appointments/new/?country=1", (302, 404, 403, 403, 403, 404, 200)),
    ],
    "appointments/bulk/": [("appointments/bulk/", APPOINTS)],
    "appointments/bulk/template.xlsx": [("appointments/bulk/template.xlsx", APPOINTS)],
    "appointments/bulk/<int:pk>/": [("appointments/bulk/{sheet}/", (302, 404, 403, 404, 200, 404, 200))],
    "appointments/bulk/<int:pk>/progress/": [
        ("appointments/bulk/{sheet}/progress/", (302, 404, 403, 404, 200, 404, 200)),
    ],
    "appointments/bulk/<int:pk>/act/": [("appointments/bulk/{sheet}/act/", (302, 404, 403, 404, 302, 404, 302))],
    "appointments/<int:pk>/": [
        ("appointments/{appointment}/", OWN_PEOPLE),
        ("appointments/{foreign_appointment}/", PEOPLE_ABROAD),
    ],
    "appointments/<int:pk>/act/": [
        ("appointments/{appointment}/act/", (302, 404, 302, 302, 302, 404, 302)),
        ("appointments/{foreign_appointment}/act/", (302, 404, 404, 404, 404, 404, 302)),
    ],
    "appointments/<int:pk>/hand-over/": [
        ("appointments/{appointment}/hand-over/", APPOINTS),
        ("appointments/{foreign_appointment}/hand-over/", PEOPLE_ABROAD),
    ],
    **register_access.PAGES,
    "invitations/": [("invitations/", (410,) * 7)],  # nobody of the cast came by a link
    "invitations/<str:token>/": [("invitations/any-secret/", (302,) * 7)],
    "second-factor/": [("second-factor/", (302,) * 7)],  # on to the portal: nobody of the cast has one
    "second-factor/setup/": [("second-factor/setup/", SIGNED_IN)],
    "second-factor/manage/": [("second-factor/manage/", (302,) * 7)],
    "theme/": [("theme/", HOME)],
    "accessibility/": [("accessibility/", EVERYONE)],
    "schools/<int:pk>/staff/": [("schools/{school}/staff/", OWN_PEOPLE), ("schools/{foreign}/staff/", PEOPLE_ABROAD)],
    "schools/<int:pk>/staff/upload/": [
        ("schools/{school}/staff/upload/", OWN_PEOPLE),
        ("schools/{foreign}/staff/upload/", PEOPLE_ABROAD),
    ],
    "schools/<int:pk>/staff/template.xlsx": [
        ("schools/{school}/staff/template.xlsx", OWN_PEOPLE),
        ("schools/{foreign}/staff/template.xlsx", PEOPLE_ABROAD),
    ],
    "imports/": [("imports/", (302, 200, 200, 200, 200, 404, 200))],
    "imports/<int:pk>/": [("imports/{upload}/", OWN_PEOPLE), ("imports/{foreign_upload}/", PEOPLE_ABROAD)],
    "imports/<int:pk>/progress/": [
        ("imports/{upload}/progress/", OWN_PEOPLE),
        ("imports/{foreign_upload}/progress/", PEOPLE_ABROAD),
    ],
    "imports/<int:pk>/act/": [("imports/{upload}/act/", (302, 404, 302, 302, 302, 404, 302))],  # to the upload's page
    "imports/<int:pk>/mistakes.xlsx": [("imports/{upload}/mistakes.xlsx", NOTHING)],  # before there is a plan
    **roster_access.PAGES,
    **talk_access.PAGES,
    **orders_access.PAGES,
    "": [("", (302, 200, 302, 302, 302, 302, 302))],
    "country/": [("country/", OWN_REGION)],
    "regions/<str:code>/": [("regions/78/", OWN_REGION), ("regions/47/", ABROAD)],
    "municipalities/<int:pk>/": [
        ("municipalities/{municipality}/", OWN_MUNICIPALITY),
        ("municipalities/{foreign_municipality}/", ABROAD),
    ],
    "schools/<int:pk>/": [("schools/{school}/", OWN_SCHOOL), ("schools/{foreign}/", ABROAD)],
    "digest/": [("digest/", (302,) * 7)],
    "digest/stop/<str:token>/": [("digest/stop/some-token/", EVERYONE)],
    "letters/": [("letters/", COORDINATORS)],
    "letters/new/": [
        ("letters/new/?municipality={municipality}&topic=stalled", COORDINATORS),
        ("letters/new/?municipality={foreign_municipality}", (302, 404, 404, 404, 404, 404, 200)),
    ],
    "letters/<int:pk>/": [("letters/{letter}/", COORDINATORS)],
    "letters/<int:pk>/letter.docx": [("letters/{letter}/letter.docx", COORDINATORS)],
    "contacts/": [("contacts/", COORDINATORS)],
    "steps/": [("steps/", (302, 404, 302, 302, 302, 200, 200))],
    "public/<str:code>/": [("public/78/", (404,) * 7)],  # until the region opens it
    "regions/<str:code>/public/": [("regions/78/public/", OWN_REGION), ("regions/47/public/", ABROAD)],
    "regions/<str:code>/roadmap/": [("regions/78/roadmap/", OWN_REGION), ("regions/47/roadmap/", ABROAD)],
    "municipalities/<int:pk>/roadmap/": [
        ("municipalities/{municipality}/roadmap/", OWN_MUNICIPALITY),
        ("municipalities/{foreign_municipality}/roadmap/", ABROAD),
    ],
    "roadmaps/<int:pk>/file/": [
        ("roadmaps/{roadmap}/file/", OWN_REGION),
        ("roadmaps/{foreign_roadmap}/file/", ABROAD),
    ],
    "regions/<str:code>/steps/": [("regions/78/steps/", OWN_REGION), ("regions/47/steps/", ABROAD)],
    "municipalities/<int:pk>/steps/": [
        ("municipalities/{municipality}/steps/", OWN_MUNICIPALITY),
        ("municipalities/{foreign_municipality}/steps/", ABROAD),
    ],
    "schools/<int:pk>/steps/": [("schools/{school}/steps/", OWN_SCHOOL), ("schools/{foreign}/steps/", ABROAD)],
    **{
        f"schools/<int:pk>/steps/{verb}/": [
            (f"schools/{{school}}/steps/{verb}/", OWN_FORM),
            (f"schools/{{foreign}}/steps/{verb}/", FORM_ABROAD),
        ]
        for verb in ("mark", "plan", "master")
    },
    "places/<str:level>/<int:place_id>/indicators/<str:key>/": [
        ("places/school/{school}/indicators/staff_active/", OWN_SCHOOL),
        ("places/school/{foreign}/indicators/staff_active/", ABROAD),
    ],
    "places/<str:level>/<int:place_id>/indicators/<str:key>/path/": [
        ("places/school/{school}/indicators/staff_active/path/", OWN_SCHOOL),
        ("places/school/{foreign}/indicators/staff_active/path/", ABROAD),
        ("places/municipality/{municipality}/indicators/staff_active/path/", OWN_MUNICIPALITY),
        ("places/municipality/{foreign_municipality}/indicators/staff_active/path/", ABROAD),
        ("places/country/0/indicators/staff_active/path/", OWN_REGION),
        ("places/school/{school}/indicators/no_such/path/", NOTHING),
    ],
    "compare/": [
        ("compare/", APPOINTED),
        ("compare/?a=school.{school}", OWN_SCHOOL),
        ("compare/?a=school.{foreign}", ABROAD),
        ("compare/?a=school.{school}&b=school.{foreign}", (302, 404, 404, 404, 404, 200, 200)),
        ("compare/?a=municipality.{municipality}", OWN_MUNICIPALITY),
        ("compare/?a=school.{school}&b=municipality.{municipality}", NOTHING),
        ("compare/?a=nowhere", NOTHING),
        ("compare/?a=school.{school}&format=xlsx", NOTHING),  # one week alone: nothing to compare with
    ],
    "ratings/": [("ratings/", APPOINTED)],
    "alerts/": [
        ("alerts/", APPOINTED),
        ("alerts/?format=xlsx", APPOINTED),
        ("alerts/?municipality={municipality}", (302, 404, 404, 200, 200, 200, 200)),
        ("alerts/?municipality={foreign_municipality}", ABROAD),
        ("alerts/?region=47", ABROAD),
    ],
    "connect/": [("connect/", SIGNED_IN)],
    "indicators/": [("indicators/", EVERYONE)],
    "indicators/<str:key>/": [("indicators/staff_active/", EVERYONE)],
    "library/": [("library/", SIGNED_IN)],
    "library/<slug:key>/": [("library/r-210/", SIGNED_IN), ("library/no-such-act/", NOTHING)],
    "resources/": [("resources/", SIGNED_IN)],
    "resources/new/": [("resources/new/", (302, 403, 403, 403, 200, 403, 200))],
    "resources/<int:pk>/edit/": [
        ("resources/{resource}/edit/", (302, 404, 403, 403, 200, 403, 200)),
        ("resources/{foreign_resource}/edit/", (302, 404, 404, 404, 404, 403, 200)),
    ],
    "search/": [("search/", SIGNED_IN)],
    "regions/<str:code>/preview/": [
        ("regions/78/preview/", (302, 404, 404, 404, 200, 404, 200)),
        ("regions/47/preview/", PEOPLE_ABROAD),
    ],
    "municipalities/<int:pk>/preview/": [
        ("municipalities/{municipality}/preview/", COORDINATORS),
        ("municipalities/{foreign_municipality}/preview/", PEOPLE_ABROAD),
    ],
    "schools/<int:pk>/preview/": [
        ("schools/{school}/preview/", OWN_PEOPLE),
        ("schools/{foreign}/preview/", PEOPLE_ABROAD),
    ],
    "confirmations/<str:level>/<int:place_id>/": [
        ("confirmations/school/{school}/", HELD_FORM),
        ("confirmations/municipality/{municipality}/", (302, 404, 404, 302, 302, 404, 302)),
        ("confirmations/school/{foreign}/", (302, 404, 404, 404, 404, 404, 302)),
        ("confirmations/country/1/", NOTHING),
    ],
    "held/": [("held/", OWN_PEOPLE)],
    "held/<int:pk>/decide/": [("held/{hold}/decide/", HELD_FORM)],
    "jobs/": [("jobs/", APPOINTED)],
    "figures/": [("figures/", OWN_REGION)],
    "figures/upload/": [("figures/upload/", (302, 404, 404, 404, 200, 403, 200))],
    "figures/<int:pk>/": [("figures/{figures}/", OWN_REGION), ("figures/{foreign_figures}/", ABROAD)],
    "figures/<int:pk>/act/": [
        ("figures/{figures}/act/", (302, 404, 404, 404, 302, 302, 302)),
        ("figures/{foreign_figures}/act/", (302, 404, 404, 404, 404, 302, 302)),
    ],
    "regions/<str:code>/gaps/": [("regions/78/gaps/", OWN_REGION), ("regions/47/gaps/", ABROAD)],
    "jobs/backfill/": [("jobs/backfill/", OWN_FORM)],
    "checks/": [
        ("checks/", APPOINTED),
        ("checks/?region=78", OWN_REGION),
        ("checks/?region=47", ABROAD),
        ("checks/?municipality={municipality}", OWN_MUNICIPALITY),
        ("checks/?municipality={foreign_municipality}", ABROAD),
        ("checks/?school={school}", OWN_SCHOOL),
        ("checks/?school={foreign}", ABROAD),
    ],
    "checks/run/": [
        ("checks/run/", OWN_FORM),
        ("checks/run/?school={school}", OWN_FORM),
        ("checks/run/?school={foreign}", FORM_ABROAD),
    ],
    "checks/work/": [
        ("checks/work/", APPOINTED),
        ("checks/work/?school={school}", OWN_SCHOOL),
        ("checks/work/?school={foreign}", ABROAD),
    ],
    "checks/work/list.xlsx": [
        ("checks/work/list.xlsx?school={school}", OWN_SCHOOL),
        ("checks/work/list.xlsx?school={foreign}", ABROAD),
        ("checks/work/list.xlsx?region=78", OWN_REGION),
    ],
    "checks/<slug:key>/": [
        ("checks/name_glued/", APPOINTED),
        ("checks/name_glued/?school={school}", OWN_SCHOOL),
        ("checks/name_glued/?school={foreign}", ABROAD),
        ("checks/pupil_without_class/?school={school}", OWN_SCHOOL),
        ("checks/no_such_check/", NOTHING),
    ],
    "checks/<slug:key>/list.xlsx": [
        ("checks/name_glued/list.xlsx", APPOINTED),
        ("checks/name_glued/list.xlsx?school={school}", OWN_SCHOOL),
        ("checks/name_glued/list.xlsx?school={foreign}", ABROAD),
    ],
}

POLICY: dict[str, list[Row]] = PAGES | {
    f"api/v1/{route}": [(f"api/v1/{path}", codes) for path, codes in rows] for route, rows in API.items()
}
ADMIN = "admin/"  # one rule for all its routes: only those with a right to the admin get past its login


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Every route the resolver knows, as it is written."""
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern.url_patterns, route)


ROUTES = list(routes(get_resolver().url_patterns))
CASES = [(path, codes) for rows in POLICY.values() for path, codes in rows]


@pytest.fixture
def ids(cast: Cast, change_of: Callable[..., ChangeAlert]) -> dict[str, int]:
    """What the paths name: places, and in two schools a staff member and an upload."""
    found = {name: getattr(cast, name).pk for name in ("school", "foreign", "municipality", "foreign_municipality")}
    for prefix, school in (("", cast.school), ("foreign_", cast.foreign)):
        file = StoredFile.objects.create(school=school, shown_name="список.xlsx", size=1, sha256="0" * 64)
        member = StaffMember.objects.create(school=school, last_name="Иванова", first_name="Анна")
        found[f"{prefix}upload"] = StaffImport.objects.create(school=school, file=file).pk
        found[f"{prefix}member"] = member.pk
        mark = StepMark.objects.create(level=4, school=school, number=7, kind="needless", reason="Интернат")
        found[f"{prefix}mark"] = mark.pk
        found[f"{prefix}plan"] = StepPlan.objects.create(level=4, school=school, number=7).pk
        paper = StoredFile.objects.create(region=school.region, shown_name="карта.pdf", content=b"%PDF-1", size=6)
        roadmap = Roadmap.objects.create(region=school.region, title="Дорожная карта", file=paper)
        found[f"{prefix}roadmap"] = roadmap.pk
        found[f"{prefix}resource"] = Resource.objects.create(
            region=school.region, title="Канал региона", kind="channel", link="https://example.ru/channel"
        ).pk
        table = FigureLoad.objects.create(week=202647, platform=1, region=school.region, source="Письмо")
        found[f"{prefix}figures"] = table.pk
        holder = User.objects.create_user(f"holder{prefix}")
        found[f"{prefix}appointment"] = Appointment.objects.create(user=holder, level=4, school=school).pk
    sheet = StoredFile.objects.create(shown_name="администраторы.xlsx", size=1, sha256="0" * 64)
    found["sheet"] = AppointmentSheet.objects.create(file=sheet, created_by=cast.nina).pk
    found["webhook"] = Webhook.objects.create(owner=cast.nina, name="Витрина", url="https://example.ru/hook").pk
    count_steps()
    found |= roster_access.ids(cast) | register_access.ids(cast) | talk_access.ids(cast) | orders_access.ids(cast)
    found["letter"] = Letter.objects.create(municipality=cast.municipality, subject="Тема", text="Текст").pk
    week = Rating.objects.create(week=202645, revision=1, rule=UsageRule.objects.get(), counted_at=timezone.now())
    value = {"rating": week, "indicator": 1, "kind": 1, "part": 30, "whole": 10}
    found["hold"] = Hold.objects.create(
        school=cast.school, municipality=cast.municipality, region=cast.region, **value
    ).pk
    for prefix, school in (("", cast.school), ("foreign_", cast.foreign)):
        found[f"{prefix}alert"] = change_of(
            Level.SCHOOL, school.pk, week="2026-W45", region=school.region, municipality=school.municipality
        ).pk
    found["alert_of_region"] = change_of(Level.REGION, cast.region.pk, week="2026-W45", region=cast.region).pk
    return found | {"counted": cast.school.pk, "counted_abroad": cast.foreign.pk}


def test_every_route_has_a_row() -> None:
    unlisted = [route for route in ROUTES if route not in POLICY and not route.startswith(ADMIN)]

    assert not unlisted, "Напишите строки в POLICY: " + ", ".join(unlisted)


def test_every_row_has_a_route() -> None:
    assert [route for route in POLICY if route not in ROUTES] == []


@pytest.mark.parametrize("path, codes", CASES, ids=[path or "/" for path, _ in CASES])
def test_everyone_gets_the_status_of_the_table(
    cast: Cast, ids: dict[str, int], client_of: Callable[[User | None], Client], path: str, codes: tuple[int, ...]
) -> None:
    people: dict[str, User | None] = {"visitor": None, **cast.people}
    address = "/" + path.format(**ids)

    found = {person: client_of(people[person]).get(address).status_code for person in PEOPLE}

    assert found == dict(zip(PEOPLE, codes, strict=True))


@pytest.mark.parametrize("person", PEOPLE)
def test_admin_shows_nothing_to_those_without_a_right_to_it(
    cast: Cast, client_of: Callable[[User | None], Client], person: str
) -> None:
    client = client_of(None if person == "visitor" else cast.people[person])
    addresses = ["/" + re.sub(r"<[^>]+>|\(\?P<url>.*", "1", route) for route in ROUTES if route.startswith(ADMIN)]

    closed = [address for address in addresses if not address.startswith(("/admin/login/", "/admin/logout/"))]

    statuses = {client.get(address).status_code for address in closed}

    assert len(closed) > 5
    assert statuses <= ({200, 302, 403, 404, 405} if person == "root" else {302, 404, 405})
    assert client.get("/admin/").status_code in ({200} if person == "root" else {302, 404})
