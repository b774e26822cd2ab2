"""What Resend reports to our webhook: its signature, and what it says of a mail. Unknown fields and kinds are kept.

Sources: https://resend.com/docs/webhooks/verify-webhooks-requests and …/webhooks/event-types.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

import resend

from mbs_app.domain.errors import InvalidInput, NotAllowed

ID_HEADER, TIME_HEADER, SIGNATURE_HEADER = "svix-id", "svix-timestamp", "svix-signature"


@dataclass(frozen=True, slots=True)
class Report:
    """One event. ``tags`` went out with the mail; ``is_for_good``: the address will never take a mail again.

    ``reason`` is the service's own sentence. ``raw`` is the whole, made fit to be stored.
    """

    kind: str
    provider_id: str
    to: str
    tags: Mapping[str, str]
    is_for_good: bool
    reason: str
    raw: dict[str, Any]


def read_signed(secret: str, headers: Mapping[str, str], body: bytes) -> Any:
    """The JSON of a request that Resend signed within the last five minutes.

    Raises:
        NotAllowed: a header is missing, or the signature is wrong or old.
        InvalidInput: it is signed, and no JSON.
    """
    try:
        return resend.Webhooks.verify(
            {
                "payload": body.decode(),
                "headers": {
                    "id": headers.get(ID_HEADER, ""),
                    "timestamp": headers.get(TIME_HEADER, ""),
                    "signature": headers.get(SIGNATURE_HEADER, ""),
                },
                "webhook_secret": secret,
            }
        )
    except RecursionError:
        raise InvalidInput("The body is nested too deep.") from None
    except ValueError as error:
        if isinstance(error.__cause__, json.JSONDecodeError):
            raise InvalidInput("The body is no JSON.") from None
        raise NotAllowed("The signature of this request is missing, wrong or old.") from None


def parse_report(payload: Any) -> Report:
    """A report of any shape; what isn't as documented counts as not said."""
    raw = _storable(payload)
    if not isinstance(raw, dict):
        raw = {"value": raw}
    data = _mapping(raw.get("data"))
    bounce, failed = _mapping(data.get("bounce")), _mapping(data.get("failed"))
    suppressed = _mapping(data.get("suppressed"))
    reasons = (bounce.get("message"), failed.get("reason"), suppressed.get("message"))
    return Report(
        kind=_text(raw.get("type")),
        provider_id=_text(data.get("email_id")),
        to=_address(data.get("to")),
        tags=_tags(data.get("tags")),
        is_for_good=_text(bounce.get("type")).lower() == "permanent",
        reason=next((_text(one) for one in reasons if _text(one)), ""),
        raw=raw,
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _address(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else value
    return parseaddr(_text(first))[1].lower()


def _tags(value: Any) -> dict[str, str]:
    """Documented as an object; a list of names and values is how they are sent."""
    if isinstance(value, list):
        value = {_text(one.get("name")): one.get("value") for one in value if isinstance(one, dict)}
    return {str(name): _text(given) for name, given in _mapping(value).items()}


def _storable(value: Any) -> Any:
    """The same without what PostgreSQL can't keep: NUL, halves of surrogate pairs, and what is no number."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {_storable(name): _storable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_storable(one) for one in value]
    return value
