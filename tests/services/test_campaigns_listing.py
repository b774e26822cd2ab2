"""The list of campaigns: filters, search, pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.vocabulary import MessageStatus
from mbs_app.models import Campaign
from mbs_app.services import campaigns
from mbs_app.services.campaigns import StatusFilter
from tests.support import campaigns as made_up
from tests.support.accounts import make_actor

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)


@pytest.fixture
def maya(database: str) -> Actor:
    actor = make_actor()
    with db.transaction(actor) as session:
        for age, (name, status) in enumerate(
            [
                ("Night Market", "draft"),
                ("Café opening", "draft"),
                ("Fall clearance", "sent"),
                ("Spring sale", "cancelled"),
            ]
        ):
            session.add(
                Campaign(
                    user_id=actor.user_id,
                    name=name,
                    status=status,
                    message_body=f"Text of {name}",
                    updated_at=NOW - timedelta(hours=age),
                )
            )
        session.add(Campaign(user_id=actor.user_id, name="Test", kind="test", status="sent"))
    return actor


def page(actor: Actor, **values: Any) -> campaigns.CampaignPage:
    with db.transaction(actor, read_only=True) as session:
        return campaigns.list_campaigns(session, actor, **values)


def names(found: campaigns.CampaignPage) -> list[str]:
    return [row.name for row in found.rows]


def test_the_last_changed_comes_first_and_tests_are_left_out(maya: Actor) -> None:
    found = page(maya)
    assert names(found) == ["Night Market", "Café opening", "Fall clearance", "Spring sale"]
    assert found.total == 4


def test_each_filter_is_counted(maya: Actor) -> None:
    found = page(maya, status="draft")
    assert names(found) == ["Night Market", "Café opening"]
    assert found.counts == {
        StatusFilter.ALL: 4,
        StatusFilter.LIVE: 0,
        StatusFilter.SCHEDULED: 0,
        StatusFilter.DRAFT: 2,
        StatusFilter.SENT: 1,
        StatusFilter.STOPPED: 1,
    }


def test_a_running_campaign_comes_with_its_ledger(maya: Actor) -> None:
    with db.transaction(maya) as session:
        made_up.make_campaign(session, maya, {MessageStatus.DELIVERED: 2, MessageStatus.PENDING: 1})
    row = page(maya, status="live").rows[0]
    assert (row.ledger.delivered, row.ledger.pending, row.ledger.audience) == (2, 1, 3)
    assert row.audience_words == "Everyone active"


def test_search_looks_at_names_and_texts_without_accents_or_case(maya: Actor) -> None:
    assert names(page(maya, search="CAFE")) == ["Café opening"]
    assert names(page(maya, search="text market")) == ["Night Market"]
    assert page(maya, search="50%_").total == 0


def test_pages_follow_each_other(maya: Actor) -> None:
    assert names(page(maya, limit=2, offset=2)) == ["Fall clearance", "Spring sale"]
    assert names(page(maya, limit=2, offset=4)) == []


def test_a_status_that_is_none_is_refused(maya: Actor) -> None:
    with pytest.raises(InvalidInput):
        page(maya, status="lost")


def test_another_owner_sees_an_empty_list(maya: Actor) -> None:
    assert page(make_actor("bob@example.com")).total == 0


def test_a_cursor_goes_from_the_newest_made_to_the_oldest(maya: Actor) -> None:
    with db.transaction(maya, read_only=True) as session:
        first = campaigns.list_campaigns_after(session, maya, limit=3)
        rest = campaigns.list_campaigns_after(session, maya, after=first[-1].id)
        drafts = campaigns.list_campaigns_after(session, maya, status="draft")
    assert [one.name for one in first] == ["Spring sale", "Fall clearance", "Café opening"]
    assert [one.name for one in rest] == ["Night Market"]
    assert len(drafts) == 2
