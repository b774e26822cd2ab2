"""People with a session, for services that ask what it has shown."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select, update

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import Role
from mbs_app.models import UserProfile, UserSession
from mbs_app.services import accounts, sessions
from tests.support.accounts import SYSTEM, make_user


def sign_in(
    email: str = "maya@example.com", *, role: str = Role.USER, with_second_factor: bool = False
) -> Actor:
    """Somebody who signed in just now, in the database of this process."""
    with db.transaction(SYSTEM) as session:
        user = accounts.find_user(session, email) or make_user(session, email, role=role)
        token, _ = sessions.start(session, user, keep=False, with_second_factor=with_second_factor)
        session.flush()
        return sessions.find_standing(session, token).actor


def user_of(actor: Actor) -> UserProfile:
    with db.transaction(SYSTEM) as session:
        return accounts.my_profile(session, actor)


def let_pass_for(user_id: UUID | None, time: timedelta) -> None:
    """Move the last confirmation of all sessions of a user back."""
    with db.transaction(SYSTEM) as session:
        session.exec(
            update(UserSession)
            .where(col(UserSession.user_id) == user_id)
            .values(confirmed_at=utc_now() - time)
        )


def let_pass(actor: Actor, time: timedelta) -> None:
    """Move the last confirmation of the actor's session back."""
    with db.transaction(SYSTEM) as session:
        held = session.exec(select(UserSession).where(UserSession.id == actor.session_id)).one()
        held.confirmed_at = utc_now() - time
        session.add(held)
