"""Step 3: take texts from the queue under a lease, with a time at which each may leave.

One short transaction: look at people and opt-outs again, fill in the text as it stands now and freeze it,
reserve the sender's time, mark the rows as ours. Nothing has left before this is committed. On PostgreSQL rows
that another worker holds are passed over; on SQLite the transaction is alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.domain import pacing
from mbs_app.domain.segments import measure
from mbs_app.domain.vocabulary import MessageStatus, SkipReason
from mbs_app.models import CampaignMessage, Sender
from mbs_app.queries import clock, counters, queue
from mbs_app.queries.bulk import update_rows

_messages: Any = CampaignMessage.__table__
_senders: Any = Sender.__table__

SLOWED_TO = 0.25
"""What is left of a sender's rate while the provider asks us to slow down."""
REWIND_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ClaimedText:
    """One text, frozen and leased. ``slot`` is when it may leave, by the database's clock;
    ``rate`` is its sender's limit in segments a second."""

    id: UUID
    campaign_id: UUID
    sender_id: UUID
    sender_address: str
    to: str
    body: str
    segments: int
    attempts: int
    rate: float
    slot: datetime


@dataclass(slots=True)
class Claim:
    """What one claim brought. ``now`` is the database's time during it.

    ``wait`` is in seconds: how long until a sender has time to give away again, None where that isn't
    what was missing.
    """

    now: datetime
    texts: list[ClaimedText] = field(default_factory=list)
    changed: set[UUID] = field(default_factory=set)
    wait: float | None = None


@dataclass(slots=True)
class Turns:
    """What a worker remembers between claims; losing it costs nothing but a little time.

    A cursor for each campaign passes over what was claimed before, which PostgreSQL would otherwise walk
    through again; it goes back to the start now and then, where the retries are.
    """

    count: int = 0
    cursors: dict[UUID, UUID] = field(default_factory=dict)
    rewound_at: datetime | None = None

    def begin(self, now: datetime) -> None:
        self.count += 1
        if self.rewound_at is None or (now - self.rewound_at).total_seconds() > REWIND_SECONDS:
            self.rewound_at = now
            self.cursors.clear()

    def order(self, campaigns: Sequence[Any]) -> list[Any]:
        """The campaigns, another one first each time."""
        first = self.count % len(campaigns)
        return [*campaigns[first:], *campaigns[:first]]


def claim_batch(
    session: Session,
    worker_id: UUID,
    limit: int,
    *,
    lease_seconds: float,
    horizon_seconds: float = 0.5,
    turns: Turns | None = None,
) -> Claim:
    """Lease at most ``limit`` texts that may leave within the horizon, fairly among running campaigns.

    People who opted out, were deactivated or deleted since the launch are skipped here, as is a text of
    which nothing is left once its fields are filled in.
    """
    turns = turns or Turns()
    claim = Claim(clock.db_now(session))
    turns.begin(claim.now)
    running = defaultdict(list)
    for campaign in session.connection().execute(queue.RUNNING):
        running[campaign.sender_id].append(campaign)
    if not running:
        return claim
    moves: dict[UUID, Counter[counters.Move]] = defaultdict(Counter)
    skips: list[dict[str, Any]] = []
    for sender in session.connection().execute(_locked_senders(running)):
        room = _room(sender, claim, horizon_seconds, limit - len(claim.texts))
        if room <= 0:
            continue
        campaigns = turns.order(running[sender.id])
        texts: list[tuple[Any, Any, str, int]] = []
        for campaign, row in queue.next_rows(session, campaigns, room, claim.now, turns.cursors):
            text, reason = queue.frozen_text(campaign, row)
            if reason is None:
                texts.append((campaign, row, text, measure(text).segments))
            else:
                skips.append(_skip(row, reason, claim.now))
                moves[campaign.id][MessageStatus.PENDING, MessageStatus.SKIPPED] += 1
        for (campaign, row, text, segments), slot in zip(
            texts, _reserve(session, sender, texts, claim.now, horizon_seconds), strict=False
        ):
            claim.texts.append(
                ClaimedText(
                    row.id,
                    campaign.id,
                    sender.id,
                    sender.address,
                    row.phone_number,
                    text,
                    segments,
                    row.attempts,
                    sender.segments_per_second,
                    slot,
                )
            )
            moves[campaign.id][MessageStatus.PENDING, MessageStatus.SENDING] += 1
            turns.cursors[campaign.id] = row.id
    expires = claim.now + timedelta(seconds=lease_seconds)
    update_rows(session, _messages, [_lease(text, worker_id, expires) for text in claim.texts])
    update_rows(session, _messages, skips)
    for campaign_id in sorted(moves):
        counters.move(session, campaign_id, moves[campaign_id])
    if skips:
        counters.finish_campaigns(session, moves, claim.now)
    claim.changed = set(moves)
    return claim


def _locked_senders(running: Mapping[UUID, Any]) -> Any:
    return (
        sa.select(
            _senders.c.id,
            _senders.c.address,
            _senders.c.segments_per_second,
            _senders.c.next_free_at,
            _senders.c.slowed_until,
        )
        .where(_senders.c.id.in_(sorted(one for one in running if one is not None)))
        .where(_senders.c.is_active)
        .order_by(_senders.c.id)
        .with_for_update(key_share=True)
    )


def _rate(sender: Any, now: datetime) -> float:
    slowed = sender.slowed_until is not None and sender.slowed_until > now
    return float(sender.segments_per_second) * (SLOWED_TO if slowed else 1.0)


def _room(sender: Any, claim: Claim, horizon: float, limit: int) -> int:
    """How many texts of one segment the sender could take within the horizon."""
    taken = 0.0
    if sender.next_free_at is not None:
        taken = max(0.0, (sender.next_free_at - claim.now).total_seconds())
    if taken > horizon:
        wait = taken - horizon
        claim.wait = wait if claim.wait is None else min(wait, claim.wait)
        return 0
    return min(limit, int(_rate(sender, claim.now) * (horizon - taken)) + 1)


def _reserve(
    session: Session, sender: Any, texts: Sequence[Any], now: datetime, horizon: float
) -> list[datetime]:
    if not texts:
        return []
    slots, free = pacing.reserve(
        sender.next_free_at, now, _rate(sender, now), [text[3] for text in texts], horizon
    )
    if slots:
        session.connection().execute(
            sa.update(_senders).where(_senders.c.id == sender.id).values(next_free_at=free)
        )
    return slots


def _skip(row: Any, reason: SkipReason, now: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "status": MessageStatus.SKIPPED.value,
        "skip_reason": reason.value,
        "updated_at": now,
    }


def _lease(text: ClaimedText, worker_id: UUID, expires: datetime) -> dict[str, Any]:
    return {
        "id": text.id,
        "status": MessageStatus.SENDING.value,
        "message_body": text.body,
        "segments": text.segments,
        "lease_owner": worker_id,
        "lease_expires_at": expires,
        "attempting_at": None,
        "next_attempt_at": None,
    }
