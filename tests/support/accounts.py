"""Made-up accounts. Hashing is slow on purpose, so all share one password and its hash."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import TooManyAttempts
from mbs_app.domain.vocabulary import Role, UserStatus
from mbs_app.models import UserProfile, UserSession
from mbs_app.services import api_keys, sessions, sign_in
from mbs_app.services.devices import Visitor
from mbs_app.services.passwords import hash_password

PASSWORD = "correct horse battery staple"
SYSTEM = Actor.system("test")


@lru_cache(maxsize=1)
def _hash() -> str:
    return hash_password(PASSWORD)


def make_user(
    session: Session,
    email: str = "maya@example.com",
    *,
    status: str = UserStatus.APPROVED,
    role: str = Role.USER,
    name: str = "Maya Okafor",
) -> UserProfile:
    user = UserProfile(email=email, password_hash=_hash(), name=name, role=role, status=status)
    session.add(user)
    session.flush()
    return user


def actor_of(user: UserProfile) -> Actor:
    return Actor.user(user.id, role=user.role, label=user.name)


def make_api_key(user: UserProfile, *scopes: str, **more: Any) -> tuple[UUID, str]:
    """The id and the words of a key of ``user``, who may as well not be approved by now."""
    with db.transaction(SYSTEM) as session:
        return add_api_key(session, user, *scopes, **more)


def add_api_key(
    session: Session, user: UserProfile, *scopes: str, name: str = "Stock sync", **more: Any
) -> tuple[UUID, str]:
    """The same, in a transaction that is open. It is made in a session of its own, which leaves nothing behind."""
    token, _ = sessions.start(session, user, keep=False, with_second_factor=True)
    session.flush()
    actor = sessions.find_standing(session, token).actor
    made, key = api_keys.make_key(session, actor, name=name, scopes=scopes, **more)
    session.exec(delete(UserSession).where(col(UserSession.id) == actor.session_id))
    return made.id, key


def make_actor(email: str = "maya@example.com", *, role: str = Role.USER) -> Actor:
    """An approved user in the database of this process."""
    with db.transaction(SYSTEM) as session:
        return actor_of(make_user(session, email, role=role))


def may_guess(visitor: Visitor, email: str = "maya@example.com") -> bool:
    """Whether a guess at the password from there is looked at."""
    try:
        with db.transaction(SYSTEM) as session:
            sign_in.begin(session, email, visitor)
    except TooManyAttempts:
        return False
    return True
