"""The walk over every event handler with values of the wrong type, one argument at a time.

It is Ada's own tab that sends them, and Ada is an admin, so that nothing is refused for being somebody else's.
A handler that raises what nobody expected is logged as an error: there must be none.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import re
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

from mbs_app import db
from mbs_app.domain.vocabulary import Role
from mbs_app.mbs_app import app
from mbs_app.models import UserProfile
from mbs_app.services import sessions
from mbs_app.ui import session as ui_session
from mbs_app.ui.access import Access, declared_access, registered_handlers
from tests.support.accounts import SYSTEM
from tests.support.tabs import running, session_cookie, settle_all
from tests.ui.test_walk import Ada, _handlers, _payloads, world

__all__ = ["world"]

ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**80,
    1.5,
    "",
    "text",
    "a\0b",
    "\ud800",
    "💥" * 300,
    "x" * 20_000,
    [],
    [[]],
    [None],
    {},
    {"a": {"b": []}},
    {"__reflex_form_data__": [["name", 7]]},
    {"ok": True, "body": [], "errors": 3, "status": "x", "detail": {}},
    {"ok": False, "body": {}, "errors": {"password": []}, "status": None},
)
_FORM_KEYS = re.compile(r"""\.get\(\s*["'](\w+)["']""")


def _odd_payloads(function: Any, ids: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Each argument in turn as nothing it could be, the others as they should be; one missing; one too many."""
    right = _payloads(function, ids)[0]
    keys = _FORM_KEYS.findall(inspect.getsource(function))
    for name in right:
        for odd in ODD:
            yield {**right, name: odd}
            if keys and not isinstance(odd, dict):
                yield {**right, name: dict.fromkeys(keys, odd)}
        yield {other: value for other, value in right.items() if other != name}
    yield {**right, "more": 1}
    yield right


def _admin_cookie(ada: Ada) -> str:
    """Ada as an admin who has shown a second factor, so that no policy that is tried shuts her out."""
    with db.transaction(SYSTEM) as session:
        user = session.get(UserProfile, ada.actor.user_id)
        assert user is not None
        user.role = Role.ADMIN
        session.add(user)
        return session_cookie(sessions.start(session, user, keep=True, with_second_factor=True)[0])


def test_no_handler_breaks_over_what_it_is_sent(
    world: tuple[Ada, dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    ada, _ = world
    cookie = _admin_cookie(ada)
    ui_session.forget_answers()

    broken: list[str] = []

    async def go() -> int:
        sent = 0
        async with running(app) as open_tab:
            for name, registered in _handlers(*Access):
                tab = await open_tab(cookie)
                path, query = ada.paths[sent % len(ada.paths)]
                for payload in _odd_payloads(registered.handler.fn, ada.ids):
                    await tab.post(name, payload, path, query)
                    sent += 1
                await settle_all([tab])
                broken.extend(_told(name, record) for record in caplog.records[:1])
                caplog.clear()
        return sent

    with caplog.at_level(logging.ERROR):
        assert asyncio.run(go()) > 1000
    assert broken == [], "\n".join(broken)


def test_the_walk_was_not_shut_out(world: tuple[Ada, dict[str, str]]) -> None:
    """The same Ada may use every handler there is."""
    ada, _ = world
    cookie = _admin_cookie(ada)

    async def go() -> bool:
        standing = await ui_session.find_standing(ui_session.Caller(cookie.partition("=")[2]))
        return standing.refusal is None and standing.actor.is_admin

    assert asyncio.run(go())
    assert {declared_access(one) for _, one in _handlers(*Access)} >= {
        Access.PUBLIC,
        Access.SIGNED_IN,
        Access.ADMIN,
    }
    assert len(_handlers(*Access)) <= len(registered_handlers())


def _told(handler: str, record: logging.LogRecord) -> str:
    raised = record.exc_info[1] if record.exc_info else None
    where = ""
    if raised is not None and raised.__traceback__ is not None:
        ours = [
            frame
            for frame in traceback.extract_tb(raised.__traceback__)
            if "mbs_app" in frame.filename
        ]
        where = f" at {ours[-1].filename}:{ours[-1].lineno}" if ours else ""
    return f"{handler.rpartition('___')[2]}: {record.getMessage()[:100]} {raised!r:.200}{where}"
