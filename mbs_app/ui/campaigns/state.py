"""What the list of campaigns does: filters, pages, keeps the running ones current, makes and deletes drafts."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.time_words import ago, day_and_time, duration_words
from mbs_app.services import accounts, campaigns
from mbs_app.services.campaigns import CampaignPage, CampaignRow, StatusFilter
from mbs_app.services.live import LIVE, Ledger
from mbs_app.services.lookup import owner_of
from mbs_app.ui.access import Access
from mbs_app.ui.components.toast import notify
from mbs_app.ui.live import hub as live_hub
from mbs_app.ui.paged_list import PAGE, PagedList
from mbs_app.ui.session import BaseState, current_actor

ROUTE = "/campaigns"


@dataclass(frozen=True, slots=True)
class Row:
    """One line. ``when`` and ``when_more`` read "About 2 min left" and "ends near 10:08 AM"."""

    id: str
    href: str
    name: str
    about: str
    status: str
    ledger: Ledger
    handed_over: int
    audience: int
    when: str
    when_more: str
    can_be_deleted: bool


@dataclass(frozen=True, slots=True)
class Sight:
    page: CampaignPage
    zone: str


def look(session: Session, actor: Actor, status: str, search: str, offset: int) -> Sight:
    return Sight(
        campaigns.list_campaigns(
            session, actor, status=status, search=search, offset=offset, limit=PAGE
        ),
        accounts.my_profile(session, actor).time_zone,
    )


class CampaignsState(PagedList, BaseState, rx.State):
    """``status`` is the chosen filter, one of ``StatusFilter``."""

    access: ClassVar[Access | None] = Access.SIGNED_IN

    status: str = StatusFilter.ALL
    rows: list[Row] = []
    every: int = 0
    live: int = 0
    scheduled: int = 0
    drafts: int = 0
    sent: int = 0
    stopped: int = 0
    deleting: str = ""
    deleting_name: str = ""
    is_creating: bool = False

    _watch_number: int = 0
    # The status of each campaign that was last seen; None until then.
    _seen: dict[str, str] | None = None

    @rx.event
    async def load(self) -> Any:
        self.problem, self.deleting, self.is_creating = "", "", False
        await self._look()
        return CampaignsState.watch

    @rx.event
    async def filter_by(self, status: str) -> None:
        await self._look_anew(status=status if status in set(StatusFilter) else StatusFilter.ALL)

    @rx.event
    async def clear(self) -> None:
        await self._look_anew(search="", status=StatusFilter.ALL)

    @rx.event
    async def create(self) -> Any:
        """A new draft, and the composer for it; the second click of a double one makes no other."""
        if self.is_creating:
            return None
        self.is_creating = True
        draft = await self._run(campaigns.create_draft)
        return rx.redirect(f"/campaigns/{draft.id}/edit")

    @rx.event
    async def duplicate(self, campaign_id: UUID) -> Any:
        copy = await self._run(campaigns.duplicate_campaign, campaign_id)
        return rx.redirect(f"/campaigns/{copy.id}/edit")

    @rx.event
    async def ask_to_delete(self, campaign_id: str) -> None:
        row = next((one for one in self.rows if one.id == campaign_id), None)
        if row is not None:
            self.problem, self.deleting, self.deleting_name = "", row.id, row.name

    @rx.event
    async def keep(self) -> None:
        self.deleting, self.problem = "", ""

    @rx.event
    async def delete(self) -> Any:
        if not self.deleting:
            return None
        with self._showing_problems():
            name = await self._run(campaigns.delete_campaign, UUID(self.deleting))
            self.deleting = ""
            await self._look()
            return notify(f"“{name}” deleted")

    @rx.event(background=True)
    async def watch(self) -> None:
        """Keep the running campaigns' lines current; a line that stops running is read anew."""
        user_id = owner_of(await current_actor())
        async with self:
            self._watch_number += 1
            number, self._seen = self._watch_number, None
        async with aclosing(live_hub.hub().owner(user_id)) as sights:
            async for seen in sights:
                await current_actor()  # a sign-out ends this
                async with self:
                    here = self.rx_router_page.path.rstrip("/") == ROUTE
                    if self._watch_number != number or not here:
                        return
                    if self._is_behind(seen):
                        await self._look()
                    rows = [_with_sight(row, seen) for row in self.rows]
                    if rows != self.rows:
                        self.rows = rows

    def _is_behind(self, seen: dict[UUID, live_hub.Sight]) -> bool:
        """Whether the page was read before a campaign began or ceased to run, or got its last receipt."""
        statuses = {str(key): str(one.campaign.status) for key, one in seen.items()}
        known, self._seen = self._seen, statuses
        if known is None or known.keys() - statuses.keys():
            return True
        running = _running(statuses)
        shown = {row.id: row.status for row in self.rows}
        return running != _running(known) or _running(shown) != running & shown.keys()

    async def _sight(self) -> Sight:
        return await self._read(look, self.status, self.search, self.offset)

    def _show(self, sight: Sight) -> None:
        now, counts = utc_now(), sight.page.counts
        self.rows = [_row(one, now, sight.zone) for one in sight.page.rows]
        self.every, self.live = counts[StatusFilter.ALL], counts[StatusFilter.LIVE]
        self.scheduled, self.drafts = counts[StatusFilter.SCHEDULED], counts[StatusFilter.DRAFT]
        self.sent, self.stopped = counts[StatusFilter.SENT], counts[StatusFilter.STOPPED]


def _running(statuses: dict[str, str]) -> set[str]:
    return {key for key, status in statuses.items() if status in LIVE}


def _row(one: CampaignRow, now: datetime, zone: str) -> Row:
    when, when_more = _when(one, now, zone)
    address = f"/campaigns/{one.id}"
    never_sent = one.status == "cancelled" and one.ledger.audience == 0
    return Row(
        id=str(one.id),
        href=f"{address}/edit" if one.status == "draft" else address,
        name=one.name,
        about=one.audience_words,
        status=one.status,
        ledger=one.ledger,
        handed_over=one.ledger.handed_over,
        audience=one.ledger.can_receive,
        when=when,
        when_more=when_more,
        can_be_deleted=one.status == "draft" or never_sent,
    )


def _when(one: CampaignRow, now: datetime, zone: str) -> tuple[str, str]:
    """The time that matters most for a line, and a quieter one below it."""
    if one.status == "scheduled" and one.scheduled_at:
        if one.late_since:
            return "Overdue", "asks before sending"
        own = one.schedule_time_zone or zone
        words = day_and_time(one.scheduled_at, now, own, with_zone=own != zone)
        return words, f"in {duration_words((one.scheduled_at - now).total_seconds())}"
    if one.status in ("sending", "paused") and one.launched_at:
        verb = "Paused" if one.status == "paused" else "Sending"
        return verb, f"since {day_and_time(one.launched_at, now, zone)}"
    if one.sent_at and one.launched_at:
        took = duration_words((one.sent_at - one.launched_at).total_seconds())
        return day_and_time(one.sent_at, now, zone), f"took {took}"
    if one.status == "draft":
        return "Not sent", f"changed {_lower(ago(one.updated_at, now))}"
    return day_and_time(one.updated_at, now, zone), ""


def _with_sight(row: Row, seen: dict[UUID, live_hub.Sight]) -> Row:
    """``row`` with what is true of a running campaign now."""
    sight = seen.get(UUID(row.id))
    if sight is None:
        return row
    ledger = sight.campaign.ledger
    left = ledger.pending + ledger.sending
    when, more = row.when, row.when_more
    if sight.campaign.status == "sending" and sight.per_second and left:
        seconds = left / sight.per_second
        when = "Under a minute left" if seconds < 60 else f"About {duration_words(seconds)} left"
        more = f"{sight.per_second:.1f} a second"
    return replace(
        row,
        status=sight.campaign.status,
        ledger=ledger,
        handed_over=ledger.handed_over,
        audience=ledger.can_receive,
        when=when,
        when_more=more,
    )


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
