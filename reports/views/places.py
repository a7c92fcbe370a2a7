"""The pages of the country, a region, a municipality, a school, and of what their numbers are made of."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.indicators import INDICATOR_BY_KEY, INDICATORS, Indicator
from reports.models import ChangeAlert, Hold, SchoolStep
from reports.reading import alerts as alert_page
from reports.reading import breakdowns, foundations, gaps, step_matrix, territories, totals, weeks
from reports.reading import country as country_page
from reports.reading import schools as school_page
from reports.reading.facts import facts_of
from reports.reading.holds import of_school as holds_of_school
from reports.reading.homes import crumbs, homes_of, sees_country, sees_municipality, sees_people, sees_region
from reports.reading.lacking_chats import is_of_chats, lacking
from reports.reading.next_things import by_steps
from reports.reading.proofs import proofs_of
from reports.reading.rows import COUNTRY_ID, zone_of
from reports.reading.step_words import task_rows
from reports.steps.counting import steps_of
from schools.models import Municipality, Pupil, Region, School
from schools.scope import AnyUser, Level, Sight, sight_of
from staff.models import ImportStage, StaffImport, StaffMember


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The reader's own place; a choice where there are several; who opens access where there is none."""
    homes = homes_of(request.user)
    if len(homes) == 1:
        return redirect(homes[0].url)
    return render(request, "reports/home.html", {"homes": homes})


@login_required
@require_safe
def country(request: HttpRequest) -> HttpResponse:
    """The country, for those whom ratings of regions are published to."""
    sight = sight_of(request.user)
    if not sees_country(sight):
        raise Http404
    chosen = weeks.choose(request)
    indicator = territories.chosen_indicator(request.GET)
    context = country_page.page(chosen, indicator, sight)
    return render(request, "reports/country.html", context | weeks.header(chosen, request.GET) | _asked(request))


@login_required
@require_safe
def region(request: HttpRequest, code: str) -> HttpResponse:
    """A region: its figures, its municipalities, its silent schools."""
    place = get_object_or_404(Region.objects.visible_to(request.user), code=code)
    territory = territories.Territory(Level.REGION, place.pk, place.name, place)
    return _territory(request, territory, School.objects.visible_to(request.user).filter(region=place))


@login_required
@require_safe
def municipality(request: HttpRequest, pk: int) -> HttpResponse:
    """A municipality: its figures, its schools."""
    place = get_object_or_404(Municipality.objects.visible_to(request.user).select_related("region"), pk=pk)
    territory = territories.Territory(Level.MUNICIPALITY, place.pk, place.name, place.region, place)
    return _territory(request, territory, School.objects.visible_to(request.user).filter(municipality=place))


def _territory(request: HttpRequest, place: territories.Territory, schools: Any) -> HttpResponse:
    chosen = weeks.choose(request)
    sight, facts = sight_of(request.user), facts_of(schools, chosen.rating)
    held = _held(request.user, place.filters).count()
    appoints = place.municipality is None and sight.region_ids == {place.region.pk} and not sight.municipality_ids
    if place.municipality is not None:  # the list of vacancies is of all one's places: it must be this one
        appoints = sight.municipality_ids == {place.municipality.pk} and not sight.region_ids
    context = territories.page(
        place, chosen, request.GET, facts, held, names_seen=sees_people(sight), appoints=appoints
    )
    more = ((place.name, ""),) if place.municipality else ()
    context |= weeks.header(chosen, request.GET, zone_of(place.region)) | _asked(request)
    context["crumbs"] = crumbs(request.user, place.region, *more)
    context |= _steps(request, place) | {"papers": _papers(sight, place)}
    asked = {"municipality": place.place_id} if place.municipality else {"region": place.region.code}
    context["changes"] = _changes(request, chosen, asked, **place.filters)
    return render(request, "reports/territory.html", context)


def _changes(request: HttpRequest, chosen: weeks.Chosen, asked: dict[str, Any], **place: int) -> dict[str, str]:
    """The line about figures that have really shifted in a place and below it; one query."""
    return alert_page.line(ChangeAlert.objects.visible_to(request.user).filter(**place), chosen, **asked)


def _papers(sight: Sight, place: territories.Territory) -> list[tuple[str, str]]:
    """(title, address) of what a coordinator of the place writes and looks up; nothing for those who only look."""
    own = place.municipality is not None and place.municipality.pk in sight.municipality_ids
    if not (sight.everything or place.region.pk in sight.region_ids or own):
        return []
    links = [
        ("Приказы школам", f"{reverse('order_batch_new')}?{place.scope}"),
        ("Письма школам", reverse("letters")),
        ("Контакты школ", reverse("contacts")),
        ("Значения на проверке", reverse("held_values")),
        ("Изменения показателей", reverse("changed_figures")),
        ("Что будет в понедельник", f"{(place.municipality or place.region).get_absolute_url()}preview/"),
    ]
    if place.municipality is not None:
        links.insert(0, ("Приказы муниципалитета", reverse("municipality_orders", args=[place.municipality.pk])))
    else:
        links.append(("Числа операторов", reverse("figures")))
        links.append(("Открытый рейтинг", reverse("public_switch", args=[place.region.code])))
    return links


def _steps(request: HttpRequest, place: territories.Territory) -> dict[str, Any]:
    """The funnel of the nine steps; empty until they have been counted."""
    totals = step_matrix.totals_of(SchoolStep.objects.visible_to(request.user).filter(**place.filters))
    here = place.municipality or place.region
    address = f"{here.get_absolute_url()}steps/"
    counted = any(counts.total() for counts in totals.values())
    return {
        "funnel": step_matrix.funnel(totals, address) if counted else [],
        "funnel_title": step_matrix.funnel_title(totals),
        "steps_url": address,
        "chats_url": f"{here.get_absolute_url()}chats/",
    }


def _held(user: AnyUser, place: dict[str, int]) -> Any:
    """Uploads that a coordinator decides on, within the place."""
    where = {f"school__{key}": value for key, value in place.items()}
    return StaffImport.objects.visible_to(user).held().filter(**where)


@login_required
@require_safe
def school(request: HttpRequest, pk: int) -> HttpResponse:
    """A school: one next thing, its week, its people in numbers, its card."""
    found = School.objects.visible_to(request.user).select_related("region", "municipality")
    place = get_object_or_404(found, pk=pk)
    chosen = weeks.choose(request)
    waiting = StaffImport.objects.visible_to(request.user).filter(school=place, stage=ImportStage.PLANNED)
    waiting_upload = waiting.only("id", "created_at", "summary").first()
    context = school_page.page(place, chosen, waiting_upload)
    names_seen = sees_people(sight_of(request.user))
    context |= weeks.header(chosen, request.GET, zone_of(place.region)) | _asked(request)
    tasks = task_rows(steps_of(place), place.pk, timezone.localdate(), names_seen, proofs_of(place))
    context |= {"crumbs": school_crumbs(request.user, place), "sees_people": names_seen, "tasks": tasks}
    context |= holds_of_school(place, chosen, Hold.objects.visible_to(request.user))
    context["changes"] = _changes(request, chosen, {}, level=Level.SCHOOL, place_id=place.pk)
    if names_seen:
        context["foundations"] = lines = foundations.lines_of(place, request.user)
        context["foundations_finished"] = foundations.finished(lines)
    if not waiting_upload:
        context["next"] = by_steps(place, tasks, context["next"])
    return render(request, "reports/school.html", context)


def school_crumbs(user: AnyUser, place: School, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Russia → … → municipality → school → …; only what this person may open is a link."""
    steps = []
    if place.municipality is not None:
        seen = sees_municipality(sight_of(user), place.municipality.pk, place.region_id)
        steps.append((place.municipality.name, place.municipality.get_absolute_url() if seen else ""))
    return crumbs(user, place.region, *steps, (place.short_name, place.get_absolute_url()), *more)


@login_required
@require_safe
def breakdown(request: HttpRequest, level: str, place_id: int, key: str) -> HttpResponse:
    """What a number is made of; htmx asks for the drawer alone, anyone else gets a page."""
    indicator = INDICATOR_BY_KEY.get(key)
    if indicator is None:
        raise Http404
    subject, trail = subject_of(request.user, level, place_id)
    chosen = weeks.choose(request)
    sight = sight_of(request.user)
    context = breakdowns.page(subject, indicator, chosen, request.GET, sight=sight) | _asked(request)
    context |= {"people": None, "lacking": None, "covered": True, "crumbs": trail}
    if subject.school is not None and chosen.rating is not None:
        context |= people_of(request, subject.school, indicator, chosen)
    if getattr(request, "htmx", False):
        return render(request, "reports/breakdown_drawer.html", context)
    zone = zone_of(subject.region) if subject.region else None
    context |= _two_numbers(request, subject, indicator, chosen)
    return render(request, "reports/breakdown.html", context | weeks.header(chosen, request.GET, zone))


def people_of(
    request: HttpRequest, school: School, indicator: Indicator, chosen: weeks.Chosen, *, nearest: bool = False
) -> dict[str, Any]:
    """Who or what a school's number leaves out, within the reader's sight; `nearest` orders by how little is left."""
    sight = sight_of(request.user)
    found: dict[str, Any] = {}
    if sees_people(sight) and indicator.part in breakdowns.STAFF_PARTS:
        staff = StaffMember.objects.visible_to(request.user).filter(school=school)
        found["people"] = breakdowns.absent(staff, indicator, chosen, request.GET, nearest=nearest)
    if indicator.part == "pupils_represented" and (sight.everything or school.pk in sight.school_ids):
        pupils = Pupil.objects.visible_to(request.user).filter(school=school)
        found["people"] = breakdowns.unrepresented(pupils, chosen, request.GET)
    if sees_people(sight) and is_of_chats(indicator):
        found["lacking"] = lacking(school, indicator, chosen, request.GET)
    return found | {"covered": breakdowns.covered(school, indicator, chosen)}


def _two_numbers(
    request: HttpRequest, subject: breakdowns.Subject, indicator: Indicator, chosen: weeks.Chosen
) -> dict[str, Any]:
    """The operator's number beside ours, and its own total of a place; of a school, what may be behind the gap."""
    total = totals.total_of(subject.level, subject.place_id, indicator, chosen, request.user)
    sides = gaps.sides_of(subject.level, subject.place_id, indicator, chosen, has_total=total is not None)
    context: dict[str, Any] = {"sides": sides, "total": total, "causes": [], "gaps_url": ""}
    if sides and subject.school is not None and sides["gap"].difference:
        context["causes"] = gaps.causes_of(subject.school, indicator, chosen, request.user)
    if subject.region is not None and subject.level == Level.REGION:
        context["gaps_url"] = gaps.gaps_url(subject.region, indicator, chosen)
    return context


@login_required
@require_safe
def region_gaps(request: HttpRequest, code: str) -> HttpResponse:
    """Schools of a region by the gap between the operator's number and ours."""
    place = get_object_or_404(Region.objects.visible_to(request.user), code=code)
    if not sees_region(sight_of(request.user), place):
        raise Http404
    wanted = INDICATOR_BY_KEY.get(request.GET.get("indicator", ""))
    indicator = wanted if wanted in gaps.COMPARED else gaps.COMPARED[0]
    chosen = weeks.choose(request)
    context = gaps.page(place, indicator, chosen, request.GET, request.user)
    context["total"] = totals.total_of(Level.REGION, place.pk, indicator, chosen, request.user)
    context["towns"] = totals.towns_of(place, indicator, chosen, request.GET, request.user)
    context |= {"region": place, "chosen": chosen} | weeks.header(chosen, request.GET, zone_of(place))
    context["crumbs"] = crumbs(request.user, place, ("Оператор и портал", ""))
    return render(request, "reports/gaps.html", context)


def subject_of(
    user: AnyUser, level: str, place_id: int, last: tuple[str, str] = ("Из чего состоит", "")
) -> tuple[breakdowns.Subject, list[tuple[str, str]]]:
    """The place named by the address and the way to it; out of sight is 404."""
    if level == "country" and place_id == COUNTRY_ID and sees_country(sight_of(user)):
        return breakdowns.Subject(Level.COUNTRY, COUNTRY_ID, "Россия", "/country/"), crumbs(user, None, last)
    if level == "region":
        place = get_object_or_404(Region.objects.visible_to(user), pk=place_id)
        subject = breakdowns.Subject(Level.REGION, place.pk, place.name, place.get_absolute_url(), place)
        return subject, crumbs(user, place, last)
    if level == "municipality":
        found = get_object_or_404(Municipality.objects.visible_to(user).select_related("region"), pk=place_id)
        url = found.get_absolute_url()
        subject = breakdowns.Subject(Level.MUNICIPALITY, found.pk, found.name, url, found.region)
        return subject, crumbs(user, found.region, (found.name, url), last)
    if level != "school":
        raise Http404
    seen = School.objects.visible_to(user).select_related("region", "municipality")
    one = get_object_or_404(seen, pk=place_id)
    subject = breakdowns.Subject(Level.SCHOOL, one.pk, one.short_name, one.get_absolute_url(), one.region, one)
    return subject, school_crumbs(user, one, last)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What every template here needs of the address."""
    return {"params": request.GET, "indicator_choices": [(each.short_name, each.key) for each in INDICATORS]}
