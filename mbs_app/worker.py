"""The background worker: every loop of the delivery engine, in an event loop of its own.

It runs inside the web process, in a thread, or as its own process, on any number of machines. What it knows
is in the database, so it may be killed at any moment. A loop that fails is logged and started again.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from mbs_app import db, logs
from mbs_app.delivery import launcher, receipts, reconcile, signals
from mbs_app.delivery.dispatch import Dispatcher
from mbs_app.delivery.mails import Mailer
from mbs_app.delivery.pace import Pace
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import ConfigurationError
from mbs_app.models import Beat, new_id
from mbs_app.providers import factory
from mbs_app.providers.base import MailProvider, TextProvider
from mbs_app.queries import clock, leases
from mbs_app.queries import receipts as stored_receipts
from mbs_app.services import housekeeping, password_resets, senders
from mbs_app.services.imports import job
from mbs_app.settings import Settings, get_settings

_log = logging.getLogger(__name__)
_SYSTEM = Actor.system("worker")

_THREADS = 6
_FIRST_RESTART, _LAST_RESTART = 0.5, 30.0
_AFTER_FAILED_STEPS = 2.0
_LOOK_UPS_AT_ONCE = 8
_FORGET_BEATS_AFTER = timedelta(days=1)

_STATISTICS_EVERY = 300.0  # seconds; an import may have changed everything
_KEEP_HOUSE_EVERY = 300.0


class Worker:
    """One worker. Its providers belong to the event loop in which :meth:`run` runs.

    Without ``mails`` it leaves the outbox to others.
    """

    def __init__(
        self,
        settings: Settings,
        provider: TextProvider,
        *,
        mails: MailProvider | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.id: UUID = new_id()
        self._settings, self._provider, self._mails = settings, provider, mails
        self._pace = pace or Pace()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="worker")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._stopped_early = False
        self._dispatcher = Dispatcher(self.id, provider, self._database, self._callback, self._pace)
        self._mailer = Mailer(mails, self._database, self._pace) if mails else None

    async def run(self) -> None:
        """Work until :meth:`stop`; then finish what has left and give back what hasn't."""
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        if self._stopped_early:
            self._stop.set()
        await self._begin_for_certain()
        sending = [
            self._keep_running(self._dispatcher.claim),
            self._keep_running(self._dispatcher.take_turns),
        ]
        if self._mailer:
            sending.append(self._keep_running(self._mailer.run))
        others = [
            self._keep_running(loop)
            for loop in (
                self._dispatcher.keep_leases,
                self._launch,
                self._apply_receipts,
                self._reconcile,
                self._sweep,
                self._beat,
                self._import,
                self._refresh_statistics,
                self._keep_house,
            )
        ]
        try:
            await self._stop.wait()
            self._dispatcher.stop()
            if self._mailer:
                self._mailer.stop()
            await asyncio.wait(sending, timeout=self._pace.stop_within)
            await self._dispatcher.give_back()
        finally:
            for task in (*sending, *others):
                task.cancel()
            await asyncio.gather(*sending, *others, return_exceptions=True)
            await self._provider.aclose()
            if self._mails:
                await self._mails.aclose()
            self._threads.shutdown(wait=False)
            self._loop = None

    def stop(self) -> None:
        """Ask the worker to end, from any thread. Returns at once."""
        self._stopped_early = True
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)

    def start_in_thread(self) -> threading.Thread:
        """Run in a thread with its own event loop, so that the web's stays undisturbed."""
        thread = threading.Thread(
            target=lambda: asyncio.run(self.run()), name="worker", daemon=True
        )
        thread.start()
        return thread

    # Loops ------------------------------------------------------------------------------------------

    async def _launch(self) -> None:
        with signals.work.listening() as bell:
            while True:
                failed = 0
                for step in await self._database(launcher.steps_to_do, self._pace, read_only=True):
                    try:
                        changed = await self._database(step)
                    except Exception:
                        # One campaign's trouble must not keep the others from starting.
                        _log.exception("a step before sending failed")
                        failed += 1
                        continue
                    if changed:
                        signals.changes.ring(*changed)
                        signals.work.ring()
                if failed:
                    await asyncio.sleep(_AFTER_FAILED_STEPS)
                await bell.wait(self._pace.longest_poll)

    async def _apply_receipts(self) -> None:
        with signals.receipts.listening() as bell:
            idle = self._pace.shortest_poll
            while True:
                count = 0
                if await self._database(stored_receipts.any_unapplied, read_only=True):
                    count, changed = await self._database(receipts.apply_batch, self._pace)
                    signals.changes.ring(*changed)
                if count:
                    idle = self._pace.shortest_poll
                    continue
                await bell.wait(idle)
                idle = min(idle * 1.5, self._pace.longest_poll)

    async def _reconcile(self) -> None:
        at_once = asyncio.Semaphore(_LOOK_UPS_AT_ONCE)

        async def ask(question: reconcile.Question) -> Any:
            async with at_once:
                return question, await reconcile.ask(self._provider, question)

        while True:
            questions = await self._database(reconcile.due_questions, self._pace)
            if not questions:
                await asyncio.sleep(self._pace.longest_poll * 2)
                continue
            answers = await asyncio.gather(*(ask(question) for question in questions))
            events = await self._database(reconcile.findings, answers, read_only=True)
            if events:
                await self._in_thread(receipts.store, events)

    async def _sweep(self) -> None:
        first_look = timedelta(seconds=self._pace.doubt_looks[0])
        while True:
            count, changed = await self._database(self._sweep_once, first_look)
            signals.changes.ring(*changed)
            if count:
                _log.warning("took over %d texts of a worker that is gone", count)
                signals.work.ring()
            else:
                await asyncio.sleep(self._pace.sweep)

    async def _beat(self) -> None:
        while True:
            await self._database(self._beat_once)
            await asyncio.sleep(self._pace.beat)

    async def _import(self) -> None:
        """Imports are a job of the same kind: any worker takes the next one."""
        while True:
            if not await self._in_thread(job.run_next, self.id):
                await asyncio.sleep(self._pace.longest_poll)

    # Database ---------------------------------------------------------------------------------------

    async def _refresh_statistics(self) -> None:
        while True:
            await self._database(db.refresh_statistics)
            await asyncio.sleep(_STATISTICS_EVERY)

    async def _keep_house(self) -> None:
        while True:
            await self._database(password_resets.sweep)
            while await self._database(housekeeping.purge_some):
                pass
            await asyncio.sleep(_KEEP_HOUSE_EVERY)

    async def _begin_for_certain(self) -> None:
        """A database that is away for a moment, or another worker that begins at the same time, must not
        leave the program without one."""
        pause = _FIRST_RESTART
        while True:
            try:
                return await self._database(self._begin)
            except sa.exc.DBAPIError:
                _log.exception("the worker can’t begin; trying again")
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LAST_RESTART)

    def _begin(self, session: Session) -> None:
        senders.sync_senders(session, self._settings)
        session.add(Beat(worker_id=self.id))

    def _sweep_once(self, session: Session, first_look: timedelta) -> tuple[int, list[UUID]]:
        return leases.sweep(session, clock.db_now(session), first_look)

    def _beat_once(self, session: Session) -> None:
        now = clock.db_now(session)
        beats: Any = _table(Beat)
        connection = session.connection()
        connection.execute(sa.update(beats).where(beats.c.worker_id == self.id).values(seen_at=now))
        connection.execute(sa.delete(beats).where(beats.c.seen_at < now - _FORGET_BEATS_AFTER))

    async def _database(self, work: Callable[..., Any], *args: Any, read_only: bool = False) -> Any:
        def run() -> Any:
            with db.transaction(_SYSTEM, read_only=read_only) as session:
                return work(session, *args)

        return await self._in_thread(run)

    async def _in_thread(self, work: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)

    # ------------------------------------------------------------------------------------------------

    def _callback(self, message_id: UUID) -> str:
        return f"{self._settings.address}/webhooks/twilio/status?m={message_id}"

    def _keep_running(self, loop: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        return asyncio.create_task(self._restarting(loop), name=loop.__name__)

    async def _restarting(self, loop: Callable[[], Awaitable[None]]) -> None:
        pause = _FIRST_RESTART
        clock_ = asyncio.get_running_loop().time
        while True:
            began = clock_()
            try:
                return await loop()
            except Exception:
                # One loop's trouble must not end the others.
                _log.exception("%s failed and is started again", loop.__name__)
            if clock_() - began > _LAST_RESTART:
                pause = _FIRST_RESTART
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LAST_RESTART)


def make_worker(
    settings: Settings, simulator_url: str | None = None, *, pace: Pace | None = None
) -> Worker:
    """A worker with the providers that the settings name.

    What is simulated goes to ``simulator_url``, else to SIMULATOR_PORT on this machine. Where there is neither,
    simulated mails are left to the workers that have one, and simulated texts raise ConfigurationError.
    """
    simulator_url = simulator_url or settings.simulator_url
    texts = factory.text_provider(settings, simulator_url)
    mails: MailProvider | None = None
    try:
        mails = factory.mail_provider(settings, simulator_url)
    except ConfigurationError as error:
        _log.warning("This worker sends no mails. %s", error.message)
    return Worker(settings, texts, mails=mails, pace=pace)


def main(settings: Settings, simulator_url: str | None = None, *, pace: Pace | None = None) -> None:
    """Run a worker as this process until it is told to end (SIGTERM, Ctrl-C); see :func:`make_worker`."""
    db.configure(settings.sqlalchemy_url)
    worker = make_worker(settings, simulator_url, pace=pace)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    asyncio.run(worker.run())


def _table(model: type[SQLModel]) -> Any:
    return model.__table__  # type: ignore[attr-defined]  # SQLModel declares none


if __name__ == "__main__":
    logs.configure()
    main(get_settings())
