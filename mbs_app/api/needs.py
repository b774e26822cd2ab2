"""What each route asks of its caller: read off its actor, for the documents and for a test."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from fastapi.routing import APIRoute, iter_route_contexts

from mbs_app.api import actors


class Need(StrEnum):
    ANY_ACCOUNT = "any account"
    IN_PERSON = "in person"
    PERSON = "person"
    READ = "read"
    WRITE = "write"
    SEND = "send"
    ADMIN = "admin"

    @property
    def is_scope(self) -> bool:
        return self in (Need.READ, Need.WRITE, Need.SEND, Need.ADMIN)


def _dependency(actor: Any) -> Any:
    return typing.get_args(actor)[1].dependency


NEED_OF: dict[Any, Need] = {
    _dependency(actors.AnyAccount): Need.ANY_ACCOUNT,
    _dependency(actors.InPerson): Need.IN_PERSON,
    _dependency(actors.Person): Need.PERSON,
    _dependency(actors.Reading): Need.READ,
    _dependency(actors.Writing): Need.WRITE,
    _dependency(actors.Sending): Need.SEND,
    _dependency(actors.Administrating): Need.ADMIN,
}


def needs_of(routes: Any) -> Iterator[tuple[str, str, list[Need]]]:
    """(method, path, what its actors ask for) of every route; the list is empty where anybody may call."""
    for context in iter_route_contexts(routes):
        route: Any = context.original_route
        needs = [NEED_OF[one.call] for one in _dependencies(route) if one.call in NEED_OF]
        for method in sorted((context.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, str(context.path), needs


def _dependencies(route: Any) -> list[Any]:
    """Those the route names itself; what these in their turn depend on is theirs."""
    return list(route.dependant.dependencies) if isinstance(route, APIRoute) else []
