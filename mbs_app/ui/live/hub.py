"""The live hub: one watcher per web process reads the database for all of its open dashboards.

A dashboard asks the hub to watch something and waits. The watcher wakes when a bell of this process rings, and
otherwise looks a few times a second, because other processes send and receive too. It reads every watched
campaign in one query, and wakes the dashboards whose campaigns changed. Nobody watching: it sleeps.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from mbs_app import db
from mbs_app.delivery import signals
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.services import live
from mbs_app.services.live import LiveCampaign
from mbs_app.ui.live.pace import SPARK_POINTS, Pace

T = TypeVar("T")

log = logging.getLogger(__name__)

SYSTEM = Actor.system("live hub")
COALESCE = 0.25  # seconds; at most four updates a second reach a screen
POLL = 0.5  # seconds between looks while no bell rings
# Seconds after which a screen is told that nothing changed, so that it knows it is live. Only after a look
# that succeeded: a screen whose database is gone grows old, and says so.
HEARTBEAT = 2.0


@dataclass(frozen=True, slots=True)
class Sight:
    """What a dashboard gets: the campaign, and its pace in texts a second (None: not known yet)."""

    campaign: LiveCampaign
    per_second: float | None
    spark: tuple[float, ...]


class LiveHub:
    """Belongs to the event loop it is made in."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._campaigns: Counter[UUID] = Counter()
        self._owners: Counter[UUID] = Counter()
        self._sights: Mapping[UUID, Sight] = {}
        self._paces: dict[UUID, Pace] = {}
        self._changed = asyncio.Condition()
        self._looked_at = 0.0
        self._watcher: asyncio.Task[None] | None = None

    async def campaign(
        self, campaign_id: UUID, *, owner_id: UUID | None = None
    ) -> AsyncGenerator[Sight | None, None]:
        """Each new state of one campaign; None every few seconds without one, as a sign of life.

        The caller has made sure that its actor may see the campaign, and closes the iterator when it
        leaves early (``contextlib.aclosing``). With ``owner_id``, ``rates`` is kept up to date for it.
        """
        also = self._watching(self._owners, owner_id) if owner_id else nullcontext()
        with self._watching(self._campaigns, campaign_id), also:
            async for now, is_news in self._turns(lambda: self._sights.get(campaign_id)):
                yield now if is_news else None

    async def owner(self, user_id: UUID) -> AsyncGenerator[dict[UUID, Sight], None]:
        """One user's campaigns that run or still wait for receipts, each time one of them changed, or as a
        sign of life."""
        with self._watching(self._owners, user_id):
            async for now, _ in self._turns(lambda: self.under_way(user_id)):
                yield now

    def under_way(self, user_id: UUID) -> dict[UUID, Sight]:
        """The campaigns of a user who is being watched, as last seen."""
        return {
            key: sight for key, sight in self._sights.items() if sight.campaign.user_id == user_id
        }

    def rates(self, user_id: UUID) -> list[float]:
        """Texts a second of each of that user's campaigns that is sending."""
        sights = self.under_way(user_id).values()
        return [sight.per_second or 0.0 for sight in sights if sight.campaign.is_sending]

    @contextmanager
    def _watching(self, wanted: Counter[UUID], key: UUID) -> Iterator[None]:
        wanted[key] += 1
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.create_task(self._watch(), name="live hub")
        try:
            yield
        finally:
            wanted[key] -= 1
            if wanted[key] <= 0:
                del wanted[key]

    async def _turns(self, read: Callable[[], T]) -> AsyncGenerator[tuple[T, bool], None]:
        """What ``read`` gives each time it gives something new, and, when it has not for a while, again.

        The first turn comes with the first look since the caller began to wait.
        """
        began = time.monotonic()
        last: T | None = None
        while True:
            before, due = last, time.monotonic() + HEARTBEAT
            async with self._changed:
                while True:
                    if self._looked_at > began and (last := read()) != before:
                        break
                    if self._looked_at > due:
                        break
                    await self._changed.wait()
            yield last, last != before  # read by now

    async def _watch(self) -> None:
        with signals.changes.listening() as bell:
            while self._campaigns or self._owners:
                started = time.monotonic()
                try:
                    await self._look()
                except Exception:
                    # The screens show their age meanwhile; a lost database comes back.
                    log.exception("The live hub could not read the campaigns")
                    await asyncio.sleep(1)
                await asyncio.sleep(max(0.0, COALESCE - (time.monotonic() - started)))
                await bell.wait(POLL - COALESCE)
        self._sights = {}
        self._paces.clear()

    async def _look(self) -> None:
        asked_at = time.monotonic()
        seen = await db.in_reading(
            SYSTEM, live.read_watched, list(self._campaigns), list(self._owners)
        )
        sights = {campaign.id: await self._sight_of(campaign) for campaign in seen}
        for gone in self._paces.keys() - sights.keys():
            del self._paces[gone]
        async with self._changed:
            # The moment of the question: who came since waits for the next look.
            self._sights, self._looked_at = sights, asked_at
            self._changed.notify_all()

    async def _sight_of(self, campaign: LiveCampaign) -> Sight:
        now, handed_over = time.monotonic(), campaign.ledger.handed_over
        pace = self._paces.get(campaign.id)
        if pace is None:
            past = []
            if campaign.is_sending:
                past = await db.in_reading(
                    SYSTEM, live.recent_pace, campaign.id, utc_now(), SPARK_POINTS
                )
            pace = self._paces[campaign.id] = Pace.from_past(now, handed_over, past)
        elif campaign.is_sending:
            pace.note(now, handed_over)
        per_second = pace.per_second if campaign.is_sending else 0.0
        return Sight(campaign, per_second, tuple(pace.spark))


_hub: LiveHub | None = None


def hub() -> LiveHub:
    """The hub of the running event loop: a process that serves has one of each."""
    global _hub
    if _hub is None or _hub.loop is not asyncio.get_running_loop():
        _hub = LiveHub()
    return _hub
