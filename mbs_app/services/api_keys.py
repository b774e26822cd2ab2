"""Keys of programs: ``mbs_<id>_<secret>``, shown once, kept as the SHA-256 of the secret."""

from __future__ import annotations

import hmac
import re
from uuid import UUID

from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotSignedIn
from mbs_app.domain.vocabulary import Scope
from mbs_app.models import ApiKey, UserProfile
from mbs_app.services import sessions
from mbs_app.services.sessions import Standing

_KEY = re.compile(r"mbs_([0-9a-f]{32})_([\w-]{20,100})")


def looks_like_key(token: str) -> bool:
    return token.startswith("mbs_")


def find_standing(session: Session, key: str, *, ip: str) -> Standing:
    """Who may act with ``key``: its owner, as far as the key's scopes go.

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
    return Standing(actor, sessions.why_not(user), must_renew=False)


def _holds(stored: ApiKey, secret: str) -> bool:
    if stored.revoked_at is not None:
        return False
    if stored.expires_at is not None and stored.expires_at <= utc_now():
        return False
    return hmac.compare_digest(stored.key_hash, sessions.hash_token(secret))
