"""How messages and campaigns move from one state to the next."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mbs_app.domain.vocabulary import CampaignStatus, MessageStatus

_M, _C = MessageStatus, CampaignStatus

# Providers repeat and reorder their callbacks, so what they say only ever moves a message up a
# rank. Unknown ranks below sending: whatever the provider then says settles the doubt.
MESSAGE_RANK: Mapping[MessageStatus, int] = MappingProxyType(
    {
        _M.PENDING: 0,
        _M.UNKNOWN: 1,
        _M.SENDING: 2,
        _M.SENT: 3,
        _M.DELIVERED: 4,
        _M.FAILED: 4,
        _M.SKIPPED: 4,
    }
)
TERMINAL_MESSAGES = frozenset({_M.DELIVERED, _M.FAILED, _M.SKIPPED})

# Left out: receiving and received, which belong to texts that come in.
_TWILIO_STATUS = {
    "accepted": _M.SENDING,
    "scheduled": _M.SENDING,
    "queued": _M.SENDING,
    "sending": _M.SENDING,
    "sent": _M.SENT,
    "partially_delivered": _M.SENT,
    "delivered": _M.DELIVERED,
    "read": _M.DELIVERED,
    "undelivered": _M.FAILED,
    "failed": _M.FAILED,
    "canceled": _M.FAILED,
}

# A campaign that is scheduled goes back to draft to be edited, so nobody changes a text that is
# about to leave. Paused ends as sent when the last texts in flight settle while it is paused.
CAMPAIGN_MOVES: Mapping[CampaignStatus, frozenset[CampaignStatus]] = MappingProxyType(
    {
        _C.DRAFT: frozenset({_C.SCHEDULED, _C.SENDING}),
        _C.SCHEDULED: frozenset({_C.DRAFT, _C.SENDING, _C.CANCELLED, _C.FAILED}),
        _C.SENDING: frozenset({_C.PAUSED, _C.SENT, _C.FAILED, _C.CANCELLED}),
        _C.PAUSED: frozenset({_C.SENDING, _C.SENT, _C.FAILED, _C.CANCELLED}),
        _C.SENT: frozenset(),
        _C.FAILED: frozenset(),
        _C.CANCELLED: frozenset(),
    }
)
EDITABLE_CAMPAIGNS = frozenset({_C.DRAFT})
LIVE_CAMPAIGNS = frozenset({_C.SENDING, _C.PAUSED})
FINAL_CAMPAIGNS = frozenset({_C.SENT, _C.FAILED, _C.CANCELLED})


def twilio_status_to_message_status(raw: str | None) -> MessageStatus | None:
    """Our status for Twilio's ``MessageStatus``; None for one that says nothing about a sent text.

    Source: Twilio's Message resource, "Message Status values". Part of the segments delivered is
    not the text delivered, so ``partially_delivered`` stays below it.
    """
    return _TWILIO_STATUS.get((raw or "").strip().lower())


def advance(current: MessageStatus, incoming: MessageStatus) -> MessageStatus:
    """The status after the provider said ``incoming``: up a rank, or as it was."""
    return incoming if MESSAGE_RANK[incoming] > MESSAGE_RANK[current] else current


def is_final(status: MessageStatus) -> bool:
    return status in TERMINAL_MESSAGES


def can_move(current: CampaignStatus, to: CampaignStatus) -> bool:
    """Whether a campaign may go from ``current`` straight to ``to``; staying put is not a move."""
    return to in CAMPAIGN_MOVES[current]


def sources_of(to: CampaignStatus) -> frozenset[CampaignStatus]:
    """The statuses from which ``to`` can be reached in one move, for a conditional UPDATE."""
    return frozenset(status for status, targets in CAMPAIGN_MOVES.items() if to in targets)
