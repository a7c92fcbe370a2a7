"""What every page needs besides its own content."""

from typing import Any

from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return the template context shared by all pages."""
    return {}
