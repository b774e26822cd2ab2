"""Work that a crowd may ask for at once, in a few threads of its own.

Whoever stands at the door, known or not, waits there: the threads that pages and the rest of the API run in stay
free, however many sign in, join or ask for a link at the same moment, and however long another server takes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

P = ParamSpec("P")
R = TypeVar("R")

AT_ONCE = 4

_Limiter = RunVar[CapacityLimiter]  # belongs to an event loop
_at_the_door: _Limiter = RunVar("mbs_at_the_door")
_abroad: _Limiter = RunVar("mbs_abroad")


async def at_the_door(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """``work(…)`` in one of ``AT_ONCE`` threads; the wait for one holds none."""
    return await _limited(_at_the_door, partial(work, *args, **kwargs))


async def abroad(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """As :func:`at_the_door`, for work that waits for another server: not even the rest of the door waits for it."""
    return await _limited(_abroad, partial(work, *args, **kwargs))


async def _limited(which: _Limiter, work: Callable[[], R]) -> R:
    try:
        limiter = which.get()
    except LookupError:
        limiter = CapacityLimiter(AT_ONCE)
        which.set(limiter)
    return await to_thread.run_sync(work, limiter=limiter)


@asynccontextmanager
async def answered_after(seconds: float) -> AsyncIterator[None]:
    """Hold the answer back until ``seconds`` after the question, whatever the answer is."""
    loop = asyncio.get_running_loop()
    due = loop.time() + seconds
    try:
        yield
    finally:
        await asyncio.sleep(max(0.0, due - loop.time()))
