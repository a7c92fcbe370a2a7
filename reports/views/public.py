"""The rating a region has opened to everybody, and the switch by which its coordinator opens and closes it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from reports.models import PublicRating
from reports.reading import public
from reports.reading import ratings as rating_page
from reports.reading.homes import crumbs
from reports.reading.weeks import picker, stamp
from reports.steps.services import rules_place
from reports.views.steps import user_of
from schools.models import Region

FRESH = 300  # seconds a page of a closed week may be kept by anybody


@require_safe
def public_rating(request: HttpRequest, code: str) -> HttpResponse:
    """The last published week of a region, for anybody; 404 unless the region has opened it."""
    opened = public.opened_by(code)
    chosen = public.choose(request.GET) if opened else None
    if opened is None or chosen is None:
        raise Http404
    filters = public.asked(opened, request.GET)
    context: dict[str, Any] = public.page(opened, chosen, filters, request.GET) | {
        "region": opened.region,
        "chosen": chosen,
        "asked": filters,
        "params": request.GET,
        "picker": picker(chosen, request.GET) | {"all_url": ""},
        "stamp_line": stamp(chosen) | {"url": "", "link": ""},
        "levels": [(rating_page.TITLES[level], level.name.lower()) for level in opened.levels],
        "indicators": [(each.short_name, each.key) for each in rating_page.indicators_for(filters.level)],
        "title": rating_page.TITLES[filters.level],
        "column": rating_page.COLUMNS[filters.level],
    }
    response = render(request, "reports/public.html", context)
    if not request.user.is_authenticated:  # a page of somebody signed in names them
        patch_cache_control(response, public=True, max_age=FRESH)
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def public_switch(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the region's rating is open to everybody; its coordinators decide."""
    region = get_object_or_404(Region.objects.visible_to(request.user), code=code)
    may_switch = rules_place(user_of(request), region)
    opened = PublicRating.objects.visible_to(request.user).filter(region=region).select_related("opened_by").first()
    if request.method == "POST":
        if not may_switch:
            raise PermissionDenied
        _switch(request, region)
        return redirect("public_switch", code=code)
    trail = crumbs(request.user, region, ("Открытый рейтинг", ""))
    context = {"region": region, "opened": opened, "may_switch": may_switch, "crumbs": trail}
    return render(request, "reports/public_switch.html", context)


def _switch(request: HttpRequest, region: Region) -> None:
    asked = request.POST.get("open", "")
    if asked == "no":
        PublicRating.objects.editable_by(request.user).filter(region=region).delete()
        messages.success(request, "Рейтинг закрыт: его видят только те, у кого есть назначение.")
    elif asked in ("municipalities", "schools"):
        facts = {"shows_schools": asked == "schools", "opened_by": user_of(request)}
        PublicRating.objects.editable_by(request.user).update_or_create(region=region, defaults=facts)
        messages.success(request, "Рейтинг открыт: ссылку можно опубликовать.")
