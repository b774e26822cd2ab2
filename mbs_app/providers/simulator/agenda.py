"""What is due when: one heap and one timer for any number of texts under way."""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections.abc import Callable
from typing import Any

_log = logging.getLogger(__name__)


class Agenda:
    """Calls functions at their time, on the loop it was first used in. Times are seconds from now."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._count = 0

    def after(self, seconds: float, do: Callable[..., None], *args: Any) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + max(0.0, seconds)
        self._count += 1
        heapq.heappush(self._heap, (due, self._count, do, args))
        if self._heap[0][1] == self._count:
            self._set_timer(loop)

    def clear(self) -> None:
        self._heap.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(self._heap[0][0], self._run_due, loop)

    def _run_due(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        now = loop.time() + 0.001
        while self._heap and self._heap[0][0] <= now:
            _, _, do, args = heapq.heappop(self._heap)
            try:
                do(*args)
            except Exception:
                # What is due after it must still happen.
                _log.exception("A due step failed")
        if self._heap:
            self._set_timer(loop)
