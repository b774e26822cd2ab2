"""From an HTTP answer, or the lack of one, to a :data:`~mbs_app.providers.base.SendOutcome`.

The line that matters runs between "certainly not processed" and "perhaps processed". ``POST /Messages``
has no idempotency key, so a text on the wrong side of it would reach a person twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from mbs_app.domain.carrier_codes import CodeAction, CodeMeaning, explain
from mbs_app.domain.clock import utc_now
from mbs_app.providers.base import (
    Accepted,
    InDoubt,
    NotProcessed,
    Rejected,
    SenderRefused,
    SendOutcome,
)

_SETUP_CODES = frozenset((10001, 20003, 20403, 20404, 21212, 21609, 21661, 21705))
"""Refusals that every further text would meet too, on top of those the code table pauses a campaign for."""

_SID = re.compile(r"[!-~]{1,40}")
"""What the books can hold as a provider's id; Twilio's have 34 letters and digits."""

QUEUE_FULL_PAUSE = 60.0
"""Seconds to leave a sender alone whose queue is full: at one segment a second that frees 60 places."""


def outcome_of_answer(status: int, text: str, headers: Mapping[str, str]) -> SendOutcome:
    """Classify an answer. ``status`` is the HTTP status, ``text`` the body as received."""
    if 200 <= status < 300:
        return _accepted(text)
    if status >= 500 or status == 408:
        return InDoubt(f"Twilio answered {status}.")
    body = _object(text) or {}
    code = _whole_number(body.get("code"))
    message = str(body.get("message") or f"HTTP {status}").replace("\0", "")
    meaning = explain(code)
    if _is_about_us(status, code, meaning):
        return SenderRefused(code, message, _sender_words(meaning))
    if status == 429 or meaning.action is CodeAction.SLOW_DOWN:
        pause = retry_after(headers)
        if pause is None and code == 21611:
            pause = QUEUE_FULL_PAUSE
        return NotProcessed(pause, code, explain(code or 20429).words)
    return Rejected(code, message, meaning.words)


def outcome_of_error(error: BaseException) -> SendOutcome:
    """Classify an exception of the HTTP client.

    Only a connection that was never made proves that nothing was processed. A connection from the pool
    that turns out closed proves nothing: the other side may have read the request before it closed.
    """
    if isinstance(error, aiohttp.ClientConnectorError):
        return NotProcessed(None, None, "Twilio can’t be reached")
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return NotProcessed(None, None, "Twilio doesn’t answer")
    if isinstance(error, TimeoutError):
        return InDoubt("No answer in time.")
    if isinstance(error, aiohttp.ClientPayloadError | ValueError):
        return InDoubt("The answer was cut short or unreadable.")
    return InDoubt("The connection broke before the answer came.")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from a ``Retry-After`` header, in either form of RFC 9110; None without a usable one."""
    given = headers.get("Retry-After")
    if not given:
        return None
    try:
        return max(0.0, float(given))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(given)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - utc_now()).total_seconds())


def whole_number(value: object) -> int | None:
    """An integer of at most 31 bits from what the API gives as a string, a number or nothing."""
    return _whole_number(value)


def aware(value: datetime | None) -> datetime | None:
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def _accepted(text: str) -> SendOutcome:
    body = _object(text)
    provider_id = body.get("sid") if body else None
    if not body or not isinstance(provider_id, str) or not _SID.fullmatch(provider_id):
        return InDoubt("Twilio’s answer couldn’t be read.")
    # With a messaging service the count is "0" until a sender is chosen: not known, rather than none.
    segments = _whole_number(body.get("num_segments")) or None
    status = str(body.get("status") or "queued").replace("\0", "")
    return Accepted(provider_id, status, segments)


def _object(text: str) -> dict[str, object] | None:
    try:
        body = json.loads(text)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _whole_number(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10:
        value = int(value)
    return value if isinstance(value, int) and abs(value) < 2**31 else None


def _is_about_us(status: int, code: int | None, meaning: CodeMeaning) -> bool:
    """Whether the refusal is about the account, the sender or the set-up, and not about the person."""
    if meaning.action is CodeAction.PAUSE_CAMPAIGN or code in _SETUP_CODES:
        return True
    # A redirect, or a refusal to speak with us at all: the address or the credentials are wrong.
    return status < 400 or status in (401, 403, 404, 405)


def _sender_words(meaning: CodeMeaning) -> str:
    if meaning.action is CodeAction.PAUSE_CAMPAIGN:
        return f"{meaning.words}. {meaning.advice}"
    return "Twilio refused the request. Check the account, the sender and TWILIO_API_BASE_URL."
