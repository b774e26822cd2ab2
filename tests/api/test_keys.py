"""API keys over HTTP: made, used, counted, revoked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from mbs_app import db
from mbs_app.api import metering
from mbs_app.domain.clock import utc_now
from mbs_app.models import UserProfile, UserSession
from mbs_app.services import program_tokens
from mbs_app.services.devices import Visitor
from mbs_app.settings import get_settings, read_settings
from tests.api.conftest import SignIn
from tests.support.accounts import PASSWORD, SYSTEM, make_api_key

Programs = Callable[[str], TestClient]
FORM = {"name": "Stock sync", "scopes": ["read", "write"], "expires_in_days": 90}


def test_a_key_is_shown_once_and_works_until_it_is_revoked(
    signed_in: SignIn, with_bearer: Programs
) -> None:
    client, _ = signed_in()
    answer = client.post("/api/keys", json=FORM)
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    made = answer.json()
    assert made["key"].startswith("mbs_") and made["status"] == "active"
    ends = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=89) < ends <= timedelta(days=90)
    [listed] = client.get("/api/keys").json()["data"]
    assert listed["id"] == made["id"]
    assert made["key"] not in client.get("/api/keys").text

    program = with_bearer(made["key"])
    assert program.post("/api/groups", json={"name": "Loyalty"}).status_code == 201
    [listed] = client.get("/api/keys").json()["data"]
    assert listed["last_used_at"] and listed["last_used_ip"] == "testclient"

    assert client.delete(f"/api/keys/{made['id']}").status_code == 204
    assert program.get("/api/groups").status_code == 401
    assert client.get("/api/keys").json()["data"][0]["status"] == "revoked"


def test_a_key_is_made_once_its_maker_has_confirmed_that_it_is_them(signed_in: SignIn) -> None:
    client, _ = signed_in()
    with db.transaction(SYSTEM) as session:
        held = session.exec(select(UserSession)).one()
        held.confirmed_at = utc_now() - timedelta(minutes=16)
        session.add(held)
    refused = client.post("/api/keys", json=FORM)
    assert (refused.status_code, refused.json()["type"]) == (403, "/api/problems/confirm-first")
    assert client.get("/api/keys").json()["data"] == []
    confirmed = client.post("/api/auth/confirm/password", json={"password": PASSWORD})
    assert confirmed.status_code == 200
    made = client.post("/api/keys", json=FORM)
    assert made.status_code == 201
    with db.transaction(SYSTEM) as session:
        held = session.exec(select(UserSession)).one()
        held.confirmed_at = None
        session.add(held)
    assert client.delete(f"/api/keys/{made.json()['id']}").status_code == 204  # in a hurry


def test_a_key_does_what_its_scopes_say(signed_in: SignIn, with_bearer: Programs) -> None:
    _, user = signed_in()
    reader = with_bearer(make_api_key(user, "read")[1])
    assert reader.get("/api/groups").status_code == 200
    refused = reader.post("/api/groups", json={"name": "Loyalty"})
    assert refused.status_code == 403 and "write" in refused.json()["detail"]


def test_a_key_neither_makes_keys_nor_signs_anybody_out(
    signed_in: SignIn, with_bearer: Programs
) -> None:
    _, user = signed_in(role="admin")
    key_id, key = make_api_key(user, "read", "write", "send", "admin")
    program = with_bearer(key)
    for method, path in (
        ("GET", "/api/keys"),
        ("POST", "/api/keys"),
        ("DELETE", f"/api/keys/{key_id}"),
        ("POST", "/api/auth/logout"),
    ):
        assert program.request(method, path, json=FORM).status_code == 403, path


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["admin"]}, "scopes"),
        ({"expires_in_days": None, "expires_on": "2020-01-01"}, "expires_on"),
        ({"expires_on": "2027-01-01"}, "expires_on"),
        ({"expires_in_days": 0}, "expires_in_days"),
    ],
)
def test_a_wrong_field_is_named(signed_in: SignIn, changed: dict[str, Any], field: str) -> None:
    client, _ = signed_in()
    answer = client.post("/api/keys", json={**FORM, **changed})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def _allow(client: TestClient, per_minute: int) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    app.dependency_overrides[get_settings] = lambda: read_settings(
        api_requests_per_minute=per_minute
    )


def _programs(user: UserProfile, with_bearer: Programs) -> list[TestClient]:
    with db.transaction(SYSTEM) as session:
        tokens = program_tokens.start(session, user, Visitor())
    return [with_bearer(make_api_key(user, "read")[1]), with_bearer(tokens.access_token)]


def test_programs_are_told_what_is_left_and_then_to_wait(
    signed_in: SignIn, with_bearer: Programs
) -> None:
    browser, user = signed_in()
    for program in _programs(user, with_bearer):
        _allow(program, 3)
        for left in (2, 1):
            answer = program.get("/api/groups")
            assert answer.status_code == 200
            assert answer.headers["ratelimit-policy"] == '"minute";q=3;w=60'
            assert answer.headers["ratelimit"] == f'"minute";r={left};t=60'
        refused = program.post("/api/groups", json={})  # counts, though it fails
        assert refused.status_code == 403 or refused.status_code == 422
        assert refused.headers["ratelimit"].startswith('"minute";r=0;t=')
        answer = program.get("/api/groups")
        assert answer.status_code == 429
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["violated-policies"] == ["minute"]
        waits, effective = int(answer.headers["retry-after"]), answer.headers["ratelimit"]
        assert 0 < waits <= 60 and effective == f'"minute";r=0;t={waits}'
    assert "ratelimit" not in browser.get("/api/groups").headers


def test_each_key_has_a_minute_of_its_own(signed_in: SignIn, with_bearer: Programs) -> None:
    _, user = signed_in()
    for _ in range(2):
        program = with_bearer(make_api_key(user, "read")[1])
        _allow(program, 1)
        assert [program.get("/api/groups").status_code for _ in range(2)] == [200, 429]


def test_where_redis_is_away_requests_pass(
    signed_in: SignIn, with_bearer: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, user = signed_in()
    program = with_bearer(make_api_key(user, "read")[1])
    app = program.app
    assert isinstance(app, FastAPI)
    app.dependency_overrides[get_settings] = lambda: read_settings(
        redis_url="redis://127.0.0.1:1/0"
    )
    monkeypatch.setattr(metering, "REDIS_PATIENCE_SECONDS", 0.2)
    answer = program.get("/api/groups")
    assert answer.status_code == 200 and "ratelimit" not in answer.headers


def test_the_use_of_a_session_is_noted(signed_in: SignIn) -> None:
    client, _ = signed_in()
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with db.transaction(SYSTEM) as session:
        held = session.exec(select(UserSession)).one()
        held.last_used_at = long_ago
        session.add(held)
    client.get("/api/groups")
    with db.transaction(SYSTEM) as session:
        assert session.exec(select(UserSession)).one().last_used_at > long_ago
