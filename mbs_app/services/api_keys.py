"""Keys of programs: ``mbs_<id>_<secret>``, shown once, kept as the SHA-256 of the secret."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, func, select, update

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotSignedIn,
    SecondFactorRequired,
)
from mbs_app.domain.time_words import local_to_utc
from mbs_app.domain.vocabulary import Scope
from mbs_app.models import ApiKey, UserProfile
from mbs_app.queries.second_factor import HAS_SECOND_FACTOR
from mbs_app.services import accounts, audit, sessions
from mbs_app.services.lookup import must_get, owner_of
from mbs_app.services.second_factor.confirmation import require_confirmed
from mbs_app.services.sessions import Standing

MOST = 20  # living keys of one user
LONGEST_NAME = 80
LONGEST_LIFE = timedelta(days=5 * 366)
TOUCH_EVERY = timedelta(minutes=1)

_TOO_LATE = "Choose a day within five years, or no end at all."
_KEY = re.compile(r"mbs_([0-9a-f]{32})_([\w-]{20,100})")


def looks_like_key(token: str) -> bool:
    return token.startswith("mbs_")


def find_standing(session: Session, key: str, *, ip: str) -> Standing:
    """Who may act with ``key``: its owner, as far as the key's scopes go.

    It rests while its owner may do nothing, and works again when they may: while the account isn't approved,
    and while a second factor is required that the owner hasn't set up.

    Raises:
        NotSignedIn: no such key, or it is revoked or expired.
    """
    parts = _KEY.fullmatch(key)
    if parts is None:
        raise NotSignedIn("This API key isn’t complete. It reads mbs_…_….")
    row = session.exec(
        select(ApiKey, UserProfile)
        .join(UserProfile, col(UserProfile.id) == ApiKey.user_id)
        .where(ApiKey.id == UUID(parts[1]))
    ).first()
    if row is None or not _holds(row[0], parts[2]):
        raise NotSignedIn("This API key is unknown, revoked or expired.")
    stored, user = row
    actor = Actor.api_key(
        user.id,
        user.role,
        f"{user.name}, key “{stored.name}”",
        ip,
        key_id=stored.id,
        scopes=frozenset(Scope(scope) for scope in stored.scopes),
    )
    return Standing(actor, _refusal(session, user), must_renew=False)


def list_keys(
    session: Session, actor: Actor, *, after: UUID | None = None, limit: int = 50
) -> Sequence[ApiKey]:
    """The actor's keys in the order they were made, those that hold no longer too."""
    listed = select(ApiKey).where(ApiKey.user_id == owner_of(actor))
    if after is not None:
        listed = listed.where(col(ApiKey.id) > after)
    return session.exec(listed.order_by(col(ApiKey.id)).limit(limit)).all()


def newest_keys(session: Session, actor: Actor, *, most: int = 50) -> Sequence[ApiKey]:
    """The actor's keys, those that hold first and of each kind the newest first."""
    listed = select(ApiKey).where(ApiKey.user_id == owner_of(actor))
    return session.exec(
        listed.order_by(sa.case((_holds_now(), 0), else_=1), col(ApiKey.id).desc()).limit(most)
    ).all()


def make_key(
    session: Session,
    actor: Actor,
    *,
    name: str,
    scopes: Collection[str],
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key, and its words, which nobody can ever ask for again.

    It outlives the session it is made in, so a session that somebody found open doesn't do.

    Raises:
        ConfirmFirst: the session is too old for this.
        InvalidInput: a field can't be taken.
        Conflict: the user has as many keys as one may.
    """
    require_confirmed(session, actor)
    owner = owner_of(actor)
    name, wanted = _clean_name(name), _clean_scopes(actor, scopes)
    _check_expiry(expires_at)
    # In line with whoever else makes a key for this user, so that the count holds.
    session.exec(select(UserProfile.id).where(UserProfile.id == owner).with_for_update()).one()
    if count_living(session, owner) >= MOST:
        raise Conflict(f"You have {MOST} keys, which is the most. Revoke one you don’t use.")
    secret = secrets.token_urlsafe(32)
    made = ApiKey(
        user_id=owner,
        name=name,
        key_hash=sessions.hash_token(secret),
        scopes=wanted,
        expires_at=expires_at,
    )
    session.add(made)
    audit.record(
        session,
        actor,
        "api_key.create",
        "api_key",
        made.id,
        name=name,
        scopes=wanted,
        expires_at=expires_at.isoformat() if expires_at else None,
    )
    return made, f"mbs_{made.id.hex}_{secret}"


def end_of_life(
    session: Session, actor: Actor, *, in_days: int | None, on: date | None
) -> datetime | None:
    """When a key ends that lives for a number of days, or through a last day where its owner is.

    Raises:
        InvalidInput: both are given, or a day that can't be.
    """
    if in_days is not None and on is not None:
        raise InvalidInput(expires_on="Give a number of days or a last day, not both.")
    if in_days is not None:
        return utc_now() + timedelta(days=in_days)
    if on is None:
        return None
    if on > (utc_now() + LONGEST_LIFE).date():
        raise InvalidInput(expires_on=_TOO_LATE)
    zone = accounts.my_profile(session, actor).time_zone
    return local_to_utc(datetime.combine(on, time(23, 59, 59)), zone)


def revoke_key(session: Session, actor: Actor, key_id: UUID) -> ApiKey:
    """End a key, from its next request on. Revoking it again changes nothing. Raises NotFound."""
    key = must_get(session, ApiKey, key_id, "key")
    if key.user_id != owner_of(actor):
        raise NotAllowed
    revoked = session.exec(
        update(ApiKey)
        .where(col(ApiKey.id) == key_id, col(ApiKey.revoked_at).is_(None))
        .values(revoked_at=utc_now())
    )
    if revoked.rowcount:
        audit.record(session, actor, "api_key.revoke", "api_key", key_id, name=key.name)
    session.refresh(key)
    return key


def status_of(key: ApiKey) -> Literal["active", "expired", "revoked"]:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= utc_now() else "active"


def hint(key: ApiKey) -> str:
    """The beginning of a key's words, by which its owner finds it again: "mbs_0199c1a0…"."""
    return f"mbs_{key.id.hex[:8]}…{key.id.hex[-4:]}_"


def count_living(session: Session, user_id: UUID) -> int:
    """How many keys of a user hold."""
    return session.exec(
        select(func.count()).select_from(ApiKey).where(ApiKey.user_id == user_id, _holds_now())
    ).one()


def touch(session: Session, key_id: UUID, ip: str) -> None:
    """Note when a key was last used and from where; at most once a minute."""
    now = utc_now()
    session.exec(
        update(ApiKey)
        .where(
            col(ApiKey.id) == key_id,
            sa.or_(
                col(ApiKey.last_used_at).is_(None), col(ApiKey.last_used_at) < now - TOUCH_EVERY
            ),
        )
        .values(last_used_at=now, last_used_ip=ip[:45])
    )


def _refusal(session: Session, user: UserProfile) -> NotAllowed | None:
    if (refusal := sessions.why_not(user)) is not None:
        return refusal
    if sessions.needs_second_factor(session, user) and not _has_second_factor(session, user):
        return SecondFactorRequired()
    return None


def _has_second_factor(session: Session, user: UserProfile) -> bool:
    return bool(session.exec(select(HAS_SECOND_FACTOR).where(UserProfile.id == user.id)).one())


def _holds(stored: ApiKey, secret: str) -> bool:
    right = hmac.compare_digest(stored.key_hash, sessions.hash_token(secret))
    return right and status_of(stored) == "active"


def _holds_now() -> Any:
    """The same as ``status_of(…) == "active"``, in SQL."""
    return sa.and_(
        col(ApiKey.revoked_at).is_(None),
        sa.or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > utc_now()),
    )


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput(name="Name the program that will use this key.")
    if len(name) > LONGEST_NAME:
        raise InvalidInput(name=f"Use at most {LONGEST_NAME} characters.")
    return name


def _clean_scopes(actor: Actor, scopes: Collection[str]) -> list[str]:
    """The scopes once each, in the order of :class:`Scope`."""
    unknown = set(scopes) - set(Scope)
    if unknown or not scopes:
        raise InvalidInput(scopes="Choose at least one of read, write, send and admin.")
    if Scope.ADMIN in scopes and not actor.is_admin:
        raise InvalidInput(scopes="Only an admin can make a key with the scope “admin”.")
    return [scope.value for scope in Scope if scope in scopes]


def _check_expiry(expires_at: datetime | None) -> None:
    if expires_at is None:
        return
    now = utc_now()
    if expires_at <= now:
        raise InvalidInput(expires_on="Choose today or a day that is still to come.")
    if expires_at > now + LONGEST_LIFE:
        raise InvalidInput(expires_on=_TOO_LATE)
