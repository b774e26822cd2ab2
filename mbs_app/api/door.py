"""Work that a crowd may ask for at once, in a few threads of its own.

Whoever stands at the door, known or not, waits there: the threads that pages and the rest of the API run in stay
free, however many sign in, join or ask for a link at the same moment.
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

_limiter: RunVar[CapacityLimiter] = RunVar("mbs_at_the_door")


async def at_the_door(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """``work(…)`` in one of ``AT_ONCE`` threads; the wait for one holds none."""
    try:
        limiter = _limiter.get()
    except LookupError:
        limiter = CapacityLimiter(AT_ONCE)
        _limiter.set(limiter)
    return await to_thread.run_sync(partial(work, *args, **kwargs), limiter=limiter)


@asynccontextmanager
async def answered_after(seconds: float) -> AsyncIterator[None]:
    """Hold the answer back until ``seconds`` after the question, whatever the answer is."""
    loop = asyncio.get_running_loop()
    due = loop.time() + seconds
    try:
        yield
    finally:
        await asyncio.sleep(max(0.0, due - loop.time()))
