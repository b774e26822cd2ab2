"""The second step of signing in: asked for, finished once, and not guessed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from mbs_app import db
from mbs_app.api.app import create_api
from mbs_app.domain.clock import utc_now
from mbs_app.models import OutgoingMail, SignInStep, UserSession
from mbs_app.services import steps
from tests.api.conftest import SignIn
from tests.support.accounts import PASSWORD, SYSTEM, make_user
from tests.support.second_factors import code_of, give_authenticator, wrong_code_of

GOOD = {"email": "maya@example.com", "password": PASSWORD}
LOGIN, SECOND = "/api/auth/login", "/api/auth/second-factor"


@pytest.fixture
def secret(database: str) -> str:
    """Maya’s authenticator app."""
    with db.transaction(SYSTEM) as session:
        user = make_user(session)
    return give_authenticator(user)


def _client() -> TestClient:
    return TestClient(create_api(), base_url="http://localhost:8000")


def _sessions() -> list[UserSession]:
    with db.transaction(SYSTEM) as session:
        return list(session.exec(select(UserSession)).all())


def _finish(client: TestClient, code: str) -> Any:
    return client.post(SECOND, json={"code": code})


def test_the_password_alone_opens_nothing(anonymous: TestClient, secret: str) -> None:
    answer = anonymous.post(LOGIN, json={**GOOD, "keep": True})
    assert answer.json() == {"next": "second_factor", "methods": ["authenticator"]}
    assert (
        "HttpOnly" in answer.headers["set-cookie"] and "mbs_step=" in answer.headers["set-cookie"]
    )
    assert "mbs_session" not in anonymous.cookies
    assert _sessions() == []


def test_a_code_finishes_it_as_it_was_begun(anonymous: TestClient, secret: str) -> None:
    anonymous.post(LOGIN, json={**GOOD, "keep": True})
    answer = _finish(anonymous, code_of(secret))
    assert answer.status_code == 200 and answer.json()["email"] == GOOD["email"]
    [held] = _sessions()
    assert held.second_factor_at is not None and held.keep
    assert "mbs_session" in anonymous.cookies and "mbs_step" not in anonymous.cookies


def test_a_code_may_be_typed_with_spaces_and_a_step_late(
    anonymous: TestClient, secret: str
) -> None:
    anonymous.post(LOGIN, json=GOOD)
    late = code_of(secret, steps=-1)
    assert _finish(anonymous, f" {late[:3]} {late[3:]} ").status_code == 200


def test_no_code_works_twice(anonymous: TestClient, secret: str) -> None:
    code = code_of(secret, steps=1)
    anonymous.post(LOGIN, json=GOOD)
    assert _finish(anonymous, code).status_code == 200
    for again in (code, code_of(secret)):  # nor one from before it
        other = _client()
        other.post(LOGIN, json=GOOD)
        refused = _finish(other, again)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "code"


def test_the_same_code_raced_by_many_signs_in_once(secret: str) -> None:
    clients = [_client() for _ in range(4)]
    for client in clients:
        assert client.post(LOGIN, json=GOOD).status_code == 200
    code = code_of(secret)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda client: _finish(client, code), clients))
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]
    assert len(_sessions()) == 1


def test_a_step_takes_five_guesses_and_then_nothing(anonymous: TestClient, secret: str) -> None:
    anonymous.post(LOGIN, json=GOOD)
    wrong = wrong_code_of(secret)
    assert [_finish(anonymous, wrong).status_code for _ in range(5)] == [422] * 5
    answer = _finish(anonymous, code_of(secret))
    assert (answer.status_code, answer.json()["type"]) == (401, "/api/problems/step-over")


def test_five_guesses_at_once_are_five(anonymous: TestClient, secret: str) -> None:
    anonymous.post(LOGIN, json=GOOD)
    wrong = wrong_code_of(secret)
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda _: _finish(anonymous, wrong).status_code, range(12)))
    assert answers.count(422) == steps.MOST_ATTEMPTS
    assert answers.count(401) == 12 - steps.MOST_ATTEMPTS


def test_an_account_is_guessed_at_ten_times_an_hour_whatever_is_begun_anew(secret: str) -> None:
    wrong = wrong_code_of(secret)
    seen = []
    for _ in range(3):
        client = _client()
        client.post(LOGIN, json=GOOD)
        seen += [_finish(client, wrong).status_code for _ in range(4)]
    assert seen == [422] * 10 + [429] * 2


def test_guesses_of_others_leave_a_known_browser_its_own(
    anonymous: TestClient, secret: str
) -> None:
    anonymous.post(LOGIN, json=GOOD)
    assert _finish(anonymous, code_of(secret, steps=-1)).status_code == 200
    wrong = wrong_code_of(secret)
    for _ in range(3):
        stranger = _client()
        stranger.post(LOGIN, json=GOOD)
        for _ in range(4):
            _finish(stranger, wrong)
    anonymous.cookies.delete("mbs_session")
    anonymous.post(LOGIN, json=GOOD)
    assert _finish(anonymous, code_of(secret, steps=1)).status_code == 200


def test_a_step_is_over_after_ten_minutes(anonymous: TestClient, secret: str) -> None:
    anonymous.post(LOGIN, json=GOOD)
    with db.transaction(SYSTEM) as session:
        step = session.exec(select(SignInStep)).one()
        assert timedelta(minutes=9) < step.expires_at - utc_now() <= timedelta(minutes=10)
        step.expires_at = utc_now() - timedelta(seconds=1)
        session.add(step)
    assert _finish(anonymous, code_of(secret)).status_code == 401


def test_a_step_is_its_browsers_own_and_used_once(anonymous: TestClient, secret: str) -> None:
    anonymous.post(LOGIN, json=GOOD)
    token = anonymous.cookies["mbs_step"]
    assert _finish(_client(), code_of(secret)).status_code == 401
    made_up = TestClient(
        create_api(), base_url="http://localhost:8000", cookies={"mbs_step": "x" * 43}
    )
    assert _finish(made_up, code_of(secret)).status_code == 401
    assert _finish(anonymous, code_of(secret)).status_code == 200
    again = TestClient(create_api(), base_url="http://localhost:8000", cookies={"mbs_step": token})
    assert _finish(again, code_of(secret, steps=1)).status_code == 401


def test_the_tables_hold_no_token_and_no_secret(anonymous: TestClient, secret: str) -> None:
    anonymous.post(LOGIN, json=GOOD)
    token = anonymous.cookies["mbs_step"]
    with db.transaction(SYSTEM) as session:
        for table in ("sign_in_steps", "authenticators", "audit_events"):
            rows = session.connection().exec_driver_sql(f"SELECT * FROM {table}").all()
            assert token not in str(rows) and secret not in str(rows)


@pytest.mark.parametrize("status", ["rejected", "suspended", "pending"])
def test_a_closed_account_gets_a_session_that_opens_nothing(
    anonymous: TestClient, database: str, status: str
) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, status=status)
    assert anonymous.post(LOGIN, json=GOOD).status_code == 200
    assert anonymous.get("/api/customers").status_code == 403


def test_a_recovery_code_stands_in_once_and_is_told_of(
    anonymous: TestClient, signed_in: SignIn
) -> None:
    client, _ = signed_in()
    secret = _set_up(client)
    codes = client.post("/api/me/recovery-codes").json()["codes"]
    assert len(set(codes)) == 10
    asked = anonymous.post(LOGIN, json=GOOD).json()
    assert asked["methods"] == ["authenticator", "recovery_code"]
    assert _finish(anonymous, codes[0].upper().replace("-", " ")).status_code == 200
    other = _client()
    other.post(LOGIN, json=GOOD)
    assert _finish(other, codes[0]).status_code == 422
    assert _finish(other, codes[1]).status_code == 200
    assert client.get("/api/me/second-factor").json()["recovery_codes_left"] == 8
    with db.transaction(SYSTEM) as session:
        texts = [mail.text for mail in session.exec(select(OutgoingMail)).all()]
    assert any("recovery code was used; 8 left" in text for text in texts)
    assert all(code not in text for code in codes for text in texts) and secret not in str(texts)


def test_a_recovery_code_raced_by_many_signs_in_once(signed_in: SignIn) -> None:
    client, _ = signed_in()
    _set_up(client)
    code = client.post("/api/me/recovery-codes").json()["codes"][0]
    clients = [_client() for _ in range(4)]
    for one in clients:
        one.post(LOGIN, json=GOOD)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda one: _finish(one, code).status_code, clients))
    assert sorted(answers) == [200, 422, 422, 422]


def _set_up(client: TestClient) -> str:
    secret = client.post("/api/me/authenticator").json()["secret"]
    answer = client.post("/api/me/authenticator/confirm", json={"code": code_of(secret, steps=-1)})
    assert answer.status_code == 200, answer.text
    return str(secret)
