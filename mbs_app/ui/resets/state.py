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
from mbs_app.ui.paged_list import PAGE, PagedList
from mbs_app.ui.resets.rows import ResetLine, line_of
from mbs_app.ui.session import BaseState


@dataclass(frozen=True, slots=True)
class Sight:
    page: ResetPage
    zone: str


def look(session: Session, actor: Actor, chosen: ResetFilter, offset: int) -> Sight:
    return Sight(
        password_resets.list_resets(session, actor, chosen, offset=offset, limit=PAGE),
        accounts.my_profile(session, actor).time_zone,
    )


class ResetsState(PagedList, BaseState, rx.State):
    access: ClassVar[Access | None] = Access.ADMIN

    rows: list[ResetLine] = []
    every: int = 0
    pending: int = 0
    completed: int = 0
    expired: int = 0
    cancelled: int = 0
    kind: str = ""

    cancelling: ResetLine | None = None
    is_busy: bool = False

    @rx.event
    async def load(self) -> None:
        self.problem, self.cancelling, self.is_busy = "", None, False
        await self._look()

    @rx.event
    async def filter_by(self, status: str) -> None:
        await self._look_anew(status=status if status in set(AdminResetStatus) else "")

    @rx.event
    async def choose_kind(self, kind: str) -> None:
        await self._look_anew(kind=kind if kind in set(ResetType) else "")

    @rx.event
    async def clear(self) -> None:
        await self._look_anew(search="", status="", kind="")

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

    def _show(self, sight: Sight) -> None:
        now, counts = utc_now(), sight.page.counts
        self.rows = [line_of(row, now, sight.zone) for row in sight.page.rows]
        self.every = sum(counts.values())
        self.pending = counts[AdminResetStatus.PENDING]
        self.completed = counts[AdminResetStatus.COMPLETED]
        self.expired = counts[AdminResetStatus.EXPIRED]
        self.cancelled = counts[AdminResetStatus.CANCELLED]

    async def _sight(self) -> Sight:
        chosen = ResetFilter(
            status=AdminResetStatus(self.status) if self.status else None,
            kind=ResetType(self.kind) if self.kind else None,
            search=self.search,
        )
        return await self._read_as_admin(look, chosen, self.offset)
