"""Every page renders for each of the cast, and a page asks as many queries for ten times the rows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from schools.models import Municipality, Region, School, User

ClientOf = Callable[[User | None], Client]

# Pages of the browser: name of the route → arguments; {…} is filled from the cast.
PAGES: dict[str, dict[str, Any]] = {
    "home": {},
    "country": {},
    "region": {"code": "78"},
    "municipality": {"pk": "{municipality}"},
    "school": {"pk": "{school}"},
    "breakdown": {"level": "region", "place_id": "{region}", "key": "staff_active"},
    "path": {"level": "region", "place_id": "{region}", "key": "staff_active"},
    "compare": {},
    "public_rating": {"code": "78"},
    "public_switch": {"code": "78"},
    "connect": {},
    "ratings": {},
    "changed_figures": {},
    "indicators": {},
    "indicator": {"key": "r210_10"},
    "legal_act": {"key": "r-210"},
    "digest": {},
    "digest_stop": {"token": "some-token"},
    "letters": {},
    "letter_new": {},
    "letter": {"pk": "1"},
    "letter_document": {"pk": "1"},
    "contacts": {},
    "steps": {},
    "region_roadmap": {"code": "78"},
    "municipality_roadmap": {"pk": "{municipality}"},
    "roadmap_file": {"pk": "1"},
    "region_chats": {"code": "78"},
    "municipality_chats": {"pk": "{municipality}"},
    "region_steps": {"code": "78"},
    "municipality_steps": {"pk": "{municipality}"},
    "school_steps": {"pk": "{school}"},
    "step_mark": {"pk": "{school}"},
    "step_plan": {"pk": "{school}"},
    "step_master": {"pk": "{school}"},
    "search": {},
    "region_preview": {"code": "78"},
    "municipality_preview": {"pk": "{municipality}"},
    "school_preview": {"pk": "{school}"},
    "confirm": {"level": "school", "place_id": "{school}"},
    "held_values": {},
    "hold_decide": {"pk": "1"},
    "jobs": {},
    "figures": {},
    "figure_upload": {},
    "figure_load": {"pk": "1"},
    "figure_act": {"pk": "1"},
    "region_gaps": {"code": "78"},
    "jobs_backfill": {},
    "checks": {},
    "checks_run": {},
    "checks_work": {},
    "checks_work_file": {},
    "check": {"key": "staff_no_phone"},
    "check_file": {"key": "staff_no_phone"},
}
ADDRESSES = (
    "/",
    "/country/",
    "/country/?indicator=r210_10",
    "/regions/78/",
    "/regions/78/?sort=-gap&indicator=staff_profile",
    "/municipalities/{municipality}/",
    "/municipalities/{municipality}/?q=школа&sort=name",
    "/schools/{school}/",
    "/places/country/0/indicators/staff_active/",
    "/places/region/{region}/indicators/r210_10/",
    "/places/municipality/{municipality}/indicators/staff_profile/",
    "/places/school/{school}/indicators/staff_active/",
    "/places/school/{school}/indicators/staff_confirmed/",
    "/places/school/{school}/indicators/names_in_order/",
    "/places/country/0/indicators/staff_active/path/",
    "/places/region/{region}/indicators/staff_active/path/?target=99",
    "/places/region/{region}/indicators/r210_10/path/?target=100",
    "/places/region/{region}/indicators/composite/path/",
    "/places/municipality/{municipality}/indicators/staff_profile/path/?target=99",
    "/places/school/{school}/indicators/staff_active/path/?target=100",
    "/compare/",
    "/compare/?a=region.{region}&with=2026-W44&indicator=staff_profile",
    "/compare/?a=municipality.{municipality}",
    "/ratings/",
    "/ratings/?level=municipality",
    "/alerts/",
    "/alerts/?near=all&direction=worse&level=school&indicator=staff_active&municipality={municipality}",
    "/alerts/?week=2026-W45&region=78&page=2",
    "/alerts/?format=xlsx",
    "/ratings/?level=municipality&group=settlement.city",
    "/ratings/?level=school&group=size.middle",
    "/ratings/?level=school&page=2",
    "/indicators/",
    "/indicators/r210_10/",
    "/library/",
    "/library/?q=школа&kind=law&state=amended",
    "/library/r-210/",
    "/library/seminar-2023/",
    "/resources/",
    "/resources/?kind=channel&for=teachers&q=физика",
    "/resources/new/",
    "/schools/{school}/orders/",
    "/municipalities/{municipality}/orders/?year=2026",
    "/order-templates/",
    "/orders/for-schools/?municipality={municipality}",
    "/search/",
    "/search/?lacks=administrator",
    "/held/",
    "/regions/78/preview/",
    "/municipalities/{municipality}/preview/",
    "/schools/{school}/preview/",
    "/held/?show=waiting",
    "/jobs/",
    "/checks/",
    "/checks/?severity=error&subject=staff",
    "/checks/?school={school}",
    "/checks/work/",
    "/checks/work/?by=school&region=78",
    "/checks/staff_no_phone/",
    "/checks/staff_no_phone/?school={school}",
    "/checks/teachers_under/?region=78",
    "/checks/teachers_under/list.xlsx?region=78",
    "/figures/",
    "/figures/upload/",
    "/regions/78/gaps/",
    "/regions/78/gaps/?indicator=myschool_teachers&page=2",
    "/letters/",
    "/letters/new/?municipality={municipality}",
    "/letters/new/?region=78&topic=step-5",
    "/contacts/",
    "/steps/",
    "/regions/78/roadmap/",
    "/municipalities/{municipality}/roadmap/",
    "/regions/78/chats/",
    "/regions/78/chats/?by=town",
    "/municipalities/{municipality}/chats/?group=staff&case=13&sort=name",
    "/schools/{school}/chats/",
    "/regions/78/steps/",
    "/regions/78/steps/?by=town",
    "/regions/78/steps/?show=stalled&q=школа&sort=-ready&town=0",
    "/municipalities/{municipality}/steps/?show=overdue&sort=name",
    "/schools/{school}/steps/",
)


def filled(address: str, cast: Any) -> str:
    """The address with the ids of the cast's places."""
    return address.format(municipality=cast.municipality.pk, school=cast.school.pk, region=cast.region.pk)


def routes(patterns: list[URLPattern | URLResolver]) -> set[str]:
    """Names of the routes in a list of patterns, without those of included lists."""
    return {pattern.name for pattern in patterns if isinstance(pattern, URLPattern) and pattern.name}


def test_every_route_of_reports_is_tried_here() -> None:
    reports = next(each for each in get_resolver().url_patterns if _module(each) == "reports.urls")

    names = routes(reports.url_patterns)  # type: ignore[union-attr]

    assert names == set(PAGES)


def _module(pattern: Any) -> str:
    return getattr(getattr(pattern, "urlconf_name", None), "__name__", "")


@pytest.mark.parametrize("name", ["root", "observer", "nina", "marat", "sveta", "stranger", None])
@pytest.mark.parametrize("counted", [True, False], ids=["counted", "empty"])
def test_every_page_renders_or_is_not_there(
    cast: Any, weeks_made: Callable[..., Any], client_of: ClientOf, name: str | None, counted: bool
) -> None:
    if counted:
        weeks_made({cast.school: {}, cast.sibling: {"active": 0}, cast.cousin: {"active": None}, cast.foreign: {}})
    client = client_of(cast.people[name] if name else None)

    statuses = {address: client.get(filled(address, cast)).status_code for address in ADDRESSES}

    assert set(statuses.values()) <= {200, 302, 403, 404}, statuses


@pytest.mark.parametrize("name", ["observer", "nina", "marat", "sveta"])
def test_ten_times_the_rows_cost_no_more_queries(
    cast: Any, weeks_made: Callable[..., Any], client_of: ClientOf, name: str
) -> None:
    few = [cast.school, cast.sibling, cast.cousin, *add_schools(cast.region, None, 1)]
    numbers = {school: {"active": index % 2 * 30} for index, school in enumerate(few)}
    weeks_made(numbers, "2026-W45")
    client = client_of(cast.people[name])
    steady = [address for address in ADDRESSES if "/compare/" not in address]  # one week is compared with nothing
    before = {address: asked(client, filled(address, cast)) for address in steady}
    more = add_schools(cast.region, cast.municipality, 20) + add_schools(cast.region, None, 10)
    for number in range(10):
        more += add_schools(cast.region, Municipality.objects.create(region=cast.region, name=f"Район {number}"), 1)
    weeks_made(numbers | {school: {"active": index % 2 * 30} for index, school in enumerate(more)}, "2026-W46")

    after = {address: asked(client, filled(address, cast)) for address in steady}

    assert {address: count for address, count in after.items() if count > before[address]} == {}


def add_schools(region: Region, municipality: Municipality | None, count: int) -> list[School]:
    """Save more schools of a place."""
    start = School.objects.count()
    return [
        School.objects.create(
            code=f"7899{start + n:02d}",
            region=region,
            municipality=municipality,
            short_name=f"Школа № {start + n}",
            full_name=f"Школа № {start + n}",
            declared_teachers=40,
        )
        for n in range(count)
    ]


def asked(client: Client, url: str) -> int:
    """How many queries a page asks."""
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)
