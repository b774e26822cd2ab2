"""Signed-in sessions: a random token at the browser, its SHA-256 in the table."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select, update

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotAllowed, NotApproved, NotSignedIn, SecondFactorRequired
from mbs_app.domain.vocabulary import Role, SecondFactorFor, SessionKind, UserStatus
from mbs_app.models import UserProfile, UserSession, Workspace
from mbs_app.services import standing

KEPT = timedelta(days=30)  # "Keep me signed in"
NOT_KEPT = timedelta(hours=12)
# OWASP ASVS 5.0, 7.3.1 and 7.3.2: an end after silence, and an end after all.
KEPT_IDLE = timedelta(days=14)
NOT_KEPT_IDLE = timedelta(hours=2)
TOUCH_EVERY = timedelta(minutes=5)

_WHY_NOT = {
    UserStatus.PENDING: "An admin has to approve your account first.",
    UserStatus.REJECTED: "Your account was not approved. Ask an admin.",
    UserStatus.SUSPENDED: "Your account is suspended. Ask an admin.",
}


class Standing(NamedTuple):
    """Who holds a session, and why they may not go on yet, where that is so."""

    actor: Actor
    refusal: NotAllowed | None
    must_renew: bool


def start(
    session: Session,
    user: UserProfile,
    *,
    keep: bool,
    ip: str = "",
    user_agent: str = "",
    with_second_factor: bool = False,
) -> tuple[str, timedelta]:
    """A new session for ``user``: its token, which is stored nowhere, and how long it lives."""
    token = secrets.token_urlsafe(32)
    lifetime = KEPT if keep else NOT_KEPT
    now = utc_now()
    session.add(
        UserSession(
            user_id=user.id,
            token_hash=hash_token(token),
            keep=keep,
            second_factor_at=now if with_second_factor else None,
            confirmed_at=now,
            expires_at=now + lifetime,
            ip=ip[:45],
            user_agent=user_agent[:300],
        )
    )
    return token, lifetime


def find_standing(
    session: Session, token: str, *, ip: str = "", kind: SessionKind = SessionKind.BROWSER
) -> Standing:
    """Who holds ``token``, whatever their account may do.

    Raises:
        NotSignedIn: no such session of this kind, or it has ended.
    """
    row = session.exec(
        select(UserSession, UserProfile)
        .join(UserProfile, col(UserProfile.id) == UserSession.user_id)
        .where(UserSession.token_hash == hash_token(token), UserSession.kind == kind)
    ).first()
    if row is None or not is_alive(row[0], utc_now()):
        raise NotSignedIn
    held, user = row
    actor = Actor.user(user.id, role=user.role, label=user.name, ip=ip, session_id=held.id)
    return Standing(actor, _refusal(session, user, held), held.must_renew)


def find_actor(session: Session, token: str, *, ip: str = "") -> Actor:
    """Who holds ``token``, and may use the product.

    Raises:
        NotSignedIn: no such session, or it has ended.
        NotApproved, SecondFactorRequired: the session is good, but the account may do nothing yet.
    """
    standing = find_standing(session, token, ip=ip)
    if standing.refusal is not None:
        raise standing.refusal
    return standing.actor


def is_alive(held: UserSession, now: datetime) -> bool:
    """Whether a session may still be used: not ended, not too old, not silent for too long."""
    if held.ended_at is not None or held.expires_at <= now:
        return False
    if held.kind == SessionKind.PROGRAM:
        return held.access_expires_at is not None and held.access_expires_at > now
    return held.last_used_at > now - (KEPT_IDLE if held.keep else NOT_KEPT_IDLE)


def why_not(user: UserProfile) -> NotApproved | None:
    """Why this account may do nothing, where that is so."""
    if user.status == UserStatus.APPROVED:
        return None
    return NotApproved(_WHY_NOT[UserStatus(user.status)])


def needs_second_factor(session: Session, user: UserProfile) -> bool:
    """Whether an admin requires a second factor of this user."""
    workspace = session.get(Workspace, 1)
    required = workspace.second_factor_for if workspace else SecondFactorFor.NOBODY
    if required == SecondFactorFor.EVERYBODY:
        return True
    return required == SecondFactorFor.ADMINS and user.role == Role.ADMIN


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


def end_one(session: Session, user_id: UUID, session_id: UUID) -> bool:
    """End one session of a user; False where there is none to end."""
    ended = session.exec(
        update(UserSession)
        .where(
            col(UserSession.id) == session_id,
            col(UserSession.user_id) == user_id,
            col(UserSession.ended_at).is_(None),
        )
        .values(ended_at=utc_now())
    )
    return bool(ended.rowcount)


def end_all(session: Session, user_id: UUID, *, but: UUID | None = None) -> int:
    """End every session of a user, or all ``but`` one; how many there were."""
    ended = (
        update(UserSession)
        .where(col(UserSession.user_id) == user_id, col(UserSession.ended_at).is_(None))
        .values(ended_at=utc_now())
    )
    if but is not None:
        ended = ended.where(col(UserSession.id) != but)
    standing.changed(session, user_id)
    return session.exec(ended).rowcount


def rotate(session: Session, session_id: UUID) -> str:
    """A new token for a browser's session, in the place of the old one, which is dead at once.

    For whatever makes a session worth more than before: a second factor was shown, the password changed.

    Raises:
        NotSignedIn: the session has ended, or it is a program's.
    """
    token = secrets.token_urlsafe(32)
    if not _replace_token(session, token, col(UserSession.id) == session_id):
        raise NotSignedIn
    return token


def renew(session: Session, token: str) -> str | None:
    """A new token in the place of ``token``, where its session must renew; None where it needn't, or has already.

    Of two tabs that ask at the same time one gets the token; the other finds it in the browser's cookie.
    """
    fresh = secrets.token_urlsafe(32)
    held = col(UserSession.token_hash) == hash_token(token)
    return fresh if _replace_token(session, fresh, held, col(UserSession.must_renew)) else None


def cookie_lifetime(session: Session, token: str) -> timedelta | None:
    """How long a browser keeps the cookie of a session; None: until it closes."""
    held = session.exec(
        select(UserSession).where(UserSession.token_hash == hash_token(token))
    ).first()
    return held.expires_at - utc_now() if held is not None and held.keep else None


def renew_all(session: Session, user_id: UUID) -> None:
    """After a change of what a user may do: each of their browsers gets a new token at its next step."""
    standing.changed(session, user_id)
    session.exec(
        update(UserSession)
        .where(
            col(UserSession.user_id) == user_id,
            UserSession.kind == SessionKind.BROWSER,
            col(UserSession.ended_at).is_(None),
        )
        .values(must_renew=True)
    )


def hash_token(token: str) -> str:
    """SHA-256 is enough for 256 random bits; a slow hash guards only what people choose."""
    return hashlib.sha256(token.encode()).hexdigest()


def _replace_token(session: Session, token: str, *which: Any) -> bool:
    """Give one living session of a browser a new token; False where none is meant."""
    now = utc_now()
    changed = session.exec(
        update(UserSession)
        .where(
            *which,
            UserSession.kind == SessionKind.BROWSER,
            col(UserSession.ended_at).is_(None),
            col(UserSession.expires_at) > now,
        )
        .values(token_hash=hash_token(token), must_renew=False, last_used_at=now)
    )
    return bool(changed.rowcount)


def _refusal(session: Session, user: UserProfile, held: UserSession) -> NotAllowed | None:
    if (refusal := why_not(user)) is not None:
        return refusal
    if held.second_factor_at is None and needs_second_factor(session, user):
        return SecondFactorRequired()
    return None
