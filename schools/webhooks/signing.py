"""Signatures of the Standard Webhooks specification: HMAC-SHA256 over «id.timestamp.body» (pure)."""

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"
LENGTH = 32  # bytes; the specification allows 24 to 64


def new_secret() -> str:
    """A secret as both sides keep it: whsec_ and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(LENGTH)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: str) -> str:
    """«v1,…»: what webhook-signature says."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers_of(secret: str, message_id: str, timestamp: int, body: str) -> dict[str, str]:
    """The three headers of a message."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message_id, timestamp, body),
    }
