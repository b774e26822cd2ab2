"""A small ASGI server on aiohttp, for one thing other servers don't offer: it can reset a connection."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import MutableMapping
from typing import Any

from aiohttp import web
from starlette.types import ASGIApp

from mbs_app.providers.simulator.responses import RESET_MESSAGE

Message = MutableMapping[str, Any]
_EXTENSIONS: dict[str, dict[str, object]] = {RESET_MESSAGE: {}}
_LARGEST_BODY = 20 * 1024 * 1024


class AsgiServer:
    """Serves ``app`` at ``host``:``port`` on the running loop; port 0 takes a free one."""

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> None:
        self._app, self._host, self._port = app, host, port
        self._runner: web.ServerRunner | None = None
        self._lifespan = _Lifespan(app)

    async def start(self) -> str:
        """Returns the address, such as ``http://127.0.0.1:43211``. Raises OSError for a taken port."""
        listening = socket.create_server((self._host, self._port), backlog=512)
        try:
            await self._lifespan.start()
            self._runner = web.ServerRunner(
                web.Server(self._handle, access_log=None, keepalive_timeout=75.0),
                shutdown_timeout=0.2,
            )
            await self._runner.setup()
            await web.SockSite(self._runner, listening).start()
        except BaseException:
            listening.close()
            raise
        return f"http://{self._host}:{listening.getsockname()[1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        await self._lifespan.stop()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        request._client_max_size = _LARGEST_BODY
        body = await request.read()
        exchange = _Exchange(request, body)
        await self._app(_scope(request), exchange.receive, exchange.send)
        return await exchange.finished()


class _Exchange:
    """One request and its answer, whole or in pieces."""

    def __init__(self, request: web.BaseRequest, body: bytes) -> None:
        self._request, self._body = request, body
        self._read = False
        self._start: Message = {}
        self._answer: web.StreamResponse | None = None

    async def receive(self) -> Message:
        if not self._read:
            self._read = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await asyncio.Event().wait()  # who asks again wants to hear of a disconnect
        raise AssertionError

    async def send(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            self._start = message
        elif kind == RESET_MESSAGE:
            self._reset()
        elif kind == "http.response.body":
            await self._send_body(message.get("body", b""), message.get("more_body", False))

    async def finished(self) -> web.StreamResponse:
        assert self._answer is not None, "the application gave no answer"
        return self._answer

    async def _send_body(self, body: bytes, more: bool) -> None:
        if self._answer is None:
            headers = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in self._headers()]
            status = self._start["status"]
            if not more:
                self._answer = web.Response(status=status, headers=headers, body=body)
                return
            self._answer = web.StreamResponse(status=status, headers=headers)
            await self._answer.prepare(self._request)
        if body:
            await self._answer.write(body)
        if not more:
            await self._answer.write_eof()

    def _headers(self) -> list[tuple[bytes, bytes]]:
        # aiohttp counts the length itself where the body is given whole.
        return [pair for pair in self._start["headers"] if pair[0].lower() != b"content-length"]

    def _reset(self) -> None:
        transport = self._request.transport
        self._answer = web.Response()
        if transport is None:
            return
        raw = transport.get_extra_info("socket")
        if raw is not None:  # linger 0 makes closing a reset rather than a polite end
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


class _Lifespan:
    """The application's start and end, as ASGI tells them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._received: asyncio.Queue[Message] = asyncio.Queue()
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        self._task = asyncio.create_task(
            self._app(scope, self._received.get, self._sent.put)  # type: ignore[arg-type]  # an application is a coroutine
        )
        await self._step("startup")

    async def stop(self) -> None:
        if self._task is not None and not self._task.done():
            await self._step("shutdown")
            await self._task

    async def _step(self, name: str) -> None:
        await self._received.put({"type": f"lifespan.{name}"})
        answer = await self._sent.get()
        if answer["type"].endswith("failed"):
            raise RuntimeError(answer.get("message", ""))


def _scope(request: web.BaseRequest) -> dict[str, Any]:
    raw_path, _, query = request.raw_path.partition("?")
    peer = request.transport.get_extra_info("peername") if request.transport else None
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.path,
        "raw_path": raw_path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.raw_headers],
        "client": tuple(peer[:2]) if peer else None,
        "server": None,
        "extensions": _EXTENSIONS,
    }
