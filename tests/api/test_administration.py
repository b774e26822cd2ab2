"""Invites and accounts over HTTP, as an admin does it and as nobody else can."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mbs_app import db
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import Scope
from mbs_app.models import UserProfile, new_id
from mbs_app.services import registration
from mbs_app.services.registration import Form
from tests.api.conftest import SignIn
from tests.support.accounts import SYSTEM, make_api_key, make_user

WHY = "The laptop was stolen."


@pytest.fixture
def root(signed_in: SignIn) -> TestClient:
    return signed_in("root@example.com", role="admin")[0]


def _invite(root: TestClient, **form: Any) -> dict[str, Any]:
    answer = root.post("/api/admin/invites", json=form)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def _put(root: TestClient, user: UserProfile, **change: Any) -> Any:
    return root.put(f"/api/admin/users/{user.id}", json=change)


def _somebody(email: str = "ana@example.com", status: str = "pending", **more: Any) -> UserProfile:
    with db.transaction(SYSTEM) as session:
        return make_user(session, email, status=status, **more)


def test_an_invite_is_made_listed_sent_and_revoked(root: TestClient) -> None:
    made = _invite(root, max_uses=5, note="Front desk", email="@example.com")
    assert made["status"] == "active" and made["link"].endswith(f"/join?code={made['code']}")
    ends = made["expires_at"]
    assert ends is not None and ends > (utc_now() + timedelta(days=6)).isoformat()
    path = f"/api/admin/invites/{made['id']}"
    sent = root.post(f"{path}/send", json={"email": "ana@example.com"})
    assert (sent.status_code, sent.json()) == (202, {"email": "ana@example.com"})
    assert root.post(f"{path}/send").status_code == 422
    (listed,) = root.get("/api/admin/invites", params={"search": "desk"}).json()["data"]
    assert listed["mailed_at"] is not None and listed["code"] == made["code"]
    for _ in range(2):
        assert root.delete(path).status_code == 204
    (over,) = root.get("/api/admin/invites", params={"status": "revoked"}).json()["data"]
    assert (over["link"], over["code"]) == (None, f"{made['code'][:-4]}••••")
    assert root.get("/api/admin/invites", params={"status": "active"}).json()["data"] == []
    assert root.post(f"{path}/send", json={"email": "ana@example.com"}).status_code == 409


def test_an_invite_may_last_for_ever_and_says_what_it_can_not_take(root: TestClient) -> None:
    assert _invite(root, expires_at=None)["expires_at"] is None
    for form in (
        {"max_uses": 0},
        {"role": "viewer"},
        {"email": "nobody"},
        {"expires_at": "2020-01-01T00:00:00Z"},
        {"expires_at": "2030-01-01T00:00:00"},
        {"note": "x" * 121},
    ):
        answer = root.post("/api/admin/invites", json=form)
        assert answer.status_code == 422, form
        assert [error["field"] for error in answer.json()["errors"]] == list(form)


def test_pages_of_invites_and_of_who_came_follow_the_cursor(root: TestClient) -> None:
    made = [_invite(root, max_uses=9)["id"] for _ in range(4)]
    invite = _invite(root, max_uses=9)
    for number in range(4):
        with db.transaction(SYSTEM) as session:
            joining = Form(invite["code"], f"user-{number}@example.com", "Ana", "UTC")
            registration.finish(session, SYSTEM, joining, "hash")
    assert _all(root, "/api/admin/invites", "id") == [invite["id"], *reversed(made)]
    people = _all(root, f"/api/admin/invites/{invite['id']}/people", "email")
    assert people == [f"user-{number}@example.com" for number in range(4)]
    assert _all(root, "/api/admin/users", "email") == ["root@example.com", *people]


def _all(client: TestClient, path: str, field: str) -> list[Any]:
    seen, cursor = [], None
    for _ in range(10):
        page = client.get(path, params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [one[field] for one in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    return seen


def test_users_are_found_by_status_role_and_words(root: TestClient) -> None:
    _somebody("ana@example.com", "pending", name="Ana Ruiz")
    _somebody("bob@agency.example", "approved", name="Bob")

    def found(**params: str) -> list[str]:
        page = root.get("/api/admin/users", params=params).json()
        return [user["email"] for user in page["data"]]

    assert found(status="pending") == ["ana@example.com"]
    assert found(role="admin") == ["root@example.com"]
    assert found(search="agency") == ["bob@agency.example"]
    assert found(search="ruiz", status="approved") == []
    assert root.get("/api/admin/users", params={"status": "nothing"}).status_code == 422


def test_a_user_is_let_in_turned_away_and_shut_out(root: TestClient) -> None:
    ana, bob = _somebody(), _somebody("bob@example.com")
    approved = _put(root, ana, status="approved", role="admin")
    assert approved.status_code == 200, approved.text
    body = approved.json()
    assert (body["status"], body["role"], body["has_second_factor"]) == ("approved", "admin", False)
    assert "password" not in approved.text
    no_reason = _put(root, bob, status="rejected")
    assert no_reason.status_code == 422
    assert no_reason.json()["errors"][0]["field"] == "reason"
    assert _put(root, bob, status="rejected", reason=WHY).json()["status_reason"] == WHY
    assert _put(root, bob, status="suspended", reason=WHY).status_code == 409
    assert _put(root, ana, status="suspended", reason=WHY).json()["status"] == "suspended"
    assert _put(root, ana, status="approved").json()["status_reason"] == ""
    assert root.get(f"/api/admin/users/{ana.id}").json()["status"] == "approved"
    assert root.get(f"/api/admin/users/{new_id()}").status_code == 404
    assert _put(root, ana, status="pending").status_code == 422


def test_of_two_changes_in_one_request_either_both_hold_or_neither(signed_in: SignIn) -> None:
    root, user = signed_in("root@example.com", role="admin")
    answer = root.put(f"/api/admin/users/{user.id}", json={"role": "user", "status": "approved"})
    assert answer.status_code == 409 and "last admin" in answer.json()["detail"]
    ana = _somebody()
    answer = _put(root, ana, status="approved", role="viewer")
    assert answer.status_code == 422
    assert root.get(f"/api/admin/users/{ana.id}").json()["status"] == "pending"


def test_a_suspension_holds_for_open_sessions_and_keys_from_the_next_request_on(
    root: TestClient, signed_in: SignIn, anonymous: TestClient
) -> None:
    client, user = signed_in("bob@example.com")
    _, key = make_api_key(user, Scope.READ)
    bearer = {"authorization": f"Bearer {key}"}
    assert client.get("/api/customers").status_code == 200
    assert anonymous.get("/api/customers", headers=bearer).status_code == 200
    assert _put(root, user, status="suspended", reason=WHY).status_code == 200
    assert client.get("/api/customers").status_code == 401
    assert anonymous.get("/api/customers", headers=bearer).status_code == 403


def test_an_admin_signs_somebody_out_everywhere(root: TestClient, signed_in: SignIn) -> None:
    client, user = signed_in("ana@example.com")
    signed_in("ana@example.com")
    answer = root.delete(f"/api/admin/users/{user.id}/sessions")
    assert (answer.status_code, answer.json()) == (200, {"ended": 2})
    assert client.get("/api/customers").status_code == 401
    assert root.get("/api/customers").status_code == 200


def test_a_key_administrates_only_with_the_scope_of_an_admin(
    signed_in: SignIn, anonymous: TestClient
) -> None:
    _, user = signed_in("root@example.com", role="admin")
    answers = {}
    for scope in (Scope.WRITE, Scope.ADMIN):
        _, key = make_api_key(user, scope)
        bearer = {"authorization": f"Bearer {key}"}
        answers[scope] = [
            anonymous.get("/api/admin/users", headers=bearer).status_code,
            anonymous.post("/api/admin/invites", json={}, headers=bearer).status_code,
        ]
    assert answers == {Scope.WRITE: [403, 403], Scope.ADMIN: [200, 201]}


def test_nonsense_from_an_admin_is_refused_and_breaks_nothing(root: TestClient) -> None:
    invite, ana = _invite(root)["id"], _somebody()
    nonsense: list[Any] = [
        None,
        3,
        "text",
        [],
        {"role": 3, "status": [], "reason": {}, "max_uses": "many", "email": 7},
        {"max_uses": 10**30, "note": ["x"], "expires_at": "soon"},
        {"expires_at": "9999-12-31T23:59:59Z", "email": "a\0b"},
    ]
    routes = [
        ("POST", "/api/admin/invites"),
        ("POST", f"/api/admin/invites/{invite}/send"),
        ("PUT", f"/api/admin/users/{ana.id}"),
        ("POST", "/api/auth/register"),
    ]
    for method, path in routes:
        for body in nonsense:
            answer = root.request(method, path, json=body)
            assert answer.status_code < 500, (path, body)
    for path in ("/api/admin/users", "/api/admin/invites"):
        for params in ({"cursor": "x"}, {"limit": "99"}, {"search": "x" * 101}, {"status": "x"}):
            assert root.get(path, params=params).status_code == 422, (path, params)
    assert root.get(f"/api/admin/users/{ana.id}").json()["status"] == "pending"
    assert len(root.get("/api/admin/invites").json()["data"]) == 1
    for path in ("/api/admin/users/not-an-id", "/api/admin/invites/not-an-id/people"):
        assert root.get(path).status_code == 422
