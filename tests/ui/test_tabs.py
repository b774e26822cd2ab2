"""Tabs of web processes that share a Redis.

They need a Redis server (tests/support/redis_server.py); elsewhere they are skipped.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from redis.asyncio import Redis

from mbs_app.ui.tabs import OutlivingTokens


class WebProcess:
    """What one web process has of Redis; ``kill`` ends it as ``kill -9`` does, without a word to Redis."""

    def __init__(self, url: str) -> None:
        self.redis: Any = Redis.from_url(url)
        self.tokens = OutlivingTokens(self.redis)
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        await self._stack.enter_async_context(self.tokens.alive())

    async def kill(self) -> None:
        await self._stack.aclose()
        await self.tokens.close()


@asynccontextmanager
async def processes(url: str, count: int) -> AsyncIterator[list[WebProcess]]:
    started = [WebProcess(url) for _ in range(count)]
    for one in started:
        await one.start()
    yield started
    for one in started:
        await one.kill()


def test_a_tab_of_a_killed_process_comes_to_another_as_itself(redis_url: str) -> None:
    async def story() -> None:
        async with processes(redis_url, 2) as (first, second):
            assert await first.tokens.link_token_to_sid("tab-a", "socket-1") is None
            await second.redis.set("tab-a_lock", "what the first was doing")
            await first.kill()
            assert await second.tokens.link_token_to_sid("tab-a", "socket-2") is None
            assert await second.redis.get("tab-a_lock") is None

    asyncio.run(story())


def test_a_copied_tab_gets_a_state_of_its_own_wherever_it_opens(redis_url: str) -> None:
    async def story() -> None:
        async with processes(redis_url, 2) as (first, second):
            assert await first.tokens.link_token_to_sid("tab-b", "socket-1") is None
            copy = await second.tokens.link_token_to_sid("tab-b", "socket-2")
            assert copy not in (None, "tab-b")
            assert await first.tokens.link_token_to_sid("tab-b", "socket-3") not in (None, copy)

    asyncio.run(story())


def test_a_tab_that_left_one_process_goes_on_at_another(redis_url: str) -> None:
    async def story() -> None:
        async with processes(redis_url, 2) as (first, second):
            await first.tokens.link_token_to_sid("tab-c", "socket-1")
            await first.tokens.disconnect_token("tab-c", "socket-1")
            assert await second.tokens.link_token_to_sid("tab-c", "socket-2") is None

    asyncio.run(story())
