"""Looking at a password while it is typed: how often that may be asked, and whose words it must not hold."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from mbs_app.models import UserProfile, Workspace
from mbs_app.services import throttle
from mbs_app.services.passwords.strength import Strength, strength_of
from mbs_app.services.throttle import Limit

WINDOW = timedelta(minutes=1)
PER_ADDRESS = 120


class Chooser(NamedTuple):
    """Who chooses a password, and where: what it must not be made of."""

    name: str = ""
    email: str = ""
    workspace: str = ""


def admit(session: Session, ip: str) -> None:
    """Count one look, which takes the server some milliseconds.

    Raises:
        TooManyAttempts: this address asked too often.
    """
    throttle.admit(session, Limit(f"password-check|{throttle.place(ip)}", PER_ADDRESS, WINDOW))


def chooser(
    session: Session,
    user_id: UUID | None = None,
    *,
    name: str = "",
    email: str = "",
    workspace: str = "",
) -> Chooser:
    """What the form says of the person, else what their account does. ``workspace`` counts until there is one."""
    user = session.get(UserProfile, user_id) if user_id else None
    here = session.get(Workspace, 1)
    return Chooser(
        name or (user.name if user else ""),
        email or (user.email if user else ""),
        (here.name if here else "") or workspace,
    )


def look_at(password: str, who: Chooser) -> Strength:
    """For while it is typed; needs no transaction."""
    return strength_of(password, **who._asdict())
