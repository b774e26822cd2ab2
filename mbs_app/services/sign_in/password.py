"""The password at the door.

The slow check of the password runs between two short transactions: :func:`begin` counts the guess and gives the
stored hash, then :func:`accept_password` or :func:`refuse` follows.

Guesses are counted in three places: by account and address, by address, and by account over all addresses. A
browser that the account knows has a count of its own in their place, so that no stranger can use up its guesses (OWASP, Slow Down Online Guessing Attacks with Device Cookies).
"""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import MbsError, NotSignedIn
from mbs_app.models import UserProfile
from mbs_app.services import accounts, audit, devices, sessions, throttle
from mbs_app.services.devices import Visitor
from mbs_app.services.lookup import must_get
from mbs_app.services.throttle import Limit

WINDOW = timedelta(minutes=15)
PER_ACCOUNT_AND_ADDRESS = 8
PER_ADDRESS = 60
PER_DEVICE = 8
LONG_WINDOW = timedelta(hours=1)
PER_ACCOUNT = 50


class FailedSignIn(MbsError):
    """The same sentence for an unknown address and a wrong password."""

    code = "sign-in-failed"

    def __init__(
        self, message: str = "That email and password don’t match an account here."
    ) -> None:
        super().__init__(message)


def begin(session: Session, email: str, visitor: Visitor) -> str | None:
    """Count a guess; the hash to hold it against, None where there is none.

    Raises:
        TooManyAttempts: this was guessed too often; the right password isn't looked at either.
    """
    throttle.admit(session, *_limits(session, email, visitor))
    user = accounts.find_user(session, email)
    return user.password_hash or None if user else None


def refuse(session: Session, visitor: Visitor) -> None:
    audit.record(session, Actor.system("sign-in", visitor.ip), "session.refuse")


def accept_password(
    session: Session, email: str, stored: str | None, visitor: Visitor, *, fresh: str | None = None
) -> UserProfile:
    """The account whose password was found right against ``stored``; the guess no longer counts.

    ``fresh`` is the hash of the same password with today's parameters, where ``stored`` has others.

    Raises:
        NotSignedIn: the account is gone since, or it has another password.
    """
    user = accounts.find_user(session, email)
    if user is None:
        raise NotSignedIn
    # Whoever sets a new password at this moment ends the sessions there are: it waits for this one, or this for it.
    user = must_get(session, UserProfile, user.id, "account", lock=True)
    if user.password_hash != stored:
        raise NotSignedIn
    if fresh is not None:
        user.password_hash = fresh
    own, *shared = _limits(session, email, visitor)
    throttle.forget(session, own)
    throttle.take_back(session, *shared)
    return user


def _limits(session: Session, email: str, visitor: Visitor) -> tuple[Limit, ...]:
    """The guesser's own count first, then those that others may fill too."""
    account = accounts.normal_email(email)
    if devices.is_known(session, account, visitor.device_token):
        device = sessions.hash_token(visitor.device_token)
        return (Limit(f"password|{account}|known|{device}", PER_DEVICE, WINDOW),)
    return (
        Limit(f"password|{account}|{throttle.place(visitor.ip)}", PER_ACCOUNT_AND_ADDRESS, WINDOW),
        Limit(f"password|{throttle.place(visitor.ip)}", PER_ADDRESS, WINDOW),
        Limit(f"password|{account}|anywhere", PER_ACCOUNT, LONG_WINDOW),
    )
