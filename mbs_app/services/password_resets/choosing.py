"""Choosing the new password with a link.

The slow hash runs between two short transactions: :func:`begin` looks at the link and who it is for, then
:func:`finish` uses it up.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.services import audit, devices, throttle
from mbs_app.services.devices import Visitor
from mbs_app.services.password_resets import links
from mbs_app.services.passwords import checking, setting
from mbs_app.services.passwords.checking import Chooser
from mbs_app.services.throttle import Limit

WINDOW = timedelta(minutes=15)
PER_ADDRESS = 100  # a token can't be guessed; this only keeps the hashing for others


class Link(NamedTuple):
    """A link that is still good."""

    email: str
    expires_at: datetime
    who: Chooser


def begin(session: Session, actor: Actor, secret: str) -> Link:
    """Look at a link, and change nothing of it.

    Raises:
        DeadLink: it is no longer good.
        TooManyAttempts: this address tried too many.
    """
    throttle.admit(session, Limit(f"reset-link|{throttle.place(actor.ip)}", PER_ADDRESS, WINDOW))
    token, user = links.find_live(session, secret)
    return Link(user.email, token.expires_at, checking.chooser(session, user.id))


def finish(
    session: Session, actor: Actor, secret: str, password_hash: str, visitor: Visitor
) -> str:
    """Use the link up and keep the new password; the token for the device's cookie.

    All sessions and the other links of the user end, and none of their browsers is a known one any more: somebody
    else may have known the old password. Only the one that shows the link is, because who has it reads their mails:
    a stranger who uses up the account's guesses can't keep the owner from signing in now.

    Raises:
        DeadLink: another was faster, or it is no longer good.
    """
    user = links.use(session, secret).user
    links.end_links(session, user.id, links.PASSWORD_CHANGED)
    devices.forget_all(session, user)
    ended = setting.set_password(session, user, password_hash, visitor)
    as_user = Actor.user(user.id, role=user.role, label=user.name, ip=actor.ip)
    audit.record(session, as_user, "password.reset", "user", user.id, sessions_ended=ended)
    return devices.remember(session, user, visitor).token
