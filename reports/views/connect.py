"""The page that shows programs the way to the rating."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from reports.connecting import TOKEN, WAYS
from reports.models import Rating, RatingState
from reports.pulling.revisions import LATEST


@login_required
@require_safe
def connect(request: HttpRequest) -> HttpResponse:
    """Texts to copy, with the portal's address and the newest published week."""
    newest = Rating.objects.visible_to(request.user).filter(state=RatingState.PUBLISHED).order_by("-week").first()
    week = str(newest.iso_week) if newest else LATEST
    address = settings.PORTAL_URL
    rating = reverse("api-ratings-detail", args=[week])
    context = {
        "ways": [(way, way.filled(address, week)) for way in WAYS],
        "token": TOKEN,
        "docs_url": reverse("api-docs"),
        "files": [
            ("CSV для Excel", f"{rating}?format=csv"),
            ("CSV для программ", f"{rating}?format=csv&dialect=comma"),
            ("Excel с паспортом показателя", f"{rating}?format=xlsx"),
            ("Parquet", f"{rating}?format=parquet"),
        ]
        if newest
        else [],
    }
    return render(request, "reports/connect.html", context)
