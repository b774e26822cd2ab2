"""Showing one's password again before something that it guards is changed."""

from __future__ import annotations

from sqlmodel import Session

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput
from mbs_app.services import accounts, passwords, sign_in
from mbs_app.services.devices import Visitor

WRONG = "That isn’t your password."

_SYSTEM = Actor.system("sign-in")


async def check_own_password(actor: Actor, password: str, visitor: Visitor) -> None:
    """Hold ``password`` against the one of the actor's account; guesses count as they do at the door.

    Raises:
        InvalidInput: it is another, or the account has none because a provider signs its owner in.
        TooManyAttempts: too many were wrong.
    """
    email, stored = await db.in_transaction(_SYSTEM, _begin, actor, visitor)
    if not await passwords.verify_aside(password, stored):
        await db.in_transaction(_SYSTEM, _refuse, visitor)
        raise InvalidInput(password=WRONG)
    await db.in_transaction(_SYSTEM, _accept, email, stored, visitor)


def _begin(
    session: Session, _system: Actor, actor: Actor, visitor: Visitor
) -> tuple[str, str | None]:
    email = accounts.my_profile(session, actor).email
    return email, sign_in.begin(session, email, visitor)


def _refuse(session: Session, _system: Actor, visitor: Visitor) -> None:
    sign_in.refuse(session, visitor)


def _accept(
    session: Session, _system: Actor, email: str, stored: str | None, visitor: Visitor
) -> None:
    sign_in.accept_password(session, email, stored, visitor)
