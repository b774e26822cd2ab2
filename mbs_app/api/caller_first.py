"""Routes that take a file: who is calling is known before any of it is read.

FastAPI reads a form to its end, and keeps it on the disk, before it asks for the route's actor. For a file of
50 MB that is too late: anybody could send one, and again.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from mbs_app.api.actors import standing
from mbs_app.settings import get_settings


class CallerFirst(APIRoute):
    """For ``APIRouter(route_class=CallerFirst)``. The routes name their actor as all others do."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_whom_it_knows(request: Request) -> Response:
            await run_in_threadpool(_refuse_whom_nobody_lets_in, request)
            return await handle(request)

        return handle_whom_it_knows


def _refuse_whom_nobody_lets_in(request: Request) -> None:
    found = standing(request, get_settings())
    if found.refusal is not None:
        raise found.refusal
