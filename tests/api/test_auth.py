"""Signing in over HTTP: the cookie, the answers, and requests from other sites."""

from __future__ import annotations

import logging
import re

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from mbs_app import db
from mbs_app.services import sign_in, workspace
from mbs_app.services.passwords import hashing
from tests.api.conftest import SignIn
from tests.support.accounts import PASSWORD, SYSTEM, make_user

GOOD = {"email": "maya@example.com", "password": PASSWORD}


def _somebody() -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session)


def test_signing_in_gives_a_cookie_that_scripts_cannot_read(anonymous: TestClient) -> None:
    _somebody()
    answer = anonymous.post("/api/auth/login", json=GOOD)
    assert answer.status_code == 200
    cookie, device = answer.headers.get_list("set-cookie")
    assert cookie.startswith("mbs_session=") and "Max-Age" not in cookie
    assert device.startswith("mbs_device=") and f"Max-Age={365 * 24 * 3600}" in device
    for one in (cookie, device):
        assert "HttpOnly" in one and "SameSite=lax" in one
    assert "password" not in answer.text


def test_keep_me_signed_in_makes_the_cookie_last(anonymous: TestClient) -> None:
    _somebody()
    answer = anonymous.post("/api/auth/login", json={**GOOD, "keep": True})
    assert f"Max-Age={30 * 24 * 3600}" in answer.headers["set-cookie"]


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    anonymous: TestClient,
) -> None:
    _somebody()
    wrong = anonymous.post("/api/auth/login", json={**GOOD, "password": "not this one at all"})
    unknown = anonymous.post("/api/auth/login", json={**GOOD, "email": "who@example.com"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.headers["content-type"] == "application/problem+json"


def test_too_many_guesses_must_wait(anonymous: TestClient) -> None:
    _somebody()
    for _ in range(sign_in.PER_ACCOUNT_AND_ADDRESS):
        anonymous.post("/api/auth/login", json={**GOOD, "password": "not this one at all"})
    answer = anonymous.post("/api/auth/login", json=GOOD)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_signing_out_ends_the_session_at_the_server(signed_in: SignIn) -> None:
    client, _ = signed_in()
    token = client.cookies["mbs_session"]
    assert client.post("/api/auth/logout").status_code == 204
    client.cookies.set("mbs_session", token)
    assert client.post("/api/auth/logout").status_code == 401


def test_another_sites_page_cannot_act_for_a_signed_in_browser(signed_in: SignIn) -> None:
    client, _ = signed_in()
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert client.post("/api/auth/logout", headers=headers).status_code == 403
    own = {"origin": "http://localhost:8000", "sec-fetch-site": "same-origin"}
    assert client.post("/api/auth/logout", headers=own).status_code == 204


def test_the_setup_link_signs_the_first_admin_in(anonymous: TestClient) -> None:
    with db.transaction(SYSTEM) as session:
        link = workspace.first_admin_link(session, "http://localhost:8000") or ""
    form = {
        "token": link.partition("token=")[2],
        "workspace_name": "Lakeline Plaza",
        "name": "Maya Okafor",
        "email": "maya@example.com",
        "password": "short",
    }
    refused = anonymous.post("/api/auth/setup", json=form)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "password"
    made = anonymous.post("/api/auth/setup", json={**form, "password": PASSWORD})
    assert made.status_code == 200 and made.json()["role"] == "admin"
    assert "mbs_session" in anonymous.cookies
    assert anonymous.post("/api/auth/setup", json=form).status_code in (403, 422)


def test_the_first_admins_password_is_hashed_while_no_transaction_waits(
    anonymous: TestClient, held_meanwhile: list[int]
) -> None:
    with db.transaction(SYSTEM) as session:
        link = workspace.first_admin_link(session, "http://localhost:8000") or ""
    form = {
        "workspace_name": "Lakeline Plaza",
        "name": "Maya Okafor",
        "email": "maya@example.com",
        "password": PASSWORD,
    }
    stranger = anonymous.post("/api/auth/setup", json={**form, "token": "made-up"})
    assert (stranger.status_code, held_meanwhile) == (403, [])
    token = link.partition("token=")[2]
    made = anonymous.post("/api/auth/setup", json={**form, "token": token})
    assert (made.status_code, held_meanwhile) == (200, [0])
    again = anonymous.post("/api/auth/login", json={"email": form["email"], "password": PASSWORD})
    assert again.status_code == 200


def test_malformed_bodies_are_answered_with_the_field_that_is_wrong(anonymous: TestClient) -> None:
    for body in ({}, {"email": 3, "password": []}, [], "text"):
        answer = anonymous.post("/api/auth/login", json=body)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_wrong_password_costs_the_same_work_whoever_it_was_tried_on(
    anonymous: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, because a clock would measure the machine: one hash, and the same statements in the same order."""
    _somebody()
    with db.transaction(SYSTEM) as session:
        elsewhere = make_user(session, "sam@example.com")
        elsewhere.password_hash = ""  # another provider signs them in
        make_user(session, "joe@example.com", status="suspended")
    work: list[str] = []
    verify = hashing._context.verify

    def counted(*given: object) -> bool:
        work.append("hash")
        return bool(verify(*given))

    monkeypatch.setattr(hashing._context, "verify", counted)
    sa.event.listen(
        db.engine(),
        "before_cursor_execute",
        lambda *given: work.append(given[2].split(" WHERE")[0]),
    )
    costs = []
    for email in ("maya@", "sam@", "joe@", "nobody@", "@", "maya@", "nobody@"):
        work.clear()
        form = {"email": f"{email}example.com", "password": "not this one at all"}
        assert anonymous.post("/api/auth/login", json=form).status_code == 401
        costs.append(list(work))
    assert costs[0].count("hash") == 1
    assert all(cost == costs[0] for cost in costs)


class TestLog:
    """Who was refused what, from where; never with what."""

    def lines(self, caplog: pytest.LogCaptureFixture) -> list[str]:
        return [one.getMessage() for one in caplog.records if one.name == "mbs_app.api.problems"]

    def test_a_failed_sign_in_and_a_dead_key_are_in_it(
        self, anonymous: TestClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "mbs_app")
        anonymous.post("/api/auth/login", json={**GOOD, "password": "not this one at all"})
        dead = f"mbs_{'0' * 32}_{'s' * 43}"
        anonymous.get("/api/customers", headers={"authorization": f"Bearer {dead}"})
        assert self.lines(caplog) == [
            "refused POST /api/auth/login to nobody from testclient: sign-in-failed",
            "refused GET /api/customers to nobody from testclient: not-signed-in",
        ]
        assert not re.search(r"not this one|maya@|sss", caplog.text)

    def test_who_may_not_is_named_by_their_id(
        self, signed_in: SignIn, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "mbs_app")
        client, user = signed_in()
        client.get("/api/admin/users")
        assert self.lines(caplog) == [
            f"refused GET /api/admin/users to user {user.id} from testclient: not-allowed"
        ]

    def test_what_was_asked_for_too_often_is_in_it(
        self, anonymous: TestClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        for _ in range(sign_in.PER_ACCOUNT_AND_ADDRESS):
            anonymous.post("/api/auth/login", json={**GOOD, "password": "not this one at all"})
        caplog.set_level(logging.INFO, "mbs_app")
        anonymous.post("/api/auth/login", json=GOOD)
        [line] = self.lines(caplog)
        assert line.endswith("from testclient: too-many-attempts")
