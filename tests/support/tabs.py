"""Browser tabs for the tests: events go in as the websocket delivers them, and come back out.

Everything but the wire is real: Reflex's event namespace, its processor, the state manager and the guard.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import reflex as rx
from sqlmodel import Session

from mbs_app.models import UserProfile
from mbs_app.services import sessions
from mbs_app.settings import get_settings

_numbers = itertools.count(1)


@dataclass
class Tab:
    """One open tab. ``updates`` holds all the server sent it."""

    namespace: Any
    sid: str
    token: str
    updates: list[dict[str, Any]] = field(default_factory=list)

    async def send(
        self, name: str, payload: dict[str, Any] | None = None, path: str = "/"
    ) -> list[dict[str, Any]]:
        """Send one event; all updates that came until nothing was left to do."""
        already = len(self.updates)
        await self.post(name, payload, path)
        await self.settle()
        return self.updates[already:]

    async def post(
        self,
        name: str,
        payload: dict[str, Any] | None = None,
        path: str = "/",
        query: dict[str, str] | None = None,
    ) -> None:
        """Send one event and wait for nothing. ``query`` holds the parts of the route in brackets."""
        await self.namespace.on_event(
            self.sid,
            {
                "name": name,
                "payload": payload or {},
                "router_data": {"pathname": path, "asPath": path, "query": query or {}},
            },
        )

    async def close(self) -> None:
        await (self.namespace.on_disconnect(self.sid) or asyncio.sleep(0))

    async def settle(self) -> None:
        """Wait until nothing came for a while."""
        await settle_all([self])


async def settle_all(tabs: Sequence[Tab]) -> None:
    """Wait until nothing came to any of the tabs for a while, of which a machine that is busy needs more."""
    quiet = 0
    while quiet < 4:
        before, asked_at = sum(len(tab.updates) for tab in tabs), time.monotonic()
        # A trip to a thread and back: handlers make one for each look into the database.
        await asyncio.to_thread(time.sleep, 0.05)
        is_busy = time.monotonic() - asked_at > 0.1
        is_quiet = sum(len(tab.updates) for tab in tabs) == before and not is_busy
        quiet = quiet + 1 if is_quiet else 0


def events_in(updates: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """(name, payload) of the events sent to the browser, such as ``_redirect``."""
    return [(event["name"], event["payload"]) for one in updates for event in one["events"]]


def deltas_in(updates: list[dict[str, Any]]) -> dict[str, Any]:
    """The variables sent to the browser, of all states together, without Reflex's suffix."""
    return {
        name.removesuffix("_rx_state_"): value
        for one in updates
        for state in one["delta"].values()
        for name, value in state.items()
    }


@asynccontextmanager
async def running(app: rx.App) -> AsyncIterator[Any]:
    """``app`` with its event processor running; yields a function that opens tabs."""
    tabs: dict[str, Tab] = {}
    namespace: Any = app.event_namespace

    async def emit(event: str, data: Any = None, to: str | None = None, **_: Any) -> None:
        if event == "event" and to in tabs:
            tabs[to].updates.append(_as_plain(data))

    async def open_tab(cookie: str = "", token: str | None = None, **headers: str) -> Tab:
        sid = f"socket-{next(_numbers)}"
        tab = tabs[sid] = Tab(namespace, sid, token or str(uuid4()))
        sent = {**headers, **({"cookie": cookie} if cookie else {})}
        raw = [(name.encode(), value.encode()) for name, value in sent.items()]
        scope = {"headers": raw, "client": ("192.0.2.7", 4711)}
        environ = {"QUERY_STRING": f"token={tab.token}", "asgi.scope": scope}
        await namespace.on_connect(sid, environ)
        return tab

    namespace.emit, before = emit, namespace.emit
    try:
        with app.set_contexts():
            async with app._setup_event_processor():
                yield open_tab
    finally:
        namespace.emit = before
        await app.state_manager.close()


def _as_plain(update: Any) -> dict[str, Any]:
    events = [{"name": event.name, "payload": event.payload} for event in update.events]
    return {"delta": update.delta, "events": events}


def session_cookie(token: str) -> str:
    return f"{get_settings().session_cookie_name}={token}"


def signed_in_cookie(session: Session, user: UserProfile) -> str:
    """The cookie of a new session of ``user``."""
    return session_cookie(sessions.start(session, user, keep=False)[0])
