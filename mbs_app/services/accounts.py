"""Accounts: making them, finding them, and what a user changes about themselves."""

from __future__ import annotations

import re

from sqlmodel import Session, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict, InvalidInput, NotFound, check_all
from mbs_app.domain.names import on_one_line
from mbs_app.domain.phones import parse_phone
from mbs_app.domain.time_words import is_zone
from mbs_app.domain.vocabulary import Appearance, Role, UserStatus
from mbs_app.models import UserProfile, Workspace
from mbs_app.services import audit, passwords, templates

# Without the signs that separate or wrap addresses in a mail's head (RFC 5322, 3.2.3).
_PART = r"[^@\s.,;:<>()\[\]\\\"]+"
_EMAIL = re.compile(rf"{_PART}(\.{_PART})*@{_PART}(\.{_PART})+")


def check_new_user(
    session: Session,
    *,
    email: str,
    name: str,
    password: str,
    workspace: str = "",
    time_zone: str = "America/Chicago",
) -> None:
    """Refuse what :func:`create_user` could not take, and a weak password: before the slow hash, which no transaction
    waits for. ``workspace`` is the name of the business where it has none yet.

    Raises:
        InvalidInput: fields can't be taken; it names all of them.
        Conflict: the address has an account already.
    """
    check_all(
        lambda: clean_name(name),
        lambda: _must_be_free(session, clean_email(email)),
        lambda: passwords.check_new_password(
            password, name=name, email=email, workspace=workspace or workspace_name(session)
        ),
        lambda: clean_zone(time_zone),
    )


def create_user(
    session: Session,
    actor: Actor,
    *,
    email: str,
    name: str,
    password_hash: str,
    role: Role = Role.USER,
    status: UserStatus = UserStatus.PENDING,
    time_zone: str = "America/Chicago",
    default_region: str = "US",
) -> UserProfile:
    """A new account with the default templates; see :func:`check_new_user` for its password.

    Raises:
        InvalidInput: a field can't be taken.
        Conflict: the address has an account already.
    """
    email = clean_email(email)
    _must_be_free(session, email)
    user = add_user(
        session,
        UserProfile(
            email=email,
            name=clean_name(name),
            password_hash=password_hash,
            role=role,
            status=status,
            approved_at=utc_now() if status == UserStatus.APPROVED else None,
            time_zone=clean_zone(time_zone),
            default_region=default_region,
        ),
    )
    audit.record(session, actor, "account.create", "user", user.id, role=role, status=status)
    return user


def add_user(session: Session, user: UserProfile) -> UserProfile:
    """Store an account whose fields are clean already, with the default templates.

    Raises sqlalchemy's IntegrityError where its address has an account.
    """
    session.add(user)
    session.flush()
    templates.give_default_templates(session, user.id)
    return user


def _must_be_free(session: Session, email: str) -> None:
    if find_user(session, email) is not None:
        raise Conflict("This email address has an account already.")


def find_user(session: Session, email: str) -> UserProfile | None:
    """The account of an address, for the program itself."""
    return session.exec(select(UserProfile).where(UserProfile.email == normal_email(email))).first()


def my_profile(session: Session, actor: Actor) -> UserProfile:
    user = session.get(UserProfile, actor.user_id)
    if user is None:
        raise NotFound("account")
    return user


def change_profile(
    session: Session,
    actor: Actor,
    *,
    name: str | None = None,
    phone: str | None = None,
    time_zone: str | None = None,
    default_region: str | None = None,
    appearance: str | None = None,
) -> UserProfile:
    """Change what is given; ``phone=""`` takes the number away.

    Raises:
        InvalidInput: a field can't be taken.
    """
    user = my_profile(session, actor)
    if name is not None:
        user.name = clean_name(name)
    if default_region is not None:
        if not re.fullmatch(r"[A-Z]{2}", default_region):
            raise InvalidInput(default_region="Choose a country from the list.")
        user.default_region = default_region
    if phone is not None:
        user.phone = parse_phone(phone, user.default_region) if phone.strip() else None
    if time_zone is not None:
        user.time_zone = clean_zone(time_zone)
    if appearance is not None:
        if appearance not in set(Appearance):
            raise InvalidInput(appearance="Choose light, dark or system.")
        user.appearance = appearance
    session.add(user)
    return user


def workspace_name(session: Session) -> str:
    workspace = session.get(Workspace, 1)
    return workspace.name if workspace else ""


def normal_email(email: str) -> str:
    """The form in which addresses are kept and compared."""
    return email.strip().lower()[:254]


def clean_email(email: str) -> str:
    email = email.strip().lower()
    if len(email) > 254 or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise InvalidInput(email="Enter an address such as maya@example.com.")
    return email


def clean_name(name: str) -> str:
    name = on_one_line(name)
    if not name:
        raise InvalidInput(name="Enter your name.")
    if len(name) > 120:
        raise InvalidInput(name="Use at most 120 characters.")
    return name


def clean_zone(time_zone: str) -> str:
    if not is_zone(time_zone):
        raise InvalidInput(time_zone="Choose a time zone from the list.")
    return time_zone
