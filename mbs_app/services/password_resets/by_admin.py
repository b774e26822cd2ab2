"""An admin sends somebody a link. No password is ever set for another."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select, update

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict, InvalidInput
from mbs_app.domain.vocabulary import AdminResetStatus, ResetType
from mbs_app.models import AdminPasswordReset, PasswordResetToken
from mbs_app.services import audit, mails, throttle
from mbs_app.services.lookup import must_administrate, must_get
from mbs_app.services.password_resets import links
from mbs_app.services.throttle import Limit

LONGEST_REASON = 500
WINDOW = timedelta(hours=1)
PER_PERSON = 5

CANCELLED = "Canceled by an admin"


def request_by_admin(
    session: Session, actor: Actor, user_id: UUID, reason: str
) -> AdminPasswordReset:
    """Mail a link to the person, and keep why. An earlier link of an admin is dead then.

    Raises:
        NotAllowed: the actor is no admin.
        NotFound: no such person.
        InvalidInput: no reason, or too long a one.
        Conflict: the account may not sign in.
        TooManyAttempts: this person was sent several just now.
    """
    must_administrate(actor)
    reason = _clean_reason(reason)
    user = links.lock(session, user_id)
    if not links.may_reset(user):
        raise Conflict(f"This account is {user.status}. Restore it first, then send a link.")
    throttle.admit(session, Limit(f"reset|by-admin|{user.id}", PER_PERSON, WINDOW))
    links.end_links(session, user.id, links.REPLACED, kind=ResetType.ADMIN)
    token = links.mail_link(session, user, ResetType.ADMIN, created_by=actor.user_id)
    asked = AdminPasswordReset(
        user_id=user.id, admin_id=actor.user_id, reset_token_id=token.id, reason=reason
    )
    session.add(asked)
    session.flush()
    audit.record(
        session, actor, "password_reset.send", "user", user.id, reset=str(asked.id), reason=reason
    )
    return asked


def cancel(session: Session, actor: Actor, reset_id: UUID) -> None:
    """Take a link back before it is used.

    Raises:
        NotAllowed: the actor is no admin.
        NotFound: no such reset by an admin.
        Conflict: it was used, has expired or was cancelled before.
    """
    must_administrate(actor)
    asked = must_get(session, AdminPasswordReset, reset_id, "reset")
    links.lock(session, asked.user_id)
    now = utc_now()
    # The link first: who uses it up at this moment changes the same row.
    ended = session.exec(
        update(PasswordResetToken)
        .where(
            col(PasswordResetToken.id) == asked.reset_token_id,
            col(PasswordResetToken.used_at).is_(None),
            col(PasswordResetToken.expires_at) > now,
        )
        .values(expires_at=now, notes=CANCELLED)
    )
    if ended.rowcount != 1 or asked.reset_token_id is None:
        raise Conflict("This link is no longer open: it was used, has expired or was canceled.")
    mails.call_off(session, [asked.reset_token_id], "Its link was canceled")
    asked.status = AdminResetStatus.CANCELLED
    session.add(asked)
    audit.record(
        session, actor, "password_reset.cancel", "user", asked.user_id, reset=str(asked.id)
    )


def sweep(session: Session) -> int:
    """Write down of the resets whose time is over that they have expired; how many those were.

    Lists say so without this (:mod:`mbs_app.services.password_resets.listing`).
    """
    over = select(PasswordResetToken.id).where(col(PasswordResetToken.expires_at) <= utc_now())
    return session.exec(
        update(AdminPasswordReset)
        .where(
            col(AdminPasswordReset.status) == AdminResetStatus.PENDING,
            col(AdminPasswordReset.reset_token_id).in_(over),
        )
        .values(status=AdminResetStatus.EXPIRED)
        .execution_options(synchronize_session=False)
    ).rowcount


def _clean_reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise InvalidInput(reason="Say why, for those who look at this list later.")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(reason=f"Use at most {LONGEST_REASON} characters.")
    return reason
