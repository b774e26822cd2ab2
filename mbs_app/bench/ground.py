"""Made-up rows for measurements: an owner, a sender, and a campaign whose texts the carrier has."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import CampaignStatus, MessageStatus, Role, UserStatus
from mbs_app.models import Campaign, CampaignMessage, Sender, UserProfile, new_id
from mbs_app.providers.simulator import credentials
from mbs_app.queries import counters
from mbs_app.queries.bulk import insert_rows
from mbs_app.services import accounts, sessions

SYSTEM = Actor.system("bench")
_WAITING_FOR_LONG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SentText:
    """A text that the carrier has and that waits for its receipt."""

    message_id: UUID
    sid: str
    phone: str


def make_owner(session: Session) -> tuple[UserProfile, str]:
    """An admin without a password, and the token of a session of theirs."""
    owner = accounts.create_user(
        session,
        SYSTEM,
        email="bench@example.com",
        name="Measured",
        password_hash="",
        role=Role.ADMIN,
        status=UserStatus.APPROVED,
    )
    token, _ = sessions.start(session, owner, keep=False)
    return owner, token


def make_sender(session: Session, *, rate: float = 10_000.0) -> Sender:
    sender = Sender(
        address=credentials.FROM_NUMBER,
        label="Bench",
        segments_per_second=rate,
        price_per_segment_micros=7900,
    )
    session.add(sender)
    session.flush()
    return sender


def make_sent_campaign(
    session: Session, owner: UUID, sender: Sender, *, sent: int, delivered: int = 0
) -> tuple[Campaign, list[SentText]]:
    """A running campaign: ``sent`` texts without a receipt, ``delivered`` with one, and one that waits until
    tomorrow, which keeps the campaign from ending."""
    now = utc_now()
    campaign = Campaign(
        user_id=owner,
        name="Measured",
        message_body="Hello",
        status=CampaignStatus.SENDING,
        audience={"mode": "all"},
        sender_id=sender.id,
        launched_at=now,
    )
    session.add(campaign)
    session.flush()
    texts: list[SentText] = []
    rows: list[dict[str, Any]] = []
    statuses = [MessageStatus.SENT] * sent + [MessageStatus.DELIVERED] * delivered
    for position, status in enumerate([*statuses, MessageStatus.PENDING], 1):
        handed_over = status is not MessageStatus.PENDING
        text = SentText(new_id(), f"SM{secrets.token_hex(16)}", f"+1512{2_000_000 + position:07}")
        if status is MessageStatus.SENT:
            texts.append(text)
        rows.append(
            {
                "id": text.message_id,
                "user_id": owner,
                "campaign_id": campaign.id,
                "phone_number": text.phone,
                "position": position,
                "status": status.value,
                "message_body": "Hello" if handed_over else None,
                "segments": 1 if handed_over else 0,
                "attempts": 1 if handed_over else 0,
                "next_attempt_at": None if handed_over else now + _WAITING_FOR_LONG,
                "looks": 0,
                "twilio_sid": text.sid if handed_over else None,
                "provider_status": "sent" if handed_over else "",
                "error_message": "",
                "sent_at": now if handed_over else None,
                "delivered_at": now if status is MessageStatus.DELIVERED else None,
                "created_at": now,
                "updated_at": now,
            }
        )
    insert_rows(session, CampaignMessage.__table__, rows)  # type: ignore[attr-defined]  # SQLModel declares none
    moves: dict[counters.Move, int] = {(None, MessageStatus.PENDING): 1}
    for status, count in ((MessageStatus.SENT, sent), (MessageStatus.DELIVERED, delivered)):
        if count:
            moves[None, status] = count
    counters.move(session, campaign.id, moves, segments=sent + delivered)
    return campaign, texts
