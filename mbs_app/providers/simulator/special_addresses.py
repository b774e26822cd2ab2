"""Addresses that always give a certain outcome. The simulator's page shows this table.

The first four are Resend's own (https://resend.com/docs/dashboard/emails/send-test-emails), the others ours. The
part before the @ decides, with or without a label: ``bounced+maya@resend.dev``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any

DOMAINS = ("resend.dev", "simulator.test")


@dataclass(frozen=True, slots=True)
class MailFate:
    """``events`` happen in this order; ``details`` are what an event says besides. ``refusal``: not taken."""

    events: tuple[str, ...] = ("email.sent", "email.delivered")
    details: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class SpecialAddress:
    address: str
    words: str
    fate: MailFate


def _bounce(kind: str, sub: str, message: str) -> dict[str, Any]:
    return {"email.bounced": {"bounce": {"type": kind, "subType": sub, "message": message}}}


_ARRIVES = MailFate()
_ALL = (
    SpecialAddress("delivered@resend.dev", "Delivered", _ARRIVES),
    SpecialAddress(
        "bounced@resend.dev",
        "Comes back for good: no such mailbox",
        MailFate(
            ("email.sent", "email.bounced"),
            _bounce("Permanent", "General", "The recipient's email address doesn't exist."),
        ),
    ),
    SpecialAddress(
        "complained@resend.dev",
        "Delivered, then marked as spam",
        MailFate(("email.sent", "email.delivered", "email.complained")),
    ),
    SpecialAddress(
        "suppressed@resend.dev",
        "Not sent: on Resend’s list",
        MailFate(
            ("email.suppressed",),
            {
                "email.suppressed": {
                    "suppressed": {
                        "type": "OnAccountSuppressionList",
                        "message": "The recipient is on the account's suppression list.",
                    }
                }
            },
        ),
    ),
    SpecialAddress(
        "full@simulator.test",
        "Comes back: mailbox full",
        MailFate(
            ("email.sent", "email.bounced"),
            _bounce("Temporary", "MailboxFull", "The recipient's mailbox is full."),
        ),
    ),
    SpecialAddress(
        "delayed@simulator.test",
        "Delayed, then delivered",
        MailFate(("email.sent", "email.delivery_delayed", "email.delivered")),
    ),
    SpecialAddress(
        "failed@simulator.test",
        "Taken, then not sent: quota reached",
        MailFate(
            ("email.failed",), {"email.failed": {"failed": {"reason": "reached_daily_quota"}}}
        ),
    ),
    SpecialAddress(
        "refused@simulator.test",
        "Not taken",
        MailFate((), refusal="The `to` field can't be sent to."),
    ),
)
SPECIAL_ADDRESSES = {special.address: special for special in _ALL}
_BY_LOCAL_PART = {special.address.partition("@")[0]: special.fate for special in _ALL}


def fate_of(address: str) -> MailFate:
    """What happens to a mail to ``address``; an ordinary one arrives."""
    local, _, domain = parseaddr(address)[1].lower().rpartition("@")
    if domain not in DOMAINS:
        return _ARRIVES
    return _BY_LOCAL_PART.get(local.partition("+")[0], _ARRIVES)
