"""The answers the simulator gives, broken ones among them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

RESET_MESSAGE = "simulator.reset"
"""An ASGI message of our own: close the connection now, with nothing (more) said."""


class Json(Response):
    """JSON, in one write, the way Twilio and Resend give it."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


class Reset(Response):
    """The connection breaks instead of an answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if RESET_MESSAGE in (scope.get("extensions") or {}):
            await send({"type": RESET_MESSAGE})
            return
        # A server that can't reset: announce more than is sent, then fail, so that it has to cut off.
        await send(
            {
                "type": "http.response.start",
                "status": 201,
                "headers": [(b"content-length", b"1000"), (b"content-type", b"application/json")],
            }
        )
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise ConnectionResetError("a simulated reset")


class Hanging(Response):
    """No answer for ``seconds``, then a broken connection."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self._seconds)
        await Reset()(scope, receive, send)


class Slow(Json):
    """A whole answer that takes ``seconds`` from its first byte to its last."""

    pieces = 10

    def __init__(self, content: Any, status: int, seconds: float) -> None:
        super().__init__(content, status)
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        )
        body = bytes(self.body)
        step = max(1, -(-len(body) // self.pieces))
        for start in range(0, len(body), step):
            await asyncio.sleep(self._seconds / self.pieces)
            more = start + step < len(body)
            await send(
                {
                    "type": "http.response.body",
                    "body": body[start : start + step],
                    "more_body": more,
                }
            )


def garbled(content: Any, status: int) -> Response:
    """An answer cut off in the middle, though its length header says it is whole."""
    whole = json.dumps(content).encode()
    return Response(whole[: len(whole) // 2], status, media_type="application/json")
