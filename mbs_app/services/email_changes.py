"""A new address for one's account: it holds once the click in the mail sent there proves that one reads it."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select, update

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict, InvalidInput, NotFound
from mbs_app.domain.vocabulary import MailKind
from mbs_app.models import EmailChange, PasswordResetToken, UserProfile
from mbs_app.services import accounts, audit, mails, sessions, throttle
from mbs_app.services.lookup import owner_of
from mbs_app.services.throttle import Limit

LASTS = timedelta(hours=1)
WINDOW = timedelta(hours=1)
PER_USER = 5
PER_ADDRESS = 3

OVER = "This link was used, or is too old. Ask for the change again in your settings."
TAKEN = "This address can’t be used for your account any more. Choose another one in your settings."


def ask(session: Session, actor: Actor, new_email: str, *, address: str) -> None:
    """Send a link to ``new_email``; the one that was sent before works no longer.

    The same happens as far as anybody can see where another account has this address already: only the mail
    isn't sent. ``address`` is where this installation is found.

    Raises:
        InvalidInput: it is no address, or one's own.
        TooManyAttempts: too many mails were asked for.
    """
    new_email = accounts.clean_email(new_email)
    user = accounts.my_profile(session, actor)
    if new_email == user.email:
        raise InvalidInput(email="This is your address already.")
    throttle.admit(
        session,
        Limit(f"email-change|{user.id}", PER_USER, WINDOW),
        Limit(f"email-change|{new_email}", PER_ADDRESS, WINDOW),
    )
    end_open(session, user.id)
    token = secrets.token_urlsafe(32)
    change = EmailChange(
        user_id=user.id,
        new_email=new_email,
        token_hash=sessions.hash_token(token),
        expires_at=utc_now() + LASTS,
    )
    session.add(change)
    audit.record(session, actor, "email_change.ask", "user", user.id, new_email=new_email)
    if accounts.find_user(session, new_email) is None:
        mails.queue(
            session,
            MailKind.EMAIL_CHANGE,
            new_email,
            user_id=user.id,
            expires_at=change.expires_at,
            name=user.name,
            link=f"{address}/confirm-email?token={token}",
            new_email=new_email,
        )


def waiting(session: Session, actor: Actor) -> str | None:
    """The address whose click is still to come."""
    return session.exec(
        select(EmailChange.new_email)
        .where(EmailChange.user_id == owner_of(actor), *_open())
        .order_by(col(EmailChange.id).desc())
        .limit(1)
    ).first()


def keep(session: Session, actor: Actor) -> None:
    """Stay with the address one has: the link that was sent works no longer."""
    if end_open(session, owner_of(actor)):
        audit.record(session, actor, "email_change.cancel", "user", owner_of(actor))


def confirm(session: Session, token: str, *, ip: str = "") -> UserProfile:
    """Give the account the address whose link was clicked; the link works once.

    Resets of the password that were sent to the old address work no longer.

    Raises:
        NotFound: the link was used, is too old, or never was one.
        Conflict: another account has the address by now.
    """
    token_hash = sessions.hash_token(token)
    used = session.exec(
        update(EmailChange)
        .where(col(EmailChange.token_hash) == token_hash, *_open())
        .values(used_at=utc_now())
    )
    if not used.rowcount:
        raise LinkOver
    change, user = session.exec(
        select(EmailChange, UserProfile)
        .join(UserProfile, col(UserProfile.id) == EmailChange.user_id)
        .where(EmailChange.token_hash == token_hash)
    ).one()
    old_email = user.email
    _take(session, user, change.new_email)
    session.exec(
        update(PasswordResetToken)
        .where(
            col(PasswordResetToken.user_id) == user.id, col(PasswordResetToken.used_at).is_(None)
        )
        .values(used_at=utc_now())
    )
    mails.queue(
        session,
        MailKind.EMAIL_CHANGED,
        old_email,
        user_id=user.id,
        name=user.name,
        new_email=user.email,
    )
    actor = Actor.user(user.id, role=user.role, label=user.name, ip=ip)
    audit.record(
        session, actor, "email_change.confirm", "user", user.id, old=old_email, new=user.email
    )
    return user


class LinkOver(NotFound):
    def __init__(self) -> None:
        super().__init__("link")
        self.message = OVER


def end_open(session: Session, user_id: UUID) -> bool:
    """The link to a new address works no longer; False where there was none."""
    ended = session.exec(
        update(EmailChange)
        .where(col(EmailChange.user_id) == user_id, *_open())
        .values(used_at=utc_now())
    )
    return bool(ended.rowcount)


def _take(session: Session, user: UserProfile, new_email: str) -> None:
    user.email = new_email
    session.add(user)
    try:
        session.flush()
    except sa.exc.IntegrityError:  # the address is unique among all accounts
        raise Conflict(TAKEN) from None


def _open() -> tuple[sa.ColumnElement[bool], ...]:
    return col(EmailChange.used_at).is_(None), col(EmailChange.expires_at) > utc_now()
