"""What the team page does: lists, filters, and shows one person with their history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotFound
from mbs_app.domain.vocabulary import Role, UserStatus
from mbs_app.models import UserProfile
from mbs_app.services import accounts, audit, team
from mbs_app.services.audit import AuditFilter, AuditLine
from mbs_app.services.team import Member, TeamFilter, TeamPage
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.browser import focus
from mbs_app.ui.components.drawer import drawer_title
from mbs_app.ui.components.timeline import HistoryItem
from mbs_app.ui.paged_list import PAGE, PagedList
from mbs_app.ui.session import BaseState
from mbs_app.ui.team.rows import Fact, MemberLine, facts_of, history_of, line_of

HISTORY = 20
DRAWER = "person"


@dataclass(frozen=True, slots=True)
class Sight:
    page: TeamPage
    me: UserProfile


@dataclass(frozen=True, slots=True)
class Closer:
    """One person, looked at closely."""

    member: Member
    history: list[AuditLine]
    me: UserProfile


def look(session: Session, actor: Actor, chosen: TeamFilter, offset: int) -> Sight:
    return Sight(
        team.list_team(session, actor, chosen, offset=offset, limit=PAGE),
        accounts.my_profile(session, actor),
    )


def look_closer(session: Session, actor: Actor, user_id: UUID) -> Closer:
    """One account, with what is on record about it: a look that is put on record itself, once an hour."""
    about = AuditFilter(subject_id=str(user_id))
    closer = Closer(
        team.get_member(session, actor, user_id),
        audit.list_events(session, actor, about, limit=HISTORY).lines,
        accounts.my_profile(session, actor),
    )
    audit.note_look(session, actor, about, goes_on=True)
    return closer


class TeamState(PagedList, BaseState, rx.State):
    access: ClassVar[Access | None] = Access.ADMIN

    rows: list[MemberLine] = []
    every: int = 0
    waiting: int = 0
    approved: int = 0
    suspended: int = 0
    rejected: int = 0
    role: str = ""

    shown: MemberLine | None = None
    facts: list[Fact] = []
    history: list[HistoryItem] = []

    @rx.event
    async def load(self) -> Any:
        """Open the list; ``?status=`` and ``?person=`` of the address narrow it and show somebody."""
        asked = self.router.url.query_parameters
        if (status := asked.get("status", "")) in set(UserStatus):
            self.status, self.offset = status, 0
        self.problem, self.shown = "", None
        await self._look()
        if person := asked.get("person", ""):
            return TeamState.show(person)
        return None

    @rx.event
    async def refresh(self) -> None:
        await self._look()
        if self.shown is not None:
            await self._look_closer(self.shown.id)

    @rx.event
    async def filter_by(self, status: str) -> None:
        await self._look_anew(status=status if status in set(UserStatus) else "")

    @rx.event
    async def choose_role(self, role: str) -> None:
        await self._look_anew(role=role if role in set(Role) else "")

    @rx.event
    async def clear(self) -> None:
        await self._look_anew(search="", status="", role="")

    @rx.event
    async def show(self, user_id: str) -> Any:
        try:
            await self._look_closer(user_id)
        except NotFound:
            return None  # an address from elsewhere; the list is shown all the same
        return focus(drawer_title(DRAWER), wait_ms=60)

    @rx.event
    async def close(self) -> Any:
        row_id = self.shown.id if self.shown else ""
        self.shown = None
        return focus(f"person-{row_id}", wait_ms=60)

    def _show(self, sight: Sight) -> None:
        now, counts = utc_now(), sight.page.counts
        self.rows = [line_of(one, sight.me, now) for one in sight.page.rows]
        self.every = sum(counts.values())
        self.waiting, self.approved = counts[UserStatus.PENDING], counts[UserStatus.APPROVED]
        self.suspended, self.rejected = counts[UserStatus.SUSPENDED], counts[UserStatus.REJECTED]

    async def _sight(self) -> Sight:
        chosen = TeamFilter(
            UserStatus(self.status) if self.status else None,
            Role(self.role) if self.role else None,
            self.search,
        )
        return await self._read_as_admin(look, chosen, self.offset)

    async def _look_closer(self, user_id: str) -> None:
        closer = await self._run_as_admin(look_closer, as_id(user_id, "account"))
        now = utc_now()
        self.shown = line_of(closer.member, closer.me, now)
        self.facts = facts_of(closer.member, closer.me, now)
        self.history = history_of(closer.history, closer.me.time_zone, now)
