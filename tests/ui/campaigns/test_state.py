"""The list of campaigns as a tab uses it: its lines, its filters, and that running ones move by themselves."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import CampaignStatus, MessageStatus
from mbs_app.mbs_app import app
from mbs_app.models import UserProfile
from mbs_app.queries import counters
from mbs_app.services import campaigns
from mbs_app.ui.campaigns import state
from mbs_app.ui.campaigns.state import CampaignsState
from tests.support.accounts import SYSTEM, actor_of, make_user
from tests.support.campaigns import make_campaign
from tests.support.tabs import Tab, deltas_in, events_in, running, signed_in_cookie

NAME = CampaignsState.get_full_name()


@pytest.fixture
def maya(pages_database: str) -> Actor:
    with db.transaction(SYSTEM) as session:
        user = make_user(session)
    return actor_of(user)


def _cookie(actor: Actor) -> str:
    with db.transaction(SYSTEM) as session:
        user = session.get(UserProfile, actor.user_id)
        assert user is not None
        return signed_in_cookie(session, user)


def _make(actor: Actor) -> UUID:
    with db.transaction(actor) as session:
        campaigns.create_draft(session, actor, name="Night Market")
        return make_campaign(
            session,
            actor,
            {MessageStatus.PENDING: 2, MessageStatus.SENT: 1},
            status=CampaignStatus.SENDING,
        ).id


async def _until(tab: Tab, condition: Any) -> dict[str, Any]:
    """What the tab shows, once ``condition`` holds of it."""
    for _ in range(300):
        shown = deltas_in(tab.updates)
        if condition(shown):
            return shown
        await asyncio.sleep(0.05)
    raise AssertionError("the tab never showed it")


def _shows_delivered(count: int, seen: dict[str, Any]) -> bool:
    return any(row.ledger.delivered == count for row in seen.get("rows", ()))


def test_a_running_campaign_moves_without_a_reload(maya: Actor) -> None:
    running_id = _make(maya)
    cookie = _cookie(maya)

    async def go() -> None:
        async with running(app) as open_tab:
            tab = await open_tab(cookie)
            await tab.post(f"{NAME}.load", {}, "/campaigns")
            shown = await _until(tab, lambda seen: len(seen.get("rows", ())) == 2)
            assert {row.name for row in shown["rows"]} == {"Fall clearance", "Night Market"}
            with db.transaction(maya) as session:
                counters.move(session, running_id, {("sent", "delivered"): 1})
            await _until(tab, partial(_shows_delivered, 1))
            await tab.close()

    asyncio.run(go())


def test_receipts_that_come_in_late_move_a_line_without_reading_the_page_again(
    maya: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction(maya) as session:
        finished = make_campaign(
            session,
            maya,
            {MessageStatus.SENT: 3},
            status=CampaignStatus.SENT,
            launched_at=utc_now() - timedelta(hours=1),
        ).id
    cookie, reads = _cookie(maya), []
    look = state.look

    def counted_look(*args: Any) -> Any:
        reads.append(args)
        return look(*args)

    monkeypatch.setattr(state, "look", counted_look)

    async def go() -> None:
        async with running(app) as open_tab:
            tab = await open_tab(cookie)
            await tab.post(f"{NAME}.load", {}, "/campaigns")
            for arrived in (1, 2, 3):
                with db.transaction(maya) as session:
                    counters.move(session, finished, {("sent", "delivered"): 1})
                await _until(tab, partial(_shows_delivered, arrived))
            await tab.close()

    asyncio.run(go())
    assert len(reads) <= 3  # with the page, at the first sight, and after the last receipt


def test_filters_search_and_deletion(maya: Actor) -> None:
    _make(maya)
    cookie = _cookie(maya)

    async def go() -> None:
        async with running(app) as open_tab:
            tab = await open_tab(cookie)
            await tab.send(f"{NAME}.filter_by", {"status": "draft"}, "/campaigns")
            shown = deltas_in(tab.updates)
            assert [row.name for row in shown["rows"]] == ["Night Market"]
            assert (shown["every"], shown["live"]) == (2, 1)
            draft = shown["rows"][0].id
            await tab.send(f"{NAME}.ask_to_delete", {"campaign_id": draft}, "/campaigns")
            await tab.send(f"{NAME}.delete", {}, "/campaigns")
            assert deltas_in(tab.updates)["rows"] == []
            await tab.send(f"{NAME}.search_for", {"words": "clearance"}, "/campaigns")
            await tab.send(f"{NAME}.clear", {}, "/campaigns")
            assert [row.name for row in deltas_in(tab.updates)["rows"]] == ["Fall clearance"]

    asyncio.run(go())


def test_a_new_campaign_opens_in_the_composer(maya: Actor) -> None:
    cookie = _cookie(maya)

    async def go() -> None:
        async with running(app) as open_tab:
            tab = await open_tab(cookie)
            updates = await tab.send(f"{NAME}.create", {}, "/campaigns")
            [path] = [load["path"] for name, load in events_in(updates) if name == "_redirect"]
            assert path.startswith("/campaigns/")
            assert path.endswith("/edit")

    asyncio.run(go())
