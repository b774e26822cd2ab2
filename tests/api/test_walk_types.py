"""The walk over every route with values of the wrong type, one argument at a time, read off the OpenAPI document.

Nothing may break the server, whatever comes in whatever place, also where anybody may call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from mbs_app import db
from mbs_app.api.app import create_api
from mbs_app.models import UserProfile, Workspace
from mbs_app.services import sessions
from tests.api.conftest import SignIn
from tests.api.test_walk import CALLS, adas
from tests.support.accounts import SYSTEM

__all__ = ["adas"]

LONG = "x" * 20_000
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**80,
    1.5,
    "",
    " ",
    "text",
    "a\0b",
    "💥" * 300,
    LONG,
    "2026-13-45",
    "9999-12-31T23:59:59+00:00",
    [],
    [[]],
    [None],
    ["text"],
    {},
    {"a": {"b": []}},
)
ODD_IN_ADDRESSES = ("", "0", "not-an-id", "..", "%00", "💥", "x" * 3000, "-1", "[]", "1e400")
ODD_BODIES: tuple[Any, ...] = (b"", b"{", b"null", b"3", b'"text"', b"[]", b"\xff\xfe", b"[" * 5000)

# Where anybody may call, with what is right as far as the form goes.
FORMS: dict[str, dict[str, Any]] = {
    "/api/auth/login": {"email": "maya@example.com", "password": "a guess"},
    "/api/auth/register": {
        "code": "LAKE-7QF2-M9KD",
        "name": "Eve",
        "email": "eve@example.com",
        "password": "lamps in the evening rain",
    },
}
# It would end the session.
LEFT_OUT = {"/api/auth/logout"}


def _operations() -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    document = create_api().openapi()
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            if path not in LEFT_OUT:
                yield verb.upper(), path, operation, document["components"]["schemas"]


def _fields(operation: dict[str, Any], schemas: dict[str, Any]) -> list[str]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    reference = body.get("schema", {}).get("$ref", "")
    return list(schemas.get(reference.rpartition("/")[2], {}).get("properties", {}))


def _parameters(operation: dict[str, Any], where: str) -> list[str]:
    return [one["name"] for one in operation.get("parameters", []) if one["in"] == where]


def _requests(things: dict[str, str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for method, path, operation, schemas in _operations():
        right = path.format(**things)
        form, _ = CALLS.get((method, path), ({}, None))
        body = form.get("json") or FORMS.get(path, {})
        for name in _parameters(operation, "path"):
            for odd in ODD_IN_ADDRESSES:
                yield method, path.format(**{**things, name: quote(odd, safe="")}), {"json": body}
        for name in _parameters(operation, "query"):
            for odd in ODD_IN_ADDRESSES:
                yield method, right, {"params": {name: odd}}
        for field in _fields(operation, schemas):
            for odd in ODD:
                yield method, right, {"json": {**body, field: odd}}
            yield method, right, {"json": {key: body[key] for key in body if key != field}}
        if "requestBody" in operation:
            for odd in ODD_BODIES:
                yield (
                    method,
                    right,
                    {
                        "content": odd,
                        "headers": {"content-type": "application/json"},
                    },
                )
            yield method, right, {"files": {"file": ("\0/../a.csv", b"\0\xff", "nonsense")}}
            yield method, right, {"files": {"other": ("a.csv", b"")}}


@pytest.fixture
def admin(signed_in: SignIn) -> Callable[[], TestClient]:
    """A client that is signed in as an admin, again and again: what is tried may sign it out."""
    first, user = signed_in("root@example.com", role="admin")

    def client() -> TestClient:
        with db.transaction(SYSTEM) as session:
            stored = session.get(UserProfile, user.id)
            workspace = session.get(Workspace, 1)
            assert stored is not None
            stored.role, stored.status = "admin", "approved"
            session.add(stored)
            if workspace is not None:
                workspace.second_factor_for = "nobody"
                session.add(workspace)
            first.cookies.set("mbs_session", sessions.start(session, stored, keep=True)[0])
        return first

    return client


def test_nothing_breaks_the_server(
    adas: tuple[TestClient, Any, dict[str, str]], admin: Callable[[], TestClient]
) -> None:
    tried: dict[tuple[str, str], int] = {}
    broken = []
    with admin() as client:
        for method, path, odd in _requests(adas[2]):
            answer = client.request(method, path, **odd)
            if answer.status_code == 401:
                admin()
                answer = client.request(method, path, **odd)
            if answer.status_code >= 500 and answer.status_code != 503:
                broken.append((method, path, str(odd)[:200], answer.text[:200]))
            if answer.status_code >= 400 and path.startswith("/api/"):
                kind = answer.headers["content-type"]
                assert kind == "application/problem+json", (method, path, str(odd)[:200], kind)
                assert answer.json()["detail"], (method, path)
            tried[method, path] = tried.get((method, path), 0) + 1
    assert broken == []
    assert len(tried) > 100
