"""Pages of one pupil and one representative: simple forms, one act each; only the school itself sees them."""

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.messages import get_messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from schools.models import Guardian, Guardianship, Pupil, School, SchoolClass
from schools.years import school_year_of
from staff.rosters import adults, changing, showing
from staff.rosters.forms import GuardianForm, LeaveForm, LinkForm, NewGuardianForm, PupilForm, told
from staff.rosters.kinds import PUPILS
from staff.rosters.views.access import (
    SeeOther,
    guardian_in_sight,
    link_in_sight,
    own_school,
    person,
    pupil_in_sight,
)
from staff.showing import crumbs

FORM = "rosters/form.html"


# The list


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def pupil_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Every pupil of the school, filtered; a name is looked for by POST, so that no address holds it."""
    school = own_school(request, pk)
    today = timezone.localdate()
    words = request.POST.get("q", "").strip()[:100]
    show = request.POST.get("show", request.GET.get("show", ""))
    pupils: Any = Pupil.objects.visible_to(request.user).filter(school=school)
    found = _filtered(pupils, show, today)
    found = found.search(words) if words else found
    page = Paginator(found.select_related("school_class").order_by("name_key", "id"), showing.PAGE).get_page(
        request.POST.get("page", request.GET.get("page"))
    )
    context = {
        "school": school,
        "crumbs": crumbs(request.user, school, showing.school_crumb(school), ("Обучающиеся", "")),
        "rows": showing.pupil_rows(list(page.object_list), today),
        "page": page,
        "filters": showing.PUPIL_FILTERS,
        "show": show,
        "words": words,
    }
    return render(request, "rosters/pupils.html", context)


def _filtered(pupils: Any, show: str, today: datetime.date) -> Any:
    here = pupils.learning(today)
    named = {"guardianships__isnull": False}
    filters: dict[str, Callable[[], Any]] = {
        "no-class": lambda: here.filter(school_class=None),
        "no-guardian": lambda: here.filter(guardianships=None),
        "waiting": lambda: here.filter(**named).exclude(guardianships__registered_on__isnull=False),
        "declined": lambda: here.filter(**named).exclude(guardianships__declined_on=None),
        "left": lambda: pupils.filter(left_on__lte=today),
    }
    return filters.get(show, lambda: here)().distinct()


# One pupil


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def pupil_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a pupil by hand."""
    school = own_school(request, pk)
    form = PupilForm(
        request.POST or None, classes=_classes(request, school), pupil=None, place=request.GET.get("class", "")
    )
    if request.method == "POST" and form.is_valid():
        result = _saved(request, school, changing.Given(form.texts()))
        if not told(form, result):
            return SeeOther(reverse("pupil", args=[result.id]))
    context = _form_context(
        request, school, form, "Новый обучающийся", button="Внести", back=reverse("classes", args=[school.pk])
    )
    return render(request, FORM, context, status=422 if form.errors else 200)


def _classes(request: HttpRequest, school: School, *more: str) -> list[str]:
    """Names of the classes of the present year, in order."""
    year = school_year_of(timezone.localdate())
    mine = SchoolClass.objects.visible_to(request.user).filter(school=school, year=year).order_by("grade", "letter")
    return list(dict.fromkeys([*(one.name for one in mine), *filter(None, more)]))


def _saved(request: HttpRequest, school: School, row: changing.Given) -> changing.Result:
    year = school_year_of(timezone.localdate())
    return changing.save_rows(school=school, year=year, kind=PUPILS, rows=[row], by=person(request))[0]


def _form_context(request: HttpRequest, school: School, form: Any, title: str, **more: Any) -> dict[str, Any]:
    way = crumbs(request.user, school, showing.school_crumb(school), *more.pop("way", ()), (title, ""))
    return {"school": school, "form": form, "title": title, "crumbs": way, "caption": "", "button": "Сохранить"} | more


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def pupil_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A pupil: the form of their own fields, those who represent them, and what may be done."""
    pupil = pupil_in_sight(request, pk)
    school = pupil.school
    year = school_year_of(timezone.localdate())
    place = pupil.school_class.name if pupil.school_class and pupil.school_class.year == year else ""
    form = PupilForm(request.POST or None, classes=_classes(request, school, place), pupil=pupil, place=place)
    if request.method == "POST" and form.is_valid():
        texts = form.texts()
        if pupil.school_class and not place and not texts["school_class"]:
            del texts["school_class"]  # the class of another year stays where nothing is chosen
        if not told(form, _saved(request, school, changing.Given(texts, pupil.pk))):
            messages.info(request, "Сохранили.")
            return SeeOther(reverse("pupil", args=[pupil.pk]))
    links: Any = Guardianship.objects.visible_to(request.user).filter(pupil=pupil).select_related("guardian")
    context = _form_context(request, school, form, pupil.full_name, way=_way(pupil)) | {
        "pupil": pupil,
        "left": showing.date_text(pupil.left_on) if pupil.left_on else "",
        "links": [showing.link_row(link) for link in links.order_by("guardian__name_key", "pk")],
        "said": [one.message for one in get_messages(request)],
    }
    return render(request, "rosters/pupil.html", context, status=422 if form.errors else 200)


def _way(pupil: Pupil) -> list[tuple[str, str]]:
    if pupil.school_class is None:
        return [("Обучающиеся", reverse("pupils", args=[pupil.school_id]))]
    return [(pupil.school_class.name, reverse("school_class", args=[pupil.school_class.pk]))]


def _crumb(pupil: Pupil) -> tuple[str, str]:
    return pupil.full_name, reverse("pupil", args=[pupil.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def pupil_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a pupil as left since a day, or take the mark back."""
    pupil = pupil_in_sight(request, pk)
    form = LeaveForm(request.POST or None, pupil=pupil)
    if request.method == "POST" and ("back" in request.POST or form.is_valid()):
        on = None if "back" in request.POST else form.cleaned_data["left_on"]
        changing.mark_left(pupil=pupil, on=on, by=person(request))
        return SeeOther(reverse("pupil", args=[pupil.pk]))
    context = _form_context(
        request,
        pupil.school,
        form,
        "Отметить выбывшим" if pupil.left_on is None else "Выбытие",
        way=[*_way(pupil), _crumb(pupil)],
        back=reverse("pupil", args=[pupil.pk]),
        button="Отметить выбывшим" if pupil.left_on is None else "Изменить день",
        caption=f"{pupil.full_name}. Никого не удаляем: вернуть можно в любой день",
        take_back="Вернуть в школу" if pupil.left_on else "",
    )
    return render(request, FORM, context, status=422 if form.errors else 200)


# Representatives


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def guardian_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a pupil a representative: somebody new, or one the school knows already."""
    pupil = pupil_in_sight(request, pk)
    known = _chosen(request, pupil)
    if known is not None:
        return _link_known(request, pupil, known)
    asked = request.method == "POST" and "find" not in request.POST
    form = NewGuardianForm(request.POST if asked else None, guardian=None)
    if asked and form.is_valid():
        row = adults.GivenAdult(form.texts(), [adults.GivenLink(pupil.pk)])
        year = school_year_of(timezone.localdate())
        result = adults.save_adults(school=pupil.school, year=year, rows=[row], by=person(request))[0]
        if not told(form, result):
            return SeeOther(reverse("pupil", args=[pupil.pk]))
    words = request.POST.get("q", "").strip()[:100] if "find" in request.POST else ""
    context = _form_context(
        request, pupil.school, form, "Новый представитель", way=[*_way(pupil), _crumb(pupil)], button="Внести"
    ) | {"pupil": pupil, "words": words, "found": _looked_up(request, pupil, words), "back": _crumb(pupil)[1]}
    return render(request, "rosters/guardian_new.html", context, status=422 if form.errors else 200)


def _chosen(request: HttpRequest, pupil: Pupil) -> Guardian | None:
    """The known representative the address names; of another school is not there."""
    asked = request.GET.get("guardian", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        raise Http404
    return get_object_or_404(Guardian.objects.visible_to(request.user).filter(school=pupil.school_id), pk=int(asked))


def _looked_up(request: HttpRequest, pupil: Pupil, words: str) -> list[dict[str, str]]:
    """Representatives of the school whose name holds the words, but for those the pupil has."""
    if not words:
        return []
    found: Any = Guardian.objects.visible_to(request.user).filter(school=pupil.school_id).exclude(pupils=pupil)
    for word in showing.fold(words).split():
        found = found.filter(name_key__contains=word)
    address = reverse("guardian_new", args=[pupil.pk])
    return [
        {"name": one.full_name, "phone": showing.shown_phone(one.phone), "url": f"{address}?guardian={one.pk}"}
        for one in found.order_by("name_key", "id")[:20]
    ]


def _link_known(request: HttpRequest, pupil: Pupil, guardian: Guardian) -> HttpResponse:
    form = LinkForm(request.POST or None, link=None)
    if request.method == "POST" and form.is_valid():
        result = adults.save_link(pupil=pupil, guardian=guardian, texts=form.texts(), by=person(request))
        if not told(form, result):
            return SeeOther(reverse("pupil", args=[pupil.pk]))
    context = _form_context(
        request,
        pupil.school,
        form,
        guardian.full_name,
        way=[*_way(pupil), _crumb(pupil)],
        caption=f"Представитель обучающегося: {pupil.full_name}",
        back=reverse("guardian_new", args=[pupil.pk]),
        button="Сделать представителем",
    )
    return render(request, FORM, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def guardian_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A representative's own fields, and whose representative they are."""
    guardian = guardian_in_sight(request, pk)
    form = GuardianForm(request.POST or None, guardian=guardian)
    if request.method == "POST" and form.is_valid():
        row = adults.GivenAdult(form.texts(), id=guardian.pk)
        result = adults.save_adults(school=guardian.school, year=0, rows=[row], by=person(request))[0]
        if not told(form, result):
            messages.info(request, "Сохранили.")
            return SeeOther(reverse("guardian", args=[guardian.pk]))
    links: Any = Guardianship.objects.visible_to(request.user).filter(guardian=guardian)
    context = _form_context(request, guardian.school, form, guardian.full_name) | {
        "children": [showing.child_row(link) for link in links.select_related("pupil__school_class").order_by("pk")],
        "said": [one.message for one in get_messages(request)],
    }
    return render(request, "rosters/guardian.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def guardianship_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a representative is to a pupil and answered: invited, registered, refused; or no longer one."""
    link = link_in_sight(request, pk)
    pupil = link.pupil
    back = reverse("pupil", args=[pupil.pk])
    form = LinkForm(request.POST or None, link=link)
    if request.method == "POST" and "remove" in request.POST:
        changing.remove_links(links=[link], by=person(request))
        return SeeOther(back)
    if request.method == "POST" and form.is_valid():
        result = adults.save_link(pupil=pupil, guardian=link.guardian, texts=form.texts(), by=person(request))
        if not told(form, result):
            return SeeOther(back)
    context = _form_context(
        request,
        pupil.school,
        form,
        link.guardian.full_name,
        way=[*_way(pupil), _crumb(pupil)],
        back=back,
        caption=f"Представитель обучающегося: {pupil.full_name}",
        remove="Больше не представитель",
        person_url=reverse("guardian", args=[link.guardian_id]),
    )
    return render(request, FORM, context, status=422 if form.errors else 200)
