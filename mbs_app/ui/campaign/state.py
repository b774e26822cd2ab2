"""What a campaign's page knows and does: it follows the hub while it is open."""

from __future__ import annotations

import time
from contextlib import aclosing
from typing import Any, ClassVar

import reflex as rx
from sqlmodel import Session

from mbs_app import db
from mbs_app.delivery import launch
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotFound
from mbs_app.domain.vocabulary import CampaignStatus
from mbs_app.services import audiences, campaigns, live, messages, preflight
from mbs_app.services.audiences import Reach
from mbs_app.services.live import AboutCampaign, Ledger, LiveCampaign
from mbs_app.services.messages import Reason
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.campaign.figures import (
    Figures,
    Plan,
    ReasonRow,
    crumb_of,
    figures_of,
    left_out_words,
    note_of,
    plan_of,
    spoken,
)
from mbs_app.ui.components.funnel_shape import FunnelShape, funnel_shape
from mbs_app.ui.components.sparkline import spark_points
from mbs_app.ui.components.toast import notify
from mbs_app.ui.live.hub import Sight, hub
from mbs_app.ui.session import BaseState, current_actor
from mbs_app.ui.shell import ShellState

ROUTE = "/campaigns/[campaign_id]"
REASONS_EVERY = 2.0  # seconds
SAID_EVERY = 10.0
MOST_REASONS = 5
_NOBODY = Ledger(0, 0, 0, 0, 0, 0, 0, 0)


class CampaignState(BaseState, rx.State):
    """One campaign. The list of its texts has a state of its own, in ``list_state``."""

    access: ClassVar[Access | None] = Access.SIGNED_IN

    is_loaded: bool = False
    is_missing: bool = False
    key: str = ""
    name: str = ""
    status: str = ""
    crumb: str = ""
    note: str = ""
    pause_reason: str = ""
    is_late: bool = False
    ledger: Ledger = _NOBODY
    figures: Figures = Figures()
    funnel: FunnelShape = funnel_shape(_NOBODY)
    per_second: float = 0.0
    spark: str = ""
    reasons: list[ReasonRow] = []
    most: int = 0
    left_out: str = ""
    plan: Plan = Plan()
    zone: str = "UTC"
    beat: int = 0
    said: str = ""
    asks_to_cancel: bool = False
    busy: str = ""  # the action under way: "pause", "resume", "cancel" …

    _watch: int = 0
    _version: int = 0
    _reach: Reach = Reach(0, 0, ())
    _segments: int = 0

    @rx.event
    async def load(self) -> Any:
        """What is true now; then ``follow``."""
        wanted = str(self.campaign_id)  # the route's
        if wanted != self.key:
            watch = self._watch
            self.reset()
            self._watch = watch
        self.key, self.problem, self.busy, self.asks_to_cancel = wanted, "", "", False
        try:
            campaign, about, reach, segments = await self._read(_load, wanted)
        except NotFound:
            self.is_loaded, self.is_missing = True, True
            return None
        self._reach, self._segments = reach, segments
        self._show(Sight(campaign, None, ()), about)
        self._show_reasons(*await self._read(_reasons, campaign))
        self.is_loaded, self.is_missing = True, False
        return CampaignState.follow

    @rx.event(background=True)
    async def follow(self) -> None:
        """Move with the campaign until the page is left, or the session ends."""
        actor = await current_actor()
        async with self:
            self._watch += 1
            mine, wanted = self._watch, self.key
        try:
            campaign, about, _, _ = await db.in_reading(actor, _load, wanted)
        except NotFound:
            return
        counted = _counts_of_reasons(campaign)
        counted_at = said_at = time.monotonic()
        status = campaign.status
        async with aclosing(hub().campaign(campaign.id, owner_id=about.user_id)) as sights:
            async for sight in sights:
                actor = await current_actor()
                now, reasons, reach, segments = time.monotonic(), None, None, 0
                if sight is not None:
                    campaign = sight.campaign
                if _counts_of_reasons(campaign) != counted and now - counted_at > REASONS_EVERY:
                    counted, counted_at = _counts_of_reasons(campaign), now
                    reasons = await db.in_reading(actor, _reasons, campaign)
                if campaign.status != status:
                    status = campaign.status
                    # Another status may mean another time, sender or audience.
                    _, about, reach, segments = await db.in_reading(actor, _load, wanted)
                async with self:
                    if self._watch != mine or self.router.route_id != ROUTE:
                        return
                    if campaign.version < self._version:
                        continue  # seen before what somebody just did on this page
                    if reach is not None:
                        self._reach, self._segments = reach, segments
                    last = Sight(campaign, self.per_second, ())
                    self._show(sight or last, about, with_spark=sight is not None)
                    if reasons is not None:
                        self._show_reasons(*reasons)
                    if now - said_at > SAID_EVERY and campaign.is_sending:
                        said_at = now
                        self.said = spoken(sight or last)
                    shell = await self.get_state(ShellState)
                    shell._show_sending(hub().rates(about.user_id))

    @rx.event
    async def pause(self) -> Any:
        async for event in self._doing("pause", launch.pause):
            yield event

    @rx.event
    async def resume(self) -> Any:
        async for event in self._doing("resume", launch.resume):
            yield event

    @rx.event
    def ask_to_cancel(self) -> None:
        self.asks_to_cancel = True

    @rx.event
    def keep_going(self) -> None:
        self.asks_to_cancel = False

    @rx.event
    async def cancel(self) -> Any:
        async for event in self._doing("cancel", launch.cancel):
            yield event
        self.asks_to_cancel = False

    @rx.event
    async def send_late(self) -> Any:
        """The owner says yes to a schedule that fell due while the program was down."""
        async for event in self._doing("send", launch.confirm_late, send=True):
            yield event

    @rx.event
    async def drop_late(self) -> Any:
        async for event in self._doing("drop", launch.confirm_late, send=False):
            yield event
        if self.status == CampaignStatus.DRAFT:
            yield notify("Kept as a draft. Nothing was sent.")

    @rx.event
    async def edit(self) -> Any:
        """Back to the editor; what was scheduled becomes a draft first, so that nobody sends it half changed."""
        if self.status == CampaignStatus.SCHEDULED:
            async for event in self._doing("edit", launch.unschedule):
                yield event
        if self.status == CampaignStatus.DRAFT:
            yield rx.redirect(f"/campaigns/{self.key}/edit")

    @rx.event
    async def duplicate(self) -> Any:
        copy = await self._run(campaigns.duplicate_campaign, as_id(self.key, "campaign"))
        yield rx.redirect(f"/campaigns/{copy.id}/edit")
        yield notify(f"“{copy.name}” is a draft with the same text and people")

    async def _doing(self, what: str, act: Any, **options: Any) -> Any:
        """Do it once, show that it is being done, and what holds afterwards."""
        if self.busy:
            return
        self.busy = what
        yield
        try:
            with self._showing_problems():
                await self._run(act, as_id(self.key, "campaign"), **options)
                campaign, about, self._reach, self._segments = await self._read(_load, self.key)
                self._show(Sight(campaign, self.per_second, ()), about, with_spark=False)
        finally:
            self.busy = ""

    def _show(self, sight: Sight, about: AboutCampaign, *, with_spark: bool = True) -> None:
        """Assign what differs: a variable that is assigned is sent again, changed or not."""
        now, campaign = utc_now(), sight.campaign
        self._version = campaign.version
        shown: dict[str, Any] = {
            "name": campaign.name,
            "status": campaign.status,
            "crumb": crumb_of(campaign),
            "note": note_of(campaign, about, now),
            "pause_reason": campaign.pause_reason,
            "is_late": campaign.late_since is not None,
            "ledger": campaign.ledger,
            "figures": figures_of(sight, about, now),
            "per_second": sight.per_second or 0.0,
            "zone": about.time_zone,
            "beat": int(now.timestamp()),
        }
        if campaign.ledger != self.ledger:
            shown["funnel"] = funnel_shape(campaign.ledger)
        if with_spark:
            shown["spark"] = spark_points(sight.spark, about.segments_per_second)
        if campaign.status == CampaignStatus.SCHEDULED:
            shown["plan"] = plan_of(campaign, about, self._reach, self._segments, now)
        for name, value in shown.items():
            if getattr(self, name) != value:
                setattr(self, name, value)

    def _show_reasons(self, failed: list[Reason], skipped: list[Reason]) -> None:
        rows = [ReasonRow(one.words, one.count) for one in failed[:MOST_REASONS]]
        rest = sum(one.count for one in failed[MOST_REASONS:])
        if rest:
            rows[-1:] = [ReasonRow("Other reasons", rest + rows[-1].count)]
        self.reasons = rows
        self.most = max((row.count for row in rows), default=0)
        self.left_out = left_out_words(skipped)


def _load(
    session: Session, actor: Actor, key: str
) -> tuple[LiveCampaign, AboutCampaign, Reach, int]:
    campaign_id = as_id(key, "campaign")
    campaign = live.read_campaign(session, actor, campaign_id)
    about = live.about_campaign(session, actor, campaign_id)
    reach, segments = Reach(0, 0, ()), 0
    if campaign.status == CampaignStatus.SCHEDULED:
        reach = audiences.reach(session, actor, about.audience)
        segments = preflight.estimate_segments(
            session, actor, about.audience, about.message_body, will_get=reach.will_get
        )
    return campaign, about, reach, segments


def _reasons(
    session: Session, actor: Actor, campaign: LiveCampaign
) -> tuple[list[Reason], list[Reason]]:
    failed = messages.failures(session, actor, campaign.id) if campaign.ledger.failed else []
    skipped = messages.left_out(session, actor, campaign.id) if campaign.ledger.skipped else []
    return failed, skipped


def _counts_of_reasons(campaign: LiveCampaign) -> tuple[int, int]:
    return campaign.ledger.failed, campaign.ledger.skipped
