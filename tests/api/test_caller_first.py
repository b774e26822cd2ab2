"""An upload's sender is known before any of the file is read."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mbs_app import db
from mbs_app.api.app import create_api
from mbs_app.domain.vocabulary import UserStatus
from mbs_app.models import UserProfile
from mbs_app.services import sessions
from tests.support.accounts import SYSTEM, make_api_key, make_user

PIECES = [
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="c.csv"\r\n\r\nphone\r\n',
    *[b"+15125550101\r\n" * 4096] * 8,
    b"\r\n--b--\r\n",
]


def upload(**headers: str) -> tuple[int, dict[str, str], int]:
    """(status, headers, pieces of the body that were taken) of an upload in several pieces."""
    answer: dict[str, Any] = {}
    left = list(PIECES)

    async def receive() -> dict[str, Any]:
        piece = left.pop(0) if left else b""
        return {"type": "http.request", "body": piece, "more_body": bool(left)}

    async def send(message: Any) -> None:
        answer.update(message)

    sent = {"content-type": "multipart/form-data; boundary=b", **headers}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/customers/import",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": ("192.0.2.7", 4711),
    }
    asyncio.run(create_api()(scope, receive, send))
    got = {name.decode(): value.decode() for name, value in answer["headers"]}
    return answer["status"], got, len(PIECES) - len(left)


def cookie_of(user: UserProfile) -> str:
    with db.transaction(SYSTEM) as session:
        return f"mbs_session={sessions.start(session, user, keep=False)[0]}"


def account(status: str = UserStatus.APPROVED) -> UserProfile:
    with db.transaction(SYSTEM) as session:
        return make_user(session, status=status)


@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"cookie": "mbs_session=guessed"},
        {"authorization": "Bearer guessed"},
        {"authorization": "Bearer mbs_guessed"},
    ],
)
def test_nothing_is_read_from_nobody(database: str, shown: dict[str, str]) -> None:
    status, _, taken = upload(**shown)
    assert (status, taken) == (401, 0)


def test_nothing_is_read_from_who_waits_or_is_out(database: str) -> None:
    status, _, taken = upload(cookie=cookie_of(account(UserStatus.PENDING)))
    assert (status, taken) == (403, 0)


def test_nothing_is_read_for_another_sites_page(database: str) -> None:
    status, _, taken = upload(cookie=cookie_of(account()), origin="http://evil.example")
    assert (status, taken) == (403, 0)


def test_who_is_known_is_read_to_the_end(database: str) -> None:
    status, _, taken = upload(cookie=cookie_of(account()))
    assert (status, taken) == (202, len(PIECES))


def test_a_programs_upload_counts_as_one_request(database: str) -> None:
    _, key = make_api_key(account(), "write")
    status, headers, _ = upload(authorization=f"Bearer {key}")
    assert status == 202
    assert headers["ratelimit-policy"] == '"minute";q=300;w=60'
    assert headers["ratelimit"].startswith('"minute";r=299;')
