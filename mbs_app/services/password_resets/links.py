"""Links to choose a new password with: made, found, used once, and dead before their time.

The token is in the mail only; the table has its SHA-256. A link holds for one account at one address: it is dead
when it was used, when its time is over, when the account has another address since, and when the account may
not sign in.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select, update

from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict
from mbs_app.domain.vocabulary import AdminResetStatus, MailKind, ResetType, UserStatus
from mbs_app.models import AdminPasswordReset, PasswordResetToken, UserProfile
from mbs_app.services import mails, sessions
from mbs_app.services.lookup import must_get
from mbs_app.settings import get_settings

LIFETIME = {
    # Who asks for a link waits at the mailbox for it; who gets one from an admin may be away.
    ResetType.USER: timedelta(minutes=30),
    ResetType.ADMIN: timedelta(hours=24),
}
MAY_RESET = (UserStatus.APPROVED, UserStatus.PENDING)

REPLACED = "Replaced by a newer link"
PASSWORD_CHANGED = "The password was changed another way"
_WHY_NO_MAIL = {
    REPLACED: "Its link was replaced by a newer one",
    PASSWORD_CHANGED: "The password was changed another way",
}


class DeadLink(Conflict):
    """The link was used, has expired, was taken back, or was never ours."""

    code = "dead-link"

    def __init__(self) -> None:
        super().__init__("This link was used already, or its time is over. Ask for a new one.")


class Live(NamedTuple):
    token: PasswordResetToken
    user: UserProfile


def may_reset(user: UserProfile) -> bool:
    """Whether a link may be mailed to this account: it is open, or waits for approval."""
    return user.status in MAY_RESET


def mail_link(
    session: Session, user: UserProfile, kind: ResetType, *, created_by: UUID | None = None
) -> PasswordResetToken:
    """Mail the user a new link; the row it is kept as."""
    secret = secrets.token_urlsafe(32)
    lifetime = LIFETIME[kind]
    token = PasswordResetToken(
        token_hash=sessions.hash_token(secret),
        user_id=user.id,
        email=user.email,
        expires_at=utc_now() + lifetime,
        created_by=created_by,
        reset_type=kind,
    )
    session.add(token)
    session.flush()
    mails.queue(
        session,
        MailKind.PASSWORD_RESET,
        user.email,
        user_id=user.id,
        expires_at=token.expires_at,
        about_id=token.id,
        **letter_facts(secret, user.name, kind),
    )
    return token


def letter_facts(secret: str, name: str, kind: ResetType) -> dict[str, object]:
    """What the mail with the link speaks of."""
    return {
        "name": name,
        "link": f"{get_settings().address}/reset?token={secret}",
        "minutes": int(LIFETIME[kind].total_seconds() // 60),
        "by_admin": kind == ResetType.ADMIN,
    }


def find_live(session: Session, secret: str) -> Live:
    """The link of a token and whose it is.

    Raises:
        DeadLink
    """
    row = session.exec(
        select(PasswordResetToken, UserProfile)
        .join(UserProfile, col(UserProfile.id) == PasswordResetToken.user_id)
        .where(
            PasswordResetToken.token_hash == sessions.hash_token(secret),
            col(PasswordResetToken.used_at).is_(None),
            col(PasswordResetToken.expires_at) > utc_now(),
            PasswordResetToken.email == UserProfile.email,
            col(UserProfile.status).in_(MAY_RESET),
        )
    ).first()
    if row is None:
        raise DeadLink
    return Live(*row)


def whose(session: Session, secret: str) -> UUID | None:
    """Whose link this is; None where it is no longer good."""
    try:
        return find_live(session, secret).user.id
    except DeadLink:
        return None


def use(session: Session, secret: str) -> Live:
    """Use a link up. Of many at once one gets through.

    Raises:
        DeadLink
    """
    live = find_live(session, secret)
    lock(session, live.user.id)
    now = utc_now()
    taken = session.exec(
        update(PasswordResetToken)
        .where(
            col(PasswordResetToken.id) == live.token.id,
            col(PasswordResetToken.used_at).is_(None),
            col(PasswordResetToken.expires_at) > now,
        )
        .values(used_at=now)
    )
    if taken.rowcount != 1:
        raise DeadLink
    session.exec(
        update(AdminPasswordReset)
        .where(col(AdminPasswordReset.reset_token_id) == live.token.id)
        .values(status=AdminResetStatus.COMPLETED, completed_at=now)
    )
    return live


def end_links(session: Session, user_id: UUID, why: str, *, kind: ResetType | None = None) -> int:
    """End the links of a user that are still good, or those of one kind, and the mails that wait with them; how many
    links there were.

    ``why`` (:data:`REPLACED`, :data:`PASSWORD_CHANGED`) is shown in the list of resets. Call :func:`lock` before.
    """
    now = utc_now()
    good = [
        col(PasswordResetToken.user_id) == user_id,
        col(PasswordResetToken.used_at).is_(None),
        col(PasswordResetToken.expires_at) > now,
    ]
    if kind is not None:
        good.append(col(PasswordResetToken.reset_type) == kind)
    ended = session.exec(
        update(PasswordResetToken)
        .where(*good)
        .values(expires_at=now, notes=why)
        .returning(PasswordResetToken.id)
        .execution_options(synchronize_session=False)
    )
    ids = list(ended.scalars())
    session.exec(
        update(AdminPasswordReset)
        .where(
            col(AdminPasswordReset.reset_token_id).in_(ids),
            col(AdminPasswordReset.status) == AdminResetStatus.PENDING,
        )
        .values(status=AdminResetStatus.CANCELLED)
    )
    mails.call_off(session, ids, _WHY_NO_MAIL[why])
    return len(ids)


def lock(session: Session, user_id: UUID) -> UserProfile:
    """Let nobody else use or end the links of this user before the transaction is over.

    Two links used at once, each ending the other, would else wait for each other for ever.
    """
    return must_get(session, UserProfile, user_id, "person", lock=True)
