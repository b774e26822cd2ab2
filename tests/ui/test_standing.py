"""What an admin decides reaches the open pages of this process at once, pressed upon or not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import Role, SecondFactorFor, UserStatus
from mbs_app.mbs_app import app
from mbs_app.models import UserProfile
from mbs_app.services import sessions, team
from mbs_app.services.second_factor import policy
from mbs_app.ui.groups.state import GroupsState
from mbs_app.ui.shell import ShellState
from mbs_app.ui.team.state import TeamState
from mbs_app.ui.waiting.state import WaitingState
from tests.support.accounts import SYSTEM, make_user
from tests.support.tabs import Tab, deltas_in, running, signed_in_cookie

PATIENCE = 3.0  # seconds; far less than the pages' own looks every 20


def name_of(handler: Any) -> str:
    return f"{handler.state.get_full_name()}.{handler.fn.__name__}"


@pytest.fixture
def admin(pages_database: str) -> Actor:
    with db.transaction(SYSTEM) as session:
        admin = make_user(session, "root@example.com", role=Role.ADMIN)
        signed_in = sessions.find_standing(session, sessions.start(session, admin, keep=False)[0])
    return signed_in.actor.administrating()


def _somebody(status: str = UserStatus.APPROVED, role: str = Role.USER) -> tuple[UserProfile, str]:
    with db.transaction(SYSTEM) as session:
        user = make_user(session, "bob@example.com", status=status, role=role, name="Bob")
        return user, signed_in_cookie(session, user)


def _decide(admin: Actor, decision: Callable[..., Any], *args: Any, **more: Any) -> None:
    with db.transaction(admin) as session:
        decision(session, admin, *args, **more)


async def _until(tab: Tab, words: str) -> bool:
    """Whether the browser is told ``words`` before patience ends."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while loop.time() < deadline:
        if words in json.dumps(tab.updates, default=repr):
            return True
        await asyncio.sleep(0.02)
    return False


def test_the_next_event_after_a_suspension_is_refused_although_the_last_was_let_in_just_now(
    admin: Actor,
) -> None:
    user, cookie = _somebody()

    async def go() -> tuple[Any, Any]:
        async with running(app) as open_tab:
            tab = await open_tab(cookie)
            before = deltas_in(await tab.send(name_of(GroupsState.load), path="/groups"))
            await asyncio.to_thread(_decide, admin, team.suspend, user.id, reason="Lost laptop")
            after = await tab.send(name_of(GroupsState.load), path="/groups")
            return before, after

    before, after = asyncio.run(go())
    assert before["is_loaded"] is True
    assert deltas_in(after) == {} and after[0]["events"]


def test_an_admin_who_is_made_a_marketer_loses_the_team_with_the_next_event(admin: Actor) -> None:
    user, cookie = _somebody(role=Role.ADMIN)

    async def go() -> tuple[Any, Any]:
        async with running(app) as open_tab:
            tab = await open_tab(cookie)
            before = deltas_in(await tab.send(name_of(TeamState.load), path="/team"))
            await asyncio.to_thread(_decide, admin, team.change_role, user.id, "user")
            return before, await tab.send(name_of(TeamState.refresh), path="/team")

    before, after = asyncio.run(go())
    assert before["every"] == 2
    assert deltas_in(after) == {}


def test_a_second_factor_asked_of_everybody_is_asked_for_at_the_next_event(admin: Actor) -> None:
    _, cookie = _somebody()

    async def go() -> tuple[Any, Any]:
        async with running(app) as open_tab:
            tab = await open_tab(cookie)
            before = deltas_in(await tab.send(name_of(GroupsState.load), path="/groups"))
            await asyncio.to_thread(
                _decide, admin, policy.ask_for_second_factor, SecondFactorFor.EVERYBODY
            )
            return before, await tab.send(name_of(GroupsState.load), path="/groups")

    before, after = asyncio.run(go())
    assert before["is_loaded"] is True
    assert deltas_in(after) == {}
    assert "/settings/security" in json.dumps(after, default=repr)


@pytest.mark.parametrize(
    ("decision", "more"),
    [(team.suspend, {"reason": "Lost laptop"}), (team.change_role, {"role": "admin"})],
    ids=["suspended", "another role"],
)
def test_a_page_nobody_touches_is_loaded_anew(
    admin: Actor, decision: Callable[..., Any], more: dict[str, str]
) -> None:
    user, cookie = _somebody()

    async def go() -> bool:
        async with running(app) as open_tab:
            tab = await open_tab(cookie)
            await tab.send(name_of(ShellState.load), path="/groups")
            assert "renewSession" not in json.dumps(tab.updates, default=repr)
            await asyncio.to_thread(_decide, admin, decision, user.id, **more)
            return await _until(tab, "renewSession")

    assert asyncio.run(go())


def test_what_is_decided_about_others_leaves_a_page_alone(admin: Actor) -> None:
    _, cookie = _somebody()
    with db.transaction(SYSTEM) as session:
        other = make_user(session, "sam@example.com")

    async def go() -> list[Any]:
        async with running(app) as open_tab:
            tab = await open_tab(cookie)
            await tab.send(name_of(ShellState.load), path="/groups")
            already = len(tab.updates)
            await asyncio.to_thread(_decide, admin, team.suspend, other.id, reason="Lost laptop")
            await tab.settle()
            return tab.updates[already:]

    assert asyncio.run(go()) == []


def test_the_page_that_waits_shows_its_own_account_and_goes_on_when_approved(admin: Actor) -> None:
    user, cookie = _somebody(UserStatus.PENDING)

    async def go() -> tuple[dict[str, Any], bool]:
        async with running(app) as open_tab:
            tab = await open_tab(cookie)
            shown = deltas_in(await tab.send(name_of(WaitingState.load), path="/waiting"))
            await asyncio.to_thread(_decide, admin, team.approve, user.id)
            return shown, await _until(tab, "renewSession")  # and then it is let in

    shown, goes_on = asyncio.run(go())
    assert (shown["status"], shown["email"]) == ("pending", "bob@example.com")
    assert goes_on
