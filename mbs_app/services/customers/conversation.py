"""What went to a customer and what came back, in one line of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from mbs_app.domain import merge
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import CampaignKind, MessageStatus
from mbs_app.models import Campaign, CampaignMessage, Customer, InboundMessage
from mbs_app.services.lookup import owner_of

MOST_BUBBLES = 50


@dataclass(frozen=True, slots=True)
class Bubble:
    """One text. Outgoing ones have a status and say what they were part of."""

    id: UUID
    is_ours: bool
    text: str
    at: datetime
    campaign_id: UUID | None = None
    campaign_name: str = ""
    kind: str = ""
    status: str = ""
    skip_reason: str | None = None
    error_code: int | None = None


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """How one campaign ended for one person."""

    campaign_id: UUID
    name: str
    status: str
    skip_reason: str | None
    error_code: int | None
    at: datetime


def read_conversation(
    session: Session, actor: Actor, customer: Customer, *, limit: int = MOST_BUBBLES
) -> list[Bubble]:
    """The newest texts to and from the customer's number, oldest first, at most ``limit``.

    Replies go to the workspace's shared numbers; they show here because ``customer`` is the actor's own.
    """
    bubbles = _sent(session, owner_of(actor), customer, limit) + _received(session, customer, limit)
    bubbles.sort(key=lambda bubble: (bubble.at, bubble.id))
    return bubbles[-limit:]


def last_campaigns(
    session: Session, actor: Actor, customer: Customer, *, limit: int = 6
) -> tuple[list[CampaignLine], int]:
    """The newest campaigns the customer was in, and how many there are in all."""
    mine = (
        CampaignMessage.user_id == owner_of(actor),
        CampaignMessage.phone_number == customer.phone,
        Campaign.kind == CampaignKind.CAMPAIGN,
    )
    joined = select(CampaignMessage, Campaign.name).join(
        Campaign, col(Campaign.id) == col(CampaignMessage.campaign_id)
    )
    newest = joined.where(*mine).order_by(col(CampaignMessage.id).desc()).limit(limit)
    lines = [
        CampaignLine(
            campaign_id=message.campaign_id,
            name=name,
            status=message.status,
            skip_reason=message.skip_reason,
            error_code=message.error_code,
            at=message.sent_at or message.updated_at,
        )
        for message, name in session.exec(newest)
    ]
    count = session.exec(
        select(func.count())
        .select_from(CampaignMessage)
        .join(Campaign, col(Campaign.id) == col(CampaignMessage.campaign_id))
        .where(*mine)
    ).one()
    return lines, count


def _sent(session: Session, owner: UUID, customer: Customer, limit: int) -> list[Bubble]:
    """People left out of a campaign were not written to; a text to one person alone always shows."""
    rows = session.exec(
        select(CampaignMessage, Campaign.name, Campaign.kind, Campaign.message_body)
        .join(Campaign, col(Campaign.id) == col(CampaignMessage.campaign_id))
        .where(
            CampaignMessage.user_id == owner,
            CampaignMessage.phone_number == customer.phone,
            (col(CampaignMessage.status) != MessageStatus.SKIPPED)
            | (col(Campaign.kind) != CampaignKind.CAMPAIGN),
        )
        .order_by(col(CampaignMessage.id).desc())
        .limit(limit)
    )
    return [
        Bubble(
            id=message.id,
            is_ours=True,
            text=_text_of(message, body, customer),
            at=message.sent_at or message.created_at,
            campaign_id=message.campaign_id,
            campaign_name=name,
            kind=kind,
            status=message.status,
            skip_reason=message.skip_reason,
            error_code=message.error_code,
        )
        for message, name, kind, body in rows
    ]


def _received(session: Session, customer: Customer, limit: int) -> list[Bubble]:
    rows = session.exec(
        select(InboundMessage)
        .where(InboundMessage.from_number == customer.phone)
        .order_by(col(InboundMessage.id).desc())
        .limit(limit)
    )
    return [Bubble(id=row.id, is_ours=False, text=row.body, at=row.received_at) for row in rows]


def _text_of(message: CampaignMessage, body: str, customer: Customer) -> str:
    """As sent; before that, as it would be sent now."""
    if message.message_body is not None:
        return message.message_body
    return merge.parse(body).render(merge.values_of(customer)).text
