"""The revision an address means, brought by the very query that looks up the token: a 304 takes no other."""

from typing import Any

from django.db.models import Subquery
from rest_framework.request import Request

from reports.pulling.questions import Cursor
from reports.pulling.revisions import brought_along, wanted


def rating_with_token(request: Request, week: str | None) -> dict[str, Subquery]:
    """Annotations for the token; none where the address is wrong: the view says so."""
    try:
        return {"rating_found": brought_along(wanted(week or "", asked_revision(request.query_params)))}
    except ValueError:
        return {}


def asked_revision(params: Any) -> int | None:
    """The revision an address names: by itself, or by the page it goes on from; raises ValueError for nonsense."""
    if text := params.get("revision", ""):
        if not (text.isascii() and text.isdecimal() and len(text) < 6 and 0 < int(text) < 2**15):
            raise ValueError(text)
        return int(text)
    return Cursor.read(params["after"]).revision if params.get("after") else None
