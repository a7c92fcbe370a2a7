"""How tokens are kept: by a keyed digest, so that a copy of the database alone cannot be searched for one.

The key comes from SECRET_KEY, which the database does not hold; a new SECRET_KEY revokes all tokens.
"""

import hashlib
import hmac

from django.conf import settings


def keyed_digest() -> "hmac.HMAC":
    """What knox hashes a token with (REST_KNOX["SECURE_HASH_ALGORITHM"]): HMAC-SHA-512."""
    key = hashlib.sha512(b"schools.tokens" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, digestmod=hashlib.sha512)
