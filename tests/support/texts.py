"""Made-up texts and their outcomes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import CampaignStatus, MessageStatus
from mbs_app.models import Campaign, CampaignMessage

Add = Callable[..., UUID]


def text_sent(
    actor: Actor,
    phone: str,
    status: MessageStatus = MessageStatus.DELIVERED,
    *,
    at: datetime = datetime(2026, 10, 14, 15, tzinfo=UTC),
    name: str = "Fall clearance",
    **columns: Any,
) -> UUID:
    """A campaign of one text to ``phone``, and how it ended."""
    with db.transaction(actor) as session:
        campaign = Campaign(
            user_id=actor.user_id,
            name=name,
            message_body="Hi {first_name|there}",
            status=CampaignStatus.SENT,
            total_recipients=1,
            **{f"{status.value}_count": 1},
            kind=columns.pop("kind", "campaign"),
        )
        session.add(campaign)
        session.flush()
        session.add(
            CampaignMessage(
                user_id=actor.user_id,
                campaign_id=campaign.id,
                phone_number=phone,
                status=status,
                sent_at=at,
                created_at=at,
                **columns,
            )
        )
        return campaign.id
