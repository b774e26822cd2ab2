"""A new token for a browser whose rights changed, over HTTP."""

from __future__ import annotations

from fastapi.testclient import TestClient

from mbs_app import db
from mbs_app.services import sessions
from tests.api.conftest import SignIn
from tests.support.accounts import SYSTEM

RENEW = "/api/auth/renew"


def test_a_browser_whose_rights_changed_gets_a_new_cookie_once(signed_in: SignIn) -> None:
    client, user = signed_in()
    old = client.cookies["mbs_session"]
    assert client.post(RENEW).json() == {"signed_in": True}
    assert client.cookies["mbs_session"] == old
    with db.transaction(SYSTEM) as session:
        sessions.renew_all(session, user.id)
    answer = client.post(RENEW)
    assert answer.json() == {"signed_in": True}
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Max-Age" not in cookie
    assert old not in cookie
    client.cookies.clear()
    client.cookies.set("mbs_session", old)
    assert client.post(RENEW).json() == {"signed_in": False}
    client.cookies.clear()
    client.cookies.set("mbs_session", cookie.partition("=")[2].partition(";")[0])
    assert client.post(RENEW).headers.get("set-cookie") is None
    assert client.get("/api/groups").status_code == 200


def test_nobody_is_told_so_without_an_error(anonymous: TestClient) -> None:
    answer = anonymous.post(RENEW)
    assert (answer.status_code, answer.json()) == (200, {"signed_in": False})
    assert "set-cookie" not in answer.headers


def test_another_site_cannot_renew(signed_in: SignIn) -> None:
    client, _ = signed_in()
    assert client.post(RENEW, headers={"origin": "https://evil.example"}).status_code == 403
