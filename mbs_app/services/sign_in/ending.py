"""The end of every way to sign in, and signing out."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import MailKind
from mbs_app.models import UserProfile
from mbs_app.services import audit, devices, mails, program_tokens, sessions
from mbs_app.services.devices import Visitor
from mbs_app.services.program_tokens import Tokens


class SignedIn(NamedTuple):
    user: UserProfile
    token: str
    lifetime: timedelta
    device_token: str


def start_session(
    session: Session,
    user: UserProfile,
    visitor: Visitor,
    *,
    keep: bool,
    with_second_factor: bool = False,
) -> SignedIn:
    """A session with a new token, noted in the audit log; a mail where the browser is new to the account."""
    token, lifetime = sessions.start(
        session,
        user,
        keep=keep,
        ip=visitor.ip,
        user_agent=visitor.user_agent,
        with_second_factor=with_second_factor,
    )
    device_token = note_sign_in(session, user, visitor, with_second_factor=with_second_factor)
    return SignedIn(user, token, lifetime, device_token)


def start_program_session(
    session: Session, user: UserProfile, visitor: Visitor, *, with_second_factor: bool = False
) -> Tokens:
    """The same for a program, which keeps tokens in place of cookies and is known by its name and address."""
    is_known = program_tokens.has_signed_in_before(session, user, visitor)
    tokens = program_tokens.start(session, user, visitor, with_second_factor=with_second_factor)
    _note(
        session,
        user,
        visitor,
        is_new=not is_known,
        second_factor=with_second_factor,
        program=devices.device_words(visitor.user_agent),
    )
    return tokens


def note_sign_in(
    session: Session, user: UserProfile, visitor: Visitor, *, with_second_factor: bool = False
) -> str:
    """What every sign-in of a browser leaves behind; the token for the device's cookie."""
    device = devices.remember(session, user, visitor)
    _note(
        session,
        user,
        visitor,
        is_new=device.is_new,
        second_factor=with_second_factor,
        device=devices.device_words(visitor.user_agent),
    )
    return device.token


def _note(
    session: Session, user: UserProfile, visitor: Visitor, *, is_new: bool, **how: bool | str
) -> None:
    has_been_here = user.last_login_at is not None
    user.last_login_at = utc_now()
    session.add(user)
    actor = Actor.user(user.id, role=user.role, label=user.name, ip=visitor.ip)
    audit.record(session, actor, "session.start", "user", user.id, **how)
    if is_new and has_been_here:
        mails.queue(
            session,
            MailKind.NEW_DEVICE,
            user.email,
            user_id=user.id,
            name=user.name,
            device=devices.device_words(visitor.user_agent),
            ip=visitor.ip,
            at=user.last_login_at,
        )


def sign_out(session: Session, actor: Actor, token: str) -> None:
    sessions.end(session, token)
    audit.record(session, actor, "session.end", "user", actor.user_id or "")
