"""Pages of letters to schools and of the territory's contact book."""

import datetime
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time
from django.views.decorators.http import require_http_methods, require_safe

from reports import digests
from reports.letters import services
from reports.letters.services import Draft, LetterRefused
from reports.letters.topics import TOPIC_BY_KEY, TOPICS, Topic
from reports.reading import contacts as contact_book
from reports.reading.homes import crumbs
from reports.reading.tables import bounds, page_of
from reports.views.steps import user_of
from schools.exports import Sheet, xlsx_file
from schools.models import Letter, LetterRecipient, Region, School
from schools.renderers import XLSX_TYPE
from schools.scope import Level, sight_of
from schools.second_factor.views import before_factor
from schools.senders import Sender, schools_of, sender_of

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DAYS_TO_ANSWER = 5


def _writers_only(request: HttpRequest) -> None:
    """Letters are written and seen by coordinators; for everyone else there is no such page."""
    sight = sight_of(request.user)
    if not (sight.everything or sight.region_ids or sight.municipality_ids):
        raise Http404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose schools, mend the text, then send it or only keep it as a document."""
    _writers_only(request)
    sender = sender_of(request.GET, request.user)
    topic = TOPIC_BY_KEY.get(request.GET.get("topic", ""), TOPICS[0])
    if request.method != "POST":
        return _form(request, sender, topic)
    try:
        letter = services.write_letter(sender=sender, draft=_draft(request, topic), by=user_of(request))
    except LetterRefused as refusal:
        return _form(request, sender, topic, str(refusal))
    return redirect("letter", letter.pk)


def _draft(request: HttpRequest, topic: Topic) -> Draft:
    sent = request.POST
    ids = frozenset(int(text) for text in sent.getlist("school") if text.isascii() and text.isdecimal())
    return Draft(
        topic=topic,
        subject=sent.get("subject", "").strip(),
        text=sent.get("text", "").strip().replace("\r\n", "\n"),
        deadline_at=_deadline(sent.get("day", ""), sent.get("time", "")),
        reply_to=sent.get("reply_to", "").strip(),
        by_mail=sent.get("how") == "mail",
        school_ids=ids,
    )


def _deadline(day_text: str, time_text: str) -> datetime.datetime | None:
    """The moment of two fields by Moscow's clock; no day means no deadline. Raises LetterRefused."""
    if not day_text.strip():
        return None
    try:
        day, clock = parse_date(day_text.strip()), parse_time(time_text.strip() or "15:00")
    except ValueError:
        day = clock = None
    if day is None or clock is None:
        raise LetterRefused("Такого дня или часа нет. Выберите срок ещё раз.")
    return timezone.make_aware(datetime.datetime.combine(day, clock))


def _form(request: HttpRequest, sender: Sender, topic: Topic, problem: str = "") -> HttpResponse:
    schools = topic.concerns(schools_of(sender, request.user)).order_by("name_key", "pk")
    found = list(schools[: services.MOST_SCHOOLS])
    rows = topic.rows(schools)
    sent = request.POST
    day = timezone.localdate() + datetime.timedelta(days=DAYS_TO_ANSWER)
    default = timezone.make_aware(datetime.datetime.combine(day, datetime.time(15)))
    chosen = set(sent.getlist("school")) if problem else {str(school.pk) for school in found}
    context = {
        "sender": sender,
        "topic": topic,
        "topics": TOPICS,
        "rows": [(school, rows.get(school.pk, []), str(school.pk) in chosen) for school in found],
        "without_mail": sum(not school.email for school in found),
        "problem": problem,
        "values": {
            "subject": sent.get("subject", topic.subject),
            "text": sent.get("text", services.opening(topic, None)),
            "day": sent.get("day", default.date().isoformat()),
            "time": sent.get("time", "15:00"),
            "reply_to": sent.get("reply_to", user_of(request).email),
        },
        "params": request.GET,
        "crumbs": _crumbs(request, sender, ("Письмо школам", "")),
    }
    return render(request, "reports/letter_new.html", context, status=422 if problem else 200)


def _crumbs(request: HttpRequest, sender: Sender, *more: tuple[str, str]) -> Any:
    if isinstance(sender, Region):
        return crumbs(request.user, sender, *more)
    return crumbs(request.user, sender.region, (sender.name, sender.get_absolute_url()), *more)


@login_required
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The log of letters: what was sent, when, to how many."""
    _writers_only(request)
    found = Letter.objects.visible_to(request.user).select_related("region", "municipality", "created_by")
    total = found.count()
    first, last = bounds(request.GET, total)
    rows = list(found.with_counts()[first:last])
    context = {"table": page_of(rows, request.GET, total), "crumbs": [("Обзор", "/"), ("Письма школам", "")]}
    return render(request, "reports/letters.html", context)


@login_required
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: how far the sending is, which schools have it, the document."""
    seen = Letter.objects.visible_to(request.user).select_related("region", "municipality", "created_by")
    found = get_object_or_404(seen, pk=pk)
    recipients = LetterRecipient.objects.visible_to(request.user).filter(letter=found).select_related("school")
    total = recipients.count()
    first, last = bounds(request.GET, total)
    rows = recipients.order_by("school__name_key", "pk")[first:last]
    sender = found.region or found.municipality
    assert sender is not None  # a constraint of the table
    context = {
        "letter": found,
        "table": page_of(list(rows), request.GET, total),
        "sent": recipients.exclude(sent_at=None).count(),
        "failed": recipients.exclude(error="").count(),
        "total": total,
        "lines": found.table.get("rows", {}),
        "crumbs": _crumbs(request, sender, ("Письмо", "")),
    }
    return render(request, "reports/letter.html", context)


@login_required
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter as a DOCX."""
    seen = Letter.objects.visible_to(request.user).select_related("region", "municipality", "created_by")
    found = get_object_or_404(seen, pk=pk)
    response = HttpResponse(services.document_of(found), content_type=DOCX_TYPE)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'Письмо {found.pk}.docx')}"
    return response


@login_required
@require_safe
def contacts(request: HttpRequest) -> HttpResponseBase:
    """The contact book of the reader's territory: head, telephone, e-mail, administrator."""
    sight = sight_of(request.user)
    if not sight.everything and (sight.level is None or sight.level in (Level.COUNTRY, Level.SCHOOL)):
        raise Http404
    schools = contact_book.found(School.objects.visible_to(request.user), request.GET)
    if request.GET.get("format") == "xlsx":
        sheet = Sheet("Контакты", contact_book.HEADER, contact_book.export_rows(schools))
        file = xlsx_file([sheet])
        return FileResponse(file, as_attachment=True, filename="Контакты школ.xlsx", content_type=XLSX_TYPE)
    context = contact_book.page(schools, request.GET) | {"params": request.GET}
    return render(request, "reports/contacts.html", context | {"crumbs": [("Обзор", "/"), ("Контакты", "")]})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def digest(request: HttpRequest) -> HttpResponse:
    """Turn one's weekly digest on or off; by hand the address leads to the profile, where the button is."""
    if request.method == "POST":
        user = user_of(request)
        user.wants_digest = request.POST.get("wants") == "1"
        user.save(update_fields=["wants_digest"])
    return redirect("profile")


@before_factor
@require_http_methods(["GET", "HEAD", "POST"])
def digest_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop a digest from its own letter, without signing in; looking at the page changes nothing."""
    done = request.method == "POST" and digests.stop(token)
    if request.method == "POST" and not done:
        raise Http404
    return render(request, "reports/digest_stop.html", {"done": done})
