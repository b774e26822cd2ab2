"""Wake-ups inside one process, so that nobody has to wait for the next poll.

A bell carries no news, only that there may be some, and which campaigns it is about: the truth is in the
database, and other processes are found by polling. Bells may be rung from any thread; each listener belongs
to the event loop it was made in.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from sqlalchemy import event
from sqlmodel import Session


class Listener:
    """One waiting task's ear. Rings that come while nobody waits are kept for the next wait."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()
        self._about: set[UUID] = set()
        self._lock = threading.Lock()

    async def wait(self, timeout: float | None = None) -> set[UUID] | None:
        """Wait for a ring, at most ``timeout`` seconds. What it was about (perhaps nothing in
        particular), or None when the time ran out."""
        try:
            async with asyncio.timeout(timeout):
                await self._rung.wait()
        except TimeoutError:
            return None
        self._rung.clear()
        with self._lock:
            about, self._about = self._about, set()
        return about

    def hear(self, about: tuple[UUID, ...]) -> None:
        with self._lock:
            self._about.update(about)
        # A closed loop's listener is about to go.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._rung.set)


class Bell:
    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._lock = threading.Lock()

    def ring(self, *about: UUID) -> None:
        """Wake every listener, from any thread."""
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener.hear(about)

    def ring_after_commit(self, session: Session, *about: UUID) -> None:
        """Ring once ``session`` has committed; not at all when it rolls back."""
        event.listen(session, "after_commit", lambda _session: self.ring(*about), once=True)

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """A listener of the running event loop, for as long as the block lasts."""
        listener = Listener()
        with self._lock:
            self._listeners.add(listener)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)


work = Bell()
"""Something may be waiting to be launched, claimed or cancelled."""
receipts = Bell()
"""Events of the provider were stored and wait to be applied."""
mails = Bell()
"""A mail may be waiting in the outbox."""
changes = Bell()
"""Campaigns changed in a way a screen shows; about: their ids."""
