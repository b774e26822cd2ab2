"""What holds for every request and socket before Reflex sees it.

Where a websocket may be opened from and how many of them, who may upload, and the headers that keep a page to its
own site.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import reflex as rx
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mbs_app.domain.errors import NotAllowed, NotSignedIn
from mbs_app.services import throttle
from mbs_app.settings import get_settings
from mbs_app.ui import session
from mbs_app.ui.policy import DATA, PagePolicy, fixed_headers
from mbs_app.ui.sockets import ANONYMOUS, SIGNED_IN, Allowance, MeteredSocket, Sockets

logger = logging.getLogger(__name__)

UPLOADS = "/_upload"
IMPORTS = "/api/customers/import"
LARGEST_UPLOAD_BYTES = 100 * 1024 * 1024
LARGEST_IMPORT_BYTES = 52 * 1024 * 1024  # a file of 50 MB, and the form around it
# A form or JSON, which is read and looked through before anybody asks who sent it.
LARGEST_BODY_BYTES = 256 * 1024

# The bundler puts a digest into the names of the files in this folder.
BUNDLE = "/assets/"


class Door:
    """ASGI middleware around everything the product serves."""

    def __init__(self, app: ASGIApp, reflex_app: rx.App, built_pages: Path) -> None:
        self.app = app
        self.reflex_app = reflex_app
        self._sockets = Sockets()
        self._policy = PagePolicy(built_pages)
        self._headers = fixed_headers(https=get_settings().is_https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._serve_socket(scope, receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                self._add_headers(scope["path"], headers, message["status"])
                _stay_here(headers, Headers(scope=scope).get("host", ""))
            await send(message)

        most = _largest_body(scope)
        try:
            # First of all: a body is read to its end before anybody asks who sent it.
            _refuse_larger(Headers(scope=scope), most)
            if scope["path"].startswith(UPLOADS):
                await self._admit_upload(scope)
        except HTTPException as refusal:
            answer = JSONResponse({"detail": refusal.detail}, refusal.status_code)
            await answer(scope, receive, send_with_headers)
            return
        await self.app(scope, _limited(receive, most), send_with_headers)

    async def _serve_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, ip = Headers(scope=scope), session.address_in(scope)
        # Before anything is counted: another site's page must not use up what its visitor's office has.
        if not is_own_origin(headers.get("origin"), headers.get("host")):
            await _refuse_socket(receive, send)
            return
        whose, allowance = await _who_opens(headers, ip)
        if not self._sockets.enter(whose, allowance):
            logger.info("refused a websocket to %s from %s: too many", whose, ip)
            await _refuse_socket(receive, send)
            return

        def note_flood() -> None:
            logger.info("closed a websocket of %s from %s: too much came through", whose, ip)

        socket = MeteredSocket(receive, send, note_flood)
        try:
            await self.app(scope, socket.receive, socket.send)
        finally:
            self._sockets.leave(whose)

    def _add_headers(self, path: str, headers: MutableHeaders, status: int) -> None:
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        # By path and not by kind: a 304 has none, and what it says replaces what the browser has kept.
        headers.setdefault("Content-Security-Policy", self._policy.for_path(path))
        if path.startswith(BUNDLE) and status == 200:
            headers.setdefault("Cache-Control", "public, max-age=31536000, immutable")
        elif path.startswith(DATA):
            # Somebody's data, or a refusal: not for the disk of a browser, nor for a proxy's.
            headers.setdefault("Cache-Control", "no-store")
        elif headers.get("content-type", "").startswith("text/html"):
            headers.setdefault("Cache-Control", "no-cache")

    async def _admit_upload(self, scope: Scope) -> None:
        """Reflex asks an upload for a tab's token only; ask for the session of the tab's owner, too."""
        headers = Headers(scope=scope)
        if scope["method"] != "POST":
            raise HTTPException(404, "Not found.")
        if not is_own_origin(headers.get("origin"), headers.get("host")):
            raise HTTPException(403, "This request came from another site.")
        try:
            actor = await session.find_actor(
                session.Caller(session.token_in(headers.get("cookie", "")))
            )
        except (NotSignedIn, NotAllowed) as refusal:
            raise HTTPException(401, refusal.message) from None
        token = rx.BaseStateToken(
            ident=headers.get("reflex-client-token", ""), cls=session.TabState
        )
        root = await self.reflex_app.state_manager.get_state(token)
        tab = await root.get_state(session.TabState)
        if tab._owner != str(actor.user_id):
            raise HTTPException(403, "Reload the page, then try again.")


async def _who_opens(headers: Headers, ip: str) -> tuple[str, Allowance]:
    """Whose socket it is, and what they may have. An account is one wherever it comes from."""
    try:
        caller = session.Caller(session.token_in(headers.get("cookie", "")), ip)
        standing = await session.find_standing(caller)
    except NotSignedIn:
        return f"nobody at {throttle.place(ip)}", ANONYMOUS
    return f"user {standing.actor.user_id}", SIGNED_IN


async def _refuse_socket(receive: Receive, send: Send) -> None:
    """Answered 403, as ASGI has it for a websocket that is closed before it is open."""
    await receive()
    await send({"type": "websocket.close"})


def _stay_here(headers: MutableHeaders, host: str) -> None:
    """Take scheme and host out of a redirect within this site.

    Behind a proxy this server is asked by plain HTTP, and would send the browser, with a link's token in the
    address, there as well. One slash stands at the beginning: two would name another host.
    """
    target = urlsplit(headers.get("location", ""))
    if host and target.netloc == host:
        path = "/" + target.path.lstrip("/\\")
        headers["location"] = urlunsplit(("", "", path, target.query, target.fragment))


def _largest_body(scope: Scope) -> int:
    path, kind = scope["path"], Headers(scope=scope).get("content-type", "")
    if path.startswith(UPLOADS):
        return LARGEST_UPLOAD_BYTES
    brings_file = kind.partition(";")[0].strip().lower() == "multipart/form-data"
    return LARGEST_IMPORT_BYTES if brings_file and path.startswith(IMPORTS) else LARGEST_BODY_BYTES


def _refuse_larger(headers: Headers, most: int) -> None:
    size = headers.get("content-length", "0")
    if not size.isdecimal() or len(size) > 15 or int(size) > most:
        raise HTTPException(413, f"This is larger than {most // 1024:,} KB.")


def _limited(receive: Receive, most: int) -> Receive:
    """``receive``, which ends with an error once a body without a length grows beyond ``most`` bytes."""
    taken = 0

    async def receive_some() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            return {"type": "http.disconnect"}
        return message

    return receive_some


def is_own_origin(origin: str | None, host: str | None) -> bool:
    """Whether a page of ours is asking. Programs, unlike browsers, name no origin."""
    if not origin:
        return True
    asking = urlsplit(origin)
    own = urlsplit(get_settings().address)
    return asking.netloc == host or (asking.scheme, asking.netloc) == (own.scheme, own.netloc)


def may_open_socket(origin: str | None, environ: Mapping[str, Any]) -> bool:
    """For socket.io, which asks before it accepts a websocket."""
    return is_own_origin(origin, environ.get("HTTP_HOST"))
