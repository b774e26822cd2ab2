"""What the list of resets does: filters, pages, taking a link back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import AdminResetStatus, ResetType
from mbs_app.services import accounts, password_resets
from mbs_app.services.password_resets import ResetFilter, ResetPage
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.components.toast import notify
from mbs_app.ui.resets.rows import ResetLine, line_of
from mbs_app.ui.session import BaseState

PAGE = 25


@dataclass(frozen=True, slots=True)
class Sight:
    page: ResetPage
    zone: str


def look(session: Session, actor: Actor, chosen: ResetFilter, offset: int) -> Sight:
    return Sight(
        password_resets.list_resets(session, actor, chosen, offset=offset, limit=PAGE),
        accounts.my_profile(session, actor).time_zone,
    )


class ResetsState(BaseState, rx.State):
    access: ClassVar[Access | None] = Access.ADMIN

    is_loaded: bool = False
    rows: list[ResetLine] = []
    every: int = 0
    pending: int = 0
    completed: int = 0
    expired: int = 0
    cancelled: int = 0
    total: int = 0
    offset: int = 0
    status: str = ""
    kind: str = ""
    search: str = ""

    cancelling: ResetLine | None = None
    is_busy: bool = False

    _asked: int = 0

    @rx.event
    async def load(self) -> None:
        self.problem, self.cancelling, self.is_busy = "", None, False
        await self._look()

    @rx.event
    async def filter_by(self, status: str) -> None:
        self.status = status if status in set(AdminResetStatus) else ""
        self.offset = 0
        await self._look()

    @rx.event
    async def choose_kind(self, kind: str) -> None:
        self.kind = kind if kind in set(ResetType) else ""
        self.offset = 0
        await self._look()

    @rx.event
    async def search_for(self, words: str) -> None:
        self.search, self.offset = words[:100], 0
        await self._look()

    @rx.event
    async def clear(self) -> None:
        self.search, self.status, self.kind, self.offset = "", "", "", 0
        await self._look()

    @rx.event
    async def next_page(self) -> None:
        if self.offset + PAGE < self.total:
            self.offset += PAGE
            await self._look()

    @rx.event
    async def previous_page(self) -> None:
        self.offset = max(0, self.offset - PAGE)
        await self._look()

    @rx.event
    async def ask_to_cancel(self, reset_id: str) -> None:
        self.problem, self.is_busy = "", False
        self.cancelling = next((row for row in self.rows if row.reset_id == reset_id), None)

    @rx.event
    async def keep(self) -> None:
        self.cancelling = None

    @rx.event
    async def cancel(self) -> AsyncIterator[Any]:
        """Take the link back; where it was used meanwhile the dialog says so."""
        if self.is_busy or self.cancelling is None:
            return
        self.is_busy = True
        yield
        try:
            with self._showing_problems():
                reset_id = as_id(self.cancelling.reset_id, "reset")
                await self._run_as_admin(password_resets.cancel, reset_id)
                yield notify(f"The link to {self.cancelling.person} no longer works")
                self.cancelling = None
        finally:
            self.is_busy = False
        await self._look()

    async def _look(self) -> None:
        """Read the page that is asked for. An answer that a later question overtook is dropped."""
        self._asked += 1
        mine = self._asked
        sight = await self._sight()
        if not sight.page.rows and self.offset:  # the last row of the last page went away
            self.offset = max(0, (sight.page.total - 1) // PAGE * PAGE)
            sight = await self._sight()
        if mine != self._asked:
            return
        now, counts = utc_now(), sight.page.counts
        self.rows = [line_of(row, now, sight.zone) for row in sight.page.rows]
        self.total, self.every = sight.page.total, sum(counts.values())
        self.pending = counts[AdminResetStatus.PENDING]
        self.completed = counts[AdminResetStatus.COMPLETED]
        self.expired = counts[AdminResetStatus.EXPIRED]
        self.cancelled = counts[AdminResetStatus.CANCELLED]
        self.is_loaded = True

    async def _sight(self) -> Sight:
        chosen = ResetFilter(
            status=AdminResetStatus(self.status) if self.status else None,
            kind=ResetType(self.kind) if self.kind else None,
            search=self.search,
        )
        return await self._read_as_admin(look, chosen, self.offset)
