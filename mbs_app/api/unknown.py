"""Addresses under /api that nothing is at: a problem document, where the pages would answer with one of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

METHODS = ("GET", "POST", "PUT", "DELETE")


class NothingThere:
    """What answers where no route does: 405 with ``Allow`` for another method's address, else 404."""

    async def __call__(self, scope: Scope, _receive: Receive, _send: Send) -> None:
        allowed = ", ".join(method for method in METHODS if _answers(scope, method))
        if allowed:
            raise HTTPException(
                HTTPStatus.METHOD_NOT_ALLOWED, f"Only {allowed} here.", {"Allow": allowed}
            )
        raise HTTPException(
            HTTPStatus.NOT_FOUND, "Nothing is at this address. GET /api/docs lists what there is."
        )


route = Route("/api/{rest:path}", NothingThere(), include_in_schema=False)
"""To stand behind all others."""


def _answers(scope: Scope, method: str) -> bool:
    asked = {**scope, "method": method}
    return any(one.matches(asked)[0] is Match.FULL for one in _before(scope["app"].routes))


def _before(routes: list[BaseRoute]) -> Iterator[BaseRoute]:
    for one in routes:
        if one is route:
            return
        yield one
