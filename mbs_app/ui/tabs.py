"""Tabs outlive the web process they were connected to, where several processes share REDIS_URL.

Reflex notes in Redis which process holds a tab's socket, and takes a second socket with the same token for a
copied tab, which gets a state of its own. A process that was killed can't take its notes back: its tabs would
come to the next one as copies, and lose what was open in them. So each process listens on a channel of its own.
Redis knows at once when nobody listens there any more, and notes of such a process don't count.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import reflex as rx
from redis.exceptions import RedisError
from reflex.utils.token_manager import RedisTokenManager

_log = logging.getLogger(__name__)

_LISTEN_AGAIN_AFTER = 1.0  # seconds
_LONGEST_START = 5.0
_LOOKS, _BETWEEN_LOOKS = 4, 0.1

# The note must still be the one that was looked at: the tab may have arrived elsewhere meanwhile. What the
# process that is gone was doing for the tab it won't finish, so what it held of it is free.
_FORGET = """
if redis.call('GET', KEYS[1]) == ARGV[1] then
    redis.call('DEL', KEYS[1], KEYS[2])
end
"""


class OutlivingTokens(RedisTokenManager):
    """Reflex's own, which first looks whether the process that holds a tab is still there."""

    async def link_token_to_sid(self, token: str, sid: str) -> str | None:
        """As Reflex's: a new token where the tab is a copy of one that is open."""
        try:
            await self._forget_dead_owner(token)
        except RedisError:
            _log.exception("Redis doesn’t say where a tab was open")
        return await super().link_token_to_sid(token, sid)

    async def _forget_dead_owner(self, token: str) -> None:
        redis: Any = self.redis
        note_key = self._get_redis_key(token)
        note = await redis.get(note_key)
        if not note:
            return
        owner = pickle.loads(note).instance_id  # noqa: S301  # Reflex's own note
        if owner != self.instance_id and not await self._is_alive(owner):
            await redis.eval(_FORGET, 2, note_key, f"{token}_lock", note)

    async def _is_alive(self, owner: str) -> bool:
        """Asked more than once: on a busy machine a tab may be here before Redis has seen the process end."""
        for _ in range(_LOOKS):
            ((_, listeners),) = await self.redis.pubsub_numsub(_channel(owner))
            if not listeners:
                return False
            await asyncio.sleep(_BETWEEN_LOOKS)
        return True

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[None]:
        """Be known as a process that is there, until the end of the block."""
        known = asyncio.Event()
        listening = asyncio.create_task(self._listen(known), name="being known as alive")
        with suppress(TimeoutError):
            await asyncio.wait_for(known.wait(), _LONGEST_START)
        try:
            yield
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _listen(self, known: asyncio.Event) -> None:
        while True:
            try:
                async with self.redis.pubsub() as mine:
                    await mine.subscribe(_channel(self.instance_id))
                    async for _ in mine.listen():
                        known.set()
            except (RedisError, OSError):
                _log.warning("Redis is away; listening again in %s s", _LISTEN_AGAIN_AFTER)
            await asyncio.sleep(_LISTEN_AGAIN_AFTER)


def let_tabs_outlive_their_process(app: rx.App) -> None:
    """For an app whose states are in Redis; without Redis there is one process, and nothing to do."""
    namespace: Any = app.event_namespace
    if not isinstance(namespace._token_manager, RedisTokenManager):
        return
    tokens = namespace._token_manager = OutlivingTokens(namespace._token_manager.redis)
    app.register_lifespan_task(tokens.alive)


def _channel(instance_id: str) -> str:
    return f"mbs:web:{instance_id}"
