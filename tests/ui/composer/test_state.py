"""The composer as a tab uses it: it opens a draft, keeps it, and gives way to whoever was faster."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import CampaignKind
from mbs_app.mbs_app import app
from mbs_app.models import Campaign, Group, GroupMembership, UserProfile
from mbs_app.services import campaigns, sessions
from mbs_app.ui.composer.state import ComposerState
from mbs_app.ui.preflight.state import PreflightState
from tests.support.accounts import SYSTEM, actor_of, make_user
from tests.support.sending import load, make_customers, make_sender
from tests.support.tabs import Tab, deltas_in, events_in, running, session_cookie

BODY = "Hi {first_name|there}. Reply STOP to opt out"


class World:
    def __init__(self, actor: Actor, cookie: str, draft: UUID, group: str) -> None:
        self.actor, self.cookie, self.draft, self.group = actor, cookie, draft, group

    def visit(self, steps: Callable[[Page], Coroutine[Any, Any, None]], state: Any) -> None:
        """Open a tab on the draft's page and take ``steps``."""

        async def go() -> None:
            async with running(app) as open_tab:
                await steps(Page(await open_tab(self.cookie), self, state))

        asyncio.run(go())


class Page:
    """A tab on one page: sends its handlers, knows what it shows."""

    def __init__(self, tab: Tab, world: World, state: Any) -> None:
        self.tab, self.world, self.state = tab, world, state
        self.shown: dict[str, Any] = {}
        self.redirects: list[str] = []

    async def do(self, handler: str, **payload: Any) -> None:
        last = "edit" if self.state is ComposerState else "check"
        path = f"/campaigns/{self.world.draft}/{last}"
        already = len(self.tab.updates)
        await self.tab.post(
            f"{self.state.get_full_name()}.{handler}",
            payload,
            path,
            {"campaign_id": str(self.world.draft)},
        )
        await asyncio.sleep(0.6)  # the pause between two saves
        await self.tab.settle()
        updates = self.tab.updates[already:]
        self.shown.update(deltas_in(updates))
        self.redirects += [
            payload["path"] for name, payload in events_in(updates) if name == "_redirect"
        ]


@pytest.fixture
def world(pages_database: str) -> World:
    with db.transaction(SYSTEM) as session:
        user = make_user(session)
        make_sender(session)
        token = sessions.start(session, user, keep=False)[0]
    maya = actor_of(user)
    with db.transaction(maya) as session:
        people = make_customers(session, maya, 5)
        group = Group(user_id=maya.user_id, name="Loyalty")
        session.add(group)
        session.flush()
        for person in people[:2]:
            session.add(
                GroupMembership(user_id=maya.user_id, group_id=group.id, customer_id=person)
            )
        draft = campaigns.create_draft(session, maya, name="Sale", message_body=BODY)
    return World(maya, session_cookie(token), draft.id, str(group.id))


def test_a_draft_opens_with_its_text_audience_and_numbers(world: World) -> None:
    async def steps(page: Page) -> None:
        await page.do("load")
        assert page.shown["body"] == BODY
        assert (page.shown["matching"], page.shown["will_get"]) == (5, 5)
        assert page.shown["segments_words"] == "5 segments"
        assert page.shown["is_loaded"] is True

    world.visit(steps, ComposerState)


def test_what_is_typed_and_chosen_is_kept(world: World) -> None:
    async def steps(page: Page) -> None:
        await page.do("load")
        await page.do("write", text="Hello {last_name}")
        await page.do("choose_mode", mode="rules")
        await page.do("choose_group", group_id=world.group, chosen=True)
        assert page.shown["will_get"] == 2
        assert page.shown["saved_words"].startswith("Saved ")

    world.visit(steps, ComposerState)
    kept = load(world.draft)
    assert kept.message_body == "Hello {last_name}"
    assert kept.audience == {"mode": "rules", "group_ids": [world.group], "states": []}


def test_a_draft_changed_elsewhere_is_not_overwritten(world: World) -> None:
    async def steps(page: Page) -> None:
        await page.do("load")
        with db.transaction(world.actor) as session:
            campaigns.save_draft(session, world.actor, world.draft, message_body="Other tab")
        await page.do("write", text="This tab")
        assert "changed somewhere else" in page.shown["save_problem"]
        await page.do("check")
        assert page.redirects == []

    world.visit(steps, ComposerState)
    assert load(world.draft).message_body == "Other tab"


def test_a_time_that_never_occurs_is_not_sent_on_to_the_check(world: World) -> None:
    async def steps(page: Page) -> None:
        await page.do("load")
        await page.do("choose_when", when="later")
        await page.do("set_date", date="2027-03-14")
        await page.do("set_time", time="02:30")
        assert "clocks go forward" in page.shown["when_problem"]
        await page.do("check")
        assert page.redirects == []
        await page.do("set_time", time="20:15")
        assert page.shown["when_problem"] == ""
        await page.do("check")
        assert page.redirects == [f"/campaigns/{world.draft}/check"]

    world.visit(steps, ComposerState)
    kept = load(world.draft)
    assert kept.scheduled_at is not None
    assert kept.scheduled_at.isoformat() == "2027-03-15T01:15:00+00:00"
    assert kept.schedule_time_zone == "America/Chicago"


def test_a_test_goes_to_ones_own_number_which_is_kept(world: World) -> None:
    async def steps(page: Page) -> None:
        await page.do("load")
        await page.do("open_dialog", which="test")
        await page.do("send_test", form={"phone": "12"})
        assert "phone" in page.shown["field_problems"]
        await page.do("send_test", form={"phone": "(512) 555-0199"})
        assert page.shown["dialog"] == ""
        # The second press of two comes in when the dialog is closed already.
        await page.do("send_test", form={"phone": "(512) 555-0199"})

    world.visit(steps, ComposerState)
    with db.transaction(world.actor, read_only=True) as session:
        profile = session.get(UserProfile, world.actor.user_id)
        assert profile is not None
        assert profile.phone == "+15125550199"
        tests = session.exec(select(Campaign).where(Campaign.kind == CampaignKind.TEST)).all()
        assert len(tests) == 1


def test_the_check_counts_everyone_and_a_double_press_sends_once(world: World) -> None:
    async def steps(page: Page) -> None:
        await page.do("load")
        assert page.shown["is_checked"] is True
        assert page.shown["check"].will_get == 5
        assert page.shown["check"].button_words == "Send to 5 people now"
        name = f"{PreflightState.get_full_name()}.send"
        for _ in range(2):
            await page.tab.post(name, {}, f"/campaigns/{world.draft}/check")
        await page.do("close_list")

    world.visit(steps, PreflightState)
    sent = load(world.draft)
    assert (sent.status, sent.version) == ("sending", 1)


def test_a_draft_changed_after_the_check_is_not_sent(world: World) -> None:
    async def steps(page: Page) -> None:
        await page.do("load")
        with db.transaction(world.actor) as session:
            campaigns.save_draft(session, world.actor, world.draft, message_body="Changed")
        await page.do("send")
        assert "Check it once more" in page.shown["problem"]
        assert page.redirects == []

    world.visit(steps, PreflightState)
    assert load(world.draft).status == "draft"


def test_the_lists_behind_the_numbers_open(world: World) -> None:
    async def steps(page: Page) -> None:
        await page.do("load")
        await page.do("show_segments", segments=1)
        assert (len(page.shown["text_rows"]), page.shown["list_total"]) == (5, 5)
        await page.do("show_left_out", reason="opted_out")
        assert page.shown["people_rows"] == []

    world.visit(steps, PreflightState)
