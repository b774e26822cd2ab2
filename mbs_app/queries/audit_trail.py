"""Pages of the audit log, of which there may be millions of rows.

Ids are in order of time, so a page is a walk down an index that ends in ``id``. One part of what is asked for
is the way in (a subject, else an actor, else the actions, else an address); the rest is looked at row by row.
Where the rest lets few rows through, that walk could be long: it ends after ``LOOK_BACK`` rows, and the page
says how far it came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from mbs_app.db import Checked
from mbs_app.models import AuditEvent
from mbs_app.models.base import first_id_at

LOOK_BACK = 200_000
# The id is made a moment before the time beside it.
_SLACK = timedelta(minutes=1)
_EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
_LATEST = datetime(9998, 1, 1, tzinfo=UTC)

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the log. ``words`` are conditions, each of which must hold."""

    subject_id: str = ""
    actor_id: UUID | None = None
    actions: tuple[str, ...] | None = None
    ip: str = ""
    since: datetime | None = None
    until: datetime | None = None
    words: tuple[Condition, ...] = ()


class Found(NamedTuple):
    """``looked_to`` is the id at which the walk ended early; the next page starts below it."""

    events: list[AuditEvent]
    has_more: bool
    looked_to: UUID | None


def page(session: Session, asked: Asked, *, after: UUID | None, limit: int) -> Found:
    """The newest ``limit`` events below ``after``."""
    ways, rest = _plan(asked)
    times = _times(asked)
    below = [*times, *([col(AuditEvent.id) < after] if after else [])]
    floor = _floor(session, ways, below) if rest else None
    bounds = below if floor is None else [*below, col(AuditEvent.id) >= floor]
    ids = _newest(session, ways, [*bounds, *rest], limit + 1)
    events = _read(session, ids[:limit])
    is_full = len(ids) > limit
    return Found(events, is_full or floor is not None, None if is_full else floor)


def newest_id(session: Session) -> UUID | None:
    """The id of the newest event of all."""
    newest: UUID | None = session.execute(
        sa.select(AuditEvent.id).order_by(col(AuditEvent.id).desc()).limit(1)
    ).scalar()
    return newest


def count_newer(session: Session, asked: Asked, *, above: UUID | None, most: int) -> int:
    """Events above the id ``above``, at most ``most``: give the newest of all, so that few have to be read."""
    _, rest = _plan(asked, ways_in=False)
    newer = [*_times(asked), *rest]
    if above is not None:
        newer.append(col(AuditEvent.id) > above)
    some = sa.select(AuditEvent.id).where(*newer).limit(most)
    return int(
        session.execute(sa.select(sa.func.count()).select_from(some.subquery())).scalar_one()
    )


def count(session: Session, asked: Asked, *, most: int) -> int | None:
    """How many there are, counted up to ``most``; None where counting would mean reading them all."""
    ways, rest = _plan(asked)
    if rest:
        return None
    found = 0
    for way in ways:
        some = sa.select(AuditEvent.id).where(*way, *_times(asked)).limit(most - found)
        counted = sa.select(sa.func.count()).select_from(some.subquery())
        found += int(session.execute(counted).scalar_one())
        if found >= most:
            break
    return found


def _plan(asked: Asked, *, ways_in: bool = True) -> tuple[list[list[Condition]], list[Condition]]:
    """The ways in, of which each row takes one, and what is left to look at."""
    rest = list(asked.words)
    if ways_in and asked.subject_id:
        ways = [[col(AuditEvent.subject_id) == asked.subject_id]]
        return ways, [*_actor(asked), *_actions(asked), *_ip(asked), *rest]
    if ways_in and asked.actor_id and asked.actions is not None:
        actor = col(AuditEvent.actor_id) == asked.actor_id
        return [[actor, col(AuditEvent.action) == one] for one in asked.actions], [
            *_ip(asked),
            *rest,
        ]
    if ways_in and asked.actor_id:
        return [[col(AuditEvent.actor_id) == asked.actor_id]], [*_ip(asked), *rest]
    if ways_in and asked.actions is not None:
        return [[col(AuditEvent.action) == one] for one in asked.actions], [*_ip(asked), *rest]
    if ways_in and asked.ip:
        return [[col(AuditEvent.ip) == asked.ip]], rest
    subject = (
        [Checked(AuditEvent.subject_id, sa.literal(asked.subject_id))] if asked.subject_id else []
    )
    return [[]], [*subject, *_actor(asked), *_actions(asked), *_ip(asked), *rest]


def _actor(asked: Asked) -> list[Condition]:
    if asked.actor_id is None:
        return []
    return [Checked(AuditEvent.actor_id, sa.literal(asked.actor_id, sa.Uuid()))]


def _actions(asked: Asked) -> list[Condition]:
    if asked.actions is None:
        return []
    return [sa.or_(*(Checked(AuditEvent.action, sa.literal(one)) for one in asked.actions))]


def _ip(asked: Asked) -> list[Condition]:
    return [Checked(AuditEvent.ip, sa.literal(asked.ip))] if asked.ip else []


def _times(asked: Asked) -> list[Condition]:
    """The ids narrow the walk, the times decide."""
    times: list[Condition] = []
    if asked.since is not None:
        since = _within_reach(asked.since)
        times.append(col(AuditEvent.id) >= first_id_at(since - _SLACK))
        times.append(col(AuditEvent.at) >= since)
    if asked.until is not None:
        until = _within_reach(asked.until)
        times.append(col(AuditEvent.id) < first_id_at(until + _SLACK))
        times.append(col(AuditEvent.at) < until)
    return times


def _within_reach(moment: datetime) -> datetime:
    """The same moment, or the nearest that an id can be of."""
    return min(max(moment, _EARLIEST), _LATEST)


def _floor(session: Session, ways: list[list[Condition]], below: list[Condition]) -> UUID | None:
    """The id above which the walk may go; None where all that is left is short enough."""
    share = max(1, LOOK_BACK // max(1, len(ways)))
    ends = [
        session.execute(
            sa.select(AuditEvent.id)
            .where(*way, *_only_ids(below))
            .order_by(col(AuditEvent.id).desc())
            .offset(share)
            .limit(1)
        ).scalar()
        for way in ways
    ]
    return max((end for end in ends if end is not None), default=None)


def _only_ids(below: list[Condition]) -> list[Condition]:
    """Without the times beside the ids, so that the index alone tells."""
    return [one for one in below if one.left.key == "id"]


def _newest(
    session: Session, ways: list[list[Condition]], bounds: Sequence[Condition], limit: int
) -> list[UUID]:
    branches = [
        sa.select(AuditEvent.id.label("id"))
        .where(*way, *bounds)
        .order_by(col(AuditEvent.id).desc())
        .limit(limit)
        .subquery()
        for way in ways
    ]
    if not branches:
        return []
    if len(branches) == 1:
        found: Any = sa.select(branches[0].c.id)
    else:
        found = sa.union_all(*(sa.select(branch.c.id) for branch in branches))
    ids = list(session.execute(found).scalars())
    return sorted(ids, reverse=True)[:limit]


def _read(session: Session, ids: Sequence[UUID]) -> list[AuditEvent]:
    found = session.execute(sa.select(AuditEvent).where(col(AuditEvent.id).in_(ids))).scalars()
    return sorted(found, key=lambda event: event.id, reverse=True)
