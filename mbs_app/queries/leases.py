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
from mbs_app.queries.bulk import any_of
from mbs_app.queries.settle import Books

_campaigns: Any = Campaign.__table__  # type: ignore[attr-defined]
_messages: Any = CampaignMessage.__table__  # type: ignore[attr-defined]
_suppressions: Any = Suppression.__table__  # type: ignore[attr-defined]

# The reasons for which a text to this person must not leave, whoever sends it.
_STOPPED = sa.select(_suppressions.c.id).where(
    _suppressions.c.channel == Channel.SMS,
    _suppressions.c.address == _messages.c.phone_number,
    _suppressions.c.reason.in_((*OPT_OUTS, SuppressionReason.CANNOT_RECEIVE)),
    sa.or_(_suppressions.c.user_id.is_(None), _suppressions.c.user_id == _messages.c.user_id),
)


def mark_attempting(
    session: Session, worker_id: UUID, ids: Iterable[UUID], now: datetime
) -> set[UUID]:
    """Say, before the call leaves, that it is about to; the ids for which it may.

    The others were lost to another worker, or their campaign was paused or their person opted out in the
    moment since the claim: :func:`release` puts them back.
    """
    return set(
        session.connection().scalars(
            sa.update(_messages)
            .where(
                any_of(_messages.c.id, ids),
                _messages.c.lease_owner == worker_id,
                _messages.c.status == MessageStatus.SENDING,
                _messages.c.campaign_id.in_(
                    sa.select(_campaigns.c.id).where(_campaigns.c.status == CampaignStatus.SENDING)
                ),
                ~sa.exists(_STOPPED),
            )
            .values(attempting_at=now, attempts=_messages.c.attempts + 1)
            .returning(_messages.c.id)
        )
    )


def extend_leases(
    session: Session, worker_id: UUID, ids: Iterable[UUID], expires: datetime
) -> None:
    """Keep the leases of calls that are still under way."""
    session.connection().execute(
        sa.update(_messages)
        .where(
            any_of(_messages.c.id, ids),
            _messages.c.lease_owner == worker_id,
            _messages.c.status == MessageStatus.SENDING,
        )
        .values(lease_expires_at=expires)
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
