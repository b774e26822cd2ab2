"""One's own sessions: seen and ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotFound
from mbs_app.domain.vocabulary import SessionKind
from mbs_app.models import RefreshToken, UserSession
from mbs_app.services import audit, sessions, standing
from mbs_app.services.lookup import owner_of


class Listed(NamedTuple):
    """``total`` counts all; ``shown`` are those used last, the one that asks first."""

    total: int
    shown: list[UserSession]


def list_sessions(session: Session, actor: Actor, *, most: int = 50) -> Listed:
    """The actor's sessions that can still be used."""
    living = _living(actor)
    total = session.exec(select(func.count()).select_from(UserSession).where(*living)).one()
    current = col(UserSession.id) == actor.session_id
    rows = session.exec(
        select(UserSession)
        .where(*living)
        .order_by(current.desc(), col(UserSession.last_used_at).desc(), col(UserSession.id))
        .limit(most)
    ).all()
    return Listed(total, list(rows))


def sessions_after(
    session: Session, actor: Actor, *, after: UUID | None, limit: int
) -> Sequence[UserSession]:
    """A page of the same, in the order they were begun."""
    living = select(UserSession).where(*_living(actor))
    if after is not None:
        living = living.where(col(UserSession.id) > after)
    return session.exec(living.order_by(col(UserSession.id)).limit(limit)).all()


def end_session(session: Session, actor: Actor, session_id: UUID) -> None:
    """End one, from its next request on.

    Raises:
        NotFound: it isn't among the actor's, or has ended.
    """
    if not sessions.end_one(session, owner_of(actor), session_id):
        raise NotFound("session")
    standing.changed(session, owner_of(actor))
    if session_id == actor.session_id:
        audit.record(session, actor, "session.end", "user", owner_of(actor))
    else:
        audit.record(
            session, actor, "session.end_other", "user", owner_of(actor), ended=str(session_id)
        )


def end_others(session: Session, actor: Actor) -> int:
    """End all but the one that asks; how many there were."""
    ended = session.exec(
        select(func.count())
        .select_from(UserSession)
        .where(*_living(actor), col(UserSession.id) != actor.session_id)
    ).one()
    sessions.end_all(session, owner_of(actor), but=actor.session_id)
    if ended:
        audit.record(session, actor, "session.end_others", "user", owner_of(actor), ended=ended)
    return ended


def _living(actor: Actor) -> list[Any]:
    """The same as :func:`sessions.is_alive`, in SQL; of a program while it can still get a new token."""
    now = utc_now()
    return [
        UserSession.user_id == owner_of(actor),
        col(UserSession.ended_at).is_(None),
        col(UserSession.expires_at) > now,
        sa.or_(
            sa.and_(UserSession.kind == SessionKind.BROWSER, _not_idle(now)),
            sa.and_(UserSession.kind == SessionKind.PROGRAM, _can_refresh(now)),
        ),
    ]


def _not_idle(now: datetime) -> Any:
    last_used = col(UserSession.last_used_at)
    return sa.or_(
        sa.and_(col(UserSession.keep), last_used > now - sessions.KEPT_IDLE),
        last_used > now - sessions.NOT_KEPT_IDLE,
    )


def _can_refresh(now: datetime) -> Any:
    return sa.or_(
        col(UserSession.access_expires_at) > now,
        sa.exists().where(
            col(RefreshToken.session_id) == UserSession.id,
            col(RefreshToken.used_at).is_(None),
            col(RefreshToken.expires_at) > now,
        ),
    )
