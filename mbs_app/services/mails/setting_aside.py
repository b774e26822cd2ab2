"""Addresses that get no mail: they bounced for good, or somebody there marked a mail as spam.

No mail is an exception, a password reset neither: the mail service wouldn't deliver it, and each try costs the
sender's good name. What isn't sent stands in the outbox with the reason, and an admin can release the address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotAllowed, NotFound
from mbs_app.domain.vocabulary import Channel, SuppressionReason
from mbs_app.models import Suppression, new_id
from mbs_app.services import audit
from mbs_app.services.consent.ledger import insert_into

MOST = 50

_WHY = {
    SuppressionReason.BOUNCED: "An earlier mail to this address bounced for good, so it gets no more.",
    SuppressionReason.COMPLAINED: "Somebody at this address marked an earlier mail as spam, so it gets no more.",
}


def why_set_aside(reason: SuppressionReason) -> str:
    """In a sentence."""
    return _WHY.get(reason, "Somebody here noted that this address gets no mail.")


@dataclass(frozen=True, slots=True)
class SetAside:
    """``why`` is a sentence; ``note`` the mail service's own words, where it gave some."""

    id: UUID
    address: str
    reason: SuppressionReason
    why: str
    note: str
    since: datetime


def set_aside(
    session: Session, actor: Actor, address: str, reason: SuppressionReason, note: str = ""
) -> None:
    """No more mail to ``address``, from anybody here. What held before stays."""
    put = (
        insert_into(session, Suppression)
        .values(
            id=new_id(),
            user_id=None,
            channel=Channel.EMAIL.value,
            address=address.lower(),
            reason=reason.value,
            note=note[:200],
            created_at=utc_now(),
        )
        .on_conflict_do_nothing()
        .returning(Suppression.id)
    )
    if session.connection().execute(put).first() is not None:
        audit.record(session, actor, "mail_address.set_aside", "address", address, reason=reason)


def list_set_aside(
    session: Session, actor: Actor, *, after: UUID | None = None, limit: int = MOST
) -> Sequence[SetAside]:
    """The latest first; ``after`` is the id of the last one of the page before.

    Raises:
        NotAllowed: the actor isn't administrating.
    """
    must_administrate(actor)
    chosen = (
        select(Suppression)
        .where(Suppression.channel == Channel.EMAIL, col(Suppression.user_id).is_(None))
        .order_by(col(Suppression.id).desc())
        .limit(min(limit, MOST))
    )
    if after is not None:
        chosen = chosen.where(Suppression.id < after)
    rows = session.exec(chosen)
    return [
        SetAside(
            id=row.id,
            address=row.address,
            reason=SuppressionReason(row.reason),
            why=why_set_aside(SuppressionReason(row.reason)),
            note=row.note,
            since=row.created_at,
        )
        for row in rows
    ]


def release(session: Session, actor: Actor, set_aside_id: UUID) -> str:
    """Send to an address again, which is returned.

    Raises:
        NotAllowed: the actor isn't administrating.
        NotFound: it isn't set aside, or no longer.
    """
    must_administrate(actor)
    row = session.get(Suppression, set_aside_id)
    if row is None or row.channel != Channel.EMAIL or row.user_id is not None:
        raise NotFound("entry")
    session.delete(row)
    audit.record(session, actor, "mail_address.release", "address", row.address)
    return row.address


def must_administrate(actor: Actor) -> None:
    if not actor.sees_all:
        raise NotAllowed("Only an admin can do this.")
