"""Step 4: from the queue to the provider and back into the books, for one worker.

::

    claim ──> ready ──> mark ──> call ──> results ──> settle
    (thread)          (thread)  (asyncio)            (thread)

Each arrow is a hand-over inside one event loop; the database is only touched in threads, a batch at a time.
Before a call leaves, a committed mark says that it is about to: after a crash, a text without the mark goes
back to the queue, and one with it is in doubt. Hardly more texts are marked than can be called at once.
Marks and answers share their commits, which are what takes time.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy.exc import IntegrityError
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


class _Turn(NamedTuple):
    allowed: set[UUID]
    changed: list[UUID]


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
        # Never more than can leave at once: a text that waited for a line behind a slow provider would
        # leave without a second look at STOP and pause.
        self._most_announced = pace.concurrency
        self._turns = Turns()
        self._gates: dict[tuple[UUID, float], Gate] = {}
        self._ready: deque[tuple[float, ClaimedText]] = deque()
        self._results: list[Result] = []
        self._calls: set[asyncio.Task[None]] = set()
        self._lines = asyncio.Semaphore(pace.concurrency)
        self._held: set[UUID] = set()  # leased and not yet settled
        self._moved = asyncio.Event()  # something became ready, or a call ended
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
        if again := self._held.intersection(text.id for text in claimed.texts):
            # Our own leases had run out, on a machine that stood still for a while.
            self._ready = deque(one for one in self._ready if one[1].id not in again)
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

    # Settle and mark --------------------------------------------------------------------------------

    async def take_turns(self) -> None:
        """Write down the answers that have come and announce the texts whose time is near, in one commit.

        However many of both have gathered while the last turn was written share the next one.
        """
        loop = asyncio.get_running_loop()
        while not (self._stopping and self._is_done()):
            soon = loop.time() + self._look_ahead
            results, batch = self._results, self._due(soon)
            if not results and not batch:
                await self._until_something_moves(soon)
                continue
            self._results = []
            began = loop.time()
            allowed = await self._write_turn(results, [text.id for _, text in batch])
            took = loop.time() - began
            self._look_ahead = min(0.8 * self._look_ahead + 0.2 * took, LONGEST_LOOK_AHEAD)
            for due, text in batch:
                if text.id in allowed:
                    call = asyncio.create_task(self._call(due, text))
                    self._calls.add(call)
                    call.add_done_callback(self._call_ended)

    def _due(self, soon: float) -> list[tuple[float, ClaimedText]]:
        """The texts to announce now: as many as can be called at once."""
        batch: list[tuple[float, ClaimedText]] = []
        if self._stopping:
            return batch
        free = self._most_announced - len(self._calls)
        while self._ready and len(batch) < free and self._ready[0][0] <= soon:
            batch.append(self._ready.popleft())
        return batch

    def _is_done(self) -> bool:
        return not self._calls and not self._results

    async def _until_something_moves(self, soon: float) -> None:
        self._moved.clear()
        wait = None
        if self._ready and not self._stopping and len(self._calls) < self._most_announced:
            wait = max(self._ready[0][0] - soon, 0.001)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._moved.wait()

    async def _write_turn(self, results: list[Result], ids: Sequence[UUID]) -> set[UUID]:
        """The ids that were announced. What the provider said is known nowhere else, so it is tried until
        it is written; what couldn't be announced is left to its lease."""
        carefully, pause = False, 0.2
        while True:
            try:
                turn: _Turn = await self._database(self._turn, results, ids, carefully)
                break
            except Exception as error:
                # The texts have left: what the provider said of them must not be lost with the database.
                _log.exception("%d answers can’t be written; trying again", len(results))
                carefully = carefully or isinstance(error, IntegrityError)
                self._held.difference_update(ids)
                ids = ()
                if not results:
                    return set()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
        self._held.difference_update(result.message_id for result in results)
        self._count_unreachable(results)
        if turn.changed:
            signals.changes.ring(*turn.changed)
        if refused := set(ids) - turn.allowed:
            await self._give_back(refused)
        self._room.set()
        return turn.allowed

    def _turn(
        self, session: Session, results: Sequence[Result], ids: Sequence[UUID], carefully: bool
    ) -> _Turn:
        # Messages are locked before their campaign, here as everywhere, so that nobody waits in a circle.
        allowed: set[UUID] = set()
        if ids:
            now = clock.db_now(session)
            allowed = leases.mark_attempting(session, self._worker_id, ids, now)
        changed = settle(session, results, self._pace, carefully=carefully) if results else []
        return _Turn(allowed, changed)

    def _count_unreachable(self, results: Sequence[Result]) -> None:
        for result in results:
            lost = isinstance(result.outcome, NotProcessed) and result.outcome.code is None
            self._unreachable = self._unreachable + 1 if lost else 0

    # Call -------------------------------------------------------------------------------------------

    async def _call(self, due: float, text: ClaimedText) -> None:
        loop = asyncio.get_running_loop()
        if (early := due - loop.time()) > 0:
            await asyncio.sleep(early)
        gate = self._gates.setdefault((text.sender_id, text.rate), Gate(text.rate))
        async with self._lines:
            # It is time itself that is waited for.
            while (wait := gate.delay(loop.time(), text.segments)) > 0:  # noqa: ASYNC110
                await asyncio.sleep(wait)
            began = loop.time()
            gate.note(began, text.segments)
            outcome = await self._outcome(text)
            took = int((loop.time() - began) * 1000)
        self._results.append(Result(text.id, text.attempts + 1, outcome, took))

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

    # End --------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Claim and announce nothing more; both loops end once the calls under way are settled."""
        self._stopping = True
        self._room.set()
        self._moved.set()
        signals.work.ring()

    async def give_back(self) -> None:
        """After both loops have ended: put what was claimed and hasn't left back into the queue."""
        waiting = {text.id for _, text in self._ready}
        self._ready.clear()
        if waiting:
            await self._give_back(waiting)

    async def _give_back(self, ids: set[UUID]) -> None:
        self._held.difference_update(ids)
        try:
            signals.changes.ring(*await self._database(self._release, ids))
        except Exception:
            # Their leases run out, as those of anything this worker no longer holds.
            _log.exception("%d texts can’t be given back now", len(ids))

    def _release(self, session: Session, ids: set[UUID]) -> list[UUID]:
        return leases.release(session, self._worker_id, ids, clock.db_now(session))
