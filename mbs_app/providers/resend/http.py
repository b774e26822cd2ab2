"""The HTTP client we give to the official ``resend`` library, through its own extension point."""

from __future__ import annotations

import json as json_format
from collections.abc import Mapping
from typing import Any

import aiohttp
from resend import AsyncHTTPClient

CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 20.0
TOTAL_TIMEOUT = 40.0


class KeepAliveHttp(AsyncHTTPClient):
    """One pool of connections, time-outs in seconds on every call, no retries, and its own address and key.

    The library keeps address and key in module variables. Putting them on the request here lets two
    accounts live in one process.
    """

    def __init__(
        self,
        api_key: str,
        *,
        base_url: str,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = READ_TIMEOUT,
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(
            total=TOTAL_TIMEOUT, connect=connect_timeout, sock_read=read_timeout
        )
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        json: dict[str, object] | list[object] | None = None,
        files: dict[str, Any] | None = None,
        data: dict[str, str] | None = None,
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """One request, once; ``url`` is relative to the base URL. Raises aiohttp.ClientError, TimeoutError."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar()
            )
        sent = {
            **headers,
            "Authorization": f"Bearer {self._api_key}",
            "Content-Type": "application/json",
        }
        async with self._session.request(
            method,
            self._base_url + url,
            data=json_format.dumps(json).encode() if json is not None else None,
            headers=sent,
            allow_redirects=False,
        ) as answer:
            # In the library's own case: it looks some of them up by name.
            received = {name.lower(): value for name, value in answer.headers.items()}
            return await answer.read(), answer.status, received

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
