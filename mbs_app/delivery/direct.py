"""Texts outside a marketer's campaigns: a test to oneself, and a message to one customer or group.

Both become a campaign of their own kind and take the same road, with the same books.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from mbs_app.delivery import checks, signals
from mbs_app.delivery.checks import get_campaign
from mbs_app.domain import merge
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.vocabulary import CampaignKind, CampaignStatus
from mbs_app.models import Campaign, Customer, Group, ScheduledMessage
from mbs_app.queries import clock
from mbs_app.services.lookup import must_get, owner_of


def send_test(
    session: Session,
    actor: Actor,
    *,
    phone: str,
    campaign_id: UUID | None = None,
    body: str | None = None,
    customer_id: UUID | None = None,
) -> Campaign:
    """Send one text now to ``phone`` (E.164), to see how it reads.

    The text is ``body``, or else the campaign's as it stands. Fields are filled with the values of the
    customer ``customer_id``, or of the customer who has that number. Raises NotFound, InvalidInput.
    """
    owner = owner_of(actor)
    draft = get_campaign(session, campaign_id) if campaign_id is not None else None
    text = body if body is not None else draft.message_body if draft else ""
    checks.check_text(session, owner, text)
    if customer_id is not None:
        text = _filled_for(session, customer_id, text)
    audience = {"mode": "number", "phone": phone}
    _check_number(session, owner, phone)
    sender = checks.pick_sender(session, draft.sender_id if draft else None)
    test = Campaign(
        user_id=owner,
        kind=CampaignKind.TEST,
        name=f"Test: {draft.name}"[:120] if draft else "Test",
        message_body=text,
        audience=audience,
        status=CampaignStatus.SENDING,
        sender_id=sender.id,
        price_per_segment_micros=sender.price_per_segment_micros,
    )
    session.add(test)
    session.flush()
    signals.work.ring_after_commit(session, test.id)
    return test


def schedule_message(
    session: Session,
    actor: Actor,
    *,
    body: str,
    customer_id: UUID | None = None,
    group_id: UUID | None = None,
    at: datetime | None = None,
) -> ScheduledMessage:
    """A text to one customer or to one group, now or at ``at`` (aware). Raises NotFound, InvalidInput."""
    owner = owner_of(actor)
    if (customer_id is None) == (group_id is None):
        raise InvalidInput("Choose one customer or one group.")
    if customer_id is not None:
        must_get(session, Customer, customer_id, "customer")
    else:
        must_get(session, Group, group_id, "group")
    checks.check_text(session, owner, body)
    message = ScheduledMessage(
        user_id=owner,
        customer_id=customer_id,
        group_id=group_id,
        message_body=body,
        scheduled_at=at or clock.db_now(session),
    )
    session.add(message)
    session.flush()
    signals.work.ring_after_commit(session)
    return message


def campaign_for(message: ScheduledMessage, now: datetime, *, late: bool) -> Campaign:
    """The campaign that carries a scheduled message; a late one waits for its owner's word."""
    audience: dict[str, object] = (
        {"mode": "selection", "customer_ids": [str(message.customer_id)]}
        if message.customer_id is not None
        else {"mode": "rules", "group_ids": [str(message.group_id)], "states": []}
    )
    return Campaign(
        user_id=message.user_id,
        kind=CampaignKind.DIRECT,
        name="Message to a customer" if message.customer_id is not None else "Message to a group",
        message_body=message.message_body,
        audience=audience,
        status=CampaignStatus.SCHEDULED if late else CampaignStatus.SENDING,
        scheduled_at=message.scheduled_at,
        late_since=now if late else None,
    )


def _check_number(session: Session, owner: UUID, phone: str) -> None:
    try:
        checks.check_audience(session, owner, {"mode": "number", "phone": phone})
    except InvalidInput:
        raise InvalidInput(phone="This number opted out or can’t get texts. Use another.") from None


def _filled_for(session: Session, customer_id: UUID, body: str) -> str:
    """The text as this customer would get it, with its braces doubled so that nothing is filled twice."""
    customer = must_get(session, Customer, customer_id, "customer")
    text = merge.parse(body).render(merge.values_of(customer)).text
    return text.replace("{", "{{").replace("}", "}}")
