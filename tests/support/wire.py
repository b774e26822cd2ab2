"""A page's websocket to a served product, as a browser opens it: over the wire, with headers of one's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import aiohttp
import socketio

NAMESPACE = "/_event"
HYDRATE = "reflex___state____state.hydrate_and_load"
PATIENCE_SECONDS = 60


class Page:
    """One open socket. ``updates`` holds all the server sent it."""

    def __init__(self, client: socketio.AsyncClient) -> None:
        self._client = client
        self.updates: list[dict[str, Any]] = []
        self._news = asyncio.Condition()

    async def send(self, name: str, payload: dict[str, Any] | None = None, path: str = "/") -> None:
        data = {"pathname": path, "asPath": path, "query": {}}
        event = {"name": name, "payload": payload or {}, "router_data": data}
        await self._client.emit("event", event, namespace=NAMESPACE)

    async def hear(self, update: dict[str, Any]) -> None:
        async with self._news:
            self.updates.append(update)
            self._news.notify_all()

    async def until(self, words: str) -> None:
        """Wait until ``words`` stand in what the server sent."""
        async with self._news:
            await asyncio.wait_for(
                self._news.wait_for(lambda: words in str(self.updates)), PATIENCE_SECONDS
            )


@asynccontextmanager
async def open_page(address: str, **headers: str) -> AsyncIterator[Page]:
    """A page's socket with these headers, such as ``cookie`` and ``x_forwarded_for``."""
    client = socketio.AsyncClient(reconnection=False)
    page = Page(client)
    client.on("event", page.hear, namespace=NAMESPACE)
    await client.connect(
        f"{address}/?token={uuid4()}",
        headers=_named(headers),
        namespaces=[NAMESPACE],
        socketio_path="_event",
        transports=["websocket"],
        wait_timeout=PATIENCE_SECONDS,
    )
    try:
        yield page
    finally:
        await client.disconnect()


async def answer_to_socket(address: str, **headers: str) -> int:
    """The status of a websocket's handshake: 101 where it is let in."""
    url = f"{address}/_event/?EIO=4&transport=websocket&token={uuid4()}"
    async with aiohttp.ClientSession() as session:
        try:
            async with session.ws_connect(url, headers=_named(headers)):
                return 101
        except aiohttp.WSServerHandshakeError as refused:
            return refused.status


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
