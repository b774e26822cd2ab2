"""Counts of refused webhooks, gathered for a second before they are written: a flood costs one write a second."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.services.system import refusals

_log = logging.getLogger(__name__)
_SYSTEM = Actor.system("webhooks")

GATHER = 1.0  # seconds


class RefusalCounter:
    """What a process that dies had gathered is not counted."""

    def __init__(self) -> None:
        self._gathered: Counter[str] = Counter()
        self._writing: asyncio.Task[None] | None = None

    def note(self, kind: str) -> None:
        """One more of this kind; returns at once."""
        self._gathered[kind] += 1
        loop = asyncio.get_running_loop()
        if self._writing is None or self._writing.done() or self._writing.get_loop() is not loop:
            self._writing = loop.create_task(self._write(), name="refused webhooks")

    async def _write(self) -> None:
        while self._gathered:
            await asyncio.sleep(GATHER)
            gathered, self._gathered = self._gathered, Counter()
            try:
                await db.in_transaction(_SYSTEM, refusals.count, gathered)
            except Exception:
                # A count is not worth a webhook’s answer.
                _log.exception("refused webhooks could not be counted")


refused = RefusalCounter()
