"""The page of one legal act: how to cite it, its fate, what it says, and what in the portal rests on it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chats.legal_acts.kinds import UNVERIFIED, Case
from chats.models import LegalAct
from reports.reading.bases import resting_on
from schools.scope import sight_of

MOST_RELATED = 20  # acts that amend one, or that it superseded
MOST_SUCCESSORS = 3


@login_required
@require_safe
def legal_act(request: HttpRequest, key: str) -> HttpResponse:
    """One act."""
    acts = LegalAct.objects.visible_to(request.user)
    act = get_object_or_404(acts.select_related("superseded_by", "amends"), key=key)
    sight = sight_of(request.user)
    context = {
        "act": act,
        "cited": act.cited(),
        "in_accordance": act.cited(Case.INSTRUMENTAL),
        "unknown": act.unknown(),
        "is_unverified": act.state == UNVERIFIED.key and "number" in act.kind_facts.requisites,
        "successors": act.successors(MOST_SUCCESSORS),
        "predecessors": acts.filter(superseded_by=act).newest_first()[:MOST_RELATED],
        "amendments": acts.filter(amends=act).newest_first()[:MOST_RELATED],
        "groups": resting_on(key, opens=sight.level is not None),
        "edit_url": reverse("admin:chats_legalact_change", args=[act.pk]) if sight.everything else "",
        "crumbs": [("Нормативная база", reverse("library")), (act.heading, "")],
    }
    return render(request, "library/act.html", context)
