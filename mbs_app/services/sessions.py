"""Signed-in sessions: a random token at the browser, its SHA-256 in the table."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select, update

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotAllowed, NotSignedIn
from mbs_app.domain.vocabulary import UserStatus
from mbs_app.models import UserProfile, UserSession

KEPT = timedelta(days=30)  # "Keep me signed in"
NOT_KEPT = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=5)

_WHY_NOT = {
    UserStatus.PENDING: "An admin has to approve your account first.",
    UserStatus.REJECTED: "Your account was not approved. Ask an admin.",
    UserStatus.SUSPENDED: "Your account is suspended. Ask an admin.",
}


def start(
    session: Session, user: UserProfile, *, keep: bool, ip: str = "", user_agent: str = ""
) -> tuple[str, timedelta]:
    """A new session for ``user``: its token, which is stored nowhere, and how long it lives."""
    token = secrets.token_urlsafe(32)
    lifetime = KEPT if keep else NOT_KEPT
    session.add(
        UserSession(
            user_id=user.id,
            token_hash=hash_token(token),
            expires_at=utc_now() + lifetime,
            ip=ip[:45],
            user_agent=user_agent[:300],
        )
    )
    return token, lifetime


def find_actor(session: Session, token: str, *, ip: str = "") -> Actor:
    """Who holds ``token``.

    Raises:
        NotSignedIn: no such session, or it has ended.
        NotAllowed: the session is good, but the account is not approved.
    """
    now = utc_now()
    row = session.exec(
        select(UserSession, UserProfile)
        .join(UserProfile, col(UserProfile.id) == UserSession.user_id)
        .where(
            UserSession.token_hash == hash_token(token),
            col(UserSession.ended_at).is_(None),
            UserSession.expires_at > now,
        )
    ).first()
    if row is None:
        raise NotSignedIn
    _, user = row
    if user.status != UserStatus.APPROVED:
        raise NotAllowed(_WHY_NOT[UserStatus(user.status)])
    return Actor.user(user.id, role=user.role, label=user.name, ip=ip)


def touch(session: Session, token: str) -> None:
    """Note that a session is in use; at most every few minutes, so that reading stays reading."""
    now = utc_now()
    session.exec(
        update(UserSession)
        .where(
            col(UserSession.token_hash) == hash_token(token),
            col(UserSession.last_used_at) < now - TOUCH_EVERY,
        )
        .values(last_used_at=now)
    )


def end(session: Session, token: str) -> None:
    session.exec(
        update(UserSession)
        .where(
            col(UserSession.token_hash) == hash_token(token), col(UserSession.ended_at).is_(None)
        )
        .values(ended_at=utc_now())
    )


def end_all(session: Session, user_id: UUID) -> None:
    session.exec(
        update(UserSession)
        .where(col(UserSession.user_id) == user_id, col(UserSession.ended_at).is_(None))
        .values(ended_at=utc_now())
    )


def hash_token(token: str) -> str:
    """SHA-256 is enough for 256 random bits; a slow hash guards only what people choose."""
    return hashlib.sha256(token.encode()).hexdigest()
