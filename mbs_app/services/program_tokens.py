"""Tokens of programs that sign in: one to act with for minutes, one to get the next pair with.

Both are random and stored as hashes. A refresh token works once. One that is shown a second time was copied, and
nobody can say by whom: its whole family, the session, ends (RFC 9700, 4.14.2). That is strict on purpose: a program
that sends the same refresh token twice at once signs itself out.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import Session, col, select, update

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import SessionKind
from mbs_app.models import RefreshToken, UserProfile, UserSession
from mbs_app.services import audit, sessions
from mbs_app.services.devices import Visitor

ACCESS = timedelta(minutes=15)
REFRESH = timedelta(days=30)  # from each refresh to the next
LONGEST = timedelta(days=90)  # from the sign-in on, however often it is refreshed

# So that a scanner of source code knows them for what they are.
ACCESS_PREFIX, REFRESH_PREFIX = "mba_", "mbr_"


class Tokens(NamedTuple):
    access_token: str
    expires_in: timedelta
    refresh_token: str


def start(
    session: Session, user: UserProfile, visitor: Visitor, *, with_second_factor: bool = False
) -> Tokens:
    """A program's session for ``user``, and its first tokens."""
    now = utc_now()
    access = _random(ACCESS_PREFIX)
    held = UserSession(
        user_id=user.id,
        token_hash=sessions.hash_token(access),
        kind=SessionKind.PROGRAM,
        second_factor_at=now if with_second_factor else None,
        confirmed_at=now,
        expires_at=now + LONGEST,
        access_expires_at=now + ACCESS,
        ip=visitor.ip[:45],
        user_agent=visitor.user_agent[:300],
    )
    session.add(held)
    session.flush()
    return Tokens(access, ACCESS, _add_refresh_token(session, held, now))


def has_signed_in_before(session: Session, user: UserProfile, visitor: Visitor) -> bool:
    """Whether a program of this name has signed in from this address, as far back as sessions are kept."""
    before = select(UserSession.id).where(
        UserSession.user_id == user.id,
        UserSession.kind == SessionKind.PROGRAM,
        UserSession.user_agent == visitor.user_agent[:300],
        UserSession.ip == visitor.ip[:45],
    )
    return session.exec(before.limit(1)).first() is not None


def refresh(session: Session, refresh_token: str, *, ip: str = "") -> Tokens | None:
    """The next tokens; None where the token isn't good.

    Returned and not raised, so that what the reuse of an old token ends is committed.
    """
    now = utc_now()
    token_hash = sessions.hash_token(refresh_token)
    taken = session.exec(
        update(RefreshToken)
        .where(
            col(RefreshToken.token_hash) == token_hash,
            col(RefreshToken.used_at).is_(None),
            col(RefreshToken.expires_at) > now,
        )
        .values(used_at=now)
    ).rowcount
    found = session.exec(
        select(RefreshToken, UserSession)
        .join(UserSession, col(UserSession.id) == RefreshToken.session_id)
        .where(RefreshToken.token_hash == token_hash)
    ).first()
    if found is None:
        return None
    shown, held = found
    if held.ended_at is not None or held.expires_at <= now:
        return None
    if not taken:
        if shown.used_at is not None:
            _end_family(session, held, now, ip)
        return None
    return _next(session, held, now, ip)


def _next(session: Session, held: UserSession, now: datetime, ip: str) -> Tokens:
    access = _random(ACCESS_PREFIX)
    ends = min(now + ACCESS, held.expires_at)
    held.token_hash = sessions.hash_token(access)
    held.access_expires_at, held.last_used_at, held.ip = ends, now, ip[:45]
    session.add(held)
    return Tokens(access, ends - now, _add_refresh_token(session, held, now))


def _add_refresh_token(session: Session, held: UserSession, now: datetime) -> str:
    token = _random(REFRESH_PREFIX)
    session.add(
        RefreshToken(
            user_id=held.user_id,
            session_id=held.id,
            token_hash=sessions.hash_token(token),
            expires_at=min(now + REFRESH, held.expires_at),
        )
    )
    return token


def _end_family(session: Session, held: UserSession, now: datetime, ip: str) -> None:
    held.ended_at = now
    session.add(held)
    audit.record(
        session,
        Actor.system("sign-in", ip),
        "session.reuse",
        "user",
        held.user_id,
        ended=str(held.id),
    )


def _random(prefix: str) -> str:
    return prefix + secrets.token_urlsafe(32)
