"""Message rows under lock: read, changed in memory by the rules, written back with the counts in one go.

Whatever changes the status of messages after their claim goes through :class:`Books`, so that the rows, the
campaign's counts and its end always agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.domain.vocabulary import MessageStatus, SkipReason
from mbs_app.models import CampaignMessage
from mbs_app.queries import counters
from mbs_app.queries.bulk import Ids, Words, any_of, update_rows

_messages: Any = CampaignMessage.__table__


@dataclass(slots=True)
class Row:
    """What may change of a message once it exists; the first four never do."""

    id: UUID
    campaign_id: UUID
    user_id: UUID
    phone_number: str
    status: MessageStatus
    skip_reason: str | None
    segments: int
    attempts: int
    next_attempt_at: datetime | None
    lease_owner: UUID | None
    lease_expires_at: datetime | None
    attempting_at: datetime | None
    next_look_at: datetime | None
    looks: int
    twilio_sid: str | None
    provider_status: str
    error_code: int | None
    error_message: str
    accepted_in_ms: int | None
    sent_at: datetime | None
    delivered_at: datetime | None

    @property
    def handed_over_segments(self) -> int:
        """What the provider charges for: a text it took has its id."""
        return self.segments if self.twilio_sid is not None else 0

    def become(self, status: MessageStatus) -> None:
        """Change the status; a lease belongs to the old one, and only texts in doubt or without a final
        receipt are looked up."""
        self.status = status
        if status is not MessageStatus.SENDING:
            self.lease_owner = self.lease_expires_at = None
        if status not in (MessageStatus.SENT, MessageStatus.UNKNOWN):
            self.next_look_at = None

    def back_to_the_queue(self, at: datetime | None) -> None:
        self.become(MessageStatus.PENDING)
        self.next_attempt_at = at
        self.attempting_at = None

    def doubt(self, look_at: datetime) -> None:
        """Nobody knows whether it left; ask the provider from ``look_at`` on."""
        self.become(MessageStatus.UNKNOWN)
        self.next_look_at, self.looks = look_at, 0

    def skip(self, reason: SkipReason) -> None:
        self.become(MessageStatus.SKIPPED)
        self.skip_reason = reason.value


_NAMES = tuple(field.name for field in fields(Row))
WRITTEN = _NAMES[4:]
_written = attrgetter(*WRITTEN)
_COLUMNS = [_messages.c[name] for name in _NAMES]

# Always locked in the same order, so that two transactions never wait for each other.
_LOCKED = sa.select(*_COLUMNS).order_by(_messages.c.id).with_for_update(key_share=True)
_BY_ID = _LOCKED.where(any_of(_messages.c.id, sa.bindparam("ids", type_=Ids())))
_BY_SID = _LOCKED.where(any_of(_messages.c.twilio_sid, sa.bindparam("sids", type_=Words())))


class Books:
    """The messages of one transaction. Lock, change the rows, then :meth:`save` once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._before: dict[UUID, tuple[Any, ...]] = {}
        self.rows: dict[UUID, Row] = {}

    def lock(self, ids: Iterable[UUID]) -> Mapping[UUID, Row]:
        """The rows with these ids, of those that exist."""
        wanted = [one for one in set(ids) if one not in self.rows]
        if wanted:
            self._keep(self._session.connection().execute(_BY_ID, {"ids": wanted}))
        return self.rows

    def lock_by_sid(self, sids: Iterable[str]) -> Mapping[str, Row]:
        """The rows with these provider ids."""
        wanted = sorted(set(sids))
        if wanted:
            self._keep(self._session.connection().execute(_BY_SID, {"sids": wanted}))
        return {row.twilio_sid: row for row in self.rows.values() if row.twilio_sid is not None}

    def take_sid_away(self, row: Row) -> None:
        """At once, so that another row can have it within the same transaction."""
        row.twilio_sid = None
        self._session.connection().execute(
            sa.update(_messages).where(_messages.c.id == row.id).values(twilio_sid=None)
        )

    def lock_where(self, *conditions: Any, order_by: Any, limit: int) -> Sequence[Row]:
        """Rows that nobody else holds, at most ``limit``."""
        return self._keep(
            self._session.connection().execute(
                sa.select(*_COLUMNS)
                .where(*conditions)
                .order_by(order_by)
                .limit(limit)
                .with_for_update(skip_locked=True, key_share=True)
            )
        )

    def save(self, now: datetime) -> list[UUID]:
        """Write what changed, count it, and end campaigns whose queue is empty.

        Returns the ids of the campaigns that changed.
        """
        changed: list[Row] = []
        columns: set[str] = set()
        moves: dict[UUID, Counter[counters.Move]] = {}
        segments: Counter[UUID] = Counter()
        for row in self.rows.values():
            status, charged, before = self._before[row.id]
            after = _written(row)
            if after == before:
                continue
            changed.append(row)
            columns.update(
                name
                for name, old, new in zip(WRITTEN, before, after, strict=True)
                if old is not new and old != new
            )
            counted = moves.setdefault(row.campaign_id, Counter())
            if status != row.status:
                counted[status, row.status] += 1
            segments[row.campaign_id] += row.handed_over_segments - charged
        # Only what differs in one of them: an untouched column spares its index.
        names = ("id", *sorted(columns))
        update_rows(
            self._session,
            _messages,
            [
                {**{name: getattr(row, name) for name in names}, "updated_at": now}
                for row in changed
            ],
        )
        for campaign_id in sorted(moves):
            counters.move(self._session, campaign_id, moves[campaign_id], segments[campaign_id])
        counters.finish_campaigns(self._session, moves, now)
        counters.reopen_campaigns(
            self._session,
            (
                campaign_id
                for campaign_id, counted in moves.items()
                if (MessageStatus.UNKNOWN, MessageStatus.PENDING) in counted
            ),
        )
        return sorted(moves)

    def _keep(self, found: Iterable[Any]) -> list[Row]:
        rows = []
        for values in found:
            row = Row(*values)
            row.status = MessageStatus(row.status)
            if row.id in self.rows:
                continue
            self.rows[row.id] = row
            self._before[row.id] = (row.status, row.handed_over_segments, _written(row))
            rows.append(row)
        return rows
