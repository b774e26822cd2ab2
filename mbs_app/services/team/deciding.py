"""What an admin decides about an account: who gets in, who stays out, who administrates.

Every change is one conditional UPDATE, so that a second click changes nothing and of two admins one decides. It
holds from the commit on: sessions end or get a new token, keys of an account that isn't approved are dead, and no
more texts leave in its name.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, update

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict, InvalidInput, NotAllowed
from mbs_app.domain.vocabulary import MailKind, Role, UserStatus
from mbs_app.models import Campaign, UserProfile
from mbs_app.queries import campaigns as campaign_queries
from mbs_app.queries import team as queries
from mbs_app.services import audit, mails, sessions
from mbs_app.services.lookup import must_administrate, must_get
from mbs_app.settings import get_settings

LONGEST_REASON = 500
LAST_ADMIN = "This is the last admin. Make somebody else an admin first."
PAUSED_BY_SUSPENSION = "The account was suspended while this was being sent."

_S = UserStatus


def approve(session: Session, actor: Actor, user_id: UUID) -> UserProfile:
    """Let somebody in who waits, or was rejected. They get a mail.

    Raises NotAllowed, NotFound, and Conflict for a suspended account.
    """
    user = _must_find(session, actor, user_id)
    now = utc_now()
    if _move(session, user, (_S.PENDING, _S.REJECTED), _S.APPROVED, approved_at=now):
        sessions.renew_all(session, user_id)
        link = f"{get_settings().address}/signin"
        mails.queue(
            session, MailKind.APPROVED, user.email, user_id=user_id, name=user.name, link=link
        )
        audit.record(session, actor, "user.approve", "user", user_id, role=user.role)
    elif user.status != _S.APPROVED:
        raise Conflict("This account is suspended. Restore it instead.")
    return user


def reject(session: Session, actor: Actor, user_id: UUID, *, reason: str) -> UserProfile:
    """Turn somebody away who waits; they get the reason by mail.

    Raises NotAllowed, NotFound, InvalidInput at ``reason``, and Conflict for an account that was in already.
    """
    user = _must_find(session, actor, user_id)
    reason = _clean_reason(reason, "Say why in a sentence. They get it by mail.")
    if _move(session, user, (_S.PENDING,), _S.REJECTED, status_reason=reason):
        sessions.end_all(session, user_id)
        mails.queue(
            session, MailKind.REJECTED, user.email, user_id=user_id, name=user.name, reason=reason
        )
        audit.record(session, actor, "user.reject", "user", user_id, reason=reason)
    elif user.status != _S.REJECTED:
        raise Conflict("This account was let in already. Suspend it instead.")
    return user


def suspend(session: Session, actor: Actor, user_id: UUID, *, reason: str) -> UserProfile:
    """Shut an approved account out at once: its sessions end, its keys are dead, what it was sending pauses.

    They see the reason when they sign in. Raises NotAllowed, NotFound, InvalidInput at ``reason``, and Conflict
    for the last admin and for an account that isn't in.
    """
    user = _must_find(session, actor, user_id)
    reason = _clean_reason(reason, "Say why in a sentence. They see it when they sign in.")
    _keep_an_admin(session, actor, user_id)
    if _move(session, user, (_S.APPROVED,), _S.SUSPENDED, status_reason=reason):
        ended = sessions.end_all(session, user_id)
        audit.record(session, actor, "user.suspend", "user", user_id, reason=reason, sessions=ended)
        _pause_campaigns(session, actor, user_id)
    elif user.status != _S.SUSPENDED:
        raise Conflict("This account isn’t in yet. Reject it instead.")
    return user


def restore(session: Session, actor: Actor, user_id: UUID) -> UserProfile:
    """Let a suspended account in again. Its campaigns stay paused until their owner resumes them.

    Raises NotAllowed, NotFound, and Conflict for an account that was never in.
    """
    user = _must_find(session, actor, user_id)
    if _move(session, user, (_S.SUSPENDED,), _S.APPROVED):
        sessions.renew_all(session, user_id)
        audit.record(session, actor, "user.restore", "user", user_id)
    elif user.status != _S.APPROVED:
        raise Conflict("This account was never let in. Approve it instead.")
    return user


def sign_out_everywhere(session: Session, actor: Actor, user_id: UUID) -> int:
    """End every session of somebody, of their programs too, from its next request on; how many there were.

    Their API keys stay. Raises NotAllowed and NotFound.
    """
    user = _must_find(session, actor, user_id)
    ended = sessions.end_all(session, user.id)
    if ended:
        audit.record(session, actor, "user.sign_out", "user", user.id, ended=ended)
    return ended


def change_role(session: Session, actor: Actor, user_id: UUID, role: str) -> UserProfile:
    """Make somebody an admin or a marketer. Their browsers get new sessions tokens at their next step.

    Raises NotAllowed, NotFound, InvalidInput at ``role``, and Conflict for the last admin.
    """
    user = _must_find(session, actor, user_id)
    wanted = _clean_role(role)
    if wanted is Role.USER:
        _keep_an_admin(session, actor, user_id)
    before = user.role
    changed = session.exec(
        update(UserProfile)
        .where(col(UserProfile.id) == user_id, col(UserProfile.role) != wanted)
        .values(role=wanted)
        .execution_options(synchronize_session=False)
    )
    session.refresh(user)
    if changed.rowcount:
        sessions.renew_all(session, user_id)
        audit.record(
            session, actor, "user.change_role", "user", user_id, before=before, after=wanted.value
        )
    return user


def change_status(
    session: Session, actor: Actor, user_id: UUID, status: str, *, reason: str = ""
) -> UserProfile:
    """Whichever of the above leads to ``status``; nothing where it holds already.

    Raises as they do, and InvalidInput at ``status``.
    """
    user = _must_find(session, actor, user_id)
    if user.status == status:
        return user
    if status == _S.APPROVED:
        decide = restore if user.status == _S.SUSPENDED else approve
        return decide(session, actor, user_id)
    if status == _S.REJECTED:
        return reject(session, actor, user_id, reason=reason)
    if status == _S.SUSPENDED:
        return suspend(session, actor, user_id, reason=reason)
    raise InvalidInput(status="Choose approved, rejected or suspended.")


def _must_find(session: Session, actor: Actor, user_id: UUID) -> UserProfile:
    must_administrate(actor)
    return must_get(session, UserProfile, user_id, "account")


def _move(
    session: Session,
    user: UserProfile,
    sources: Collection[UserStatus],
    to: UserStatus,
    **values: Any,
) -> bool:
    """Move the account if it still has one of these statuses; it is read again either way."""
    moved = session.exec(
        update(UserProfile)
        .where(col(UserProfile.id) == user.id, col(UserProfile.status).in_(sorted(sources)))
        .values(**{"status_reason": "", **values}, status=to, status_changed_at=utc_now())
        .execution_options(synchronize_session=False)
    )
    session.refresh(user)
    return bool(moved.rowcount)


def _keep_an_admin(session: Session, actor: Actor, user_id: UUID) -> None:
    """Refuse to take away the last admin, and to let somebody decide who has just ceased to be one."""
    admins = queries.lock_admins(session)
    if admins == [user_id]:
        raise Conflict(LAST_ADMIN)
    if actor.user_id is not None and actor.user_id not in admins:
        raise NotAllowed("Only an admin can do this.")


def _pause_campaigns(session: Session, actor: Actor, user_id: UUID) -> None:
    """At once, so that texts that wait for their turn already don't leave either; what starts later is held by
    the worker (:mod:`mbs_app.delivery.launcher`)."""
    theirs = col(Campaign.user_id) == user_id
    for campaign_id, name in campaign_queries.pause(
        session, theirs, PAUSED_BY_SUSPENSION, utc_now()
    ):
        audit.record(
            session,
            actor,
            "campaign.pause",
            "campaign",
            campaign_id,
            name=name,
            because="suspended",
        )


def _clean_reason(reason: str, when_empty: str) -> str:
    reason = "\n".join(" ".join(line.split()) for line in reason.strip().splitlines())
    if not reason:
        raise InvalidInput(reason=when_empty)
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(reason=f"Use at most {LONGEST_REASON} characters.")
    return reason


def _clean_role(role: str) -> Role:
    try:
        return Role(role)
    except ValueError:
        raise InvalidInput(role="Choose Marketer or Admin.") from None
