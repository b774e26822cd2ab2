"""Made-up customers, senders and campaigns, ready to be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from mbs_app import db
from mbs_app.delivery import receipts, settle
from mbs_app.delivery.pace import Pace
from mbs_app.delivery.receipts import Event
from mbs_app.delivery.settle import Result
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import CampaignStatus, MessageStatus
from mbs_app.models import Campaign, CampaignMessage, Customer, Sender, Suppression
from mbs_app.providers.base import Accepted, SendOutcome
from mbs_app.queries import clock, counters, leases, snapshot
from mbs_app.queries.claim import Claim, ClaimedText, Turns, claim_batch
from tests.support.accounts import SYSTEM

PACE = Pace()
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
            .order_by(sa.asc(CampaignMessage.position))
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


def begin(
    actor: Actor,
    count: int,
    *,
    rate: float = 1000.0,
    body: str = "Hi {first_name|there}.",
    start: int = 0,
) -> UUID:
    """A campaign to ``count`` new customers, its audience taken, ready to be claimed."""
    with db.transaction(SYSTEM) as session:
        sender = session.exec(select(Sender)).first() or make_sender(session, rate=rate)
        ids = make_customers(session, actor, count, start=start)
        campaign = make_campaign(
            session,
            actor,
            body=body,
            audience={"mode": "selection", "customer_ids": [str(one) for one in ids]},
            sender=sender,
            status=CampaignStatus.SENDING,
        )
        snapshot.take(session, campaign.id, clock.db_now(session))
        return campaign.id


def claim_some(
    worker_id: UUID, limit: int = 100, *, lease: float = 60.0, turns: Turns | None = None
) -> Claim:
    with db.transaction(SYSTEM) as session:
        return claim_batch(session, worker_id, limit, lease_seconds=lease, turns=turns)


def mark(worker_id: UUID, texts: Iterable[ClaimedText]) -> set[UUID]:
    with db.transaction(SYSTEM) as session:
        return leases.mark_attempting(
            session, worker_id, [text.id for text in texts], clock.db_now(session)
        )


def hand_over(worker_id: UUID, limit: int = 100) -> list[ClaimedText]:
    """Claimed and marked: the call is about to leave."""
    texts = claim_some(worker_id, limit).texts
    mark(worker_id, texts)
    return texts


def settle_with(
    texts: Iterable[ClaimedText],
    outcome: Callable[[ClaimedText], SendOutcome],
    *,
    carefully: bool = False,
) -> None:
    results = [Result(text.id, text.attempts + 1, outcome(text), 12) for text in texts]
    with db.transaction(SYSTEM) as session:
        settle.settle(session, results, PACE, carefully=carefully)


def accepted(text: ClaimedText) -> Accepted:
    return Accepted(sid_of(text.id), "queued", 1)


def sid_of(message_id: UUID) -> str:
    return f"SM{message_id.hex}"


def receive(*events: Event) -> None:
    receipts.store(events)


def apply_receipts() -> int:
    with db.transaction(SYSTEM) as session:
        return receipts.apply_batch(session, PACE)[0]
