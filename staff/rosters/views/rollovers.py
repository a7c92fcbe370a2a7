"""Pages of the change of school years: what would happen, the confirmation, the outcome with its undo."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from schools.models import School
from schools.texts import counted, date_text, moment_text, number
from schools.years import school_year_of, school_year_title
from staff.imports.services import ImportRefused
from staff.models import YearRollover
from staff.rosters import rollover, showing
from staff.rosters.plan_page import undo_reasons
from staff.rosters.views.access import SeeOther, own_school, person
from staff.showing import crumbs


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def rollover_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What moving into the next school year would do; the same form confirms it."""
    school = own_school(request, pk)
    today = timezone.localdate()
    year = rollover.year_ahead(school, today)
    before = rollover.done_already(school, year - 1)
    if year > school_year_of(today) + 1 and before is not None:
        return redirect("rollover_done", pk=before.pk)
    plan = rollover.plan_rollover(school, year, request.POST.dict(), today)
    refused = ""
    if "apply" in request.POST:
        try:
            done = rollover.roll_over(
                school=school,
                plan=plan,
                by=person(request),
                stamp=request.POST.get("stamp", ""),
                sure="sure" in request.POST,
            )
        except ImportRefused as refusal:
            refused = str(refusal)
        else:
            return SeeOther(reverse("rollover_done", args=[done.pk]))
    context = _context(request, school, plan) | {"refused": refused, "is_early": rollover.is_early(year, today)}
    return render(request, "rosters/rollover.html", context, status=409 if refused else 200)


def _context(request: HttpRequest, school: School, plan: rollover.Rollover) -> dict[str, Any]:
    title = school_year_title(plan.year)
    moved, left, held = (plan.count(action) for action in (rollover.MOVE, rollover.LEAVE, rollover.HOLD))
    parts = [
        (moved, counted(moved, "переходит", "переходят", "переходят") + " в следующий класс"),
        (left, counted(left, "выпускается", "выпускаются", "выпускаются")),
        (held, counted(held, "останется", "останутся", "останутся") + " пока без класса"),
    ]
    return {
        "school": school,
        "plan": plan,
        "year_title": title,
        "crumbs": crumbs(request.user, school, showing.school_crumb(school), (f"Перевод на {title}", "")),
        "said": ", ".join(text for count, text in parts if count) or "Учеников в классах нет",
        "actions": rollover.ACTIONS,
        "primary": any(step.grade == 4 and step.teachers for step in plan.steps),
        "days": counted(settings.KEEP_FILES_DAYS, "день", "дня", "дней"),
        "starts": date_text(timezone.localdate().replace(year=plan.year, month=9, day=1)),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def rollover_done(request: HttpRequest, pk: int) -> HttpResponse:
    """What a rollover did, and its undo; a permanent address."""
    found: Any = YearRollover.objects.visible_to(request.user)
    done: YearRollover = get_object_or_404(
        found.select_related("school__region", "school__municipality", "done_by"), pk=pk
    )
    if request.method == "POST":
        try:
            rollover.take_back(done=done, by=person(request))
        except ImportRefused as refusal:
            messages.error(request, str(refusal))
        return SeeOther(reverse("rollover_done", args=[done.pk]))
    school, counts, title = done.school, done.summary, school_year_title(done.year)
    undone = counts.get("undo") or {}
    context = {
        "school": school,
        "done": done,
        "counts": counts,
        "year_title": title,
        "crumbs": crumbs(request.user, school, showing.school_crumb(school), (f"Перевод на {title}", "")),
        "when": moment_text(done.done_at),
        "by": str(done.done_by) if done.done_by else "",
        "text": _text(counts),
        "undone": moment_text(done.undone_at) if done.undone_at else "",
        "reasons": list(undo_reasons(undone)),
        "can_undo": rollover.can_take_back(done),
        "refused": [one.message for one in get_messages(request)],
    }
    return render(request, "rosters/rollover_done.html", context)


def _text(counts: dict[str, Any]) -> str:
    parts = [
        (
            counts["moved"],
            counted(counts["moved"], "обучающийся переведён", "обучающихся переведены", "обучающихся переведены"),
        ),
        (counts["left"], counted(counts["left"], "выпущен", "выпущены", "выпущены")),
        (counts["held"], f"{number(counts['held'])} пока без класса"),
        (counts["classes"], counted(counts["classes"], "новый класс", "новых класса", "новых классов")),
    ]
    return ", ".join(text for count, text in parts if count)
