"""One watcher, many screens: who is woken, by what, and when it stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from uuid import UUID

import pytest
import sqlalchemy as sa

from mbs_app import db
from mbs_app.delivery import signals
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import CampaignStatus, MessageStatus
from mbs_app.models import Campaign
from mbs_app.ui.live.hub import LiveHub, Sight
from tests.support.accounts import make_actor
from tests.support.campaigns import make_campaign

SOON = 3.0


@pytest.fixture
def actor(database: str) -> Actor:
    return make_actor()


@pytest.fixture
def running(actor: Actor) -> UUID:
    with db.transaction(actor) as session:
        return make_campaign(session, actor, {MessageStatus.PENDING: 3}).id


def deliver_one(actor: Actor, campaign_id: UUID) -> None:
    with db.transaction(actor) as session:
        session.execute(
            sa.update(Campaign)
            .where(Campaign.id == campaign_id)
            .values(
                pending_count=Campaign.pending_count - 1,
                delivered_count=Campaign.delivered_count + 1,
                version=Campaign.version + 1,
            )
        )
        signals.changes.ring_after_commit(session, campaign_id)


async def next_news(sights: AsyncIterator[Sight | None]) -> Sight:
    async with asyncio.timeout(SOON):
        async for sight in sights:
            if sight is not None:
                return sight
    raise AssertionError("the hub ended")


def test_two_screens_see_a_change_that_rings(actor: Actor, running: UUID) -> None:
    async def scene() -> None:
        hub = LiveHub()
        async with aclosing(hub.campaign(running)) as one, aclosing(hub.campaign(running)) as two:
            assert (await next_news(one)).campaign.ledger.delivered == 0
            assert (await next_news(two)).campaign.ledger.delivered == 0
            await asyncio.to_thread(deliver_one, actor, running)
            assert (await next_news(one)).campaign.ledger.delivered == 1
            assert (await next_news(two)).campaign.ledger.delivered == 1

    asyncio.run(scene())


def test_a_change_of_another_process_is_found_without_a_ring(actor: Actor, running: UUID) -> None:
    async def scene() -> None:
        hub = LiveHub()
        async with aclosing(hub.campaign(running)) as sights:
            await next_news(sights)
            with db.transaction(actor) as session:
                session.execute(
                    sa.update(Campaign).values(status=CampaignStatus.PAUSED, version=99)
                )
            assert (await next_news(sights)).campaign.status == CampaignStatus.PAUSED

    asyncio.run(scene())


def test_without_news_there_is_a_sign_of_life(actor: Actor, running: UUID) -> None:
    async def scene() -> None:
        hub = LiveHub()
        async with aclosing(hub.campaign(running)) as sights, asyncio.timeout(2 * SOON):
            assert await anext(sights) is not None
            assert await anext(sights) is None

    asyncio.run(scene())


def test_a_screen_that_comes_later_begins_with_what_is_true_then(
    actor: Actor, running: UUID
) -> None:
    async def scene() -> None:
        hub = LiveHub()
        async with aclosing(hub.campaign(running)) as first:
            await next_news(first)
            deliver_one(actor, running)
            async with aclosing(hub.campaign(running)) as second:
                assert (await next_news(second)).campaign.ledger.delivered == 1

    asyncio.run(scene())


def test_an_owner_sees_own_running_campaigns_only(actor: Actor, running: UUID) -> None:
    other = make_actor("eve@example.com")
    with db.transaction(other) as session:
        make_campaign(session, other, {MessageStatus.PENDING: 1})
    assert actor.user_id is not None
    owner: UUID = actor.user_id

    async def scene() -> None:
        hub = LiveHub()
        async with aclosing(hub.owner(owner)) as turns, asyncio.timeout(SOON):
            assert set(await anext(turns)) == {running}

    asyncio.run(scene())


def test_a_campaign_that_is_deleted_ends_nobodys_turn(actor: Actor, running: UUID) -> None:
    async def scene() -> None:
        hub = LiveHub()
        async with aclosing(hub.campaign(UUID(int=1))) as sights, asyncio.timeout(2 * SOON):
            assert await anext(sights) is None

    asyncio.run(scene())


def test_the_watcher_ends_when_nobody_watches_and_starts_again(actor: Actor, running: UUID) -> None:
    async def scene() -> None:
        hub = LiveHub()
        for _ in range(2):
            async with aclosing(hub.campaign(running)) as sights:
                await next_news(sights)
                watcher = hub._watcher
                assert watcher is not None and not watcher.done()
            async with asyncio.timeout(SOON):
                await watcher
        assert not hub._sights

    asyncio.run(scene())


def test_a_screen_whose_tab_closes_is_forgotten(actor: Actor, running: UUID) -> None:
    async def scene() -> None:
        hub = LiveHub()

        async def screen() -> None:
            async with aclosing(hub.campaign(running)) as sights:
                async for _ in sights:
                    pass

        task = asyncio.create_task(screen())
        await asyncio.sleep(0.2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert not hub._campaigns

    asyncio.run(scene())
