"""A token that brings the revision asked for along: a 304 takes one query."""

from typing import Any

from rest_framework.request import Request

from reports.pulling.questions import Cursor
from reports.pulling.revisions import brought_along, wanted
from schools.rest import BearerAuthentication


class RatingBearer(BearerAuthentication):
    """`Authorization: Bearer …` for an address of a rating; `auth.rating_found` holds the revision's facts or None."""

    def tokens(self, request: Request) -> Any:
        """All tokens, each with the revision of the address."""
        found = super().tokens(request)
        week = (request.parser_context or {}).get("kwargs", {}).get("week")
        try:
            revisions = wanted(week or "", asked_revision(request.query_params))
        except ValueError:  # the view says what is wrong with it
            return found
        return found.annotate(rating_found=brought_along(revisions))


def asked_revision(params: Any) -> int | None:
    """The revision an address names: by itself, or by the page it goes on from; raises ValueError for nonsense."""
    if text := params.get("revision", ""):
        if not (text.isascii() and text.isdecimal() and len(text) < 6 and 0 < int(text) < 2**15):
            raise ValueError(text)
        return int(text)
    return Cursor.read(params["after"]).revision if params.get("after") else None
