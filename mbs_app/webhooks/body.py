"""The body of a request that anybody may send, read no further than is believable."""

from __future__ import annotations

from fastapi import Request

from mbs_app.domain.errors import InvalidInput


async def read_body(request: Request, largest: int) -> bytes:
    """At most ``largest`` bytes. Raises InvalidInput for more."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > largest:
            raise InvalidInput("The body is too large.")
    return bytes(body)
