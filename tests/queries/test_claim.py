"""The claim: no text twice, fair between campaigns, within the sender's rate, to nobody who must not get it."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.models import Campaign, CampaignMessage, Customer, Sender, new_id
from mbs_app.queries.claim import Turns
from tests.support.accounts import SYSTEM, make_actor
from tests.support.sending import (
    begin,
    books,
    claim_some,
    load,
    messages_of,
    phone_number,
    suppress,
)


@pytest.fixture
def maya(database: str) -> Actor:
    return make_actor()


def change(table: type, *where: object, **values: object) -> None:
    with db.transaction(SYSTEM) as session:
        session.execute(sa.update(table).where(*where).values(**values))


def test_a_claimed_text_is_frozen_and_leased(maya: Actor) -> None:
    campaign = begin(maya, 3)
    worker = new_id()
    claim = claim_some(worker, 2)
    assert [text.body for text in claim.texts] == ["Hi Ann0.", "Hi Ann1."]
    first, second, third = messages_of(campaign)
    assert (first.status, first.message_body, first.segments) == ("sending", "Hi Ann0.", 1)
    assert first.lease_owner == second.lease_owner == worker
    assert first.lease_expires_at == claim.now + timedelta(seconds=60)
    assert first.attempting_at is None
    assert third.status == "pending"
    assert books(campaign) == {"pending": 1, "sending": 2}


def test_many_claimers_at_once_never_get_the_same_text(maya: Actor) -> None:
    campaigns = [begin(maya, 60, start=1000 * nth) for nth in range(3)]

    def work(_: int) -> list[UUID]:
        worker, turns = new_id(), Turns()
        got: list[UUID] = []
        for _ in range(12):
            got += [text.id for text in claim_some(worker, 7, turns=turns).texts]
        return got

    with ThreadPoolExecutor(6) as threads:
        got = [one for batch in threads.map(work, range(6)) for one in batch]
    assert len(got) == len(set(got))
    counts = Counter[str]()
    for campaign in campaigns:
        counts.update(books(campaign))
    assert counts["sending"] == len(got)
    assert counts.total() == 180


def test_campaigns_take_turns(maya: Actor) -> None:
    large, small = begin(maya, 80), begin(maya, 10, start=500)
    claimed = Counter(text.campaign_id for text in claim_some(new_id(), 20).texts)
    assert claimed == {large: 10, small: 10}
    # With room for one alone, it goes round.
    turns = Turns()
    begin(maya, 10, start=600)
    singles = [claim_some(new_id(), 1, turns=turns).texts[0].campaign_id for _ in range(6)]
    assert len(set(singles)) > 1


def test_the_rate_holds_in_every_sliding_second_over_two_claimers(maya: Actor) -> None:
    begin(maya, 300, rate=40.0, body="x" * 200)  # two segments each
    slots = []
    turns = (Turns(), Turns())
    for nth in range(60):
        claim = claim_some(new_id(), 50, turns=turns[nth % 2])
        slots += [text.slot for text in claim.texts]
        assert all(text.segments == 2 for text in claim.texts)
        assert all(text.slot <= claim.now + timedelta(seconds=0.5) for text in claim.texts)
        with db.transaction(SYSTEM) as session:  # as if half a second had gone by
            sender = session.execute(sa.select(Sender)).scalar_one()
            assert sender.next_free_at is not None
            sender.next_free_at -= timedelta(seconds=0.4)
            slots = [slot - timedelta(seconds=0.4) for slot in slots]
    assert len(slots) > 100
    slots.sort()
    for start in slots:
        in_a_second = sum(2 for slot in slots if start <= slot < start + timedelta(seconds=1))
        assert in_a_second <= 40


def test_a_slowed_sender_gives_away_less(maya: Actor) -> None:
    begin(maya, 100, rate=80.0)
    full = len(claim_some(new_id()).texts)
    change(Sender, next_free_at=None, slowed_until=load_now() + timedelta(seconds=60))
    assert 0 < len(claim_some(new_id()).texts) < full / 2


def load_now() -> object:
    from mbs_app.domain.clock import utc_now

    return utc_now()


def test_without_time_left_the_claim_says_how_long_to_wait(maya: Actor) -> None:
    begin(maya, 5, rate=1.0)
    assert len(claim_some(new_id()).texts) == 1
    claim = claim_some(new_id())
    assert claim.texts == []
    assert claim.wait is not None
    assert 0 < claim.wait <= 0.5


def test_who_opted_out_was_deactivated_or_deleted_since_is_skipped(maya: Actor) -> None:
    campaign = begin(maya, 6)
    suppress(phone_number(0))
    suppress(phone_number(1), "recorded", maya.user_id)
    suppress(phone_number(2), "cannot_receive", maya.user_id)
    change(Customer, Customer.phone == phone_number(3), status="inactive")
    with db.transaction(SYSTEM) as session:
        session.execute(sa.delete(Customer).where(Customer.phone == phone_number(4)))
    assert [text.to for text in claim_some(new_id()).texts] == [phone_number(5)]
    assert [row.skip_reason for row in messages_of(campaign)] == [
        "opted_out", "opted_out", "cannot_receive", "inactive", "removed", None
    ]  # fmt: skip
    assert books(campaign) == {"skipped": 5, "sending": 1}


def test_a_text_that_fills_in_to_nothing_is_skipped_and_ends_the_campaign(maya: Actor) -> None:
    campaign = begin(maya, 2, body="{city} ")
    assert claim_some(new_id()).texts == []
    assert books(campaign) == {"skipped": 2}
    assert {row.skip_reason for row in messages_of(campaign)} == {"empty_text"}
    assert load(campaign).status == "sent"


def test_fields_are_filled_with_the_values_of_the_moment(maya: Actor) -> None:
    begin(maya, 1, body="{first_name}, {phone}, {shoe_size|?}, {full_name}")
    change(Customer, first_name="Zoë", last_name="{phone}", attributes={"shoe_size": 43})
    (text,) = claim_some(new_id()).texts
    assert text.body == "Zoë, (512) 200-0000, 43, Zoë {phone}"


@pytest.mark.parametrize("status", ["paused", "cancelled", "draft"])
def test_only_campaigns_that_are_being_sent_are_claimed(maya: Actor, status: str) -> None:
    campaign = begin(maya, 2)
    change(Campaign, status=status)
    assert claim_some(new_id()).texts == []
    assert books(campaign) == {"pending": 2}


def test_a_retry_waits_for_its_time_and_is_not_passed_over(maya: Actor) -> None:
    begin(maya, 4)
    first = CampaignMessage.position == 1
    change(CampaignMessage, first, next_attempt_at=load_now() + timedelta(hours=1))
    turns = Turns()
    assert len(claim_some(new_id(), 2, turns=turns).texts) == 2
    assert len(claim_some(new_id(), 2, turns=turns).texts) == 1
    change(CampaignMessage, first, next_attempt_at=load_now() - timedelta(seconds=1))
    claim_some(new_id(), 2, turns=turns)  # the cursor stands behind it for one more claim
    got = claim_some(new_id(), 2, turns=turns).texts
    assert [text.to for text in got] in ([phone_number(0)], [])
    assert books(messages_campaign()) == {"sending": 4}


def messages_campaign() -> UUID:
    with db.transaction(SYSTEM, read_only=True) as session:
        return session.execute(sa.select(Campaign.id)).scalar_one()


def test_an_inactive_sender_is_not_claimed_for(maya: Actor) -> None:
    begin(maya, 2)
    change(Sender, is_active=False)
    assert claim_some(new_id()).texts == []
