"""A campaign's texts: pages that don't jump, filters, reasons and histories."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotFound
from mbs_app.domain.vocabulary import MessageStatus
from mbs_app.models import Campaign, CampaignMessage, Customer
from mbs_app.services import live, messages
from mbs_app.services.messages import Reason, Spot
from tests.support.accounts import make_actor
from tests.support.campaigns import make_campaign
from tests.support.downloads import whole

OUTCOMES = {
    MessageStatus.DELIVERED: 60,
    MessageStatus.FAILED: 3,
    MessageStatus.SKIPPED: 2,
    MessageStatus.UNKNOWN: 1,
    MessageStatus.PENDING: 4,
}


@pytest.fixture
def actor(database: str) -> Actor:
    return make_actor()


@pytest.fixture
def campaign(actor: Actor) -> Campaign:
    with db.transaction(actor) as session:
        return make_campaign(session, actor, OUTCOMES)


def spot_of(line: messages.MessageLine) -> Spot:
    return Spot(line.at, line.id)


def test_pages_hold_every_text_once(actor: Actor, campaign: Campaign) -> None:
    with db.transaction(actor, read_only=True) as session:
        first = messages.page_of_messages(session, actor, campaign.id)
        second = messages.page_of_messages(
            session, actor, campaign.id, after=spot_of(first.lines[-1])
        )
    assert (first.total, len(first.lines), len(second.lines)) == (70, 50, 20)
    assert (first.has_more, second.has_more) == (True, False)
    assert len({line.id for line in first.lines + second.lines}) == 70


def touch(actor: Actor, ids: list[UUID]) -> None:
    with db.transaction(actor) as session:
        for message in session.exec(
            select(CampaignMessage).where(col(CampaignMessage.id).in_(ids))
        ):
            message.updated_at = utc_now() + timedelta(seconds=1)
            session.add(message)


def test_texts_that_move_up_meanwhile_are_neither_repeated_nor_missed(
    actor: Actor, campaign: Campaign
) -> None:
    with db.transaction(actor, read_only=True) as session:
        first = messages.page_of_messages(session, actor, campaign.id)
    touch(actor, [line.id for line in first.lines[:30]])
    with db.transaction(actor, read_only=True) as session:
        second = messages.page_of_messages(
            session, actor, campaign.id, after=spot_of(first.lines[-1])
        )
    assert len({line.id for line in first.lines + second.lines}) == 70


def test_only_texts_that_are_not_on_the_screen_count_as_newer(
    actor: Actor, campaign: Campaign
) -> None:
    with db.transaction(actor, read_only=True) as session:
        first = messages.page_of_messages(session, actor, campaign.id)
        rest = messages.page_of_messages(
            session, actor, campaign.id, after=spot_of(first.lines[-1])
        )
    shown = [line.id for line in first.lines]
    touch(actor, [*shown[:7], *(line.id for line in rest.lines[:5])])
    with db.transaction(actor, read_only=True) as session:

        def newer(**filters: str) -> int:
            return messages.count_newer(
                session, actor, campaign.id, above=spot_of(first.lines[0]), shown=shown, **filters
            )

        assert newer() == 5
        assert newer(search="nobody") == 0
        now = messages.lines_of(session, actor, shown)
    assert len(now) == 50
    assert now[shown[0]].at > first.lines[0].at


def test_texts_are_found_by_outcome_name_and_number(actor: Actor, campaign: Campaign) -> None:
    with db.transaction(actor, read_only=True) as session:

        def total(**filters: str) -> int:
            return messages.page_of_messages(session, actor, campaign.id, **filters).total

        assert total(status="failed") == 3
        assert total(search="rosa del") == 14
        assert total(search="(512) 555-1007") == 1
        assert total(search="nobody") == 0
        assert total(status="failed", search="nobody") == 0


def test_failures_are_counted_in_plain_words(actor: Actor, campaign: Campaign) -> None:
    with db.transaction(actor, read_only=True) as session:
        (failure,) = messages.failures(session, actor, campaign.id)
    lines = whole(actor, messages.failures_piece, campaign.id).splitlines()
    assert (failure.words, failure.count, failure.code) == ("Number no longer in service", 3, 30005)
    assert len(lines) == 4
    assert "Number no longer in service,30005" in lines[1]


def test_reasons_that_read_the_same_are_one(actor: Actor) -> None:
    reasons = [Reason("Landline", 2, 21635), Reason("Off", 3), Reason("Landline", 2, 30006)]
    assert [(one.words, one.count) for one in messages.merged(iter(reasons))] == [
        ("Landline", 4),
        ("Off", 3),
    ]


def test_people_left_out_are_counted_by_reason(actor: Actor, campaign: Campaign) -> None:
    with db.transaction(actor, read_only=True) as session:
        (reason,) = messages.left_out(session, actor, campaign.id)
    assert (reason.words, reason.count) == ("Opted out", 2)


def test_a_name_is_no_formula_in_the_downloaded_list(actor: Actor, campaign: Campaign) -> None:
    with db.transaction(actor) as session:
        session.execute(sa.update(Customer).values(first_name="=1+1"))
    lines = whole(actor, messages.failures_piece, campaign.id).splitlines()
    assert lines[1].startswith("'=1+1")


def test_another_owner_sees_none_of_it(actor: Actor, campaign: Campaign) -> None:
    other = make_actor("eve@example.com")
    with db.transaction(other, read_only=True) as session:
        with pytest.raises(NotFound):
            messages.page_of_messages(session, other, campaign.id)
        assert messages.count_newer(session, other, campaign.id, above=None, shown=[]) == 0
        assert messages.failures(session, other, campaign.id) == []
        with pytest.raises(NotFound):
            live.read_campaign(session, other, campaign.id)
        with pytest.raises(NotFound):
            messages.failures_piece(session, other, campaign.id, after=None)


def test_the_ledger_adds_up_and_the_database_refuses_one_that_does_not(
    actor: Actor, campaign: Campaign
) -> None:
    with db.transaction(actor, read_only=True) as session:
        ledger = live.read_campaign(session, actor, campaign.id).ledger
    assert (ledger.audience, ledger.difference, ledger.can_receive) == (70, 0, 68)
    with pytest.raises(sa.exc.IntegrityError), db.transaction(actor) as session:
        session.execute(sa.update(Campaign).values(delivered_count=61))
