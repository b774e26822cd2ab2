"""The provider's events as rows: stored as they come, and taken up in the order in which they came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.models import MessageEvent, new_id
from mbs_app.queries.bulk import insert_rows, update_rows

_events: Any = MessageEvent.__table__


@dataclass(frozen=True, slots=True)
class Event:
    """One event, as received. ``message_id`` is what the callback's address says (``m=``), where it does.

    ``status`` is the provider's word. ``payload`` is kept for the record.
    """

    provider_id: str
    status: str
    message_id: UUID | None = None
    error_code: int | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    provider: str = "twilio"


def store(session: Session, events: Sequence[Event], now: datetime) -> None:
    insert_rows(
        session,
        _events,
        [
            {
                "id": new_id(),
                "user_id": None,
                "message_id": event.message_id,
                "provider": event.provider,
                "provider_id": event.provider_id[:64],
                "status": event.status[:24],
                "error_code": event.error_code,
                "payload": dict(event.payload),
                "received_at": now,
                "applied_at": None,
            }
            for event in events
        ],
    )


def any_unapplied(session: Session) -> bool:
    return (
        session.connection()
        .execute(sa.select(_events.c.id).where(_events.c.applied_at.is_(None)).limit(1))
        .first()
        is not None
    )


def oldest_unapplied(session: Session) -> datetime | None:
    """When the event came that has waited longest; of however many it reads one."""
    return (
        session.connection()
        .execute(
            sa.select(_events.c.received_at)
            .where(_events.c.applied_at.is_(None))
            .order_by(_events.c.id)
            .limit(1)
        )
        .scalar()
    )


def lock_unapplied(session: Session, limit: int) -> Sequence[Any]:
    """The oldest events that nobody has taken up: id, message_id, provider_id, status, error_code,
    received_at."""
    return (
        session.connection()
        .execute(
            sa.select(
                _events.c.id,
                _events.c.message_id,
                _events.c.provider_id,
                _events.c.status,
                _events.c.error_code,
                _events.c.received_at,
            )
            .where(_events.c.applied_at.is_(None))
            .order_by(_events.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        .all()
    )


def mark_applied(
    session: Session,
    events: Sequence[tuple[UUID, UUID | None, UUID | None]],
    now: datetime,
) -> None:
    """``events`` are (event id, owner, message id); the last two None where the message isn't known."""
    update_rows(
        session,
        _events,
        [
            {"id": event_id, "user_id": user_id, "message_id": message_id, "applied_at": now}
            for event_id, user_id, message_id in events
        ],
    )
