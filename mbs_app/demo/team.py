"""The people around Lakeline Plaza's admin: who joined with which invite, who waits, who is out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import Session, col, select

from mbs_app.demo import story
from mbs_app.demo.people import id_at
from mbs_app.domain.clock import utc_now
from mbs_app.domain.invite_codes import new_code
from mbs_app.domain.names import fold
from mbs_app.domain.vocabulary import Role, UserStatus
from mbs_app.models import AuditEvent, InviteCode, UserProfile
from mbs_app.services import accounts

DOMAIN = "lakelineplaza.example"


class Member(NamedTuple):
    """Somebody who joined ``ago``. They have no password: an admin can send them a link to choose one."""

    name: str
    ago: timedelta
    status: UserStatus = UserStatus.APPROVED
    last_seen: timedelta | None = None
    reason: str = ""


class Invite(NamedTuple):
    """A code made ``ago`` that works until ``ends`` from now, where it isn't for ever."""

    note: str
    uses: int
    ago: timedelta
    ends: timedelta | None
    members: tuple[Member, ...] = ()
    role: Role = Role.USER
    email: str | None = None
    is_revoked: bool = False


def _days(number: float) -> timedelta:
    return timedelta(days=number)


INVITES = (
    Invite(
        "Front desk, dental",
        5,
        timedelta(hours=1),
        _days(7),
        (
            Member("Jordan Bell", timedelta(minutes=34), UserStatus.PENDING),
            Member("Ana Ruiz", timedelta(minutes=25), UserStatus.PENDING),
        ),
    ),
    Invite(
        "Weekend market crew",
        3,
        _days(4),
        _days(3),
        (Member("Sam Whitaker", _days(3), last_seen=timedelta(hours=5)),),
    ),
    Invite("Bookkeeper", 1, _days(6), _days(1), email="lena@ledger.example"),
    Invite("Second owner", 1, _days(7), _days(14), role=Role.ADMIN),
    Invite(
        "Store managers",
        3,
        _days(41),
        _days(-11),
        (
            Member("Priya Raman", _days(40), last_seen=timedelta(hours=2)),
            Member("Daniel Reyes", _days(39), last_seen=_days(1)),
            Member(
                "Marcus Boone",
                _days(38),
                UserStatus.SUSPENDED,
                _days(9),
                "Left in the fall; the store’s tablet hasn’t come back yet.",
            ),
        ),
    ),
    Invite(
        "Summer interns",
        4,
        _days(136),
        _days(-46),
        (
            Member("Hannah Nguyen", _days(120), last_seen=_days(51)),
            Member(
                "Zoë Marsh",
                _days(119),
                UserStatus.REJECTED,
                reason="Nobody here knows this name. Ask your manager for an invite.",
            ),
        ),
    ),
    Invite("Posted in chat by mistake", 1, _days(125), _days(-118), is_revoked=True),
)


def add_team(session: Session, admin: UserProfile) -> None:
    """Invites of ``admin``'s, and whoever joined with them; those whose address has an account are left out."""
    now = utc_now()
    for plan in INVITES:
        members = [one for one in plan.members if not _is_there(session, one)]
        invite = InviteCode(
            code=new_code(story.BUSINESS),
            role=plan.role,
            created_by=admin.id,
            email=plan.email,
            expires_at=now + plan.ends if plan.ends is not None else None,
            max_uses=plan.uses,
            uses=len(members),
            revoked_at=now - plan.ago + timedelta(hours=1) if plan.is_revoked else None,
            mailed_at=now - plan.ago if plan.email else None,
            notes=plan.note,
            created_at=now - plan.ago,
        )
        session.add(invite)
        session.flush()
        for member in members:
            _add(session, admin, invite, member, now)


def _is_there(session: Session, member: Member) -> bool:
    found = select(UserProfile.id).where(col(UserProfile.email) == _email(member))
    return session.exec(found).first() is not None


def _add(
    session: Session, admin: UserProfile, invite: InviteCode, member: Member, now: datetime
) -> None:
    joined, was_let_in = now - member.ago, member.status in _LET_IN
    decided = joined + timedelta(hours=3)
    user = accounts.add_user(
        session,
        UserProfile(
            id=id_at(joined),
            email=_email(member),
            name=member.name,
            role=invite.role,
            status=member.status,
            status_reason=member.reason,
            status_changed_at=None if member.status == UserStatus.PENDING else decided,
            approved_at=decided if was_let_in else None,
            time_zone=admin.time_zone,
            invited_by=admin.id,
            invite_code=invite.code,
            invited_at=invite.created_at,
            last_login_at=now - member.last_seen if member.last_seen else None,
            created_at=joined,
        ),
    )
    _note(session, user, user, "account.join", joined, note=invite.notes)
    if was_let_in:
        _note(session, admin, user, "user.approve", decided)
    if member.status == UserStatus.REJECTED:
        _note(session, admin, user, "user.reject", decided, reason=member.reason)
    if member.status == UserStatus.SUSPENDED:
        _note(session, admin, user, "user.suspend", now - _days(8), reason=member.reason)


_LET_IN = (UserStatus.APPROVED, UserStatus.SUSPENDED)


def _note(
    session: Session, by: UserProfile, of: UserProfile, action: str, at: datetime, **details: str
) -> None:
    """An entry of the audit log, as of then."""
    session.add(
        AuditEvent(
            at=at,
            actor_id=by.id,
            actor_label=by.name,
            action=action,
            subject_type="user",
            subject_id=str(of.id),
            details=details,
        )
    )


def _email(member: Member) -> str:
    """ "Zoë Marsh" → "zoe.marsh@lakelineplaza.example"."""
    return f"{fold(member.name).replace(' ', '.')}@{DOMAIN}"
