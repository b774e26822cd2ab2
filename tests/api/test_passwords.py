"""Choosing a password over HTTP."""

from __future__ import annotations

import logging

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from mbs_app import db
from mbs_app.models import AuditEvent, Workspace
from mbs_app.services import password_change, password_resets, sessions
from mbs_app.services.passwords import checking
from tests.api.conftest import SignIn
from tests.support.accounts import PASSWORD, SYSTEM, make_user
from tests.support.resets import mailed_tokens

CHECK = "/api/auth/password-check"


def _name_the_workspace(name: str) -> None:
    with db.transaction(SYSTEM) as session:
        session.merge(Workspace(id=1, name=name))


def test_the_strength_of_a_password_is_told_to_anybody(anonymous: TestClient) -> None:
    weak = anonymous.post(CHECK, json={"password": "password1234"})
    assert weak.json() == {
        "score": 1,
        "acceptable": False,
        "sentence": "Too common. Use a few words that don’t belong together.",
    }
    strong = anonymous.post(CHECK, json={"password": "correct horse battery staple"})
    assert strong.json() == {"score": 4, "acceptable": True, "sentence": "Strong."}


def test_the_form_s_name_and_address_and_the_workspace_count(anonymous: TestClient) -> None:
    _name_the_workspace("Juniper & Oak")
    for password in ("teresa in the rain", "tea with mendez at nine", "juniperoak in the rain"):
        form = {"password": password, "name": "Teresa", "email": "mendez@example.com"}
        assert anonymous.post(CHECK, json=form).json()["acceptable"] is False
        assert anonymous.post(CHECK, json={"password": "quiet lamp in the rain"}).json()[
            "acceptable"
        ]


def test_the_business_counts_from_the_form_until_it_has_a_name(anonymous: TestClient) -> None:
    form = {"password": "juniperoak in the rain", "workspace": "Juniper & Oak"}
    assert anonymous.post(CHECK, json=form).json()["acceptable"] is False
    _name_the_workspace("Lakeline Plaza")
    assert anonymous.post(CHECK, json=form).json()["acceptable"] is True


def test_for_somebody_signed_in_their_account_counts(
    anonymous: TestClient, signed_in: SignIn
) -> None:
    client, user = signed_in("tilda@example.com")
    form = {"password": f"{user.name} in the rain"}
    assert client.post(CHECK, json=form).json()["acceptable"] is False
    assert anonymous.post(CHECK, json=form).json()["acceptable"] is True


def test_for_a_link_to_a_new_password_its_account_counts(anonymous: TestClient) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, "tilda@example.com", name="Tilda Swan")
        password_resets.ask(session, SYSTEM, "tilda@example.com")
    form = {"password": "swan in the rain", "token": mailed_tokens("tilda@example.com")[0]}
    assert anonymous.post(CHECK, json=form).json()["acceptable"] is False
    assert anonymous.post(CHECK, json={**form, "token": "x"}).json()["acceptable"] is True


def test_it_is_not_asked_without_end(
    anonymous: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "PER_ADDRESS", 3)
    answers = [anonymous.post(CHECK, json={"password": "a"}).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]


def test_what_was_typed_is_in_no_log(
    anonymous: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for password in ("zanzibar lamp forty", "zanzibar" * 200):
        answer = anonymous.post(CHECK, json={"password": password})
        assert "zanzibar" not in answer.text
    assert "zanzibar" not in caplog.text


# Changing one's own -------------------------------------------------------------------------------

CHANGE = "/api/auth/password"
NEW = "lamps in the evening rain"


def test_a_change_gives_this_browser_a_new_token_and_ends_the_others(signed_in: SignIn) -> None:
    client, user = signed_in()
    before = client.cookies["mbs_session"]
    with db.transaction(SYSTEM) as session:
        other, _ = sessions.start(session, user, keep=False)
    answer = client.post(CHANGE, json={"current_password": PASSWORD, "password": NEW})
    assert answer.status_code == 204
    after = answer.cookies["mbs_session"]
    assert after != before
    for token, status in ((before, 401), (other, 401), (after, 200)):
        client.cookies.clear()
        client.cookies.set("mbs_session", token)
        assert client.get("/api/groups").status_code == status
    client.cookies.clear()
    form = {"email": user.email, "password": NEW}
    assert client.post("/api/auth/login", json=form).status_code == 200


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        (
            {"current_password": "not it", "password": NEW},
            "current_password",
            "isn’t your password",
        ),
        ({"current_password": PASSWORD, "password": "short"}, "password", "at least 12"),
        ({"current_password": PASSWORD, "password": PASSWORD}, "password", "another one"),
        (
            {"current_password": PASSWORD, "password": "Maya Okafor in rain"},
            "password",
            "your name",
        ),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    signed_in: SignIn, form: dict[str, str], field: str, sentence: str
) -> None:
    client, _ = signed_in()
    answer = client.post(CHANGE, json=form)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == field and sentence in error["detail"]


def test_guessing_the_password_of_an_open_session_is_slowed(signed_in: SignIn) -> None:
    client, _ = signed_in()
    for _ in range(password_change.MOST):
        client.post(CHANGE, json={"current_password": "not it", "password": NEW})
    answer = client.post(CHANGE, json={"current_password": PASSWORD, "password": NEW})
    assert answer.status_code == 429
    with db.transaction(SYSTEM) as session:
        wrong = session.exec(select(AuditEvent).where(AuditEvent.action == "password.refuse")).all()
        assert len(wrong) == password_change.MOST
