"""Guesses of codes. A known browser of the account has a count of its own, as with passwords."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from mbs_app.models import UserProfile
from mbs_app.services import devices, sessions, throttle
from mbs_app.services.devices import Visitor
from mbs_app.services.throttle import Limit

# Of a million codes three work at any moment: 30 guesses a day for a whole year find one with a chance of 3 in
# 100, and only for somebody who has the password.
PER_HOUR = 10
PER_DAY = 30


def admit(session: Session, user: UserProfile, visitor: Visitor) -> None:
    """Count a guess before it is looked at.

    Raises:
        TooManyAttempts
    """
    throttle.admit(session, *_limits(session, user, visitor))


def forgive(session: Session, user: UserProfile, visitor: Visitor) -> None:
    """The guess was right: none before it counts any more."""
    throttle.forget(session, *_limits(session, user, visitor))


def _limits(session: Session, user: UserProfile, visitor: Visitor) -> tuple[Limit, Limit]:
    is_known = devices.is_known(session, user.email, visitor.device_token)
    who = sessions.hash_token(visitor.device_token) if is_known else "anywhere"
    return (
        Limit(f"code|{user.id}|{who}", PER_HOUR, timedelta(hours=1)),
        Limit(f"code|{user.id}|{who}|day", PER_DAY, timedelta(days=1)),
    )
