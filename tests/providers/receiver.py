"""A small HTTP server that keeps what is posted to it, as it came."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from aiohttp import web

from mbs_app.providers.twilio.signature import Form


@dataclass
class Posted:
    url: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> Form:
        return Form.parse(self.body)


@dataclass
class Receiver:
    """``answers`` are statuses given first, one a request; then always 200 with ``answer``."""

    answer: str = "<Response></Response>"
    content_type: str = "text/xml"
    answers: list[int] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)
    url: str = ""
    port: int = 0

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        self._thread.start()
        assert ready.wait(5)
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(5)

    def wait_for(self, count: int, within: float = 5.0) -> list[Posted]:
        """The posts, once there are ``count``; fails when there aren't in time."""
        return self.wait_until(lambda: len(self.posted) >= count, within)

    def wait_until(self, condition: Callable[[], bool], within: float = 5.0) -> list[Posted]:
        end = time.monotonic() + within
        while not condition():
            assert time.monotonic() < end, f"only {[p.form for p in self.posted]}"
            time.sleep(0.01)
        return list(self.posted)

    @property
    def statuses(self) -> list[str]:
        return [post.form["MessageStatus"] for post in self.posted]

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        runner = web.ServerRunner(web.Server(self._handle), shutdown_timeout=0.1)
        await runner.setup()
        listening = socket.create_server(("127.0.0.1", self.port))
        await web.SockSite(runner, listening).start()
        self.port = listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        ready.set()
        await self._stopping.wait()
        await runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        self.posted.append(Posted(self.url + request.raw_path, dict(request.headers), body))
        status = self.answers.pop(0) if self.answers else 200
        return web.Response(status=status, text=self.answer, content_type=self.content_type)
