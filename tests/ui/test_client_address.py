"""Where the other end of a websocket is, as the guard, the log and the audit log have it."""

from __future__ import annotations

import asyncio
import logging

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.mbs_app import app
from mbs_app.models import AuditEvent
from mbs_app.services import sessions
from mbs_app.ui import session
from mbs_app.ui.sessions.state import SessionsState
from mbs_app.ui.system.state import SystemState
from tests.support.accounts import SYSTEM, make_user
from tests.support.environment import with_environment
from tests.support.tabs import running, signed_in_cookie

SOCKET, CALLER, FORGED = "192.0.2.7", "203.0.113.7", "198.51.100.66"

HOPS = pytest.mark.parametrize(
    ("hops", "forwarded", "found"),
    [
        ("0", FORGED, SOCKET),
        ("1", f"{FORGED}, {CALLER}", CALLER),
        ("1", "", SOCKET),
        ("2", f"{FORGED}, {CALLER}, 10.0.0.1", CALLER),
        ("2", FORGED, SOCKET),
    ],
)


@pytest.fixture
def cookie(pages_database: str) -> str:
    """Of one of two sessions of a user."""
    with db.transaction(SYSTEM) as work:
        user = make_user(work)
        sessions.start(work, user, keep=False)
        return signed_in_cookie(work, user)


def send(event: str, forwarded: str, cookie: str) -> None:
    async def go() -> None:
        async with running(app) as open_tab:
            tab = await open_tab(cookie, **({"x-forwarded-for": forwarded} if forwarded else {}))
            await tab.send(event)

    asyncio.run(go())


@HOPS
def test_the_audit_log_names_the_caller(cookie: str, hops: str, forwarded: str, found: str) -> None:
    with with_environment(TRUSTED_PROXY_HOPS=hops):
        send(f"{SessionsState.get_full_name()}.end_others", forwarded, cookie)
    with db.transaction(SYSTEM, read_only=True) as work:
        noted = work.exec(select(AuditEvent.action, AuditEvent.ip)).all()
    assert noted == [("session.end_others", found)]


@HOPS
def test_the_log_of_refusals_names_the_caller(
    cookie: str, hops: str, forwarded: str, found: str, caplog: pytest.LogCaptureFixture
) -> None:
    with with_environment(TRUSTED_PROXY_HOPS=hops), caplog.at_level(logging.INFO, "mbs_app.ui"):
        send(f"{SystemState.get_full_name()}.load", forwarded, cookie)
    (refused,) = [line for line in caplog.messages if line.startswith("refused")]
    assert refused.endswith(f" from {found}: not-allowed")


def test_a_proxy_may_add_a_field_of_its_own() -> None:
    fields = [(b"x-forwarded-for", FORGED.encode()), (b"x-forwarded-for", CALLER.encode())]
    with with_environment(TRUSTED_PROXY_HOPS="1"):
        assert session.address_in({"client": (SOCKET, 4711), "headers": fields}) == CALLER
        assert session.address_in({"client": None, "headers": []}) == ""
