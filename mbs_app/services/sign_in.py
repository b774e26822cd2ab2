"""Signing in with a password, and signing out.

The slow check of the password runs between two short transactions: :func:`begin` counts the guess and gives the
stored hash, then :func:`sign_in` or :func:`refuse` follows.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import MbsError, NotSignedIn
from mbs_app.models import UserProfile
from mbs_app.services import accounts, audit, passwords, sessions, throttle
from mbs_app.services.throttle import Limit

WINDOW = timedelta(minutes=15)
PER_ACCOUNT_AND_ADDRESS = 8
PER_ADDRESS = 60


class SignedIn(NamedTuple):
    user: UserProfile
    token: str
    lifetime: timedelta


class FailedSignIn(MbsError):
    """The same sentence for an unknown address, a wrong password and a closed account."""

    code = "sign-in-failed"

    def __init__(self) -> None:
        super().__init__("That email and password don’t match an account here.")


def begin(session: Session, email: str, ip: str) -> str | None:
    """Count a guess; the hash to hold it against, None where there is none.

    Raises:
        TooManyAttempts: this address, or this account from this address, was guessed too often.
    """
    throttle.admit(session, *_limits(email, ip))
    user = accounts.find_user(session, email)
    return user.password_hash or None if user else None


def refuse(session: Session, ip: str) -> None:
    audit.record(session, Actor.system("sign-in", ip), "session.refuse")


def sign_in(
    session: Session, email: str, password: str, *, keep: bool, ip: str = "", user_agent: str = ""
) -> SignedIn:
    """A session for an address whose password was found right.

    Raises:
        NotSignedIn: the account is gone since.
    """
    user = accounts.find_user(session, email)
    if user is None:
        raise NotSignedIn
    if passwords.needs_rehash(user.password_hash):
        user.password_hash = passwords.hash_password(password)
    by_account, by_address = _limits(email, ip)
    throttle.forget(session, by_account)
    throttle.take_back(session, by_address)
    return start_session(session, user, keep=keep, ip=ip, user_agent=user_agent)


def start_session(
    session: Session,
    user: UserProfile,
    *,
    keep: bool,
    ip: str = "",
    user_agent: str = "",
    with_second_factor: bool = False,
) -> SignedIn:
    """The end of every way to sign in: a session with a new token, noted in the audit log."""
    user.last_login_at = utc_now()
    session.add(user)
    token, lifetime = sessions.start(
        session,
        user,
        keep=keep,
        ip=ip,
        user_agent=user_agent,
        with_second_factor=with_second_factor,
    )
    actor = Actor.user(user.id, role=user.role, label=user.name, ip=ip)
    audit.record(session, actor, "session.start", "user", user.id)
    return SignedIn(user, token, lifetime)


def sign_out(session: Session, actor: Actor, token: str) -> None:
    sessions.end(session, token)
    audit.record(session, actor, "session.end", "user", actor.user_id or "")


def _limits(email: str, ip: str) -> tuple[Limit, Limit]:
    """By account and address, never by account alone: a stranger must not lock somebody out."""
    account = accounts.normal_email(email)
    return (
        Limit(f"password|{account}|{ip}", PER_ACCOUNT_AND_ADDRESS, WINDOW),
        Limit(f"password|{ip}", PER_ADDRESS, WINDOW),
    )
