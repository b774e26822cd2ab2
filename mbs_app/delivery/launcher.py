"""What a worker does for campaigns besides sending: start those that are due, take their audiences, clear
the queues of cancelled ones.

Each step is small and may be done by any worker; a conditional UPDATE decides between two.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from mbs_app.delivery.consequences import pause
from mbs_app.delivery.direct import campaign_for
from mbs_app.delivery.pace import Pace
from mbs_app.domain.vocabulary import (
    CampaignStatus,
    MessageStatus,
    ScheduledMessageStatus,
    SkipReason,
    UserStatus,
)
from mbs_app.models import Campaign, CampaignMessage, ScheduledMessage, Sender, UserProfile
from mbs_app.queries import clock, counters, snapshot
from mbs_app.queries.settle import Books

_campaigns: Any = Campaign.__table__
_messages: Any = CampaignMessage.__table__

_S = CampaignStatus
SKIPPED_AT_ONCE = 500
Step = Callable[[Session], Any]


def steps_to_do(session: Session, pace: Pace) -> list[Step]:
    """What waits to be done now, each to be run in a transaction of its own. Reads only."""
    now = clock.db_now(session)
    connection = session.connection()
    due = connection.scalars(
        sa.select(_campaigns.c.id).where(
            _campaigns.c.status == _S.SCHEDULED,
            _campaigns.c.scheduled_at <= now,
            _campaigns.c.late_since.is_(None),
            _campaigns.c.user_id.in_(_APPROVED),
        )
    ).all()
    messages = session.exec(
        select(ScheduledMessage.id).where(
            ScheduledMessage.status == ScheduledMessageStatus.PENDING,
            ScheduledMessage.scheduled_at <= now,
            col(ScheduledMessage.user_id).in_(_APPROVED),
        )
    ).all()
    started = connection.scalars(
        sa.select(_campaigns.c.id).where(
            _campaigns.c.status == _S.SENDING, _campaigns.c.launched_at.is_(None)
        )
    ).all()
    cancelled = connection.scalars(
        sa.select(_campaigns.c.id).where(
            _campaigns.c.status == _S.CANCELLED, _campaigns.c.pending_count > 0
        )
    ).all()
    stranded = connection.scalars(_STRANDED).all()
    shut_out = connection.scalars(_SHUT_OUT).all()
    emptied = connection.scalars(
        sa.select(_campaigns.c.id).where(
            _campaigns.c.status.in_((_S.SENDING, _S.PAUSED)),
            _campaigns.c.launched_at.is_not(None),
            _campaigns.c.pending_count == 0,
            _campaigns.c.sending_count == 0,
        )
    ).all()
    return [
        *(_step(start_due, one, pace) for one in due),
        *(_step(start_message, one, pace) for one in messages),
        *(_step(take_audience, one) for one in started),
        *(_step(skip_cancelled, one) for one in cancelled),
        *(_step(pause_stranded, one) for one in stranded),
        *(_step(pause_shut_out, one) for one in shut_out),
        *([_step(finish, list(emptied))] if emptied else []),
    ]


def _step(work: Callable[..., list[UUID]], *args: Any) -> Step:
    return lambda session: work(session, *args)


def start_due(session: Session, campaign_id: UUID, pace: Pace) -> list[UUID]:
    """Start a campaign whose time has come, or ask its owner where that was long ago."""
    now = clock.db_now(session)
    scheduled = _campaigns.c.scheduled_at
    for condition, values in (
        (scheduled > now - timedelta(seconds=pace.late_after), {"status": _S.SENDING}),
        (scheduled <= now - timedelta(seconds=pace.late_after), {"late_since": now}),
    ):
        changed = session.connection().execute(
            sa.update(_campaigns)
            .where(
                _campaigns.c.id == campaign_id,
                _campaigns.c.status == _S.SCHEDULED,
                _campaigns.c.late_since.is_(None),
                scheduled <= now,
                condition,
            )
            .values(**values, version=_campaigns.c.version + 1, updated_at=now)
        )
        if changed.rowcount:
            return [campaign_id]
    return []


def start_message(session: Session, message_id: UUID, pace: Pace) -> list[UUID]:
    """Hand a scheduled message over to a campaign of its own."""
    now = clock.db_now(session)
    message = session.exec(
        select(ScheduledMessage)
        .where(
            ScheduledMessage.id == message_id,
            ScheduledMessage.status == ScheduledMessageStatus.PENDING,
        )
        .with_for_update(skip_locked=True)
    ).first()
    if message is None:
        return []
    sender = session.exec(
        select(Sender).where(Sender.is_active).order_by(col(Sender.created_at), col(Sender.id))
    ).first()
    if sender is None:
        return []  # it waits until there is a number to send from
    late = message.scheduled_at <= now - timedelta(seconds=pace.late_after)
    campaign = campaign_for(message, now, late=late)
    campaign.sender_id = sender.id
    campaign.price_per_segment_micros = sender.price_per_segment_micros
    session.add(campaign)
    session.flush()
    message.status, message.campaign_id = ScheduledMessageStatus.SENT, campaign.id
    session.add(message)
    return [campaign.id]


def take_audience(session: Session, campaign_id: UUID) -> list[UUID]:
    taken = snapshot.take(session, campaign_id, clock.db_now(session))
    return [campaign_id] if taken else []


def skip_cancelled(session: Session, campaign_id: UUID) -> list[UUID]:
    """Skip the next texts of a cancelled campaign that were not handed over."""
    books = Books(session)
    waiting = books.lock_where(
        _messages.c.campaign_id == campaign_id,
        _messages.c.status == MessageStatus.PENDING,
        sa.exists(
            sa.select(_campaigns.c.id).where(
                _campaigns.c.id == campaign_id, _campaigns.c.status == _S.CANCELLED
            )
        ),
        order_by=_messages.c.id,
        limit=SKIPPED_AT_ONCE,
    )
    for row in waiting:
        row.skip(SkipReason.CANCELLED)
    return books.save(clock.db_now(session))


# Campaigns whose number was taken out of the settings, or deleted.
_STRANDED = sa.select(_campaigns.c.id).where(
    _campaigns.c.status == _S.SENDING,
    ~sa.exists(sa.select(Sender.id).where(Sender.id == _campaigns.c.sender_id, Sender.is_active)),
)


def pause_stranded(session: Session, campaign_id: UUID) -> list[UUID]:
    words = "Its sending number is no longer set up. Set it up again, then resume."
    pause(session, campaign_id, words, clock.db_now(session))
    return [campaign_id]


# Begun in the moment in which their owner was suspended: what ran before is paused with the suspension. What is
# scheduled waits, and asks its owner once they are let in again.
_APPROVED: Any = sa.select(UserProfile.id).where(UserProfile.status == UserStatus.APPROVED)
_SHUT_OUT = sa.select(_campaigns.c.id).where(
    _campaigns.c.status == _S.SENDING, _campaigns.c.user_id.not_in(_APPROVED)
)


def pause_shut_out(session: Session, campaign_id: UUID) -> list[UUID]:
    words = "Its owner’s account isn’t approved."
    pause(session, campaign_id, words, clock.db_now(session))
    return [campaign_id]


def finish(session: Session, campaign_ids: list[UUID]) -> list[UUID]:
    now: datetime = clock.db_now(session)
    return counters.finish_campaigns(session, campaign_ids, now)
