"""Values kept sealed in the database under FIELD_KEY: a copy of the base tells nothing without the key.

Short texts by AES-SIV, so that equal values match; files and plans, which are never looked for, by AES-GCM.
"""

import base64
import hashlib
import json
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
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
        raise ValueError(WRONG_KEY) from error


WRONG_KEY = "A sealed value cannot be opened: FIELD_KEY is not the key it was sealed with."
_FORM, _NONCE = b"\x01", 12  # a sealed body is its form, the nonce of AES-GCM, the cipher text with its mark


@lru_cache(maxsize=4)
def _body_cipher(key: str) -> AESGCM:
    return AESGCM(hashlib.sha256(b"bodies\0" + key.encode()).digest())


def seal_bytes(body: bytes) -> bytes:
    """Return sealed bytes, 29 longer than the body and different each time."""
    nonce = os.urandom(_NONCE)
    return _FORM + nonce + _body_cipher(settings.FIELD_KEY).encrypt(nonce, body, None)


def unseal_bytes(sealed: bytes | memoryview) -> bytes:
    """Return the bytes behind `seal_bytes`.

    Raises ValueError if FIELD_KEY is not the one they were sealed with, or somebody changed them.
    """
    view = memoryview(sealed)
    try:
        if bytes(view[:1]) != _FORM:
            raise ValueError(WRONG_KEY)
        return _body_cipher(settings.FIELD_KEY).decrypt(bytes(view[1 : 1 + _NONCE]), view[1 + _NONCE :], None)
    except (InvalidTag, ValueError) as error:
        raise ValueError(WRONG_KEY) from error


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


class SealedBinaryField(models.BinaryField):
    """Bytes that are plain in Python and sealed in the database; looked for only by whether there are any.

    To migrations it is the plain binary column it is in the database.
    """

    def deconstruct(self) -> Any:
        """The column, which is all a migration knows of."""
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.BinaryField", arguments, options

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Seal on the way to the database."""
        sealed = None if value is None else seal_bytes(bytes(value))
        return super().get_db_prep_value(sealed, connection, prepared)

    def from_db_value(self, value: Any, expression: Expression, connection: BaseDatabaseWrapper) -> bytes | None:
        """Open on the way from the database."""
        return None if value is None else unseal_bytes(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow only `isnull`: the same bytes are sealed differently each time."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class SealedJSONField(models.JSONField):
    """JSON that is plain in Python and a sealed text inside the database's JSON; nothing in it is looked for."""

    def deconstruct(self) -> Any:
        """The column, which is all a migration knows of."""
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.JSONField", arguments, options

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Seal on the way to the database; what is empty stays as it is."""
        if value and not hasattr(value, "as_sql"):
            value = base64.b64encode(seal_bytes(json.dumps(value, cls=self.encoder).encode())).decode()
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        """Open on the way from the database."""
        kept = super().from_db_value(value, expression, connection)
        return json.loads(unseal_bytes(base64.b64decode(kept)), cls=self.decoder) if isinstance(kept, str) else kept

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow only `isnull`."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> Any:
        """No key of it can be looked for."""
        return None
