"""How often a program may call, and the note of when it last did.

Requests of API keys and access tokens are counted over the last minute: in this process, or in Redis where several
web processes share one. The answer says what is left in the header fields of draft-ietf-httpapi-ratelimit-headers-11:
``RateLimit-Policy: "minute";q=300;w=60`` and ``RateLimit: "minute";r=299;t=60``.
"""

from __future__ import annotations

import logging
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import TooManyRequests
from mbs_app.services import api_keys, sessions
from mbs_app.settings import Settings

log = logging.getLogger(__name__)

POLICY = "minute"
WINDOW_SECONDS = 60
REDIS_PATIENCE_SECONDS = 1.0
MOST_REMEMBERED = 10_000

_KEY = "mbs.metering"
_SYSTEM = Actor.system("api")
_noted: OrderedDict[UUID, float] = OrderedDict()


@dataclass(slots=True)
class _Request:
    """What the answer of a request is to say, and what is to do once it is sent."""

    headers: dict[str, str] = field(default_factory=dict)
    afterwards: list[Callable[[], None]] = field(default_factory=list)


class Metering:
    """ASGI middleware around the API: header fields on every answer, refusals too, and the notes after it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        metered = scope[_KEY] = _Request()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(metered.headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)
        for note in metered.afterwards:
            await run_in_threadpool(_quietly, note)


def count(request: Request, settings: Settings, subject: str) -> None:
    """Count one request of ``subject`` ("key|<id>").

    Raises:
        TooManyRequests: it made as many in the last minute as it may.
    """
    limit = RateLimitItemPerMinute(settings.api_requests_per_minute)
    try:
        limiter = _limiter(settings.redis_url)
        admitted = limiter.hit(limit, subject)
        window = limiter.get_window_stats(limit, subject)
    except StorageError:
        # Redis away: the limit guards the server's comfort, not its secrets, so let the request pass.
        log.warning("requests aren’t counted: Redis can’t be reached")
        return
    seconds = min(WINDOW_SECONDS, max(1, math.ceil(window.reset_time - time.time())))
    if (metered := _of(request)) is not None:
        metered.headers = {
            "RateLimit-Policy": f'"{POLICY}";q={limit.amount};w={WINDOW_SECONDS}',
            "RateLimit": f'"{POLICY}";r={max(0, window.remaining)};t={seconds}',
        }
    if not admitted:
        raise TooManyRequests(seconds, POLICY)


def note_use_of_key(request: Request, key_id: UUID, ip: str) -> None:
    """Write down, after the answer, that the key was used."""

    def note() -> None:
        with db.transaction(_SYSTEM) as session:
            api_keys.touch(session, key_id, ip)

    _note(request, key_id, api_keys.TOUCH_EVERY.total_seconds(), note)


def note_use_of_session(request: Request, session_id: UUID, token: str) -> None:
    """Write down, after the answer, that the session was used."""

    def note() -> None:
        with db.transaction(_SYSTEM) as session:
            sessions.touch(session, token)

    _note(request, session_id, sessions.TOUCH_EVERY.total_seconds(), note)


def _note(request: Request, what: UUID, every: float, note: Callable[[], None]) -> None:
    """Have ``note`` run after the answer, unless this process did so a moment ago: reading stays reading."""
    now = time.monotonic()
    if (metered := _of(request)) is None or now - _noted.get(what, -every) < every:
        return
    _noted.pop(
        what, None
    )  # several threads do this: each step holds, whatever another did before it
    _noted[what] = now
    if len(_noted) > MOST_REMEMBERED:
        _noted.popitem(last=False)
    metered.afterwards.append(note)


def _of(request: Request) -> _Request | None:
    metered = request.scope.get(_KEY)
    return metered if isinstance(metered, _Request) else None


def _quietly(note: Callable[[], None]) -> None:
    """The answer is out already; what goes wrong now is for the log."""
    try:
        note()
    except Exception:
        log.exception("the use of a key or session wasn’t written down")


@lru_cache(maxsize=4)
def _limiter(redis_url: str | None) -> MovingWindowRateLimiter:
    if redis_url is None:
        return MovingWindowRateLimiter(MemoryStorage())
    storage = RedisStorage(
        redis_url,
        wrap_exceptions=True,
        key_prefix="mbs-requests",
        socket_timeout=REDIS_PATIENCE_SECONDS,
        socket_connect_timeout=REDIS_PATIENCE_SECONDS,
    )
    return MovingWindowRateLimiter(storage)
