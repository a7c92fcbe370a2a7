"""Values kept sealed in the database: AES-SIV under FIELD_KEY; equal values match, a copy of the base tells nothing."""

import base64
import hashlib
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression


@lru_cache(maxsize=4)
def _cipher(key: str) -> AESSIV:
    return AESSIV(hashlib.sha512(key.encode()).digest())


def seal(value: str) -> str:
    """Return the sealed text of a value ('' stays ''); the same value always gives the same text."""
    if not value:
        return ""
    return base64.b64encode(_cipher(settings.FIELD_KEY).encrypt(value.encode(), None)).decode()


def unseal(text: str) -> str:
    """Return the value behind a sealed text.

    Raises ValueError if FIELD_KEY is not the one it was sealed with.
    """
    if not text:
        return ""
    try:
        return _cipher(settings.FIELD_KEY).decrypt(base64.b64decode(text), None).decode()
    except (InvalidTag, ValueError) as error:
        raise ValueError("A sealed value cannot be opened: FIELD_KEY is not the key it was sealed with.") from error


class SealedField(models.CharField):
    """A short text that is plain in Python and sealed in the database; supports exact look-ups only."""

    def get_prep_value(self, value: Any) -> str:
        """Seal on the way to the database."""
        return seal(super().get_prep_value(value) or "")

    def from_db_value(self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper) -> str:
        """Open on the way from the database."""
        return unseal(value or "")

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow only `exact` and `in`: a sealed text has no order and no prefix."""
        return super().get_lookup(lookup_name) if lookup_name in {"exact", "in"} else None
