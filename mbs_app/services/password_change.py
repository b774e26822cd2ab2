"""Changing one's own password, with the one that holds now.

The slow hashes run between two short transactions: :func:`begin` counts the guess and gives the stored hash, then
:func:`finish` follows, or :func:`refuse`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import Conflict, InvalidInput
from mbs_app.services import accounts, audit, password_resets, throttle
from mbs_app.services.devices import Visitor
from mbs_app.services.password_resets import links
from mbs_app.services.passwords import checking, setting
from mbs_app.services.passwords.checking import Chooser
from mbs_app.services.throttle import Limit

WINDOW = timedelta(minutes=15)
MOST = 8

WRONG = "That isn’t your password now."


class Begun(NamedTuple):
    stored: str
    who: Chooser


def begin(session: Session, actor: Actor) -> Begun:
    """Count a guess at the password; the hash to hold it against, and who chooses the new one.

    Raises:
        TooManyAttempts: it was guessed too often.
        Conflict: the account has no password yet.
    """
    user = accounts.my_profile(session, actor)
    if not user.password_hash:
        raise Conflict("Your account has no password yet. Ask for a link to set one.")
    throttle.admit(session, _limit(actor))
    return Begun(user.password_hash, checking.chooser(session, user.id))


def refuse(session: Session, actor: Actor) -> None:
    """Note that the password was wrong; the caller raises InvalidInput for ``current_password``."""
    audit.record(session, actor, "password.refuse", "user", actor.user_id or "")


def finish(
    session: Session, actor: Actor, stored: str, password_hash: str, visitor: Visitor
) -> int:
    """Keep the new password; how many other sessions it ended. Links to choose another one are dead.

    The edge gives the actor's own session a new token.

    Raises:
        InvalidInput: the password was changed meanwhile, so the one that was typed holds no longer.
    """
    user = links.lock(session, accounts.my_profile(session, actor).id)
    if user.password_hash != stored:
        raise InvalidInput(current_password=WRONG)
    throttle.forget(session, _limit(actor))
    password_resets.end_links(session, user.id, password_resets.PASSWORD_CHANGED)
    ended = setting.set_password(session, user, password_hash, visitor, but=actor.session_id)
    audit.record(session, actor, "password.change", "user", user.id, sessions_ended=ended)
    return ended


def _limit(actor: Actor) -> Limit:
    return Limit(f"password-change|{actor.user_id}", MOST, WINDOW)
