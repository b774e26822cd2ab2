"""The numbers texts go out from: named by the environment, adjusted by an admin."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput, NotAllowed, NotFound
from mbs_app.models import Sender
from mbs_app.providers import factory
from mbs_app.services import audit
from mbs_app.settings import Settings

MOST_SEGMENTS_PER_SECOND = 10_000.0


def sync_senders(session: Session, settings: Settings) -> Sender:
    """Make the sender that the settings name the active one; called at every start.

    Its rate and price come from the settings when it is new; afterwards what an admin set stays. Senders
    no longer named are kept for the campaigns that used them, and send no more.
    """
    number, service = factory.default_sender(settings)
    address = service or number
    if address is None:
        raise NotFound("sending number")
    session.execute(sa.update(Sender).where(col(Sender.address) != address).values(is_active=False))
    sender = session.exec(select(Sender).where(Sender.address == address)).first()
    if sender is None:
        sender = Sender(
            address=address,
            label="Simulator" if settings.simulates_texts else "",
            segments_per_second=settings.texts_per_second,
            price_per_segment_micros=round(settings.price_per_segment * 1_000_000),
        )
    sender.is_active = True
    session.add(sender)
    session.flush()
    return sender


def list_senders(session: Session, *, active_only: bool = False) -> Sequence[Sender]:
    """The workspace's senders, active ones first."""
    wanted = select(Sender).order_by(
        col(Sender.is_active).desc(), col(Sender.created_at), col(Sender.id)
    )
    return session.exec(wanted.where(Sender.is_active) if active_only else wanted).all()


def update_sender(
    session: Session,
    actor: Actor,
    sender_id: UUID,
    *,
    label: str | None = None,
    segments_per_second: float | None = None,
    price_per_segment_micros: int | None = None,
) -> Sender:
    """Change what is given. Admins only. The price holds for campaigns launched from now on.

    Raises NotAllowed, NotFound, InvalidInput.
    """
    if not actor.is_admin:
        raise NotAllowed("Only an admin can change a sender.")
    sender = session.get(Sender, sender_id)
    if sender is None:
        raise NotFound("sender")
    if label is not None:
        sender.label = " ".join(label.split())[:80]
    if segments_per_second is not None:
        if not 0 < segments_per_second <= MOST_SEGMENTS_PER_SECOND:
            raise InvalidInput(segments_per_second="Enter a rate above 0, at most 10,000 a second.")
        sender.segments_per_second = segments_per_second
    if price_per_segment_micros is not None:
        if not 0 <= price_per_segment_micros <= 10_000_000:
            raise InvalidInput(price_per_segment="Enter a price from $0 to $10.")
        sender.price_per_segment_micros = price_per_segment_micros
    session.add(sender)
    session.flush()
    audit.record(
        session,
        actor,
        "sender.update",
        "sender",
        sender.id,
        label=sender.label,
        segments_per_second=sender.segments_per_second,
        price_per_segment_micros=sender.price_per_segment_micros,
    )
    return sender
