"""Joining over HTTP: the same answer for everybody with a good code, and never a session."""

from __future__ import annotations

import statistics
import time
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import func, select

from mbs_app import db
from mbs_app.models import OutgoingMail, UserProfile
from mbs_app.services import registration
from tests.support.accounts import PASSWORD, SYSTEM, make_user
from tests.support.invites import make_admin, make_invite


def _form(code: str, email: str = "ana@example.com", **changes: Any) -> dict[str, Any]:
    good = {"code": code, "name": "Ana Ruiz", "email": email, "password": PASSWORD}
    return {**good, "time_zone": "Europe/Berlin", **changes}


@pytest.fixture
def code(database: str) -> str:
    return make_invite(make_admin(), max_uses=100).code


def test_joining_makes_an_account_that_can_sign_in_and_do_nothing(
    anonymous: TestClient, code: str
) -> None:
    answer = anonymous.post("/api/auth/register", json=_form(code))
    assert answer.status_code == 202, answer.text
    assert "set-cookie" not in answer.headers
    signed_in = anonymous.post(
        "/api/auth/login", json={"email": "ana@example.com", "password": PASSWORD}
    )
    assert signed_in.json()["status"] == "pending"
    assert anonymous.get("/api/customers").status_code == 403
    assert anonymous.get("/api/customers").json()["type"].endswith("not-approved")


def test_an_address_with_an_account_gets_the_same_answer(anonymous: TestClient, code: str) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, "taken@example.com")
    new = anonymous.post("/api/auth/register", json=_form(code))
    taken = anonymous.post("/api/auth/register", json=_form(code, "taken@example.com"))
    assert (taken.status_code, taken.json()) == (new.status_code, new.json())
    assert dict(taken.headers) == dict(new.headers)
    with db.transaction(SYSTEM, read_only=True) as session:
        assert session.exec(select(func.count()).select_from(UserProfile)).one() == 3
        assert session.exec(select(OutgoingMail.to_email)).all() == ["taken@example.com"]


def test_an_address_with_an_account_takes_as_long_as_any_other(
    anonymous: TestClient, code: str
) -> None:
    with db.transaction(SYSTEM) as session:
        for number in range(15):
            make_user(session, f"taken-{number}@example.com")

    def seconds(email: str) -> float:
        began = time.perf_counter()
        assert anonymous.post("/api/auth/register", json=_form(code, email)).status_code == 202
        return time.perf_counter() - began

    seconds("warm@example.com")
    new, taken = [], []
    for number in range(15):  # in turn, so that a busy machine slows both alike
        new.append(seconds(f"new-{number}@example.com"))
        taken.append(seconds(f"taken-{number}@example.com"))
    difference = abs(statistics.median(new) - statistics.median(taken))
    noise = statistics.quantiles(new, n=4)[2] - statistics.quantiles(new, n=4)[0]
    assert difference < max(noise, 0.02)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "LAKE-0000-0000"}, "code"),
        ({"code": ""}, "code"),
        ({"password": "short"}, "password"),
        ({"email": "nobody"}, "email"),
        ({"name": ""}, "name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ],
)
def test_a_field_that_can_not_be_taken_says_so(
    anonymous: TestClient, code: str, changes: dict[str, Any], field: str
) -> None:
    answer = anonymous.post("/api/auth/register", json={**_form(code), **changes})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_guessing_codes_is_slowed(
    anonymous: TestClient, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "PER_ADDRESS", 3)
    for number in range(3):
        wrong = _form(f"LAKE-0000-000{number}")
        assert anonymous.post("/api/auth/register", json=wrong).status_code == 422
    answer = anonymous.post("/api/auth/register", json=_form(code))
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0


def test_another_sites_page_makes_no_account(anonymous: TestClient, code: str) -> None:
    answer = anonymous.post(
        "/api/auth/register", json=_form(code), headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 403
