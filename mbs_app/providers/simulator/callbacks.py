"""Calling the product back: signed forms, a bounded number at once, a few repeats when nobody listens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from mbs_app.providers.simulator.agenda import Agenda
from mbs_app.providers.simulator.config import SimulatorConfig

_log = logging.getLogger(__name__)
_ANSWER_WITHIN = 15.0  # Twilio's own limit for a webhook


@dataclass(slots=True)
class Call:
    """One POST. ``headers`` are complete but for the content type's; ``body`` is what was signed."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    retry_on_status: bool = False
    attempt: int = 0


class Caller:
    """Posts calls in the order they come, ``callbacks_at_once`` at a time."""

    def __init__(self, config: SimulatorConfig, agenda: Agenda) -> None:
        self._config = config
        self._agenda = agenda
        self._queue: asyncio.Queue[Call] = asyncio.Queue()
        self._workers: list[asyncio.Task[None]] = []
        self._session: aiohttp.ClientSession | None = None
        self.answered = 0
        self.unanswered = 0

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=5, ttl_dns_cache=300),
            timeout=aiohttp.ClientTimeout(total=_ANSWER_WITHIN, sock_connect=5),
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        self._workers = [
            asyncio.create_task(self._work()) for _ in range(self._config.callbacks_at_once)
        ]

    async def stop(self) -> None:
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def post(self, call: Call) -> None:
        self._queue.put_nowait(call)

    def forget(self) -> None:
        while not self._queue.empty():
            self._queue.get_nowait()

    async def post_now(self, call: Call) -> tuple[int, str]:
        """Post at once. Returns status and body; raises aiohttp.ClientError and TimeoutError."""
        assert self._session is not None
        async with self._session.post(
            self._reachable(call.url), data=call.body, headers=call.headers, allow_redirects=False
        ) as answer:
            return answer.status, await answer.text(errors="replace")

    async def _work(self) -> None:
        while True:
            call = await self._queue.get()
            try:
                status, _ = await self.post_now(call)
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                self._failed(call, str(error) or type(error).__name__)
            else:
                if status >= 300:
                    _log.info("%s answered %s", call.url, status)
                if status >= 300 and call.retry_on_status:
                    self._failed(call, f"it answered {status}")
                else:
                    self.answered += 1

    def _failed(self, call: Call, why: str) -> None:
        if call.attempt < len(self._config.callback_retries):
            pause = self._config.callback_retries[call.attempt]
            call.attempt += 1
            self._agenda.after(pause, self.post, call)
        else:
            self.unanswered += 1
            _log.warning("No answer from %s: %s", call.url, why)

    def _reachable(self, url: str) -> str:
        public, app = self._config.public_url, self._config.app_url
        if public and app and url.startswith(public.rstrip("/") + "/"):
            return app.rstrip("/") + url[len(public.rstrip("/")) :]
        return url


def form_body(params: Mapping[str, str]) -> bytes:
    return urlencode(params).encode()
