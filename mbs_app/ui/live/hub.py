"""The live hub: one watcher per web process reads the database for all of its open dashboards.

A dashboard asks the hub to watch something and waits. The watcher wakes when a bell of this process rings, and
otherwise looks a few times a second, because other processes send and receive too. It reads every watched
campaign in one query, and wakes the dashboards whose campaigns changed. Nobody watching: it sleeps.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from mbs_app import db
from mbs_app.delivery import signals
from mbs_app.domain.actor import Actor
from mbs_app.services import live
from mbs_app.services.live import LiveCampaign

T = TypeVar("T")

log = logging.getLogger(__name__)

SYSTEM = Actor.system("live hub")
COALESCE = 0.25  # seconds; at most four updates a second reach a screen
POLL = 0.5  # seconds between looks while no bell rings
HEARTBEAT = (
    2.0  # seconds after which a screen is told that nothing changed, so that it knows it is live
)
RATE_WINDOW = 10.0  # seconds
SPARK_POINTS = 40


@dataclass(slots=True)
class Pace:
    """How fast a campaign goes over to the carrier, from what this process has seen of it."""

    seen: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=64))
    spark: deque[float] = field(default_factory=lambda: deque(maxlen=SPARK_POINTS))

    def note(self, now: float, handed_over: int) -> None:
        self.seen.append((now, handed_over))
        while len(self.seen) > 2 and now - self.seen[0][0] > RATE_WINDOW:
            self.seen.popleft()
        self.spark.append(self.per_second)

    @property
    def per_second(self) -> float:
        if len(self.seen) < 2:
            return 0.0
        (since, before), (until, after) = self.seen[0], self.seen[-1]
        return max(0.0, (after - before) / (until - since)) if until > since else 0.0


@dataclass(frozen=True, slots=True)
class Sight:
    """What a dashboard gets: the campaign, and its pace in texts a second."""

    campaign: LiveCampaign
    per_second: float
    spark: tuple[float, ...]


class LiveHub:
    def __init__(self) -> None:
        self._campaigns: Counter[UUID] = Counter()
        self._owners: Counter[UUID] = Counter()
        self._sights: dict[UUID, Sight] = {}
        self._paces: dict[UUID, Pace] = {}
        self._changed = asyncio.Condition()
        self._turn = 0
        self._watcher: asyncio.Task[None] | None = None

    async def campaign(self, campaign_id: UUID) -> AsyncIterator[Sight | None]:
        """Each new state of one campaign; None a few seconds after the last one, as a sign of life.

        The caller has made sure that its actor may see the campaign.
        """
        with self._watching(self._campaigns, campaign_id):
            async for now, is_news in self._turns(lambda: self._sights.get(campaign_id)):
                yield now if is_news else None

    async def owner(self, user_id: UUID) -> AsyncIterator[dict[UUID, Sight]]:
        """All running campaigns of one user, each time one of them changed, or as a sign of life."""
        with self._watching(self._owners, user_id):
            async for now, _ in self._turns(lambda: self._of(user_id)):
                yield now

    def _of(self, user_id: UUID) -> dict[UUID, Sight]:
        return {
            key: sight
            for key, sight in self._sights.items()
            if sight.campaign.user_id == user_id and sight.campaign.status in live.LIVE
        }

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

    async def _turns(self, read: Callable[[], T]) -> AsyncIterator[tuple[T, bool]]:
        """What ``read`` gives each time it gives something new, and, when it has not for a while, again."""
        last = read()
        yield last, last is not None
        while True:
            before = last
            async with self._changed:
                try:
                    async with asyncio.timeout(HEARTBEAT):
                        while (last := read()) == before:
                            await self._changed.wait()
                except TimeoutError:
                    pass
            yield last, last != before

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
        self._sights.clear()
        self._paces.clear()

    async def _look(self) -> None:
        seen = await db.in_reading(
            SYSTEM, live.read_watched, list(self._campaigns), list(self._owners)
        )
        now = time.monotonic()
        sights = {}
        for campaign in seen:
            pace = self._paces.setdefault(campaign.id, Pace())
            pace.note(now, campaign.ledger.handed_over)
            sights[campaign.id] = Sight(campaign, round(pace.per_second, 1), tuple(pace.spark))
        for gone in self._paces.keys() - sights.keys():
            del self._paces[gone]
        async with self._changed:
            self._sights = sights
            self._changed.notify_all()


_hub: LiveHub | None = None


def hub() -> LiveHub:
    """This process's hub, bound to the event loop of the web server."""
    global _hub
    if _hub is None:
        _hub = LiveHub()
    return _hub
