"""What live screens read."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotFound
from mbs_app.domain.vocabulary import CampaignKind, CampaignStatus, MessageStatus
from mbs_app.models import Campaign, CampaignMessage, Sender
from mbs_app.services import live
from tests.support.accounts import SYSTEM, make_actor
from tests.support.campaigns import make_campaign


@pytest.fixture
def actor(database: str) -> Actor:
    return make_actor()


def test_the_expected_cost_follows_from_what_went_out(actor: Actor) -> None:
    outcomes = {
        MessageStatus.DELIVERED: 4,
        MessageStatus.PENDING: 4,
        MessageStatus.SKIPPED: 2,
    }
    with db.transaction(actor) as session:
        campaign = make_campaign(
            session, actor, outcomes, segments_sent=6, price_per_segment_micros=10_000
        )
        now = live.read_campaign(session, actor, campaign.id)
    assert (now.spent_micros, now.expected_micros) == (60_000, 120_000)


def test_a_campaign_is_described_with_its_sender(actor: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        sender = Sender(address="+15125550142", segments_per_second=45.0)
        session.add(sender)
        session.flush()
    with db.transaction(actor) as session:
        campaign = make_campaign(session, actor, {}, sender_id=sender.id, audience={"mode": "all"})
        about = live.about_campaign(session, actor, campaign.id)
    assert (about.sender_address, about.segments_per_second) == ("+15125550142", 45.0)
    assert about.owner_name == "Maya Okafor"
    assert about.audience_words == "Everyone active"
    other = make_actor("eve@example.com")
    with db.transaction(other, read_only=True) as session, pytest.raises(NotFound):
        live.about_campaign(session, other, campaign.id)


def test_the_recent_pace_counts_hand_overs_by_second(actor: Actor) -> None:
    now = utc_now()
    with db.transaction(actor) as session:
        campaign = make_campaign(session, actor, {MessageStatus.SENT: 5, MessageStatus.PENDING: 2})
        for number, message in enumerate(
            session.exec(select(CampaignMessage).where(CampaignMessage.status == "sent"))
        ):
            message.sent_at = message.updated_at = now - timedelta(seconds=number, milliseconds=1)
        session.flush()
        pace = live.recent_pace(session, actor, campaign.id, now, 3)
    assert pace == [1, 1, 1]


def test_watched_are_those_named_and_those_under_way_of_the_owners(actor: Actor) -> None:
    with db.transaction(actor) as session:
        over = make_campaign(session, actor, {}, name="Over", status=CampaignStatus.SENT)
        make_campaign(session, actor, {}, name="Also over", status=CampaignStatus.SENT)
        waiting = {MessageStatus.SENT: 1}
        make_campaign(session, actor, waiting, name="No receipt yet", status=CampaignStatus.SENT)
        make_campaign(session, actor, {}, name="Running")
        make_campaign(session, actor, {}, name="Paused", status=CampaignStatus.PAUSED)
        make_campaign(session, actor, {}, name="A test text", kind=CampaignKind.TEST)
    assert actor.user_id is not None
    with db.transaction(SYSTEM, read_only=True) as session:
        seen = live.read_watched(session, SYSTEM, [over.id], [actor.user_id])
    assert {one.name for one in seen} == {"Over", "Running", "Paused", "No receipt yet"}


def test_each_change_has_a_version_of_its_own(actor: Actor) -> None:
    with db.transaction(actor) as session:
        campaign = make_campaign(session, actor, {MessageStatus.PENDING: 1})
        before = live.read_campaign(session, actor, campaign.id)
        session.execute(sa.update(Campaign).values(version=Campaign.version + 1))
        session.expire_all()
        assert live.read_campaign(session, actor, campaign.id) != before
