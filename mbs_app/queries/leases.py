"""Leases: the last word before a call leaves, keeping them, giving them back, and sweeping up expired ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.domain.vocabulary import CampaignStatus, Channel, MessageStatus, SuppressionReason
from mbs_app.models import Campaign, CampaignMessage, Suppression
from mbs_app.queries.audience import OPT_OUTS
from mbs_app.queries.bulk import Ids, any_of
from mbs_app.queries.settle import Books

_campaigns: Any = Campaign.__table__
_messages: Any = CampaignMessage.__table__
_suppressions: Any = Suppression.__table__

# The reasons for which a text to this person must not leave, whoever sends it.
_STOPPED = sa.select(_suppressions.c.id).where(
    _suppressions.c.channel == Channel.SMS,
    _suppressions.c.address == _messages.c.phone_number,
    _suppressions.c.reason.in_((*OPT_OUTS, SuppressionReason.CANNOT_RECEIVE)),
    sa.or_(_suppressions.c.user_id.is_(None), _suppressions.c.user_id == _messages.c.user_id),
)


# Made once: putting such statements together anew costs as much as running them.
_MARK = (
    sa.update(_messages)
    .where(
        any_of(_messages.c.id, sa.bindparam("ids", type_=Ids())),
        _messages.c.lease_owner == sa.bindparam("worker"),
        _messages.c.status == MessageStatus.SENDING,
        # One lease, one call: a worker may have lost a lease to the sweep and then claimed the text again.
        _messages.c.attempting_at.is_(None),
        _messages.c.campaign_id.in_(
            sa.select(_campaigns.c.id).where(_campaigns.c.status == CampaignStatus.SENDING)
        ),
        ~_STOPPED.exists(),
    )
    .values(attempting_at=sa.bindparam("now"), attempts=_messages.c.attempts + 1)
    .returning(_messages.c.id)
)


def mark_attempting(
    session: Session, worker_id: UUID, ids: Iterable[UUID], now: datetime
) -> set[UUID]:
    """Say, before the call leaves, that it is about to; the ids for which it may.

    The others were lost to another worker, or their campaign was paused or their person opted out in the
    moment since the claim: :func:`release` puts them back.
    """
    given = {"ids": list(ids), "worker": worker_id, "now": now}
    return set(session.connection().scalars(_MARK, given))


def extend_leases(
    session: Session, worker_id: UUID, ids: Iterable[UUID], expires: datetime
) -> None:
    """Keep the leases of calls that are still under way. Rows that are being settled just now are let be."""
    ours = (
        sa.select(_messages.c.id)
        .where(
            any_of(_messages.c.id, ids),
            _messages.c.lease_owner == worker_id,
            _messages.c.status == MessageStatus.SENDING,
        )
        .with_for_update(skip_locked=True, key_share=True)
    )
    session.connection().execute(
        sa.update(_messages).where(_messages.c.id.in_(ours)).values(lease_expires_at=expires)
    )


def release(session: Session, worker_id: UUID, ids: Iterable[UUID], now: datetime) -> list[UUID]:
    """Put texts that were claimed and not attempted back into the queue. Returns the campaigns."""
    books = Books(session)
    for row in books.lock(ids).values():
        ours = row.status is MessageStatus.SENDING and row.lease_owner == worker_id
        if ours and row.attempting_at is None:
            row.back_to_the_queue(None)
    return books.save(now)


def sweep(
    session: Session, now: datetime, first_look: timedelta, *, limit: int = 500
) -> tuple[int, list[UUID]]:
    """Take over expired leases, whoever held them: how many, and of which campaigns.

    Where the call had not been announced it never left, and the text goes back to the queue. Where it had,
    nobody knows: the text is in doubt, and looked up after ``first_look``.
    """
    books = Books(session)
    expired = books.lock_where(
        _messages.c.status == MessageStatus.SENDING,
        _messages.c.lease_expires_at < now,
        order_by=_messages.c.lease_expires_at,
        limit=limit,
    )
    for row in expired:
        if row.attempting_at is None:
            row.back_to_the_queue(None)
        else:
            row.doubt(now + first_look)
    return len(expired), books.save(now)
