"""What guards one's own account: set up, shown once, removed, and never without showing that it is you."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from mbs_app import db, secret_key
from mbs_app.domain.clock import utc_now
from mbs_app.models import (
    AuditEvent,
    Authenticator,
    OutgoingMail,
    Passkey,
    RecoveryCode,
    UserSession,
)
from mbs_app.services.second_factor import authenticators
from tests.api.conftest import SignIn
from tests.support.accounts import PASSWORD, SYSTEM, make_api_key
from tests.support.passkeys import SoftPasskey
from tests.support.second_factors import add_passkey, code_of, give_authenticator, wrong_code_of

APP, CODES = "/api/me/authenticator", "/api/me/recovery-codes"
SHOW = "/api/me/second-factor"


def _grow_old(minutes: int = 16) -> None:
    """Let the last confirmation of every session be some time ago."""
    with db.transaction(SYSTEM) as session:
        for held in session.exec(select(UserSession)).all():
            held.confirmed_at = utc_now() - timedelta(minutes=minutes)
            session.add(held)


def _set_up(client: TestClient) -> str:
    secret = str(client.post(APP).json()["secret"])
    assert (
        client.post(f"{APP}/confirm", json={"code": code_of(secret, steps=-1)}).status_code == 200
    )
    return secret


def test_an_app_counts_once_it_has_shown_a_code(signed_in: SignIn) -> None:
    client, _ = signed_in()
    begun = client.post(APP)
    assert begun.status_code == 201 and begun.headers["cache-control"] == "no-store"
    made = begun.json()
    assert made["uri"].startswith("otpauth://totp/") and made["secret"] in made["uri"]
    assert made["qr_code"].startswith("data:image/svg+xml")
    assert client.get(SHOW).json()["methods"] == []
    wrong = client.post(f"{APP}/confirm", json={"code": wrong_code_of(made["secret"])})
    assert wrong.json()["errors"][0]["field"] == "code"
    token = client.cookies["mbs_session"]
    confirmed = client.post(f"{APP}/confirm", json={"code": code_of(made["secret"])})
    assert confirmed.json()["methods"] == ["authenticator"] and confirmed.json()["shown_here"]
    # The session is worth more now: its token was replaced, and the old one is dead.
    assert "mbs_session=" in confirmed.headers["set-cookie"]
    client.cookies.clear()
    client.cookies.set("mbs_session", token)
    assert client.get(SHOW).status_code == 401
    with db.transaction(SYSTEM) as session:
        stored = session.exec(select(Authenticator)).one()
        assert made["secret"] not in stored.secret
        assert secret_key.unseal(stored.secret, authenticators.PURPOSE) == made["secret"]
        assert session.exec(select(OutgoingMail.kind)).all() == ["security_changed"]
        actions = session.exec(select(AuditEvent.action)).all()
        assert "authenticator.add" in actions
        details = session.exec(select(AuditEvent.details)).all()
        assert made["secret"] not in str(details)


def test_beginning_again_replaces_what_was_not_confirmed(signed_in: SignIn) -> None:
    client, _ = signed_in()
    first = client.post(APP).json()["secret"]
    second = client.post(APP).json()["secret"]
    assert client.post(f"{APP}/confirm", json={"code": code_of(first)}).status_code == 422
    assert client.post(f"{APP}/confirm", json={"code": code_of(second)}).status_code == 200
    assert client.post(APP).status_code == 409


def test_the_code_that_confirmed_the_app_does_not_sign_in(
    signed_in: SignIn, anonymous: TestClient
) -> None:
    client, user = signed_in()
    secret = client.post(APP).json()["secret"]
    code = code_of(secret)
    client.post(f"{APP}/confirm", json={"code": code})
    anonymous.post("/api/auth/login", json={"email": user.email, "password": PASSWORD})
    assert anonymous.post("/api/auth/second-factor", json={"code": code}).status_code == 422


def test_codes_are_shown_once_and_kept_as_slow_hashes(signed_in: SignIn) -> None:
    client, _ = signed_in()
    assert client.post(CODES).status_code == 409  # nothing they could stand in for
    _set_up(client)
    first = client.post(CODES)
    assert first.status_code == 201 and first.headers["cache-control"] == "no-store"
    second = client.post(CODES).json()["codes"]
    assert not set(first.json()["codes"]) & set(second)
    assert client.get(SHOW).json()["recovery_codes_left"] == 10
    with db.transaction(SYSTEM) as session:
        hashes = session.exec(select(RecoveryCode.code_hash)).all()
    assert len(set(hashes)) == 10
    assert not any(code.replace("-", "") in str(hashes) for code in second)


def test_removing_the_last_second_factor_takes_the_codes_along(signed_in: SignIn) -> None:
    client, _ = signed_in()
    _set_up(client)
    client.post(CODES)
    assert client.delete(APP).status_code == 204
    shown = client.get(SHOW).json()
    assert (shown["methods"], shown["recovery_codes_left"]) == ([], 0)
    assert client.delete(APP).status_code == 404


GUARDED: list[tuple[str, str]] = [
    ("POST", APP),
    ("DELETE", APP),
    ("POST", CODES),
    ("POST", "/api/me/passkeys/options"),
    ("DELETE", "/api/me/passkeys/{passkey_id}"),
]


def test_an_old_session_must_show_again_that_it_is_you(signed_in: SignIn) -> None:
    client, _ = signed_in()
    _set_up(client)
    passkey_id = add_passkey(client, SoftPasskey()).json()["id"]
    _grow_old()
    for method, path in GUARDED:
        answer = client.request(method, path.format(passkey_id=passkey_id))
        assert answer.status_code == 403, path
        assert answer.json()["type"] == "/api/problems/confirm-first"
    wrong = client.post("/api/auth/confirm/password", json={"password": "not it"})
    assert wrong.json()["errors"] == [{"field": "password", "detail": "That isn’t your password."}]
    assert client.delete(APP).status_code == 403
    right = client.post("/api/auth/confirm/password", json={"password": PASSWORD})
    assert right.json() == {"renewed": False}
    assert client.delete(APP).status_code == 204


def test_a_code_confirms_once(signed_in: SignIn) -> None:
    client, _ = signed_in()
    secret = _set_up(client)
    _grow_old()
    code = code_of(secret)
    assert client.post("/api/auth/confirm/code", json={"code": code}).status_code == 200
    assert client.post("/api/auth/confirm/code", json={"code": code}).status_code == 422
    assert client.post(CODES).status_code == 201


def test_a_session_from_before_must_show_the_second_factor_and_not_only_the_password(
    signed_in: SignIn,
) -> None:
    client, user = signed_in()
    secret = give_authenticator(user)  # set up in another browser
    assert client.post("/api/auth/confirm/password", json={"password": PASSWORD}).status_code == 200
    assert client.delete(APP).status_code == 403
    answer = client.post("/api/auth/confirm/code", json={"code": code_of(secret)})
    assert answer.json() == {"renewed": True}
    assert "mbs_session=" in answer.headers["set-cookie"]
    assert client.delete(APP).status_code == 204


def test_what_a_session_began_it_can_not_end_without_a_second_factor_set_up_since(
    signed_in: SignIn,
) -> None:
    """Whoever stole it would else have an app beside the owner’s passkey."""
    client, user = signed_in()
    secret = client.post(APP).json()["secret"]
    with db.transaction(SYSTEM) as session:  # in another browser
        session.add(Passkey(user_id=user.id, name="Phone", credential_id="id", public_key="key"))
    answer = client.post(f"{APP}/confirm", json={"code": code_of(secret)})
    assert answer.status_code == 403 and answer.json()["type"].endswith("/confirm-first")
    assert client.get(SHOW).json()["methods"] == ["passkey"]


def test_guesses_to_confirm_are_counted_before_they_are_looked_at(signed_in: SignIn) -> None:
    client, user = signed_in()
    secret = give_authenticator(user)
    wrong = {"code": wrong_code_of(secret)}

    def guess(_: int) -> int:
        return client.post("/api/auth/confirm/code", json=wrong).status_code

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(guess, range(16)))
    assert (answers.count(422), answers.count(429)) == (10, 6)
    for _ in range(8):
        client.post("/api/auth/confirm/password", json={"password": "not it"})
    last = client.post("/api/auth/confirm/password", json={"password": PASSWORD})
    assert last.status_code == 429


def test_an_api_key_changes_nothing_that_guards_an_account(
    signed_in: SignIn, with_bearer: Callable[[str], TestClient]
) -> None:
    _, user = signed_in()
    program = with_bearer(make_api_key(user, "read", "write", "send")[1])
    for method, path in [*GUARDED, ("GET", SHOW), ("POST", "/api/auth/confirm/password")]:
        answer = program.request(method, path.format(passkey_id=user.id), json={"password": "x"})
        assert answer.status_code == 403, path


@pytest.mark.parametrize("code", ["", " ", "12345", "1234567", "１２３４５６", "abcdef", "9" * 40])
def test_odd_codes_are_wrong_codes(signed_in: SignIn, code: str) -> None:
    client, user = signed_in()
    give_authenticator(user)
    assert client.post("/api/auth/confirm/code", json={"code": code}).status_code == 422
