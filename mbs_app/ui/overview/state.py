"""What the overview knows and does: it follows all of the user's running campaigns."""

from __future__ import annotations

import time
from contextlib import aclosing
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx

from mbs_app import db
from mbs_app.delivery import launch
from mbs_app.domain.clock import utc_now
from mbs_app.services import accounts, campaigns
from mbs_app.services.lookup import owner_of
from mbs_app.services.overview import Now, read_now
from mbs_app.services.overview_recent import Recent, read_recent
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.components.day_chart import Axis, DayBar, axis_for
from mbs_app.ui.components.small_bars import SmallBar
from mbs_app.ui.components.toast import notify
from mbs_app.ui.live.hub import Sight, hub
from mbs_app.ui.overview import rows
from mbs_app.ui.overview.rows import (
    CampaignRow,
    ComingRow,
    Queue,
    ReasonRow,
    Steps,
    Totals,
)
from mbs_app.ui.session import BaseState, current_actor
from mbs_app.ui.shell import ShellState

ROUTE = "/"
_ROUTE_ID = "/index"  # Reflex's name for it
NOW_EVERY = 2.0  # seconds, while something changes
QUIET_EVERY = 10.0  # seconds, while nothing does
RECENT_EVERY = 30.0
SAID_EVERY = 10.0


class OverviewState(BaseState, rx.State):
    access: ClassVar[Access | None] = Access.SIGNED_IN

    is_loaded: bool = False
    has_recent: bool = False
    date: str = ""
    zone: str = "UTC"
    beat: int = 0
    said: str = ""
    today: list[CampaignRow] = []
    delivered_today: int = 0
    days: list[DayBar] = []
    axis: Axis = axis_for(3)
    totals: Totals = Totals()
    failures: list[ReasonRow] = []
    most: int = 0
    coming: list[ComingRow] = []
    opt_outs: int = 0
    opt_out_share: str = ""
    opt_out_peak: str = ""
    opt_out_bars: list[SmallBar] = []
    queue: Queue = Queue()
    steps: Steps = Steps()
    busy: str = ""  # the id of the campaign that is being paused or resumed

    _watch: int = 0
    _region: str = "US"
    _now: Now | None = None
    _recent: Recent | None = None

    @rx.event
    async def load(self) -> Any:
        """What is quick to read; the rest comes with ``follow``."""
        profile = await self._read(accounts.my_profile)
        self.zone, self._region = profile.time_zone, profile.default_region
        self._now = await self._read(read_now, self.zone)
        self._show({})
        self.is_loaded, self.problem, self.busy = True, "", ""
        return OverviewState.follow

    @rx.event(background=True)
    async def follow(self) -> None:
        """Move with the running campaigns until the page is left, or the session ends."""
        user_id = owner_of(await current_actor())
        async with self:
            self._watch += 1
            mine, zone = self._watch, self.zone
        before: dict[UUID, Sight] | None = None
        read_at = said_at = time.monotonic()
        recent_at = -RECENT_EVERY
        async with aclosing(hub().owner(user_id)) as turns:
            async for sights in turns:
                actor = await current_actor()
                at, fresh = time.monotonic(), None
                patience = NOW_EVERY if sights != before else QUIET_EVERY
                if before is not None and (
                    _statuses(sights) != _statuses(before) or at - read_at > patience
                ):
                    read_at = at
                    fresh = await db.in_reading(actor, read_now, zone)
                before = sights
                async with self:
                    if self._watch != mine or self.router.route_id != _ROUTE_ID:
                        return
                    self._now = fresh or self._now
                    self._show(sights)
                    if sights and at - said_at > SAID_EVERY:
                        said_at = at
                        self.said = f"{self.delivered_today:,} texts delivered today"
                    shell = await self.get_state(ShellState)
                    shell._show_sending(hub().rates(user_id))
                if at - recent_at > RECENT_EVERY:
                    recent = await db.in_reading(actor, read_recent, zone)
                    recent_at = time.monotonic()
                    async with self:
                        self._recent, self.has_recent = recent, True
                        self._show(sights)

    @rx.event
    async def pause(self, campaign_id: str) -> Any:
        async for event in self._doing(campaign_id, launch.pause):
            yield event

    @rx.event
    async def resume(self, campaign_id: str) -> Any:
        async for event in self._doing(campaign_id, launch.resume):
            yield event

    @rx.event
    async def duplicate(self, campaign_id: str) -> Any:
        copy = await self._run(campaigns.duplicate_campaign, as_id(campaign_id, "campaign"))
        yield rx.redirect(f"/campaigns/{copy.id}/edit")
        yield notify(f"“{copy.name}” is a draft with the same text and people")

    @rx.event
    async def new_campaign(self) -> Any:
        """A fresh draft, opened in the editor; the second click of a double one makes no other."""
        if self.busy == "new":
            return None
        self.busy = "new"
        draft = await self._run(campaigns.create_draft)
        return rx.redirect(f"/campaigns/{draft.id}/edit")

    async def _doing(self, campaign_id: str, act: Any) -> Any:
        if self.busy:
            return
        self.busy = campaign_id
        yield
        try:
            with self._showing_problems():
                await self._run(act, as_id(campaign_id, "campaign"))
                self._now = await self._read(read_now, self.zone)
                # What the hub saw last is older than this; it looks again in a moment.
                self._show({})
        finally:
            self.busy = ""

    def _show(self, sights: dict[UUID, Sight]) -> None:
        """Assign what differs: a variable that is assigned is sent again, changed or not."""
        if self._now is None:
            return
        now, at = self._now, utc_now()
        shown: dict[str, Any] = {
            "date": rows.date_words(at, self.zone),
            "beat": int(at.timestamp()),
            "queue": rows.queue_of(now, self._recent),
            "steps": rows.steps_of(now.first_steps, self._region),
        }
        shown |= self._campaigns_and_days(now, sights)
        if self._recent is not None:
            shown |= self._recent_figures(now, self._recent)
        for name, value in shown.items():
            if getattr(self, name) != value:
                setattr(self, name, value)

    def _campaigns_and_days(self, now: Now, sights: dict[UUID, Sight]) -> dict[str, Any]:
        """A sight is newer than what was read with the page: the row and the day's sum follow it together."""
        at, reach = utc_now(), self._recent.reach if self._recent else {}
        since = sum(
            sights[line.id].campaign.ledger.delivered - line.ledger.delivered
            for line in now.today
            if line.id in sights
        )
        return {
            "today": [
                rows.campaign_row(line, sights.get(line.id), reach.get(line.id), at, self.zone)
                for line in now.today
            ],
            "coming": [
                rows.coming_row(line, reach.get(line.id), at, self.zone) for line in now.coming_up
            ],
            "delivered_today": now.days[-1].delivered + since,
            "days": rows.day_bars(now.days),
            "axis": axis_for(rows.peak_of(now.days)),
            "totals": rows.totals_of(now.days),
        }

    def _recent_figures(self, now: Now, recent: Recent) -> dict[str, Any]:
        failures = rows.reason_rows(recent.failures)
        delivered = sum(day.delivered for day in now.days)
        return {
            "failures": failures,
            "most": max((row.count for row in failures), default=0),
            "opt_outs": recent.opt_outs.total,
            "opt_out_share": rows.opt_out_share(recent.opt_outs, delivered),
            "opt_out_peak": rows.opt_out_peak(recent.opt_outs, now.days),
            "opt_out_bars": rows.opt_out_bars(recent.opt_outs, now.days),
        }


def _statuses(sights: dict[UUID, Sight]) -> dict[UUID, str]:
    return {key: sight.campaign.status for key, sight in sights.items()}
