"""Joining with an invite code.

The slow hash of the password runs between two short transactions: :func:`begin` counts the guess and looks at the
code, then :func:`finish` takes one use of it and makes the account, which waits for an admin.

For an address that has an account already, everything goes as for any other: the same answer, after the same
time, and one use of the code is gone. Its owner gets a mail (docs/adr/0017).
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.vocabulary import MailKind, UserStatus
from mbs_app.models import InviteCode, UserProfile
from mbs_app.services import accounts, audit, invites, mails, passwords, throttle
from mbs_app.services.throttle import Limit
from mbs_app.settings import get_settings

WINDOW = timedelta(minutes=15)
# Wide enough for a whole shop behind one address to join at once; of 2⁴⁰ codes it leaves nobody any hope.
PER_ADDRESS = 120
# Seconds from the hash to the answer: an account takes a few ms more than a mail to one's owner. Both take some 10.
ANSWER_AFTER = 0.25


class Form(NamedTuple):
    """What somebody typed, in the form it is kept in."""

    code: str
    email: str
    name: str
    time_zone: str


def clean(
    session: Session,
    actor: Actor,
    *,
    code: str,
    email: str,
    name: str,
    password: str,
    time_zone: str,
) -> Form:
    """Raises InvalidInput, with a sentence for each field that can't be taken."""
    problems: dict[str, str] = {}
    kept = {"email": "", "name": "", "time_zone": ""}
    for field, typed, rule in (
        ("name", name, accounts.clean_name),
        ("email", email, accounts.clean_email),
        ("time_zone", time_zone, accounts.clean_zone),
    ):
        try:
            kept[field] = rule(typed)
        except InvalidInput as error:
            problems |= error.fields
    if not code.strip():
        problems["code"] = "Enter the code of your invitation."
    try:
        passwords.check_new_password(
            password, name=name, email=email, workspace=accounts.workspace_name(session)
        )
    except InvalidInput as error:
        problems |= error.fields
    if problems:
        raise InvalidInput(**problems)
    return Form(code=code, **kept)


def begin(session: Session, actor: Actor, form: Form) -> InvalidInput | None:
    """Count a guess at a code, and say why it doesn't work, where it doesn't; to be raised once this is committed.

    Raises TooManyAttempts: too many codes were tried from this address.
    """
    limit = Limit(f"invite|{throttle.place(actor.ip)}", PER_ADDRESS, WINDOW)
    throttle.admit(session, limit)
    refusal = invites.refusal(session, form.code, form.email)
    if refusal is None:
        throttle.take_back(session, limit)
    return refusal


def finish(session: Session, actor: Actor, form: Form, password_hash: str) -> None:
    """Take one use of the code, and make an account that waits for approval. ``actor`` is the program.

    Raises InvalidInput, at ``code``, where others were faster and used it up.
    """
    invite = invites.use_invite(session, form.code, form.email)
    if make_account(session, actor, form, invite, password_hash) is None:
        _tell_the_owner(session, actor, form.email, invite)


def make_account(
    session: Session, actor: Actor, form: Form, invite: InviteCode, password_hash: str
) -> UserProfile | None:
    """An account that waits for approval; None where there is one for this address already.

    An empty ``password_hash`` is for who signs in through another provider.
    """
    if accounts.find_user(session, form.email) is not None:
        return None
    inviter = session.get(UserProfile, invite.created_by) if invite.created_by else None
    user = UserProfile(
        email=form.email,
        name=form.name,
        password_hash=password_hash,
        role=invite.role,
        status=UserStatus.PENDING,
        time_zone=form.time_zone,
        default_region=inviter.default_region if inviter else "US",
        invited_by=invite.created_by,
        invite_code=invite.code,
        invited_at=invite.created_at,
    )
    try:
        with session.begin_nested():
            accounts.add_user(session, user)
    except IntegrityError:
        return None  # the same address, a moment ago
    themselves = Actor.user(user.id, role=user.role, label=user.name, ip=actor.ip)
    audit.record(
        session,
        themselves,
        "account.join",
        "user",
        user.id,
        role=user.role,
        note=invite.notes,
        invite=str(invite.id),
    )
    return user


def _tell_the_owner(session: Session, actor: Actor, email: str, invite: InviteCode) -> None:
    owner = accounts.find_user(session, email)
    if owner is None:
        return
    mails.queue(
        session,
        MailKind.ALREADY_JOINED,
        owner.email,
        user_id=owner.id,
        name=owner.name,
        link=f"{get_settings().address}/signin",
    )
    audit.record(session, actor, "account.join_again", "user", owner.id, invite=str(invite.id))
