"""What the page of the audit log does: it narrows, turns pages, unfolds an event, and counts newer ones."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx

from mbs_app import db
from mbs_app.domain.clock import utc_now
from mbs_app.domain.time_words import day_words
from mbs_app.services import accounts, audit
from mbs_app.services.audit import AuditFilter, AuditLine, AuditPage
from mbs_app.services.audit.listing import COUNTED_TO, MOST
from mbs_app.ui.access import Access
from mbs_app.ui.audit import narrowing
from mbs_app.ui.audit.filters_state import Narrowed
from mbs_app.ui.audit.rows import AuditRow, OpenedEvent, opened_event, range_words, row_of
from mbs_app.ui.session import BaseState, current_actor

ROUTE = "/audit"
LOOK_EVERY = 5.0  # seconds


class AuditState(Narrowed, BaseState, rx.State):
    """Rows never jump: what happens meanwhile waits behind "3 newer"."""

    access: ClassVar[Access | None] = Access.ADMIN

    is_loaded: bool = False
    rows: list[AuditRow] = []
    opened: OpenedEvent = OpenedEvent()
    page: int = 1
    has_more: bool = False
    counted: str = ""  # "Rows 1–50 of 312"
    looked_to: str = ""  # the day that a long search came to, with less than a page
    newer: int = 0
    export_url: str = ""

    _watch: int = 0
    _asked: int = 0
    _lines: list[AuditLine] = []
    # Where each page so far began, and where the next one does.
    _starts: list[UUID | None] = []
    _next: UUID | None = None
    _newest: UUID | None = None
    _total: int | None = None

    @rx.event
    async def load(self) -> Any:
        """The newest events, narrowed as the address asks where it asks for anything."""
        profile = await self._read_as_admin(accounts.my_profile)
        self._zone = profile.time_zone
        await self._narrow_as_asked(dict(self.router.url.query_parameters))
        await self._start_over()
        return AuditState.follow

    @rx.event
    async def find(self, words: str) -> None:
        self.search = words[:100]
        await self._start_over()

    @rx.event
    async def show_newer(self) -> None:
        await self._start_over()

    @rx.event
    async def next_page(self) -> None:
        if self.has_more and self._next is not None:
            await self._turn_to(self._next, page=self.page + 1)

    @rx.event
    async def previous_page(self) -> None:
        if self.page > 1 and len(self._starts) >= self.page - 1:
            await self._turn_to(self._starts[self.page - 2], page=self.page - 1)

    @rx.event
    async def look_further(self) -> None:
        """Go on with a search that ended early, below the rows that it found."""
        if not self.looked_to or self._next is None:
            return
        found = await self._look(self._next, limit=MOST - len(self._lines))
        if found is not None:
            self._show(found, [*self._lines, *found.lines])

    @rx.event
    async def toggle(self, event_id: str) -> None:
        """Unfold a row, or fold it again. One is open at a time."""
        line = next((line for line in self._lines if str(line.id) == event_id), None)
        if line is None or self.opened.id == event_id:
            self.opened = OpenedEvent()
        else:
            self.opened = opened_event(line, utc_now(), self._zone)

    @rx.event(background=True)
    async def follow(self) -> None:
        """Count what is newer than the page, until it is left."""
        async with self:
            self._watch += 1
            mine = self._watch
        while True:
            async with self:
                if self._watch != mine or self.router.route_id != ROUTE:
                    return
                chosen, above, asked = self._filter(), self._newest, self._asked
            actor = (await current_actor()).administrating()
            newer = await db.in_reading(actor, audit.count_newer, chosen, above=above)
            async with self:
                if self._watch == mine and self._asked == asked and self.newer != newer:
                    self.newer = newer
            await asyncio.sleep(LOOK_EVERY)

    def _filter(self) -> AuditFilter:
        since, until = narrowing.times(self.days, self.first_day, self.last_day, self._zone)
        return narrowing.filter_of(
            person=self.person_id,
            subject=self.subject_id,
            group=self.group,
            address=self.address,
            search=self.search,
            since=since,
            until=until,
        )

    async def _start_over(self) -> None:
        await self._turn_to(None, page=1)

    async def _turn_to(self, after: UUID | None, *, page: int) -> None:
        found = await self._look(after)
        if found is None:
            return
        self.page = page
        self._starts = [*self._starts[: page - 1], after]
        if page == 1:
            self._newest, self._total, self.newer = found.newest, found.total, 0
        self.opened = OpenedEvent()
        self.export_url = narrowing.export_address(self._filter())
        self._show(found, found.lines)
        self.is_loaded = True

    async def _look(self, after: UUID | None, limit: int = MOST) -> AuditPage | None:
        """Read a page; None where a later question overtook this one."""
        self._asked += 1
        mine = self._asked
        found = await self._read_as_admin(
            audit.list_events, self._filter(), after=after, limit=limit, with_total=after is None
        )
        return found if mine == self._asked else None

    def _show(self, found: AuditPage, lines: list[AuditLine]) -> None:
        now = utc_now()
        self._lines, self._next = lines, found.after
        self.rows = [row_of(line, now, self._zone) for line in lines]
        self.looked_to = ""
        if found.looked_to is not None:
            self.looked_to = day_words(found.looked_to, now, self._zone)
        self.has_more = found.after is not None and not self.looked_to
        first = (self.page - 1) * MOST + 1
        self.counted = range_words(first, first + len(lines) - 1, self._total, COUNTED_TO)
