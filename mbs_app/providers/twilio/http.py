"""The HTTP client we give to the official ``twilio`` library, through its own extension point."""

from __future__ import annotations

import logging
from urllib.parse import urlencode, urlsplit

import aiohttp
from multidict import CIMultiDict
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from yarl import URL

_log = logging.getLogger(__name__)

CONNECT_TIMEOUT = 5.0
"""Seconds to get a connection, waiting for a free one included."""
READ_TIMEOUT = 15.0
"""Seconds of silence from the other side before an answer is given up."""
TOTAL_TIMEOUT = 30.0
"""Seconds for the whole call, against an answer that only trickles in."""
KEEP_ALIVE = 10.0
"""Seconds an idle connection is kept; shorter than the other side's, so that it isn't us who meet a closed one."""


class KeepAliveHttp(AsyncHttpClient):
    """One pool of connections, time-outs on every call, no retries, and a base URL that can be replaced.

    The library's own client never times out, and its ``max_retries`` repeats POSTs.
    Errors of aiohttp come out as they are: which one it was decides whether a text may be sent again.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        connections: int = 100,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = READ_TIMEOUT,
        total_timeout: float = TOTAL_TIMEOUT,
    ) -> None:
        super().__init__(_log, True, None)
        self._base = URL(base_url.rstrip("/")) if base_url else None
        self._connections = connections
        self._timeout = aiohttp.ClientTimeout(
            total=total_timeout, connect=connect_timeout, sock_read=read_timeout
        )
        self._session: aiohttp.ClientSession | None = None
        self._urls: dict[str, URL] = {}
        self._auth: tuple[tuple[str, str], str] | None = None

    async def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request, once. Raises aiohttp.ClientError and TimeoutError."""
        if auth is not None:
            headers = {**(headers or {}), "Authorization": self._authorization(auth)}
        async with self._opened().request(
            method,
            self._url(uri, params),
            data=urlencode(data, doseq=True).encode() if data else None,
            headers=headers,
            allow_redirects=allow_redirects,
        ) as answer:
            raw = await answer.read()
            return Response(answer.status, raw.decode("utf-8"), answer.headers)

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        # Opened at the first request: a session belongs to the event loop it was made in.
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections, keepalive_timeout=KEEP_ALIVE, ttl_dns_cache=60
                ),
                timeout=self._timeout,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=CIMultiDict({"Accept-Encoding": "identity"}),
            )
        return self._session

    def _url(self, uri: str, params: dict[str, object] | None) -> URL:
        if params:
            return self._rebased(f"{uri}?{urlencode(params, doseq=True)}")
        known = self._urls.get(uri)
        if known is None:
            known = self._rebased(uri)
            # Sending has one address; look-ups have one each and are not worth keeping.
            if uri.endswith("/Messages.json"):
                self._urls[uri] = known
        return known

    def _rebased(self, uri: str) -> URL:
        if self._base is None:
            return URL(uri, encoded=True)
        parts = urlsplit(uri)
        query = f"?{parts.query}" if parts.query else ""
        return URL(f"{str(self._base).rstrip('/')}{parts.path}{query}", encoded=True)

    def _authorization(self, auth: tuple[str, str]) -> str:
        if self._auth is None or self._auth[0] != auth:
            self._auth = (auth, aiohttp.encode_basic_auth(*auth))
        return self._auth[1]
