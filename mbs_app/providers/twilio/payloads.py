"""Twilio's webhooks, read into values of ours. Unknown parameters are kept in ``raw``, never refused.

Source: https://www.twilio.com/docs/messaging/guides/webhook-request and …/guides/track-outbound-message-status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mbs_app.domain.errors import InvalidInput
from mbs_app.providers.twilio.outcomes import whole_number


@dataclass(frozen=True, slots=True)
class StatusCallback:
    """A receipt. ``status`` is Twilio's word (sent, delivered, undelivered, failed …)."""

    message_sid: str
    status: str
    error_code: int | None
    to: str
    from_: str
    raw: dict[str, str]


@dataclass(frozen=True, slots=True)
class InboundText:
    """A text from a person. ``opt_out_type`` (STOP, START, HELP) is set where Twilio replied already."""

    message_sid: str
    from_: str
    to: str
    body: str
    opt_out_type: str | None
    num_media: int
    raw: dict[str, str]


def parse_status_callback(form: Mapping[str, str]) -> StatusCallback:
    """Raises InvalidInput where the message's SID or status is missing."""
    return StatusCallback(
        message_sid=_required(form, "MessageSid", "SmsSid"),
        status=_required(form, "MessageStatus", "SmsStatus").lower(),
        error_code=whole_number(form.get("ErrorCode", "")),
        to=form.get("To", ""),
        from_=form.get("From", ""),
        raw=dict(form),
    )


def parse_inbound_text(form: Mapping[str, str]) -> InboundText:
    """Raises InvalidInput where the message's SID or a number is missing. A body may be empty."""
    return InboundText(
        message_sid=_required(form, "MessageSid", "SmsMessageSid", "SmsSid"),
        from_=_required(form, "From"),
        to=_required(form, "To"),
        body=form.get("Body", ""),
        opt_out_type=(form.get("OptOutType") or "").upper() or None,
        num_media=whole_number(form.get("NumMedia", "")) or 0,
        raw=dict(form),
    )


def _required(form: Mapping[str, str], *names: str) -> str:
    for name in names:
        if value := form.get(name):
            return value
    raise InvalidInput(f"The parameter {names[0]} is missing.")
