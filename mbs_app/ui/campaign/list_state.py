"""The list of a campaign's texts: filtered, searched, paged, and never jumping while the campaign runs."""

from __future__ import annotations

import time
from contextlib import aclosing
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import NotFound
from mbs_app.domain.vocabulary import MessageStatus
from mbs_app.services import accounts, messages
from mbs_app.services.message_history import MessageHistory, history
from mbs_app.services.messages import MessageLine, MessagePage, Spot
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.campaign.rows import MessageRow, OpenedText, opened_text, row_of
from mbs_app.ui.campaign.state import ROUTE
from mbs_app.ui.live.hub import hub
from mbs_app.ui.session import BaseState, current_actor

REFRESH_EVERY = 2.0  # seconds
LONGEST_SEARCH = 80


class Asked(NamedTuple):
    """What is on the screen, and so has to be looked up again."""

    campaign_id: UUID
    outcome: str
    search: str
    top: Spot | None
    rows: tuple[UUID, ...]
    opened: str
    page: int


class Fresh(NamedTuple):
    """What became of it. ``page`` is a new first page, for a screen that had no row."""

    lines: dict[UUID, MessageLine]
    newer: int
    total: int
    told: MessageHistory | None
    page: MessagePage | None


class MessageListState(BaseState, rx.State):
    """Rows keep their place and change in it; texts touched meanwhile wait behind "63 newer"."""

    access: ClassVar[Access | None] = Access.SIGNED_IN

    is_loaded: bool = False
    outcome: str = ""  # one of the seven, or all
    search: str = ""
    rows: list[MessageRow] = []
    page: int = 1
    total: int = 0
    has_more: bool = False
    newer: int = 0
    opened: OpenedText = OpenedText()

    _campaign: str = ""
    _watch: int = 0
    _zone: str = "UTC"
    _region: str = "US"
    # Where each page so far began and ended, to go back and on; and the top of the first.
    _before: list[Spot | None] = []
    _end: Spot | None = None
    _top: Spot | None = None

    @rx.var
    def first(self) -> int:
        return (self.page - 1) * messages.PAGE + 1 if self.rows else 0

    @rx.var
    def last(self) -> int:
        return (self.page - 1) * messages.PAGE + len(self.rows)

    @rx.event
    async def load(self) -> Any:
        """The first page, with the filters as they stand unless it is another campaign."""
        wanted = str(self.campaign_id)  # the route's
        if wanted != self._campaign:
            watch = self._watch
            self.reset()
            self._watch, self._campaign = watch, wanted
        profile = await self._read(accounts.my_profile)
        self._zone, self._region = profile.time_zone, profile.default_region
        try:
            await self._turn_to(None)
        except NotFound:
            return None
        self.is_loaded = True
        return MessageListState.follow

    @rx.event
    async def choose(self, outcome: str) -> None:
        """Show one outcome; chosen again, or "all", shows everybody."""
        known = {status.value for status in MessageStatus}
        self.outcome = outcome if outcome in known and outcome != self.outcome else ""
        await self._turn_to(None)

    @rx.event
    async def find(self, words: str) -> None:
        self.search = words[:LONGEST_SEARCH]
        await self._turn_to(None)

    @rx.event
    async def clear(self) -> None:
        self.search, self.outcome = "", ""
        await self._turn_to(None)

    @rx.event
    async def show_newer(self) -> None:
        await self._turn_to(None)

    @rx.event
    async def next_page(self) -> None:
        if self.has_more and self._end:
            await self._turn_to(self._end, page=self.page + 1)

    @rx.event
    async def previous_page(self) -> None:
        if self.page > 1 and len(self._before) >= self.page - 1:
            await self._turn_to(self._before[self.page - 2], page=self.page - 1)

    @rx.event
    async def toggle(self, message_id: str) -> None:
        """Unfold a row, or fold it again. One is open at a time."""
        if self.opened.id == message_id:
            self.opened = OpenedText()
        elif message_id in {row.id for row in self.rows}:
            told = await self._read(history, UUID(message_id))
            self.opened = opened_text(message_id, told, self._zone)

    @rx.event(background=True)
    async def follow(self) -> None:
        """Every two seconds while something happens: rows change in place, newer ones are counted."""
        async with self:
            self._watch += 1
            mine, campaign_id = self._watch, as_id(self._campaign, "campaign")
        seen, looked_at, changed = -1, 0.0, False
        async with aclosing(hub().campaign(campaign_id)) as sights:
            async for sight in sights:
                actor = await current_actor()
                if sight is not None and sight.campaign.version != seen:
                    seen, changed = sight.campaign.version, True
                async with self:
                    if self._watch != mine or self.router.route_id != ROUTE:
                        return
                    asked = self._asked(campaign_id)
                if not changed or time.monotonic() - looked_at < REFRESH_EVERY:
                    continue
                looked_at, changed = time.monotonic(), False
                fresh = await db.in_reading(actor, _refresh, asked)
                async with self:
                    if self._watch == mine and self._asked(campaign_id) == asked:
                        self._refresh(fresh)

    def _asked(self, campaign_id: UUID) -> Asked:
        rows = tuple(UUID(row.id) for row in self.rows)
        return Asked(
            campaign_id, self.outcome, self.search, self._top, rows, self.opened.id, self.page
        )

    def _refresh(self, fresh: Fresh) -> None:
        """What came of ``_asked``, where nobody asked for something else meanwhile."""
        if fresh.page is not None:
            self._show(fresh.page, None, 1)
            return
        rows = [
            self._row(fresh.lines[UUID(row.id)]) for row in self.rows if UUID(row.id) in fresh.lines
        ]
        if rows != self.rows:
            self.rows = rows
        if (self.newer, self.total) != (fresh.newer, fresh.total):
            self.newer, self.total = fresh.newer, fresh.total
        if fresh.told is not None:
            opened = opened_text(self.opened.id, fresh.told, self._zone)
            if opened != self.opened:
                self.opened = opened

    async def _turn_to(self, after: Spot | None, *, page: int = 1) -> None:
        found: MessagePage = await self._read(
            messages.page_of_messages,
            as_id(self._campaign, "campaign"),
            status=self.outcome or None,
            search=self.search,
            after=after,
        )
        self._show(found, after, page)

    def _show(self, found: MessagePage, after: Spot | None, page: int) -> None:
        self.rows = [self._row(line) for line in found.lines]
        self.page, self.total, self.has_more = page, found.total, found.has_more
        self._before = [*self._before[: page - 1], after]
        self._end = _spot(found.lines[-1]) if found.lines else None
        self.opened = OpenedText()
        if page == 1:
            self._top = _spot(found.lines[0]) if found.lines else None
            self.newer = 0

    def _row(self, line: MessageLine) -> MessageRow:
        return row_of(line, self._zone, self._region)


def _refresh(session: Session, actor: Actor, asked: Asked) -> Fresh:
    outcome = asked.outcome or None
    if not asked.rows:
        # Nothing on the screen could jump.
        page = messages.page_of_messages(
            session, actor, asked.campaign_id, status=outcome, search=asked.search
        )
        return Fresh({}, 0, 0, None, page)
    newer = messages.count_newer(
        session,
        actor,
        asked.campaign_id,
        above=asked.top,
        shown=asked.rows,
        status=outcome,
        search=asked.search,
    )
    total = messages.count_matching(
        session, actor, asked.campaign_id, status=outcome, search=asked.search
    )
    told = history(session, actor, UUID(asked.opened)) if asked.opened else None
    return Fresh(messages.lines_of(session, actor, asked.rows), newer, total, told, None)


def _spot(line: MessageLine) -> Spot:
    return Spot(line.at, line.id)
