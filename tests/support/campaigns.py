"""Made-up campaigns with texts in chosen states, and books that balance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import CampaignStatus, MessageStatus
from mbs_app.models import Campaign, CampaignMessage, Customer

_NAMES = ("Rosa Delgado", "Tyrell Washington", "Marcus Boone", "Hannah Nguyen", "Zoë Marsh")


def make_customers(session: Session, actor: Actor, count: int, **values: Any) -> list[Customer]:
    assert actor.user_id is not None
    made = []
    for number in range(count):
        first, last = _NAMES[number % len(_NAMES)].split()
        made.append(
            Customer(
                user_id=actor.user_id,
                phone=f"+1512555{1000 + number:04}",
                first_name=first,
                last_name=last,
                **{"city": "Austin", "state": "TX", **values},
            )
        )
    session.add_all(made)
    session.flush()
    return made


def make_campaign(
    session: Session,
    actor: Actor,
    outcomes: Mapping[MessageStatus, int],
    *,
    status: CampaignStatus = CampaignStatus.SENDING,
    name: str = "Fall clearance",
    launched_at: datetime | None = None,
    error_code: int = 30005,
    **values: Any,
) -> Campaign:
    """A launched campaign with as many texts in each state as ``outcomes`` says."""
    assert actor.user_id is not None
    launched_at = launched_at or utc_now()
    counts = Counter({outcome.value: count for outcome, count in outcomes.items()})
    total = sum(counts.values())
    campaign = Campaign(
        user_id=actor.user_id,
        name=name,
        message_body="Hi {first_name|there}",
        status=status,
        total_recipients=total,
        launched_at=launched_at,
        sent_at=launched_at if status == CampaignStatus.SENT else None,
        **{f"{outcome}_count": count for outcome, count in counts.items()},
        **values,
    )
    session.add(campaign)
    session.flush()
    people = make_customers(session, actor, total)
    for position, (person, outcome) in enumerate(
        zip(people, Counter(counts).elements(), strict=True), 1
    ):
        session.add(
            _message(
                campaign.id, actor.user_id, person, MessageStatus(outcome), position, error_code
            )
        )
    session.flush()
    return campaign


def _message(
    campaign_id: UUID,
    user_id: UUID,
    person: Customer,
    status: MessageStatus,
    position: int,
    error_code: int,
) -> CampaignMessage:
    now = utc_now()
    handed_over = status not in (MessageStatus.PENDING, MessageStatus.SKIPPED)
    return CampaignMessage(
        campaign_id=campaign_id,
        user_id=user_id,
        customer_id=person.id,
        phone_number=person.phone,
        position=position,
        status=status,
        skip_reason="opted_out" if status == MessageStatus.SKIPPED else None,
        message_body=f"Hi {person.first_name}" if handed_over else None,
        segments=1 if handed_over else 0,
        attempts=1 if handed_over else 0,
        lease_expires_at=now + timedelta(seconds=30) if status == MessageStatus.SENDING else None,
        twilio_sid=f"SM{uuid4().hex}" if handed_over and status != MessageStatus.UNKNOWN else None,
        error_code=error_code if status == MessageStatus.FAILED else None,
        sent_at=now if handed_over and status != MessageStatus.UNKNOWN else None,
        accepted_in_ms=170,
        updated_at=now - timedelta(seconds=position),
    )
