"""Steps 6 to 9: the provider's events are stored before they are answered, and applied in batches.

The same event twice, or events in the wrong order, change nothing: a message only ever moves up a rank.
An event about a message that isn't known is kept.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from mbs_app import db
from mbs_app.delivery import signals
from mbs_app.delivery.consequences import Consequences, words_for
from mbs_app.delivery.pace import Pace
from mbs_app.domain.actor import Actor
from mbs_app.domain.carrier_codes import explain
from mbs_app.domain.lifecycle import advance, twilio_status_to_message_status
from mbs_app.domain.vocabulary import MessageStatus
from mbs_app.queries import clock, receipts
from mbs_app.queries.receipts import Event
from mbs_app.queries.settle import Books, Row

__all__ = ["Event", "EventWriter", "apply_batch", "event_writer", "store"]

_log = logging.getLogger(__name__)
_SYSTEM = Actor.system("receipts")

MOST_AT_ONCE = 500

# How far a text is by the provider's own word, to keep the last word when receipts come out of order.
_PROVIDER_RANK = {
    word: rank
    for rank, words in enumerate(
        (
            ("accepted", "scheduled"),
            ("queued",),
            ("sending",),
            ("sent",),
            ("partially_delivered",),
            ("delivered", "undelivered", "failed", "canceled"),
            ("read",),
        )
    )
    for word in words
}


def store(events: Sequence[Event]) -> None:
    """Keep events, in a transaction of their own; they are durable when this returns."""
    with db.transaction(_SYSTEM) as session:
        receipts.store(session, events, clock.db_now(session))
        signals.receipts.ring_after_commit(session)


class EventWriter:
    """Lets many webhooks share one commit. Belongs to the event loop that first uses it."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Event, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def add(self, event: Event) -> None:
        """Returns when the event is durable. Raises what the database raised."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((event, stored))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await stored

    async def _write(self) -> None:
        while self._waiting:
            batch = self._waiting[:MOST_AT_ONCE]
            del self._waiting[:MOST_AT_ONCE]
            try:
                await asyncio.to_thread(store, [event for event, _ in batch])
            except Exception as error:  # raised again to each that waits
                _log.exception("%d events could not be stored", len(batch))
                _resolve(batch, error)
            else:
                _resolve(batch, None)


event_writer = EventWriter()


def apply_batch(
    session: Session, pace: Pace, *, limit: int = MOST_AT_ONCE
) -> tuple[int, list[Any]]:
    """Take up the oldest events not yet applied: how many there were, and the campaigns they changed."""
    now = clock.db_now(session)
    events = receipts.lock_unapplied(session, limit)
    if not events:
        return 0, []
    books, consequences = Books(session), Consequences()
    rows = _rows_of(books, events)
    applied = []
    for event in events:
        row = rows.get(event.id)
        if row is not None:
            apply(row, event, now, pace, consequences)
        applied.append(
            (event.id, row.user_id if row else None, row.id if row else event.message_id)
        )
    receipts.mark_applied(session, applied, now)
    consequences.before_saving(session, now)
    changed = books.save(now)
    consequences.after_saving(session, now)
    return len(events), changed


def apply(row: Row, event: Any, now: datetime, pace: Pace, consequences: Consequences) -> None:
    """Change one row by one event."""
    said = twilio_status_to_message_status(event.status)
    if said is None:
        return
    if row.twilio_sid is None:
        row.twilio_sid = event.provider_id or None
    # Whatever the provider says of a text under way, it says of one that it has taken.
    target = MessageStatus.SENT if said is MessageStatus.SENDING else said
    reached = advance(row.status, target)
    if reached is not row.status:
        _reach(row, reached, event, now, pace)
        if reached is MessageStatus.FAILED:
            consequences.of_failure(row)
    if _PROVIDER_RANK.get(event.status, -1) > _PROVIDER_RANK.get(row.provider_status, -1):
        row.provider_status = event.status


def _reach(row: Row, status: MessageStatus, event: Any, now: datetime, pace: Pace) -> None:
    row.become(status)
    row.sent_at = row.sent_at or event.received_at
    row.error_message = ""
    if status is MessageStatus.SENT:
        row.next_look_at, row.looks = pace.first_receipt_look(now), 0
    elif status is MessageStatus.DELIVERED:
        row.delivered_at = event.received_at
    elif status is MessageStatus.FAILED:
        row.error_code = event.error_code
        row.error_message = words_for(explain(event.error_code), "")


def _rows_of(books: Books, events: Sequence[Any]) -> dict[Any, Row]:
    """The message each event speaks of, by the event's id.

    The provider's id decides; the message's own id, from the callback's address, helps where the
    answer to the call was lost or hasn't been settled yet.
    """
    by_id = books.lock(event.message_id for event in events if event.message_id is not None)
    by_sid = books.lock_by_sid(event.provider_id for event in events if event.provider_id)
    found: dict[Any, Row] = {}
    claimed: dict[str, Row] = dict(by_sid)
    for event in events:
        row = claimed.get(event.provider_id)
        if row is None and event.message_id is not None:
            row = by_id.get(event.message_id)
            if row is not None and row.twilio_sid not in (None, event.provider_id):
                _log.warning("event %s is of another text than message %s", event.id, row.id)
                row = None
            elif row is not None and event.provider_id:
                claimed[event.provider_id] = row
        if row is not None:
            found[event.id] = row
    return found


def _resolve(batch: Sequence[tuple[Event, asyncio.Future[None]]], error: Exception | None) -> None:
    for _, stored in batch:
        if stored.done():
            continue  # the webhook's caller has gone
        if error is None:
            stored.set_result(None)
        else:
            stored.set_exception(error)
