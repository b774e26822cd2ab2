"""A code in the hands of whoever wants to join with it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, select

from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.invite_codes import read_code
from mbs_app.domain.vocabulary import InviteState
from mbs_app.models import InviteCode
from mbs_app.queries import invites as queries

_ASK = "Ask whoever invited you for a new one."
UNKNOWN = "This code doesn’t work. Check it against your invitation."
_OVER = {
    InviteState.USED_UP: f"This code was used as often as it may be. {_ASK}",
    InviteState.EXPIRED: f"This code has expired. {_ASK}",
    InviteState.REVOKED: f"This code was taken back. {_ASK}",
}


def refusal(session: Session, code: str, email: str) -> InvalidInput | None:
    """Why nobody with the address ``email`` joins with ``code`` now; None where somebody may.

    Returned, not raised, so that a guess stays counted by the transaction that looks at it.
    """
    found = session.execute(
        sa.select(InviteCode, queries.state(utc_now())).where(InviteCode.code == read_code(code))
    ).first()
    if found is None:
        return InvalidInput(code=UNKNOWN)
    invite, state = found
    if state != InviteState.ACTIVE.value:
        return InvalidInput(code=_OVER[InviteState(state)])
    if invite.email is None or invite.email in queries.addresses_for(email):
        return None
    if invite.email.startswith("@"):
        return InvalidInput(email=f"This code is for addresses ending in {invite.email}.")
    return InvalidInput(
        email="This code is for another address. Use the one your invitation came to."
    )


def use_invite(session: Session, code: str, email: str) -> InviteCode:
    """Take one use of the code for ``email`` (in lower case), in the transaction that makes the account.

    Raises InvalidInput, at ``code`` or ``email``, where it doesn’t work, or no longer.
    """
    kept = read_code(code)
    if kept is None or not queries.take_one_use(session, kept, email, utc_now()):
        # Read after the write: on both databases it sees what got in before.
        raise refusal(session, code, email) or InvalidInput(code=UNKNOWN)
    return session.exec(
        select(InviteCode).where(InviteCode.code == kept).execution_options(populate_existing=True)
    ).one()
