"""What must hold before anything is launched. A check raises InvalidInput at the field that mends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from mbs_app.domain import merge
from mbs_app.domain.errors import InvalidInput
from mbs_app.models import Campaign, Customer, Sender
from mbs_app.queries import audience as audiences
from mbs_app.services.lookup import must_get

LONGEST_TEXT = 1600
"""Characters Twilio takes in one text (error 21617)."""


def get_campaign(session: Session, campaign_id: UUID, *, lock: bool = False) -> Campaign:
    """One of the actor's campaigns; with ``lock`` nobody edits it before the transaction ends.

    Raises NotFound.
    """
    return must_get(session, Campaign, campaign_id, "campaign", lock=lock)


def check_text(session: Session, user_id: UUID, body: str) -> None:
    """``body`` isn't empty, not too long, and every field in it is one the owner's customers have."""
    if not body.strip():
        raise InvalidInput(message_body="Write a message first.")
    template = merge.parse(body)
    plain = sum(len(part) for part in template.parts if isinstance(part, str))
    if plain > LONGEST_TEXT:
        raise InvalidInput(message_body="Shorten the text to 1,600 characters.")
    unsure = [name for name in template.fields if name not in merge.STANDARD_FIELDS]
    known = [name for name in unsure if _somebody_has(session, user_id, name)]
    if problems := template.problems((*merge.STANDARD_FIELDS, *known)):
        raise InvalidInput(message_body=" ".join(problems))


def check_audience(session: Session, user_id: UUID, audience: Mapping[str, Any]) -> None:
    """At least one person would get it."""
    try:
        chosen = audiences.members(user_id, audience).subquery("audience")
    except ValueError:
        raise InvalidInput(audience="Choose who gets this.") from None
    if session.execute(
        sa.select(chosen.c.phone).where(chosen.c.skip_reason.is_(None)).limit(1)
    ).first():
        return
    if session.execute(sa.select(chosen.c.phone).limit(1)).first():
        raise InvalidInput(audience="Nobody here can be texted: all opted out or can’t get texts.")
    raise InvalidInput(audience="Nobody is in this audience. Choose other groups or states.")


def pick_sender(session: Session, sender_id: UUID | None) -> Sender:
    """The chosen sender while it can still send, else the installation's own."""
    active = select(Sender).where(Sender.is_active).order_by(col(Sender.created_at), col(Sender.id))
    if sender_id is not None:
        chosen = session.exec(active.where(Sender.id == sender_id)).first()
        if chosen is not None:
            return chosen
    first = session.exec(active).first()
    if first is None:
        raise InvalidInput(sender_id="No sending number is set up. Add one in Settings.")
    return first


def _somebody_has(session: Session, user_id: UUID, name: str) -> bool:
    """Whether any customer of the owner has the custom field, filled or not."""
    attributes = Customer.__table__.c.attributes
    if session.get_bind().dialect.name == "sqlite":
        has = sa.func.json_type(attributes, f'$."{name}"').is_not(None)
    else:
        has = attributes.op("?")(name)
    return (
        session.execute(
            sa.select(Customer.id).where(Customer.user_id == user_id, has).limit(1)
        ).first()
        is not None
    )
