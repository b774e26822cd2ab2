"""Making an invite code and taking one back."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select, update

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.invite_codes import new_code
from mbs_app.domain.vocabulary import Role
from mbs_app.models import InviteCode
from mbs_app.services import accounts, audit, mails
from mbs_app.services.lookup import must_administrate, must_get
from mbs_app.services.workspace import get_workspace
from mbs_app.settings import get_settings

MOST_USES = 100
LONGEST_NOTE = 120
DEFAULT_LIFE = timedelta(days=7)
LONGEST_LIFE = timedelta(days=366)

_DOMAIN = re.compile(r"@[^@\s.]+(\.[^@\s.]+)+")


def create_invite(
    session: Session,
    actor: Actor,
    *,
    role: str = Role.USER,
    max_uses: int = 1,
    expires_at: datetime | None = None,
    note: str = "",
    email: str = "",
) -> InviteCode:
    """A new code for ``max_uses`` people, which works until ``expires_at`` (aware), or always.

    ``email`` ties it to one address, or to a domain ("@example.com"). Raises NotAllowed, and InvalidInput
    with the field to mend.
    """
    must_administrate(actor)
    invite = InviteCode(
        code=_free_code(session),
        role=_clean_role(role),
        created_by=actor.user_id,
        email=_clean_address(email),
        expires_at=_clean_end(expires_at),
        max_uses=_clean_uses(max_uses),
        notes=_clean_note(note),
    )
    if invite.email and not invite.email.startswith("@") and invite.max_uses > 1:
        raise InvalidInput(
            max_uses="A code for one address is for one person. Write 1, or leave the address out."
        )
    session.add(invite)
    session.flush()
    audit.record(
        session,
        actor,
        "invite.create",
        "invite",
        invite.id,
        role=invite.role,
        max_uses=invite.max_uses,
        email=invite.email or "",
        note=invite.notes,
        expires_at=invite.expires_at.isoformat() if invite.expires_at else "",
    )
    return invite


def revoke_invite(session: Session, actor: Actor, invite_id: UUID) -> InviteCode:
    """Nobody joins with the code any more, and mails with it that wait don't leave; who has joined stays. Revoking it
    again changes nothing.

    Raises NotAllowed, NotFound.
    """
    must_administrate(actor)
    invite = must_get(session, InviteCode, invite_id, "invite")
    revoked = session.exec(
        update(InviteCode)
        .where(col(InviteCode.id) == invite_id, col(InviteCode.revoked_at).is_(None))
        .values(revoked_at=utc_now())
    )
    if revoked.rowcount:
        mails.call_off(session, [invite_id], "Its invitation was revoked")
        audit.record(session, actor, "invite.revoke", "invite", invite_id, note=invite.notes)
    session.refresh(invite)
    return invite


def join_link(code: str) -> str:
    """Where somebody joins with this code, filled in already."""
    return f"{get_settings().address}/join?code={code}"


def _free_code(session: Session) -> str:
    """One that nobody has yet; of 2⁴⁰ a second draw is hardly ever needed."""
    business = get_workspace(session).name
    while True:
        code = new_code(business)
        if session.exec(select(InviteCode.id).where(InviteCode.code == code)).first() is None:
            return code


def _clean_role(role: str) -> Role:
    try:
        return Role(role)
    except ValueError:
        raise InvalidInput(role="Choose Marketer or Admin.") from None


def _clean_uses(max_uses: int) -> int:
    if not 1 <= max_uses <= MOST_USES:
        raise InvalidInput(max_uses=f"Enter a number from 1 to {MOST_USES}.")
    return max_uses


def _clean_end(expires_at: datetime | None) -> datetime | None:
    if expires_at is None:
        return None
    now = utc_now()
    if expires_at <= now:
        raise InvalidInput(expires_at="This has passed already. Pick a later day.")
    if expires_at > now + LONGEST_LIFE:
        raise InvalidInput(expires_at="Pick a day within a year, or let it never expire.")
    return expires_at


def _clean_note(note: str) -> str:
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        raise InvalidInput(note=f"Use at most {LONGEST_NOTE} characters.")
    return note


def _clean_address(email: str) -> str | None:
    email = email.strip().lower()
    if not email:
        return None
    if email.startswith("@"):
        if len(email) > 254 or not _DOMAIN.fullmatch(email):
            raise InvalidInput(email="Enter an ending such as @example.com.")
        return email
    try:
        return accounts.clean_email(email)
    except InvalidInput:
        raise InvalidInput(
            email="Enter an address such as ana@example.com, or an ending such as @example.com."
        ) from None
