"""A program that signs in, over HTTP: tokens in place of a cookie."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlmodel import select

from mbs_app import db
from mbs_app.models import OutgoingMail
from tests.api.conftest import SignIn
from tests.support.accounts import PASSWORD, SYSTEM, make_user
from tests.support.second_factors import code_of, give_authenticator

Programs = Callable[[str], TestClient]
LOGIN, REFRESH = "/api/auth/login", "/api/auth/refresh"
GOOD = {"email": "maya@example.com", "password": PASSWORD, "tokens": True}


def _somebody() -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session)


def test_a_program_acts_with_its_token_and_gets_new_ones(
    anonymous: TestClient, with_bearer: Programs
) -> None:
    _somebody()
    answer = anonymous.post(LOGIN, json=GOOD)
    first = answer.json()
    assert (first["token_type"], first["expires_in"]) == ("Bearer", 900)
    assert set(first) == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert "set-cookie" not in answer.headers
    assert with_bearer(first["access_token"]).get("/api/groups").status_code == 200
    second = anonymous.post(REFRESH, json={"refresh_token": first["refresh_token"]}).json()
    assert with_bearer(first["access_token"]).get("/api/groups").status_code == 401
    assert with_bearer(second["access_token"]).get("/api/groups").status_code == 200


def test_a_refresh_token_that_comes_twice_signs_the_program_out(
    anonymous: TestClient, with_bearer: Programs
) -> None:
    _somebody()
    shown = {"refresh_token": anonymous.post(LOGIN, json=GOOD).json()["refresh_token"]}
    newest = anonymous.post(REFRESH, json=shown).json()
    assert anonymous.post(REFRESH, json=shown).status_code == 401
    assert with_bearer(newest["access_token"]).get("/api/groups").status_code == 401
    again = anonymous.post(REFRESH, json={"refresh_token": newest["refresh_token"]})
    assert again.status_code == 401 and "Sign in again" in again.json()["detail"]


def test_logging_out_ends_both_tokens(anonymous: TestClient, with_bearer: Programs) -> None:
    _somebody()
    tokens = anonymous.post(LOGIN, json=GOOD).json()
    program = with_bearer(tokens["access_token"])
    assert program.post("/api/auth/logout").status_code == 204
    assert program.get("/api/groups").status_code == 401
    shown = {"refresh_token": tokens["refresh_token"]}
    assert anonymous.post(REFRESH, json=shown).status_code == 401


def test_a_cookie_is_no_bearers_token_and_the_other_way_round(
    anonymous: TestClient, signed_in: SignIn, with_bearer: Programs
) -> None:
    browser, _ = signed_in()
    assert with_bearer(browser.cookies["mbs_session"]).get("/api/groups").status_code == 401
    access = anonymous.post(LOGIN, json=GOOD).json()["access_token"]
    anonymous.cookies.set("mbs_session", access)
    assert anonymous.get("/api/groups").status_code == 401


def test_with_a_second_factor_the_program_gets_a_step_and_then_its_tokens(
    anonymous: TestClient, with_bearer: Programs
) -> None:
    with db.transaction(SYSTEM) as session:
        user = make_user(session)
    secret = give_authenticator(user)
    asked = anonymous.post(LOGIN, json=GOOD)
    assert asked.json()["next"] == "second_factor" and "set-cookie" not in asked.headers
    step = asked.json()["step_token"]
    form = {"code": code_of(secret), "step_token": step}
    assert anonymous.post("/api/auth/second-factor", json={"code": form["code"]}).status_code == 401
    tokens = anonymous.post("/api/auth/second-factor", json=form)
    assert "set-cookie" not in tokens.headers
    assert with_bearer(tokens.json()["access_token"]).get("/api/groups").status_code == 200


def test_a_program_from_a_new_place_is_told_of_once(anonymous: TestClient) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session)
    for agent in ("first/1", "first/1", "second/1", "second/1"):
        anonymous.post(LOGIN, json=GOOD, headers={"user-agent": agent})
    with db.transaction(SYSTEM) as session:
        told = session.exec(select(OutgoingMail.kind)).all()
    assert told == ["new_device"]  # the very first sign-in is no news


def test_signing_in_ends_the_session_the_browser_had(
    anonymous: TestClient, signed_in: SignIn
) -> None:
    browser, _ = signed_in()
    before = browser.cookies["mbs_session"]
    browser.post(LOGIN, json={**GOOD, "tokens": False})
    anonymous.cookies.set("mbs_session", before)
    assert anonymous.get("/api/groups").status_code == 401
