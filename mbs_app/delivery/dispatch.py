"""Step 4: from the queue to the provider and back into the books, for one worker.

::

    claim ──> ready ──> mark ──> call ──> results ──> settle
    (thread)          (thread)  (asyncio)            (thread)

Each arrow is a hand-over inside one event loop; the database is only touched in threads, a batch at a time.
Before a call leaves, a committed mark says that it is about to: after a crash, a text without the mark goes
back to the queue, and one with it is in doubt. No more texts are marked than can be called at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlmodel import Session

from mbs_app.delivery import signals
from mbs_app.delivery.gate import Gate
from mbs_app.delivery.pace import Pace
from mbs_app.delivery.settle import Result, settle
from mbs_app.providers.base import InDoubt, NotProcessed, OutgoingText, SendOutcome, TextProvider
from mbs_app.queries import claim, clock, leases, queue
from mbs_app.queries.claim import Claim, ClaimedText, Turns

_log = logging.getLogger(__name__)

LONGEST_LOOK_AHEAD = 0.05
"""Seconds before its slot that a text is marked, at most. It is about what a commit takes, and no more: what
is marked when the power fails is in doubt."""
UNREACHABLE_IN_A_ROW = 5
LONGEST_HOLD = 30.0


class Database(Protocol):
    """Runs a function in a transaction of its own, in a thread."""

    def __call__(
        self, work: Callable[..., Any], *args: Any, read_only: bool = False
    ) -> Awaitable[Any]: ...


class Dispatcher:
    """Sends what is due. ``callback`` makes the address that the provider reports to, from a message's id."""

    def __init__(
        self,
        worker_id: UUID,
        provider: TextProvider,
        database: Database,
        callback: Callable[[UUID], str],
        pace: Pace,
    ) -> None:
        self._worker_id, self._provider, self._database = worker_id, provider, database
        self._callback, self._pace = callback, pace
        self._turns = Turns()
        self._gates: dict[tuple[UUID, float], Gate] = {}
        self._ready: deque[tuple[float, ClaimedText]] = deque()
        self._results: list[Result] = []
        self._calls: set[asyncio.Task[None]] = set()
        self._held: set[UUID] = set()  # leased and not yet settled
        self._moved = asyncio.Event()  # something became ready, or a call ended
        self._answered = asyncio.Event()
        self._room = asyncio.Event()
        self._unreachable = 0
        self._look_ahead = 0.01
        self._stopping = False

    # Claim ----------------------------------------------------------------------------------------

    async def claim(self) -> None:
        """Keep texts ready, a little ahead of their time."""
        idle = self._pace.shortest_poll
        with signals.work.listening() as bell:
            while not self._stopping:
                room = self._pace.claimed - len(self._held)
                if room < min(self._pace.batch, self._pace.claimed) // 2:
                    self._room.clear()
                    await self._room.wait()
                    continue
                if self._unreachable >= UNREACHABLE_IN_A_ROW:
                    await asyncio.sleep(self._hold())
                limit = min(room, self._pace.batch)
                claimed: Claim | None = None
                if await self._database(queue.has_work, read_only=True):
                    claimed = await self._database(self._claim, limit)
                    self._take(claimed)
                if claimed is None or not claimed.texts:
                    wait = idle if claimed is None or claimed.wait is None else claimed.wait
                    await bell.wait(min(max(wait, 0.01), self._pace.longest_poll))
                    idle = min(idle * 1.5, self._pace.longest_poll)
                    continue
                idle = self._pace.shortest_poll
                if len(claimed.texts) < limit:
                    # The sender's time was what ran out: let half a slice of it grow back.
                    await bell.wait(self._pace.horizon / 2)

    def _claim(self, session: Session, limit: int) -> Claim:
        return claim.claim_batch(
            session,
            self._worker_id,
            limit,
            lease_seconds=self._pace.lease,
            horizon_seconds=self._pace.horizon,
            turns=self._turns,
        )

    def _take(self, claimed: Claim) -> None:
        now = asyncio.get_running_loop().time()
        for text in claimed.texts:
            self._held.add(text.id)
            self._ready.append((now + (text.slot - claimed.now).total_seconds(), text))
        if claimed.texts and len(self._gates) != 1:
            # Of one sender they come in order; of several they must be put in it.
            self._ready = deque(sorted(self._ready, key=lambda one: one[0]))
        if claimed.texts:
            self._moved.set()
        if claimed.changed:
            signals.changes.ring(*claimed.changed)

    def _hold(self) -> float:
        """Seconds to wait while the provider can't be reached, growing with every failure."""
        return min(LONGEST_HOLD, 2.0 ** min(self._unreachable // UNREACHABLE_IN_A_ROW, 5))

    # Mark and call ----------------------------------------------------------------------------------

    async def mark_and_call(self) -> None:
        """Announce the texts whose time is near, then let them go."""
        loop = asyncio.get_running_loop()
        while not self._stopping:
            free = self._pace.concurrency - len(self._calls)
            soon = loop.time() + self._look_ahead
            if not self._ready or free <= 0 or self._ready[0][0] > soon:
                await self._until_something_moves(free, soon)
                continue
            batch: list[tuple[float, ClaimedText]] = []
            while self._ready and len(batch) < free and self._ready[0][0] <= soon:
                batch.append(self._ready.popleft())
            allowed = await self._announce([text.id for _, text in batch])
            for due, text in batch:
                if text.id in allowed:
                    call = asyncio.create_task(self._call(due, text))
                    self._calls.add(call)
                    call.add_done_callback(self._call_ended)
            if len(allowed) < len(batch):
                await self._give_back([text.id for _, text in batch if text.id not in allowed])

    async def _announce(self, ids: Sequence[UUID]) -> set[UUID]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            allowed: set[UUID] = await self._database(self._mark, ids)
        except BaseException:
            # Marked or not: they won't be called, and their leases must run out.
            self._held.difference_update(ids)
            raise
        took = loop.time() - began
        self._look_ahead = min(0.8 * self._look_ahead + 0.2 * took, LONGEST_LOOK_AHEAD)
        return allowed

    async def _until_something_moves(self, free: int, soon: float) -> None:
        self._moved.clear()
        wait = None
        if self._ready and free > 0:
            wait = max(self._ready[0][0] - soon, 0.001)
        try:
            async with asyncio.timeout(wait):
                await self._moved.wait()
        except TimeoutError:
            pass

    def _mark(self, session: Session, ids: Sequence[UUID]) -> set[UUID]:
        return leases.mark_attempting(session, self._worker_id, ids, clock.db_now(session))

    async def _call(self, due: float, text: ClaimedText) -> None:
        loop = asyncio.get_running_loop()
        if (early := due - loop.time()) > 0:
            await asyncio.sleep(early)
        gate = self._gates.setdefault((text.sender_id, text.rate), Gate(text.rate))
        # It is time itself that is waited for.
        while (wait := gate.delay(loop.time(), text.segments)) > 0:  # noqa: ASYNC110
            await asyncio.sleep(wait)
        began = loop.time()
        gate.note(began, text.segments)
        outcome = await self._outcome(text)
        took = int((loop.time() - began) * 1000)
        self._results.append(Result(text.id, text.attempts + 1, outcome, took))
        self._answered.set()

    async def _outcome(self, text: ClaimedText) -> SendOutcome:
        is_service = text.sender_address.startswith("MG")
        try:
            return await self._provider.send(
                OutgoingText(
                    message_id=text.id,
                    to=text.to,
                    body=text.body,
                    from_number=None if is_service else text.sender_address,
                    messaging_service_sid=text.sender_address if is_service else None,
                    status_callback=self._callback(text.id),
                )
            )
        except Exception:
            # A fault of ours: whether it happened before or after the text left isn't known.
            _log.exception("handing over message %s failed", text.id)
            return InDoubt("The call ended in an error of the program.")

    def _call_ended(self, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        self._moved.set()

    # Settle -----------------------------------------------------------------------------------------

    async def settle(self) -> None:
        """Write answers into the books, however many have gathered while the last ones were written."""
        while True:
            await self._answered.wait()
            self._answered.clear()
            results, self._results = self._results, []
            if results:
                await self._write(results)

    async def _write(self, results: list[Result]) -> None:
        pause = 0.2
        while True:
            try:
                changed = await self._database(settle, results, self._pace)
                break
            except Exception:
                # Nowhere else is it known what the provider said: keep at it.
                _log.exception("%d answers can’t be written; trying again", len(results))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
        self._held.difference_update(result.message_id for result in results)
        self._room.set()
        for result in results:
            lost = isinstance(result.outcome, NotProcessed) and result.outcome.code is None
            self._unreachable = self._unreachable + 1 if lost else 0
        signals.changes.ring(*changed)

    # Leases -----------------------------------------------------------------------------------------

    async def keep_leases(self) -> None:
        """Extend the leases of what is under way, well before they end."""
        while True:
            await asyncio.sleep(self._pace.lease / 3)
            if self._held:
                await self._database(self._extend, list(self._held))

    def _extend(self, session: Session, ids: Sequence[UUID]) -> None:
        expires = clock.db_now(session) + timedelta(seconds=self._pace.lease)
        leases.extend_leases(session, self._worker_id, ids, expires)

    async def _give_back(self, ids: Sequence[UUID]) -> None:
        changed = await self._database(self._release, ids)
        self._held.difference_update(ids)
        self._room.set()
        signals.changes.ring(*changed)

    def _release(self, session: Session, ids: Sequence[UUID]) -> list[UUID]:
        return leases.release(session, self._worker_id, ids, clock.db_now(session))

    def stop(self) -> None:
        """Let :meth:`claim` and :meth:`mark_and_call` come to their end."""
        self._stopping = True
        self._room.set()
        self._moved.set()
        signals.work.ring()

    async def finish(self) -> None:
        """After both have ended: give back what hasn't left, and wait for what has."""
        waiting = [text.id for _, text in self._ready]
        self._ready.clear()
        if waiting:
            await self._give_back(waiting)
        if self._calls:
            await asyncio.wait(set(self._calls), timeout=self._pace.stop_within)
        while self._results:
            results, self._results = self._results, []
            await self._write(results)
