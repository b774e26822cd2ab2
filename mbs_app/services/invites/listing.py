"""Invites as admins look through them, and who came with each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.invite_codes import masked
from mbs_app.domain.vocabulary import InviteState
from mbs_app.models import InviteCode, UserProfile
from mbs_app.queries import invites as queries
from mbs_app.services.lookup import must_administrate, must_get

MAX_PAGE = 50
LATELY = 5


@dataclass(frozen=True, slots=True)
class InviteFilter:
    """``state`` None: all of them. ``search`` looks in the code, the note and the address."""

    state: InviteState | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class InviteRow:
    """``maker`` is empty where the account that made it is gone."""

    invite: InviteCode
    state: InviteState
    maker: str

    @property
    def shown_code(self) -> str:
        """The code while it works; afterwards nobody needs the whole of it."""
        code = self.invite.code
        return code if self.state is InviteState.ACTIVE else masked(code)


@dataclass(frozen=True, slots=True)
class InvitePage:
    """``counts`` says how many each state has under the same search, ``total`` how many match the filter."""

    rows: tuple[InviteRow, ...]
    counts: dict[InviteState, int]
    total: int


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody who came with a code, and the code as it may be shown."""

    user: UserProfile
    shown_code: str


def list_invites(
    session: Session,
    actor: Actor,
    chosen: InviteFilter | None = None,
    *,
    offset: int = 0,
    limit: int = MAX_PAGE,
) -> InvitePage:
    """One page: those that still work first, then the newest. Raises NotAllowed."""
    must_administrate(actor)
    chosen, now = chosen or InviteFilter(), utc_now()
    conditions = queries.matching(session, chosen.search)
    found = queries.count_by_state(session, conditions, now)
    counts = {state: found.get(state.value, 0) for state in InviteState}
    works = sa.case((queries.state(now) == InviteState.ACTIVE.value, 0), else_=1)
    wanted = (
        _with_state(now)
        .where(*conditions, *_only(chosen.state, now))
        .order_by(works, col(InviteCode.created_at).desc(), col(InviteCode.id).desc())
        .offset(max(0, offset))
        .limit(_page_size(limit))
    )
    total = counts[chosen.state] if chosen.state else sum(counts.values())
    return InvitePage(_rows(session, wanted), counts, total)


def invites_after(
    session: Session,
    actor: Actor,
    chosen: InviteFilter | None = None,
    *,
    after: UUID | None = None,
    limit: int = MAX_PAGE,
) -> list[InviteRow]:
    """The next ones from the newest made to the oldest, for cursors. Raises NotAllowed."""
    must_administrate(actor)
    chosen, now = chosen or InviteFilter(), utc_now()
    wanted = (
        _with_state(now)
        .where(*queries.matching(session, chosen.search), *_only(chosen.state, now))
        .order_by(col(InviteCode.id).desc())
        .limit(_page_size(limit))
    )
    if after is not None:
        wanted = wanted.where(InviteCode.id < after)
    return list(_rows(session, wanted))


def get_invite(session: Session, actor: Actor, invite_id: UUID) -> InviteRow:
    """Raises NotAllowed, NotFound."""
    must_administrate(actor)
    must_get(session, InviteCode, invite_id, "invite")
    return _rows(session, _with_state(utc_now()).where(InviteCode.id == invite_id))[0]


def who_joined(
    session: Session,
    actor: Actor,
    invite_id: UUID,
    *,
    after: UUID | None = None,
    limit: int = MAX_PAGE,
) -> list[UserProfile]:
    """Those who came with one code, in the order in which they came. Raises NotAllowed, NotFound."""
    must_administrate(actor)
    code = must_get(session, InviteCode, invite_id, "invite").code
    wanted = (
        select(UserProfile)
        .where(UserProfile.invite_code == code)
        .order_by(col(UserProfile.id))
        .limit(_page_size(limit))
    )
    if after is not None:
        wanted = wanted.where(UserProfile.id > after)
    return list(session.exec(wanted))


def joined_lately(session: Session, actor: Actor, *, limit: int = LATELY) -> list[Joined]:
    """The newest who came with any code, the last first. Raises NotAllowed."""
    must_administrate(actor)
    wanted = (
        sa.select(UserProfile, queries.state(utc_now()))
        .outerjoin(InviteCode, InviteCode.code == UserProfile.invite_code)
        .where(col(UserProfile.invite_code).is_not(None))
        .order_by(col(UserProfile.id).desc())
        .limit(_page_size(limit))
    )
    return [
        Joined(user, code_for_display(user.invite_code, state))
        for user, state in session.execute(wanted)
    ]


def code_for_display(code: str | None, state: str | None) -> str:
    """A code somebody came with: whole only while it still works."""
    if not code:
        return ""
    return code if state == InviteState.ACTIVE.value else masked(code)


def _with_state(now: datetime) -> Any:
    maker = aliased(UserProfile)
    return sa.select(InviteCode, queries.state(now), sa.func.coalesce(maker.name, "")).outerjoin(
        maker, maker.id == InviteCode.created_by
    )


def _only(state: InviteState | None, now: datetime) -> list[Any]:
    return [queries.state(now) == state.value] if state else []


def _rows(session: Session, wanted: Any) -> tuple[InviteRow, ...]:
    return tuple(
        InviteRow(invite, InviteState(state), maker)
        for invite, state, maker in session.execute(wanted)
    )


def _page_size(limit: int) -> int:
    return max(1, min(limit, MAX_PAGE))
