"""The queue of texts: how long it is, how old, and whether it moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.time_words import duration_words
from mbs_app.domain.vocabulary import CampaignStatus, MessageStatus
from mbs_app.models import Beat, Campaign, CampaignMessage, Sender
from mbs_app.queries import clock
from mbs_app.services.lookup import must_administrate
from mbs_app.services.overview import WORKER_IS_ALIVE
from mbs_app.services.system.health import Check, State, broken_if, look_if
from mbs_app.services.system.workers import START_A_WORKER

STANDS_STILL = timedelta(minutes=2)
MOST_RUNNING = 200  # campaigns that are looked into

_campaigns: Any = Campaign.__table__
_messages: Any = CampaignMessage.__table__


@dataclass(frozen=True, slots=True)
class Queue:
    """``waiting`` texts of ``campaigns`` that run, of which the oldest is due since ``oldest_due_at``.

    ``moved_at`` is when a text of them last changed; ``in_doubt`` the carrier never answered about. ``paused``
    campaigns wait for their owners because of a trouble, ``late`` ones because their time passed unseen.
    """

    campaigns: int
    waiting: int
    sending: int
    oldest_due_at: datetime | None
    moved_at: datetime | None
    in_doubt: int
    paused: int
    late: int
    slowed_until: datetime | None
    checks: list[Check]


def read_queue(session: Session, actor: Actor) -> Queue:
    """Raises NotAllowed."""
    must_administrate(actor)
    now = clock.db_now(session)
    running = session.execute(
        sa.select(_campaigns.c.id, _campaigns.c.pending_count, _campaigns.c.sending_count).where(
            _campaigns.c.status == CampaignStatus.SENDING, _campaigns.c.launched_at.is_not(None)
        )
    ).all()
    waiting = sum(row.pending_count for row in running)
    looked_into = [row.id for row in running if row.pending_count][:MOST_RUNNING]
    oldest = min(
        filter(None, (_oldest_due(session, one, now) for one in looked_into)), default=None
    )
    moved = max(filter(None, (_moved_at(session, one) for one in looked_into)), default=None)
    in_doubt = session.execute(
        sa.select(func.count()).where(
            _messages.c.next_look_at.is_not(None), _messages.c.status == MessageStatus.UNKNOWN
        )
    ).scalar_one()
    slowed = session.exec(select(func.max(Sender.slowed_until)).where(Sender.is_active)).one()
    slowed_until = slowed if slowed and slowed > now else None
    paused, late = _waiting_for_owners(session)
    alive = session.exec(
        select(func.count()).select_from(Beat).where(col(Beat.seen_at) > now - WORKER_IS_ALIVE)
    ).one()
    return Queue(
        campaigns=len(running),
        waiting=waiting,
        sending=sum(row.sending_count for row in running),
        oldest_due_at=oldest,
        moved_at=moved,
        in_doubt=in_doubt,
        paused=paused,
        late=late,
        slowed_until=slowed_until,
        checks=[
            Check("waiting", "Waiting to send", f"{waiting:,}"),
            _age(oldest, moved, slowed_until, now, alive > 0),
            Check("in_doubt", "In doubt, being looked up", f"{in_doubt:,}"),
            _paused(paused),
            _late(late),
        ],
    )


def _oldest_due(session: Session, campaign_id: UUID, now: datetime) -> datetime | None:
    """Since when the first text of a campaign's queue that may go has been waiting."""
    first = session.execute(
        sa.select(_messages.c.next_attempt_at, _messages.c.created_at)
        .where(
            _messages.c.campaign_id == campaign_id,
            _messages.c.status == MessageStatus.PENDING,
            sa.or_(_messages.c.next_attempt_at.is_(None), _messages.c.next_attempt_at <= now),
        )
        .order_by(_messages.c.id)
        .limit(1)
    ).first()
    return (first.next_attempt_at or first.created_at) if first else None


def _moved_at(session: Session, campaign_id: UUID) -> datetime | None:
    moved: datetime | None = session.execute(
        sa.select(_messages.c.updated_at)
        .where(_messages.c.campaign_id == campaign_id)
        .order_by(_messages.c.updated_at.desc(), _messages.c.id.desc())
        .limit(1)
    ).scalar()
    return moved


def _waiting_for_owners(session: Session) -> tuple[int, int]:
    """Campaigns that MBS paused, and campaigns whose time passed while it was down."""
    paused = session.exec(
        select(func.count())
        .select_from(Campaign)
        .where(Campaign.status == CampaignStatus.PAUSED, Campaign.pause_reason != "")
    ).one()
    late = session.exec(
        select(func.count())
        .select_from(Campaign)
        .where(Campaign.status == CampaignStatus.SCHEDULED, col(Campaign.late_since).is_not(None))
    ).one()
    return paused, late


def _age(
    oldest: datetime | None,
    moved: datetime | None,
    slowed_until: datetime | None,
    now: datetime,
    has_worker: bool,
) -> Check:
    """A queue may be old: numbers have their rates. It must not stand still."""
    if oldest is None:
        return Check("oldest_due", "Oldest due text", "None")
    age = f"waits for {duration_words((now - oldest).total_seconds())}"
    stands_still = (moved is None or now - moved > STANDS_STILL) and now - oldest > STANDS_STILL
    state, advice = State.HEALTHY, ""
    if not has_worker:
        state, advice = broken_if(True, START_A_WORKER)
    elif slowed_until is not None:
        state, advice = look_if(
            True, "Twilio asked for fewer texts a second; MBS goes slower and goes on by itself."
        )
    elif stands_still:
        since = f"for {duration_words((now - moved).total_seconds())}" if moved else "so far"
        state, advice = broken_if(
            True,
            f"Nothing moved {since} although texts are due. Look at the log, and at status.twilio.com.",
        )
    return Check("oldest_due", "Oldest due text", age, state, advice)


def _paused(count: int) -> Check:
    return Check(
        "paused",
        "Paused by MBS",
        _campaigns_words(count),
        *look_if(count > 0, "Each says why on its page, and waits for its owner."),
    )


def _late(count: int) -> Check:
    return Check(
        "late",
        "Past their time",
        _campaigns_words(count),
        *look_if(count > 0, "Their time passed while MBS was down. Their owners are asked."),
    )


def _campaigns_words(count: int) -> str:
    if not count:
        return "None"
    return "1 campaign" if count == 1 else f"{count:,} campaigns"
