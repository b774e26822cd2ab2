"""The numbers a campaign can go out from."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.models import Sender


@dataclass(frozen=True, slots=True)
class SenderChoice:
    """``address`` is E.164, a short code or a messaging service; the price is in millionths of a dollar."""

    id: UUID
    address: str
    label: str
    segments_per_second: float
    price_per_segment_micros: int

    @classmethod
    def of(cls, sender: Sender) -> SenderChoice:
        return cls(
            sender.id,
            sender.address,
            sender.label,
            sender.segments_per_second,
            sender.price_per_segment_micros,
        )


def senders_to_choose(session: Session, actor: Actor) -> list[SenderChoice]:
    """Those that can send now, the installation's own first."""
    active = (
        select(Sender)
        .where(col(Sender.is_active).is_(True))
        .order_by(col(Sender.created_at), col(Sender.id))
    )
    return [SenderChoice.of(sender) for sender in session.exec(active)]


def pick_sender(session: Session, actor: Actor, sender_id: UUID | None) -> SenderChoice | None:
    """The chosen one while it can send, else the first; None where there is none. As at the launch."""
    choices = senders_to_choose(session, actor)
    return next((one for one in choices if one.id == sender_id), choices[0] if choices else None)
