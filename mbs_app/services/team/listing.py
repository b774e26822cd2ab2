"""The team, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import Role, UserStatus
from mbs_app.models import InviteCode, UserProfile
from mbs_app.queries import invites as invite_queries
from mbs_app.queries import team as queries
from mbs_app.queries.second_factor import HAS_SECOND_FACTOR
from mbs_app.services.invites.listing import code_for_display
from mbs_app.services.lookup import must_administrate, must_get

MAX_PAGE = 50


@dataclass(frozen=True, slots=True)
class TeamFilter:
    """None: any. ``search`` looks in the name and the address."""

    status: UserStatus | None = None
    role: Role | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """``joined_with`` is the code they came with, masked once it is over; ``invite_note`` says what it was for."""

    user: UserProfile
    has_second_factor: bool
    inviter: str
    joined_with: str
    invite_note: str


@dataclass(frozen=True, slots=True)
class TeamPage:
    """``counts`` says how many each status has under the same role and search, ``total`` how many match."""

    rows: tuple[Member, ...]
    counts: dict[UserStatus, int]
    total: int


def list_team(
    session: Session,
    actor: Actor,
    chosen: TeamFilter | None = None,
    *,
    offset: int = 0,
    limit: int = MAX_PAGE,
) -> TeamPage:
    """One page: those who wait first, the one who waits longest on top, then by name. Raises NotAllowed."""
    must_administrate(actor)
    chosen = chosen or TeamFilter()
    conditions = queries.matching(session, chosen.search, chosen.role)
    found = queries.count_by_status(session, conditions)
    counts = {status: found.get(status.value, 0) for status in UserStatus}
    waits = col(UserProfile.status) == UserStatus.PENDING
    wanted = (
        _members()
        .where(*conditions, *_only(chosen.status))
        .order_by(
            sa.case((waits, 0), else_=1),
            sa.case((waits, UserProfile.created_at)),
            sa.func.lower(UserProfile.name),
            UserProfile.id,
        )
        .offset(max(0, offset))
        .limit(_page_size(limit))
    )
    total = counts[chosen.status] if chosen.status else sum(counts.values())
    return TeamPage(_rows(session, wanted), counts, total)


def team_after(
    session: Session,
    actor: Actor,
    chosen: TeamFilter | None = None,
    *,
    after: UUID | None = None,
    limit: int = MAX_PAGE,
) -> list[Member]:
    """The next ones in the order in which they came, for cursors. Raises NotAllowed."""
    must_administrate(actor)
    chosen = chosen or TeamFilter()
    wanted = (
        _members()
        .where(*queries.matching(session, chosen.search, chosen.role), *_only(chosen.status))
        .order_by(UserProfile.id)
        .limit(_page_size(limit))
    )
    if after is not None:
        wanted = wanted.where(UserProfile.id > after)
    return list(_rows(session, wanted))


def get_member(session: Session, actor: Actor, user_id: UUID) -> Member:
    """Raises NotAllowed, NotFound."""
    must_administrate(actor)
    must_get(session, UserProfile, user_id, "account")
    return _rows(session, _members().where(UserProfile.id == user_id))[0]


def _members() -> Any:
    inviter = aliased(UserProfile)
    return (
        sa.select(
            UserProfile,
            HAS_SECOND_FACTOR,
            sa.func.coalesce(inviter.name, ""),
            invite_queries.state(utc_now()),
            sa.func.coalesce(InviteCode.notes, ""),
        )
        .outerjoin(inviter, inviter.id == UserProfile.invited_by)
        .outerjoin(InviteCode, InviteCode.code == UserProfile.invite_code)
    )


def _only(status: UserStatus | None) -> list[Any]:
    return [col(UserProfile.status) == status] if status else []


def _rows(session: Session, wanted: Any) -> tuple[Member, ...]:
    return tuple(
        Member(user, bool(second), inviter, code_for_display(user.invite_code, state), note)
        for user, second, inviter, state, note in session.execute(wanted)
    )


def _page_size(limit: int) -> int:
    return max(1, min(limit, MAX_PAGE))
