"""A door for the provider's callbacks: stores what comes as the real webhook does, without its signature check."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from uuid import UUID

from aiohttp import web

from mbs_app.delivery.receipts import Event, EventWriter


@contextmanager
def webhook_door() -> Iterator[str]:
    """Serves on loopback for as long as the block lasts; gives the address."""
    started: Queue[tuple[str, asyncio.AbstractEventLoop, asyncio.Event]] = Queue()

    async def main() -> None:
        writer, stopping = EventWriter(), asyncio.Event()

        async def receive(request: web.Request) -> web.Response:
            form = await request.post()
            code = form.get("ErrorCode")
            await writer.add(
                Event(
                    str(form["MessageSid"]),
                    str(form["MessageStatus"]),
                    UUID(request.query["m"]),
                    int(str(code)) if code else None,
                    {key: str(value) for key, value in form.items()},
                )
            )
            return web.Response(status=204)

        app = web.Application()
        app.router.add_post("/webhooks/twilio/status", receive)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        assert site._server is not None
        port = site._server.sockets[0].getsockname()[1]
        started.put((f"http://127.0.0.1:{port}", asyncio.get_running_loop(), stopping))
        await stopping.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    url, loop, stopping = started.get(timeout=10)
    try:
        yield url
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(10)
