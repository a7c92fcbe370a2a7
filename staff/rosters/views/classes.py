"""Pages of classes: the list of a year with counts, one class with its pupils, the form of a class."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from schools.models import Pupil, School, SchoolClass
from schools.years import school_year_of, school_year_title
from staff.models import RosterImport
from staff.rosters import changing, showing
from staff.rosters.coverage import NONE, class_lines, counts_by_class
from staff.rosters.forms import ClassForm, told
from staff.rosters.kinds import CLASSES
from staff.rosters.views.access import (
    SeeOther,
    class_in_sight,
    person,
    school_in_sight,
    sees_people,
)
from staff.showing import crumbs


@require_safe
@login_required
def class_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The classes of a school year with their counts; names only for the school itself."""
    school = school_in_sight(request, pk)
    today = timezone.localdate()
    mine = SchoolClass.objects.visible_to(request.user).filter(school=school)
    years = showing.years_of(mine.order_by().values_list("year", flat=True).distinct(), today)
    year = _year(request, [int(value) for _, value in years], school_year_of(today))
    lines, loose = class_lines(school, year, today)
    own = sees_people(request, school.pk)
    shown = showing.filtered(lines, request.GET.get("show", ""))
    total = sum((line.counts for line in lines), NONE)
    context = {
        "school": school,
        "crumbs": crumbs(request.user, school, ("Классы", "")),
        "rows": [showing.class_row(line, with_names=own) for line in shown],
        "totals": showing.totals(sum((line.counts for line in shown), NONE)),
        "lead": showing.lead_text(total),
        "any": bool(lines),
        "loose": loose.pupils,
        "years": years,
        "year": str(year),
        "year_title": school_year_title(year),
        "is_present": year == school_year_of(today),
        "filters": showing.CLASS_FILTERS,
        "own": own,
        "may_edit": SchoolClass.objects.editable_by(request.user).filter(school=school).exists() or own,
        "waiting": _waiting(request, school) if own else None,
    }
    return render(request, "rosters/classes.html", context)


def _year(request: HttpRequest, years: list[int], present: int) -> int:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else present
    return year if year in years else present


def _waiting(request: HttpRequest, school: School) -> RosterImport | None:
    """An upload whose plan nobody has confirmed yet."""
    found: RosterImport | None = (
        RosterImport.objects.visible_to(request.user).light().filter(school=school, stage="planned").first()
    )
    return found


@require_safe
@login_required
def class_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A class: its pupils, fifty a page, each with those who represent them."""
    school_class = class_in_sight(request, pk)
    school, today = school_class.school, timezone.localdate()
    pupils: Any = Pupil.objects.visible_to(request.user).filter(school_class=school_class).learning(today)
    page = Paginator(pupils.select_related("school_class").order_by("name_key", "id"), showing.PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "school": school,
        "school_class": school_class,
        "crumbs": crumbs(request.user, school, showing.school_crumb(school), (school_class.name, "")),
        "year_title": school_year_title(school_class.year),
        "teachers": showing.teachers_of(school_class),
        "counts": showing.class_counts(counts_by_class(school, today).get(school_class.pk, NONE)),
        "rows": showing.pupil_rows(list(page.object_list), today),
        "page": page,
    }
    return render(request, "rosters/class.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def class_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a class by hand."""
    school = school_in_sight(request, pk)
    if not _may_edit(request, school):
        raise PermissionDenied
    return _class_form(request, school, None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def class_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a class: its name, who leads it, how many learn in it."""
    found: Any = SchoolClass.objects.visible_to(request.user).select_related("school__region", "school__municipality")
    school_class: SchoolClass = get_object_or_404(found, pk=pk)
    school = school_in_sight(request, school_class.school_id)
    if not _may_edit(request, school):
        raise PermissionDenied
    return _class_form(request, school, school_class)


def _may_edit(request: HttpRequest, school: School) -> bool:
    """Coordinators may set up classes too: there are no children in them yet."""
    sight = request.user.seen  # type: ignore[union-attr]
    places = (
        school.pk in sight.school_ids,
        school.municipality_id in sight.municipality_ids,
        school.region_id in sight.region_ids,
    )
    return sight.everything or any(places)


def _class_form(request: HttpRequest, school: School, school_class: SchoolClass | None) -> HttpResponse:
    year = school_class.year if school_class else school_year_of(timezone.localdate())
    form = ClassForm(request.POST or None, user=request.user, school=school, school_class=school_class)
    if request.method == "POST" and form.is_valid():
        row = changing.Given(form.texts(), school_class.pk if school_class else None)
        result = changing.save_rows(school=school, year=year, kind=CLASSES, rows=[row], by=person(request))[0]
        if not told(form, result):
            return SeeOther(showing.school_crumb(school)[1] + f"?year={year}")
    title = f"Класс {school_class.name}" if school_class else "Новый класс"
    context = {
        "school": school,
        "form": form,
        "title": title,
        "caption": f"{school_year_title(year)} учебный год",
        "crumbs": crumbs(request.user, school, showing.school_crumb(school), (title, "")),
        "back": showing.school_crumb(school)[1],
        "button": "Сохранить" if school_class else "Завести класс",
    }
    return render(request, "rosters/form.html", context, status=422 if form.errors else 200)
