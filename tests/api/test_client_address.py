"""Where a request comes from, as throttling, the audit log and the list of sessions have it."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from mbs_app import db
from mbs_app.api.app import create_api
from mbs_app.models import AuditEvent, UserSession
from mbs_app.services import sign_in
from tests.support.accounts import PASSWORD, SYSTEM, make_user
from tests.support.environment import with_environment

PROXY, CALLER, FORGED = "10.0.0.2", "203.0.113.7", "198.51.100.66"

Fields = list[tuple[str, str]]


def log_in(password: str, *forwarded: str) -> int:
    client = TestClient(create_api(), base_url="http://localhost:8000", client=(PROXY, 4711))
    fields: Fields = [("x-forwarded-for", field) for field in forwarded]
    form = {"email": "maya@example.com", "password": password}
    return client.post("/api/auth/login", json=form, headers=fields).status_code


@pytest.mark.parametrize(
    ("hops", "forwarded", "found"),
    [
        ("0", [FORGED], PROXY),
        ("1", [f"{FORGED}, {CALLER}"], CALLER),
        ("1", [FORGED, CALLER], CALLER),
        ("1", [], PROXY),
        ("2", [f"{FORGED}, {CALLER}, 10.0.0.1"], CALLER),
        ("2", [FORGED], PROXY),
    ],
)
def test_the_audit_log_and_the_session_name_the_caller(
    database: str, hops: str, forwarded: list[str], found: str
) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session)
    with with_environment(TRUSTED_PROXY_HOPS=hops):
        assert log_in("not this one at all", *forwarded) == 401
        assert log_in(PASSWORD, *forwarded) == 200
    with db.transaction(SYSTEM, read_only=True) as session:
        noted = session.exec(select(AuditEvent.action, AuditEvent.ip)).all()
        assert session.exec(select(UserSession.ip)).all() == [found]
    assert ("session.refuse", found) in noted and ("session.start", found) in noted


@pytest.mark.parametrize("hops", ["0", "1"])
def test_a_guesser_gets_no_new_count_by_a_made_up_address(database: str, hops: str) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session)
    with with_environment(TRUSTED_PROXY_HOPS=hops):
        for nth in range(sign_in.PER_ACCOUNT_AND_ADDRESS):
            assert log_in("not this one at all", f"198.51.100.{nth}, {CALLER}") == 401
        assert log_in("not this one at all", f"198.51.100.99, {CALLER}") == 429


def test_callers_behind_one_proxy_are_told_apart(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session)
    with with_environment(TRUSTED_PROXY_HOPS="1"):
        for _ in range(sign_in.PER_ACCOUNT_AND_ADDRESS):
            log_in("not this one at all", CALLER)
        assert log_in(PASSWORD, CALLER) == 429
        assert log_in(PASSWORD, "203.0.113.8") == 200
