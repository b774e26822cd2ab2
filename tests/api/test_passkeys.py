"""Passkeys over HTTP: made, shown alone or after the password, and everything a false one could try."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from mbs_app import db
from mbs_app.api.app import create_api
from mbs_app.domain.clock import utc_now
from mbs_app.models import AuditEvent, Passkey, SignInStep, UserSession
from mbs_app.services.second_factor.ceremonies import host_takes_passkeys
from tests.api.conftest import SignIn
from tests.support.accounts import PASSWORD, SYSTEM
from tests.support.passkeys import SoftPasskey
from tests.support.second_factors import add_passkey

LIST = "/api/me/passkeys"
ALONE, SECOND = "/api/auth/passkey", "/api/auth/second-factor/passkey"


def _new_client() -> TestClient:
    return TestClient(create_api(), base_url="http://localhost:8000", raise_server_exceptions=False)


def _options(client: TestClient, path: str = ALONE) -> dict[str, Any]:
    asked = client.post(f"{path}/options")
    assert asked.status_code == 200, asked.text
    return dict(asked.json()["public_key"])


@pytest.fixture
def owner(signed_in: SignIn) -> tuple[TestClient, SoftPasskey]:
    """Maya, and the passkey she added."""
    client, _ = signed_in()
    passkey = SoftPasskey()
    assert add_passkey(client, passkey).status_code == 201
    return client, passkey


def test_a_passkey_is_added_listed_renamed_and_removed(signed_in: SignIn) -> None:
    client, _ = signed_in()
    made = add_passkey(client, SoftPasskey(), "  Work   laptop ")
    assert made.status_code == 201 and made.json()["name"] == "Work laptop"
    assert "mbs_session=" in made.headers["set-cookie"]
    path = f"{LIST}/{made.json()['id']}"
    assert client.put(path, json={"name": "Old laptop"}).json()["name"] == "Old laptop"
    assert client.put(path, json={"name": " "}).json()["errors"][0]["field"] == "name"
    assert [one["name"] for one in client.get(LIST).json()] == ["Old laptop"]
    assert client.delete(path).status_code == 204
    assert client.get(LIST).json() == []


def test_what_is_asked_for_makes_the_passkey_find_its_account_by_itself(
    signed_in: SignIn,
) -> None:
    client, user = signed_in()
    asked = _options(client, LIST)
    assert asked["rp"]["id"] == "localhost"
    chosen = asked["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert user.email not in asked["user"]["id"] and asked["excludeCredentials"] == []


def test_it_signs_in_alone_and_counts_as_a_second_factor(
    owner: tuple[TestClient, SoftPasskey], anonymous: TestClient
) -> None:
    _, passkey = owner
    asked = _options(anonymous)
    assert asked["allowCredentials"] == [] and asked["userVerification"] == "required"
    shown = passkey.show(asked)
    answer = anonymous.post(ALONE, json={"credential": shown, "keep": True})
    assert answer.status_code == 200 and answer.json()["email"] == "maya@example.com"
    assert anonymous.get(LIST).json()[0]["last_used_at"] is not None
    with db.transaction(SYSTEM) as session:
        newest = session.exec(select(UserSession).where(UserSession.keep)).one()
        assert newest.second_factor_at is not None


def test_it_finishes_a_sign_in_with_a_password(
    owner: tuple[TestClient, SoftPasskey], anonymous: TestClient
) -> None:
    _, passkey = owner
    passkey.verifies = False  # beside the password, holding it is enough
    form = {"email": "maya@example.com", "password": PASSWORD}
    assert anonymous.post("/api/auth/login", json=form).json()["methods"] == ["passkey"]
    asked = _options(anonymous, SECOND)
    assert len(asked["allowCredentials"]) == 1
    answer = anonymous.post(SECOND, json={"credential": passkey.show(asked)})
    assert answer.status_code == 200
    assert anonymous.get(LIST).status_code == 200


def _unverified(passkey: SoftPasskey, asked: Any) -> Any:
    passkey.verifies = False
    return passkey.show(asked)


def _other_host(passkey: SoftPasskey, asked: Any) -> Any:
    passkey.host = "evil.example"
    return passkey.show(asked)


def _signed_by_another(passkey: SoftPasskey, asked: Any) -> Any:
    passkey.key = SoftPasskey().key
    return passkey.show(asked)


def _somebody_elses(passkey: SoftPasskey, asked: Any) -> Any:
    passkey.user_handle = b"x" * 16
    return passkey.show(asked)


WRONG: dict[str, Callable[[SoftPasskey, Any], Any]] = {
    "another origin": lambda one, asked: one.show(asked, origin="https://evil.example"),
    "another port": lambda one, asked: one.show(asked, origin="http://localhost:8001"),
    "another challenge": lambda one, asked: one.show({**asked, "challenge": "AAAA"}),
    "another ceremony": lambda one, asked: one.show(asked, type="webauthn.create"),
    "another host": _other_host,
    "another key": _signed_by_another,
    "another account": _somebody_elses,
    "no finger, face or PIN": _unverified,
    "unknown": lambda _, asked: SoftPasskey().show(asked),
    "nothing": lambda *_: {},
    "nonsense": lambda *_: {"id": "x", "rawId": "y", "type": "z", "response": {"userHandle": "%"}},
    "wrong types": lambda *_: {"id": 3, "rawId": [], "type": {}, "response": "text"},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_answer_is_refused_and_uses_the_challenge_up(
    owner: tuple[TestClient, SoftPasskey], anonymous: TestClient, wrong: str
) -> None:
    _, passkey = owner
    honest = SoftPasskey(key=passkey.key, id=passkey.id, user_handle=passkey.user_handle)
    asked = _options(anonymous)
    answer = anonymous.post(ALONE, json={"credential": WRONG[wrong](passkey, asked)})
    assert answer.status_code == 401 and answer.json()["type"] == "/api/problems/sign-in-failed"
    later = anonymous.post(ALONE, json={"credential": honest.show(asked)})
    assert later.json()["type"] == "/api/problems/step-over"
    assert "mbs_session" not in anonymous.cookies


def test_an_answer_is_good_once_however_often_it_is_sent(
    owner: tuple[TestClient, SoftPasskey], anonymous: TestClient
) -> None:
    _, passkey = owner
    body = {"credential": passkey.show(_options(anonymous))}
    cookies = {"mbs_step": anonymous.cookies["mbs_step"]}
    clients = [_new_client() for _ in range(4)]
    for client in clients:
        client.cookies.update(cookies)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda one: one.post(ALONE, json=body).status_code, clients))
    assert sorted(answers) == [200, 401, 401, 401]


def test_an_answer_is_good_in_the_browser_that_asked_and_for_five_minutes(
    owner: tuple[TestClient, SoftPasskey], anonymous: TestClient
) -> None:
    _, passkey = owner
    body = {"credential": passkey.show(_options(anonymous))}
    assert _new_client().post(ALONE, json=body).status_code == 401
    with db.transaction(SYSTEM) as session:
        for step in session.exec(select(SignInStep)).all():
            assert step.expires_at <= utc_now() + timedelta(minutes=5)
            step.expires_at = utc_now() - timedelta(seconds=1)
            session.add(step)
    assert anonymous.post(ALONE, json=body).status_code == 401


def test_the_second_step_asks_for_a_challenge_each_time(
    owner: tuple[TestClient, SoftPasskey], anonymous: TestClient
) -> None:
    _, passkey = owner
    form = {"email": "maya@example.com", "password": PASSWORD}
    anonymous.post("/api/auth/login", json=form)
    assert anonymous.post(SECOND, json={"credential": {}}).status_code == 401
    asked = _options(anonymous, SECOND)
    false = passkey.show(asked, origin="https://evil.example")
    assert anonymous.post(SECOND, json={"credential": false}).status_code == 401
    assert anonymous.post(SECOND, json={"credential": passkey.show(asked)}).status_code == 401
    again = _options(anonymous, SECOND)
    assert anonymous.post(SECOND, json={"credential": passkey.show(again)}).status_code == 200


def test_somebody_elses_passkey_does_not_finish_my_sign_in(
    owner: tuple[TestClient, SoftPasskey], anonymous: TestClient, signed_in: SignIn
) -> None:
    eves = SoftPasskey()
    add_passkey(signed_in("eve@example.com")[0], eves)
    anonymous.post("/api/auth/login", json={"email": "maya@example.com", "password": PASSWORD})
    asked = _options(anonymous, SECOND)
    assert anonymous.post(SECOND, json={"credential": eves.show(asked)}).status_code == 401


def test_a_copy_gives_itself_away_by_its_count(signed_in: SignIn, anonymous: TestClient) -> None:
    client, _ = signed_in()
    passkey = SoftPasskey(count=5)
    add_passkey(client, passkey)
    copy = SoftPasskey(
        key=passkey.key, id=passkey.id, user_handle=passkey.user_handle, count=passkey.count
    )
    shown = passkey.show(_options(anonymous))
    assert anonymous.post(ALONE, json={"credential": shown}).status_code == 200
    other = _new_client()
    assert other.post(ALONE, json={"credential": copy.show(_options(other))}).status_code == 401
    with db.transaction(SYSTEM) as session:
        assert session.exec(select(Passkey.sign_count)).one() == 6
        assert "passkey.copied" in session.exec(select(AuditEvent.action)).all()


def test_it_confirms_that_it_is_you(owner: tuple[TestClient, SoftPasskey]) -> None:
    client, passkey = owner
    with db.transaction(SYSTEM) as session:
        held = session.exec(select(UserSession)).one()
        held.confirmed_at = None
        session.add(held)
    assert client.post("/api/me/authenticator").status_code == 403
    asked = _options(client, "/api/auth/confirm/passkey")
    shown = passkey.show(asked)
    assert client.post("/api/auth/confirm/passkey", json={"credential": shown}).json() == {
        "renewed": False
    }
    assert client.post("/api/me/authenticator").status_code == 201


def test_a_challenge_to_confirm_does_not_sign_in(
    owner: tuple[TestClient, SoftPasskey], anonymous: TestClient
) -> None:
    client, passkey = owner
    shown = passkey.show(_options(client, "/api/auth/confirm/passkey"))
    anonymous.cookies.set("mbs_step", client.cookies["mbs_step"])
    assert anonymous.post(ALONE, json={"credential": shown}).status_code == 401


@pytest.mark.parametrize(
    "made",
    [
        lambda one, asked: one.make({**asked, "challenge": "AAAA"}),
        lambda one, asked: {**one.make(asked), "response": {"clientDataJSON": "e30"}},
        lambda one, _: {"id": "x"},
    ],
)
def test_a_false_new_passkey_is_not_kept(
    signed_in: SignIn, made: Callable[[SoftPasskey, Any], Any]
) -> None:
    client, _ = signed_in()
    for passkey in (SoftPasskey(), SoftPasskey(origin="https://evil.example")):
        asked = _options(client, LIST)
        sent = (
            made(passkey, asked)
            if passkey.origin != "https://evil.example"
            else passkey.make(asked)
        )
        answer = client.post(LIST, json={"name": "Laptop", "credential": sent})
        assert answer.status_code == 422
    assert client.get(LIST).json() == []


def test_a_passkey_that_asks_for_nothing_is_not_taken(signed_in: SignIn) -> None:
    client, _ = signed_in()
    assert add_passkey(client, SoftPasskey(verifies=False)).status_code == 422


def test_one_passkey_belongs_to_one_account(
    owner: tuple[TestClient, SoftPasskey], signed_in: SignIn
) -> None:
    _, passkey = owner
    eve, _ = signed_in("eve@example.com")
    assert add_passkey(eve, passkey).status_code == 409


def test_a_challenge_is_bound_to_who_asked(signed_in: SignIn) -> None:
    maya, _ = signed_in()
    eve, _ = signed_in("eve@example.com")
    passkey = SoftPasskey()
    made = passkey.make(_options(maya, LIST))
    eve.cookies.set("mbs_step", maya.cookies["mbs_step"])
    answer = eve.post(LIST, json={"name": "Laptop", "credential": made})
    assert answer.status_code == 401
    assert maya.post(LIST, json={"name": "Laptop", "credential": made}).status_code == 201


@pytest.mark.parametrize(
    ("address", "takes"),
    [
        ("https://sms.example.com", True),
        ("http://localhost:8000", True),
        ("http://sms.example.com", False),
        ("https://192.0.2.1", False),
        ("http://127.0.0.1:8000", False),
        ("https://[2001:db8::1]", False),
    ],
)
def test_passkeys_need_a_name_by_https_or_this_very_machine(address: str, takes: bool) -> None:
    assert host_takes_passkeys(address) is takes
