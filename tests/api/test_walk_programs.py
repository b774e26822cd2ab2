"""The walk over every route once more, as programs: with keys and tokens that hold no longer, or not for this."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import delete, select

from mbs_app import db
from mbs_app.api.app import create_api
from mbs_app.api.needs import Need, needs_of
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import Scope, SecondFactorFor
from mbs_app.models import ApiKey, Passkey, UserProfile, UserSession
from mbs_app.services import program_tokens, sessions, workspace
from mbs_app.services.devices import Visitor
from tests.api.conftest import SignIn
from tests.api.test_walk import CALLS, NOTHING_OF_ADAS, ONES_OWN, adas, call, everything
from tests.support.accounts import SYSTEM, make_api_key

__all__ = ["adas"]

Programs = Callable[[str], TestClient]
Adas = tuple[TestClient, Actor, dict[str, str]]

SECOND = timedelta(seconds=1)
NEEDS = {(method, path): needs[0] for method, path, needs in needs_of(create_api().routes) if needs}


def _ada() -> UserProfile:
    with db.transaction(SYSTEM, read_only=True) as session:
        return session.exec(select(UserProfile).where(UserProfile.email == "ada@example.com")).one()


def _key(*scopes: str, **changed: Any) -> str:
    key_id, key = make_api_key(_ada(), *(scopes or ("read", "write", "send")))
    _change(ApiKey, key_id, changed)
    return key


def _change(table: Any, row_id: UUID, values: dict[str, Any]) -> None:
    with db.transaction(SYSTEM) as session:
        row = session.get(table, row_id)
        row.sqlmodel_update(values)
        session.add(row)


def _access_token(**changed: Any) -> str:
    ada = _ada()
    with db.transaction(SYSTEM) as session:
        tokens = program_tokens.start(session, ada, Visitor())
        held = session.exec(select(UserSession).where(UserSession.kind == "program")).one()
    _change(UserSession, held.id, changed)
    return tokens.access_token


def _refresh_token() -> str:
    ada = _ada()
    with db.transaction(SYSTEM) as session:
        return program_tokens.start(session, ada, Visitor()).refresh_token


def _cookie() -> str:
    ada = _ada()
    with db.transaction(SYSTEM) as session:
        return sessions.start(session, ada, keep=True)[0]


def _wrong_secret() -> str:
    key = _key()
    return key[:-1] + ("A" if key[-1] != "A" else "B")


def _anothers_secret() -> str:
    """The id of one key with the secret of another."""
    one, other = _key().split("_"), _key().split("_", 2)
    return f"mbs_{one[1]}_{other[2]}"


DEAD: dict[str, Callable[[], str]] = {
    "an expired key": lambda: _key(expires_at=utc_now() - SECOND),
    "a revoked key": lambda: _key(revoked_at=utc_now()),
    "a wrong secret": _wrong_secret,
    "another key's secret": _anothers_secret,
    "half a key": lambda: _key()[:40],
    "an expired access token": lambda: _access_token(access_expires_at=utc_now() - SECOND),
    "a token of an old session": lambda: _access_token(expires_at=utc_now() - SECOND),
    "a token of an ended session": lambda: _access_token(ended_at=utc_now()),
    "a refresh token": _refresh_token,
    "a browser's token": _cookie,
    "a made-up token": lambda: "mba_guessed",
}


@pytest.mark.parametrize("kind", DEAD)
def test_what_holds_no_longer_opens_nothing(adas: Adas, with_bearer: Programs, kind: str) -> None:
    program = with_bearer(DEAD[kind]())
    before = everything()
    for route in CALLS:
        answer = call(program, route, adas[2])
        assert answer.status_code == 401, route
        assert answer.headers["content-type"] == "application/problem+json", route
    assert everything() == before


@pytest.mark.parametrize("status", ["pending", "rejected", "suspended"])
@pytest.mark.parametrize("kind", ["key", "token"])
def test_nothing_opens_while_the_owner_is_not_approved(
    adas: Adas, with_bearer: Programs, status: str, kind: str
) -> None:
    program = with_bearer(_key() if kind == "key" else _access_token())
    _change(UserProfile, _ada().id, {"status": status})
    program.get("/api/groups")  # notes the use of the key, once a minute
    before = everything()
    for route in CALLS.keys() - {("POST", "/api/auth/logout")}:
        assert call(program, route, adas[2]).status_code == 403, route
    assert everything() == before


@pytest.mark.parametrize("scope", [scope.value for scope in Scope if scope is not Scope.ADMIN])
def test_a_key_does_what_its_scope_says_and_nothing_else(
    adas: Adas, with_bearer: Programs, scope: str
) -> None:
    program = with_bearer(_key(scope))
    program.get("/api/groups")
    before = everything()
    for route in CALLS:
        allowed = NEEDS[route].value == scope
        if allowed and scope != Scope.READ:
            continue
        answer = call(program, route, adas[2])
        assert (answer.status_code == 403) is not allowed, (route, answer.text)
        assert answer.status_code not in (401, 500), route
    assert everything() == before  # those that read, too
    nowhere = {name: str(uuid4()) for name in adas[2]}
    for route in CALLS:
        if NEEDS[route].value == scope:
            assert call(program, route, nowhere).status_code not in (401, 403, 500), route


def test_the_scope_admin_is_of_no_use_to_who_is_no_admin(adas: Adas, with_bearer: Programs) -> None:
    ada = _ada()
    _change(UserProfile, ada.id, {"role": "admin"})
    key = make_api_key(_ada(), "admin")[1]
    _change(UserProfile, ada.id, {"role": "user"})
    program = with_bearer(key)
    program.get("/api/groups")
    before = everything()
    for route in CALLS:
        assert call(program, route, adas[2]).status_code == 403, route
    assert everything() == before


def test_a_key_of_another_owner_sees_and_changes_nothing(
    adas: Adas, signed_in: SignIn, with_bearer: Programs
) -> None:
    _, bob = signed_in("bob@example.com")
    program = with_bearer(make_api_key(bob, "read", "write", "send")[1])
    program.get("/api/groups")
    before = everything()
    for route, (_, expected) in CALLS.items():
        answer = call(program, route, adas[2]) if expected != ONES_OWN else None
        if answer is None:
            continue
        if not NEEDS[route].is_scope:
            assert answer.status_code == 403, route
        elif isinstance(expected, int):
            assert answer.status_code == expected, route
        else:
            assert answer.json() == expected == NOTHING_OF_ADAS, route
    assert everything() == before
    assert "555" not in program.get("/api/customers/export.csv").text


@pytest.mark.parametrize("kind", ["browser", "key", "token"])
def test_without_a_required_second_factor_one_can_only_set_one_up(
    adas: Adas, with_bearer: Programs, kind: str
) -> None:
    program = adas[0]
    if kind != "browser":
        program = with_bearer(_key() if kind == "key" else _access_token())
    with db.transaction(SYSTEM) as session:
        workspace.get_workspace(session).second_factor_for = SecondFactorFor.EVERYBODY
        session.exec(delete(Passkey))  # a key works for who has one
    program.get("/api/groups")
    before = everything()
    for route, need in NEEDS.items():
        if need in (Need.ANY_ACCOUNT, Need.IN_PERSON) and kind != "key":
            continue
        answer = call(program, route, adas[2])
        assert answer.status_code == 403, route
    assert everything() == before
