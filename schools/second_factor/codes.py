"""Codes of the second factor: those of an authenticator app (RFC 6238), recovery codes, and the address to scan."""

import base64
import hmac
import re
import secrets
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.utils.crypto import salted_hmac

STEP = 30  # seconds
DIGITS = 6
WINDOW = 1  # steps a phone's clock may be off, either way
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another: 31, so ten of them are 49 bits


def new_secret() -> str:
    """A new secret, 160 bits in base 32, as authenticator apps take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def _generator(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP)  # every app knows SHA-1 with six digits


def code_at(secret: str, moment: float) -> str:
    """The code the app shows at a moment (seconds since the epoch)."""
    return _generator(secret).generate(int(moment)).decode()


def matching_step(secret: str, code: str, moment: float, after: int) -> int | None:
    """The number of the 30-second step a code belongs to, None for a wrong one.

    Only steps after `after` count, so that a code seen over a shoulder is not taken twice.
    """
    now = int(moment) // STEP
    found = None
    for step in range(now - WINDOW, now + WINDOW + 1):
        if hmac.compare_digest(code_at(secret, step * STEP), code) and step > after:
            found = step
    return found


def address(secret: str, account: str) -> str:
    """The otpauth:// address an app reads from the picture; the portal is named by its host: short, in Latin."""
    return _generator(secret).get_provisioning_uri(account, urlsplit(settings.PORTAL_URL).hostname or "portal")


def spaced(secret: str) -> str:
    """A secret in fours, to be typed from the screen."""
    return " ".join(re.findall(".{1,4}", secret))


def tidy_code(text: str) -> str:
    """What was typed without spaces and dashes, in lower case."""
    return re.sub(r"[\s\u2010-\u2015-]+", "", text).lower()[:40]


def new_recovery_codes() -> list[str]:
    """Fresh recovery codes, «abcde-fgh23»; each lets in once."""
    codes = ("".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def digest_of(code: str) -> str:
    """What is kept of a recovery code: a digest that tells nothing without SECRET_KEY."""
    return salted_hmac("schools.second_factor.recovery", tidy_code(code), algorithm="sha256").hexdigest()
