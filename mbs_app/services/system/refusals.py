"""Counting webhooks that were refused, by the hour. One row an hour and kind: nobody can fill the disk with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.models import RefusedCallback
from mbs_app.services.consent.ledger import insert_into

KEPT = timedelta(days=30)


class Refused(NamedTuple):
    times: int
    last_at: datetime | None


def count(session: Session, actor: Actor, refused: Mapping[str, int]) -> None:
    """Add to this hour's counts, by kind ("twilio", "resend"); hours that are long over are thrown away."""
    now = utc_now()
    table: Any = RefusedCallback.__table__
    insert = insert_into(session, RefusedCallback)
    added = insert.on_conflict_do_update(
        index_elements=["hour", "kind"],
        set_={"count": table.c.count + insert.excluded.count, "last_at": insert.excluded.last_at},
    )
    hour = now.replace(minute=0, second=0, microsecond=0)
    # In one order, so that two processes never wait for each other.
    rows = [
        {"hour": hour, "kind": kind, "count": number, "last_at": now}
        for kind, number in sorted(refused.items())
    ]
    session.connection().execute(added, rows)
    session.exec(delete(RefusedCallback).where(col(RefusedCallback.hour) < now - KEPT))


def refused_since(session: Session, kind: str, since: datetime) -> Refused:
    """How many there were in the hours that reach beyond ``since``, and when the last one came."""
    number, last_at = session.exec(
        select(
            sa.func.coalesce(sa.func.sum(RefusedCallback.count), 0),
            sa.func.max(RefusedCallback.last_at),
        ).where(RefusedCallback.kind == kind, col(RefusedCallback.last_at) >= since)
    ).one()
    return Refused(int(number), last_at)
