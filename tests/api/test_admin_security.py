"""An admin asks for second factors: who lacks one is stopped until it is set up."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from mbs_app import db
from tests.api.conftest import SignIn
from tests.support.accounts import PASSWORD, SYSTEM, make_user
from tests.support.passkeys import SoftPasskey
from tests.support.second_factors import add_passkey, code_of, give_authenticator

POLICY = "/api/admin/security"


def _ask(admin: TestClient, whom: str) -> None:
    answer = admin.put(POLICY, json={"second_factor_for": whom})
    assert answer.status_code == 200, answer.text


@pytest.fixture
def admin(signed_in: SignIn) -> TestClient:
    """Root, who has a passkey."""
    client, _ = signed_in("root@example.com", role="admin")
    add_passkey(client, SoftPasskey())
    return client


def test_it_says_how_many_would_have_to_set_one_up(admin: TestClient) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, "ann@example.com", role="admin")
        make_user(session, "joe@example.com", status="pending")
        bob = make_user(session, "bob@example.com")
        make_user(session, "eve@example.com")
    give_authenticator(bob)
    assert admin.get(POLICY).json() == {
        "second_factor_for": "nobody",
        "people_without": {"nobody": 0, "admins": 1, "everybody": 2},
    }


def test_who_has_none_can_do_nothing_but_set_one_up(admin: TestClient, signed_in: SignIn) -> None:
    client, _ = signed_in()
    assert client.get("/api/customers").status_code == 200
    _ask(admin, "admins")
    assert client.get("/api/customers").status_code == 200
    _ask(admin, "everybody")
    refused = client.get("/api/customers")
    assert refused.json()["type"] == "/api/problems/second-factor-required"
    assert client.get("/api/me/second-factor").json()["is_required"]
    secret = client.post("/api/me/authenticator").json()["secret"]
    client.post("/api/me/authenticator/confirm", json={"code": code_of(secret)})
    assert client.get("/api/customers").status_code == 200
    assert admin.get("/api/customers").status_code == 200


def test_who_has_one_shows_it_and_goes_on(admin: TestClient, signed_in: SignIn) -> None:
    client, user = signed_in()
    secret = give_authenticator(user)
    _ask(admin, "everybody")
    assert client.get("/api/customers").status_code == 403
    assert client.post("/api/auth/confirm/code", json={"code": code_of(secret)}).json()["renewed"]
    assert client.get("/api/customers").status_code == 200


def test_a_sign_in_without_one_is_let_in_to_set_it_up(
    admin: TestClient, anonymous: TestClient
) -> None:
    _ask(admin, "everybody")
    with db.transaction(SYSTEM) as session:
        make_user(session)
    form = {"email": "maya@example.com", "password": PASSWORD}
    assert anonymous.post("/api/auth/login", json=form).json()["email"] == "maya@example.com"
    assert anonymous.get("/api/customers").status_code == 403
    assert add_passkey(anonymous, SoftPasskey()).status_code == 201
    assert anonymous.get("/api/customers").status_code == 200


def test_the_last_one_stays_while_it_is_asked_for(admin: TestClient) -> None:
    _ask(admin, "admins")
    passkey = admin.get("/api/me/passkeys").json()[0]["id"]
    assert admin.delete(f"/api/me/passkeys/{passkey}").status_code == 409
    secret = admin.post("/api/me/authenticator").json()["secret"]
    admin.post("/api/me/authenticator/confirm", json={"code": code_of(secret)})
    assert admin.delete(f"/api/me/passkeys/{passkey}").status_code == 204


def test_an_admin_helps_who_lost_theirs(
    admin: TestClient, signed_in: SignIn, anonymous: TestClient
) -> None:
    client, user = signed_in()
    give_authenticator(user)
    path = f"/api/admin/users/{user.id}/second-factor"
    assert admin.delete(path).status_code == 204
    assert client.get("/api/me/second-factor").status_code == 401
    form = {"email": user.email, "password": PASSWORD}
    assert anonymous.post("/api/auth/login", json=form).json()["email"] == user.email
    assert admin.delete(f"/api/admin/users/{_me(admin)}/second-factor").status_code == 403
    assert client.get(POLICY).status_code == 401


def test_only_admins_decide(signed_in: SignIn) -> None:
    client, user = signed_in()
    assert client.put(POLICY, json={"second_factor_for": "everybody"}).status_code == 403
    assert client.delete(f"/api/admin/users/{user.id}/second-factor").status_code == 403
    root, _ = signed_in("root@example.com", role="admin")
    assert root.put(POLICY, json={"second_factor_for": "some"}).status_code == 422


def _me(client: TestClient) -> str:
    return str(client.get("/api/me").json()["id"])
