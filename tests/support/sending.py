"""Made-up customers, senders and campaigns, ready to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import CampaignStatus, MessageStatus
from mbs_app.models import Campaign, CampaignMessage, Customer, Sender, Suppression
from mbs_app.queries import counters
from tests.support.accounts import SYSTEM

FROM = "+15125550142"


def make_sender(session: Session, *, rate: float = 1000.0, address: str = FROM) -> Sender:
    sender = Sender(
        address=address, label="Main", segments_per_second=rate, price_per_segment_micros=7900
    )
    session.add(sender)
    session.flush()
    return sender


def phone_number(nth: int) -> str:
    """Different for each ``nth`` below ten million; of no special outcome."""
    return f"+1512{2_000_000 + nth:07d}"


def make_customers(session: Session, actor: Actor, count: int, *, start: int = 0) -> list[UUID]:
    made = [
        Customer(user_id=actor.user_id, phone=phone_number(nth), first_name=f"Ann{nth}")
        for nth in range(start, start + count)
    ]
    session.add_all(made)
    session.flush()
    return [one.id for one in made]


def make_campaign(
    session: Session,
    actor: Actor,
    *,
    body: str = "Hi {first_name|there}, we open at nine.",
    audience: dict[str, Any] | None = None,
    sender: Sender | None = None,
    status: str = CampaignStatus.DRAFT,
    name: str = "Opening",
) -> Campaign:
    campaign = Campaign(
        user_id=actor.user_id,
        name=name,
        message_body=body,
        audience=audience or {"mode": "all"},
        sender_id=sender.id if sender else None,
        status=status,
    )
    session.add(campaign)
    session.flush()
    return campaign


def suppress(phone: str, reason: str = "stop_reply", user_id: UUID | None = None) -> None:
    with db.transaction(SYSTEM) as session:
        session.add(Suppression(user_id=user_id, address=phone, reason=reason))


def load(campaign_id: UUID) -> Campaign:
    with db.transaction(SYSTEM, read_only=True) as session:
        return session.exec(select(Campaign).where(Campaign.id == campaign_id)).one()


def messages_of(campaign_id: UUID) -> Sequence[CampaignMessage]:
    with db.transaction(SYSTEM, read_only=True) as session:
        return session.exec(
            select(CampaignMessage)
            .where(CampaignMessage.campaign_id == campaign_id)
            .order_by(sa.asc(CampaignMessage.position))  # type: ignore[arg-type]
        ).all()


def books(campaign_id: UUID) -> dict[str, int]:
    """The cached counts above zero, after checking that they equal the rows."""
    with db.transaction(SYSTEM, read_only=True) as session:
        campaign = session.exec(select(Campaign).where(Campaign.id == campaign_id)).one()
        rows = counters.from_rows(session, campaign_id)
    cached = {status: getattr(campaign, f"{status.value}_count") for status in MessageStatus}
    assert cached == rows
    assert campaign.total_recipients == sum(rows.values())
    return {status.value: count for status, count in cached.items() if count}
