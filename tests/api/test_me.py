"""One's own profile over HTTP, and the change of one's address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.clock import utc_now
from mbs_app.models import OutgoingMail, UserProfile, UserSession
from mbs_app.services import sign_in
from tests.api.conftest import SignIn
from tests.support.accounts import PASSWORD, SYSTEM, make_api_key, make_user
from tests.support.second_factors import give_authenticator

NEW = {"email": "maya@new.example", "password": PASSWORD}


def test_a_profile_is_read_and_changed(signed_in: SignIn) -> None:
    client, user = signed_in()
    me = client.get("/api/me").json()
    assert (me["id"], me["email"], me["appearance"]) == (str(user.id), user.email, "system")
    assert "password_hash" not in me and me["waiting_email"] is None
    changed = client.put("/api/me", json={"name": "Maya O.", "appearance": "dark"}).json()
    assert (changed["name"], changed["appearance"], changed["time_zone"]) == (
        "Maya O.",
        "dark",
        me["time_zone"],
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"default_region": "us"}, "default_region"),
        ({"phone": "12"}, "phone"),
        ({"appearance": "loud"}, "appearance"),
        ({"name": None}, None),
    ],
)
def test_a_wrong_field_is_named(
    signed_in: SignIn, change: dict[str, Any], field: str | None
) -> None:
    client, _ = signed_in()
    answer = client.put("/api/me", json=change)
    assert answer.status_code == (422 if field else 200)
    assert [error["field"] for error in answer.json().get("errors", [])] == [field] * bool(field)


def test_a_key_reads_whose_it_is_and_changes_nothing(
    signed_in: SignIn, with_bearer: Callable[[str], TestClient]
) -> None:
    _, user = signed_in()
    program = with_bearer(make_api_key(user, "read", "write", "send")[1])
    assert program.get("/api/me").json()["email"] == user.email
    assert program.put("/api/me", json={"name": "Eve"}).status_code == 403
    assert program.post("/api/me/email", json=NEW).status_code == 403


def test_an_address_changes_by_its_link(signed_in: SignIn, anonymous: TestClient) -> None:
    client, _ = signed_in()
    assert client.post("/api/me/email", json=NEW).json() == {"waiting_email": NEW["email"]}
    assert client.get("/api/me").json()["waiting_email"] == NEW["email"]
    with db.transaction(SYSTEM) as session:
        mail = session.exec(select(OutgoingMail)).one()
    token = mail.text.partition("/confirm-email?token=")[2].split()[0]
    link = {"token": token}
    assert anonymous.post("/api/confirm-email", json=link).json() == {"email": NEW["email"]}
    assert anonymous.post("/api/confirm-email", json=link).status_code == 404
    assert client.get("/api/me").json()["email"] == NEW["email"]


def test_the_answer_is_the_same_for_an_address_with_an_account(signed_in: SignIn) -> None:
    client, _ = signed_in()
    with db.transaction(SYSTEM) as session:
        make_user(session, "sam@example.com")
    taken = client.post("/api/me/email", json={**NEW, "email": "sam@example.com"})
    free = client.post("/api/me/email", json={**NEW, "email": "pat@example.com"})
    assert taken.status_code == free.status_code == 202
    assert taken.json() == {"waiting_email": "sam@example.com"}
    assert client.delete("/api/me/email").status_code == 204
    assert client.get("/api/me").json()["waiting_email"] is None


def test_the_password_must_be_right_and_guesses_are_counted(signed_in: SignIn) -> None:
    client, _ = signed_in()
    for _ in range(sign_in.PER_ACCOUNT_AND_ADDRESS):
        answer = client.post("/api/me/email", json={**NEW, "password": "not this one"})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "password"
    assert client.post("/api/me/email", json=NEW).status_code == 429
    assert client.get("/api/me").json()["waiting_email"] is None


def _change_session(**values: Any) -> None:
    with db.transaction(SYSTEM) as session:
        held = session.exec(select(UserSession)).one()
        held.sqlmodel_update(values)
        session.add(held)


def test_where_a_provider_signs_one_in_the_sign_in_must_be_fresh(signed_in: SignIn) -> None:
    client, user = signed_in()
    with db.transaction(SYSTEM) as session:
        stored = session.get(UserProfile, user.id)
        assert stored is not None
        stored.password_hash = ""
        session.add(stored)
    asked = {"email": NEW["email"]}
    _change_session(confirmed_at=None)
    stale = client.post("/api/me/email", json=asked)
    assert (stale.status_code, stale.json()["type"]) == (403, "/api/problems/confirm-first")
    _change_session(confirmed_at=utc_now())
    assert client.post("/api/me/email", json=asked).status_code == 202


def test_with_a_second_factor_the_session_must_have_shown_it(signed_in: SignIn) -> None:
    client, user = signed_in()
    give_authenticator(user)
    assert client.post("/api/me/email", json=NEW).status_code == 403
    _change_session(second_factor_at=utc_now())
    assert client.post("/api/me/email", json=NEW).status_code == 202
    missing = client.post("/api/me/email", json={"email": NEW["email"]})
    assert missing.json()["errors"][0]["field"] == "password"
