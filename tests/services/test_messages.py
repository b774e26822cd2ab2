"""A campaign's texts: pages that don't jump, filters, reasons and histories."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotFound
from mbs_app.domain.vocabulary import MessageStatus
from mbs_app.models import Campaign, CampaignMessage, MessageEvent
from mbs_app.services import live, messages
from tests.support.accounts import make_actor
from tests.support.campaigns import make_campaign

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


def test_pages_hold_every_text_once(actor: Actor, campaign: Campaign) -> None:
    as_of = utc_now()
    with db.transaction(actor, read_only=True) as session:
        first = messages.page_of_messages(session, actor, campaign.id, as_of=as_of)
        second = messages.page_of_messages(session, actor, campaign.id, as_of=as_of, page=2)
    assert (first.total, len(first.lines), len(second.lines)) == (70, 50, 20)
    assert len({line.id for line in first.lines + second.lines}) == 70


def test_what_changed_since_is_counted_and_not_pushed_in(actor: Actor, campaign: Campaign) -> None:
    as_of = utc_now()
    with db.transaction(actor) as session:
        touched = session.exec(select(CampaignMessage).limit(5)).all()
        for message in touched:
            message.updated_at = as_of + timedelta(seconds=1)
            session.add(message)
    with db.transaction(actor, read_only=True) as session:
        page = messages.page_of_messages(session, actor, campaign.id, as_of=as_of)
    assert page.newer == 5
    assert not {line.id for line in page.lines} & {message.id for message in touched}


def test_texts_are_found_by_outcome_name_and_number(actor: Actor, campaign: Campaign) -> None:
    with db.transaction(actor, read_only=True) as session:

        def total(**filters: str) -> int:
            return messages.page_of_messages(
                session, actor, campaign.id, as_of=utc_now(), **filters
            ).total

        assert total(status="failed") == 3
        assert total(search="rosa del") == 14
        assert total(search="(512) 555-1007") == 1
        assert total(search="nobody") == 0
        assert total(status="failed", search="nobody") == 0


def test_failures_are_counted_in_plain_words(actor: Actor, campaign: Campaign) -> None:
    with db.transaction(actor, read_only=True) as session:
        (failure,) = messages.failures(session, actor, campaign.id)
        lines = list(messages.failures_csv(session, actor, campaign.id))
    assert (failure.words, failure.count, failure.code) == ("Number no longer in service", 3, 30005)
    assert len(lines) == 4
    assert "Number no longer in service,30005" in lines[1]


def test_a_history_tells_everything_in_order(actor: Actor, campaign: Campaign) -> None:
    with db.transaction(actor) as session:
        message = session.exec(
            select(CampaignMessage).where(CampaignMessage.status == MessageStatus.FAILED)
        ).first()
        assert message is not None
        for status, code in (("sent", None), ("undelivered", 30005)):
            session.add(
                MessageEvent(
                    user_id=actor.user_id,
                    message_id=message.id,
                    provider_id=message.twilio_sid or "",
                    status=status,
                    error_code=code,
                    received_at=utc_now() + timedelta(seconds=1),
                )
            )
        session.flush()
        told = messages.history(session, actor, message.id)
    words = [line.words for line in told.lines]
    assert words[-1] == "Not delivered: number no longer in service"
    assert any(word.startswith("Queued at place") for word in words)
    assert any(line.detail.startswith("in 0.17 s, attempt 1") for line in told.lines)
    assert told.lines[-1].tone == "bad" and told.note


def test_another_owner_sees_none_of_it(actor: Actor, campaign: Campaign) -> None:
    other = make_actor("eve@example.com")
    with db.transaction(other, read_only=True) as session:
        assert messages.page_of_messages(session, other, campaign.id, as_of=utc_now()).total == 0
        assert messages.failures(session, other, campaign.id) == []
        with pytest.raises(NotFound):
            live.read_campaign(session, other, campaign.id)
        with pytest.raises(NotFound):
            list(messages.failures_csv(session, other, campaign.id))


def test_the_ledger_adds_up_and_the_database_refuses_one_that_does_not(
    actor: Actor, campaign: Campaign
) -> None:
    with db.transaction(actor, read_only=True) as session:
        ledger = live.read_campaign(session, actor, campaign.id).ledger
    assert (ledger.audience, ledger.difference, ledger.can_receive) == (70, 0, 68)
    with pytest.raises(sa.exc.IntegrityError), db.transaction(actor) as session:
        session.execute(sa.update(Campaign).values(delivered_count=61))
