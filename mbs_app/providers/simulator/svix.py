"""Svix's webhook signature, which Resend uses. Source: https://docs.svix.com/receiving/verifying-payloads/how-manual."""

from __future__ import annotations

import base64
import hmac
import time
from hashlib import sha256


def svix_headers(
    secret: str, message_id: str, payload: bytes, at: float | None = None
) -> dict[str, str]:
    """The three headers for a payload. ``secret`` starts with ``whsec_``; ``at`` is seconds since the epoch."""
    timestamp = str(int(time.time() if at is None else at))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((message_id.encode(), timestamp.encode(), payload))
    signature = base64.b64encode(hmac.digest(key, signed, sha256)).decode()
    return {
        "svix-id": message_id,
        "svix-timestamp": timestamp,
        "svix-signature": f"v1,{signature}",
    }
