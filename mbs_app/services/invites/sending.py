"""Sending an invite by mail."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict, InvalidInput
from mbs_app.domain.vocabulary import InviteState, MailKind
from mbs_app.models import InviteCode
from mbs_app.queries.invites import addresses_for
from mbs_app.services import accounts, audit, mails
from mbs_app.services.invites.listing import get_invite
from mbs_app.services.invites.making import join_link
from mbs_app.services.lookup import must_administrate, must_get

_WHY_NOT = {
    InviteState.USED_UP: "Everybody this code was for has joined. Make a new one.",
    InviteState.EXPIRED: "This code has expired. Make a new one.",
    InviteState.REVOKED: "This code was revoked. Make a new one.",
}


def send_invite(session: Session, actor: Actor, invite_id: UUID, *, email: str = "") -> str:
    """Mail the code and its link; as often as one likes. The address it goes to.

    ``email`` may be left out where the code is tied to one address. Raises NotAllowed, NotFound,
    InvalidInput at ``email``, and Conflict for a code that no longer works.
    """
    must_administrate(actor)
    # Whoever revokes it at this moment calls off the mails there are: they wait for this one, or this for them.
    must_get(session, InviteCode, invite_id, "invite", lock=True)
    row = get_invite(session, actor, invite_id)
    invite = row.invite
    if row.state is not InviteState.ACTIVE:
        raise Conflict(_WHY_NOT[row.state])
    to = _receiver(invite, email)
    mails.queue(
        session,
        MailKind.INVITATION,
        to,
        expires_at=invite.expires_at,
        about_id=invite.id,
        inviter=_inviter(session, actor),
        link=join_link(invite.code),
        code=invite.code,
    )
    invite.mailed_at = utc_now()
    session.add(invite)
    audit.record(session, actor, "invite.send", "invite", invite_id, to=to, note=invite.notes)
    return to


def _receiver(invite: InviteCode, email: str) -> str:
    fixed = invite.email or ""
    if not email.strip() and fixed and not fixed.startswith("@"):
        return fixed
    to = accounts.clean_email(email)
    if fixed and fixed not in addresses_for(to):
        raise InvalidInput(
            email=f"This code works for addresses ending in {fixed} only."
            if fixed.startswith("@")
            else f"This code works for {fixed} only."
        )
    return to


def _inviter(session: Session, actor: Actor) -> str:
    """The name of whoever sends it: an API key acts for its owner."""
    return accounts.my_profile(session, actor).name
