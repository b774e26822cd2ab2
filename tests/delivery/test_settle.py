"""What the provider answers, in the books: retries, refusals, doubt, and what follows from them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from mbs_app import db
from mbs_app.delivery import launch
from mbs_app.delivery.receipts import Event
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.models import (
    CampaignMessage,
    ConsentEvent,
    Sender,
    Suppression,
    new_id,
)
from mbs_app.providers.base import Accepted, InDoubt, NotProcessed, Rejected, SenderRefused
from mbs_app.queries import clock, leases
from tests.support.accounts import SYSTEM, make_actor
from tests.support.sending import (
    accepted,
    apply_receipts,
    begin,
    books,
    claim_some,
    hand_over,
    load,
    mark,
    messages_of,
    phone_number,
    receive,
    settle_with,
    sid_of,
)

WORKER = new_id()


@pytest.fixture
def maya(database: str) -> Actor:
    return make_actor()


def test_accepted_texts_are_sent_and_end_the_campaign_with_the_last(maya: Actor) -> None:
    campaign = begin(maya, 3)
    texts = hand_over(WORKER)
    settle_with(texts[:2], accepted)
    assert (books(campaign), load(campaign).status) == ({"sending": 1, "sent": 2}, "sending")
    settle_with(texts[2:], lambda text: Accepted(sid_of(text.id), "queued", 4))
    row = messages_of(campaign)[2]
    assert (row.status, row.twilio_sid, row.provider_status) == ("sent", sid_of(row.id), "queued")
    assert (row.accepted_in_ms, row.segments, row.attempts) == (12, 4, 1)
    assert row.sent_at is not None
    assert row.next_look_at == row.sent_at + timedelta(seconds=60)
    ended = load(campaign)
    assert (ended.status, ended.segments_sent) == ("sent", 6)
    assert ended.sent_at is not None


def test_settling_twice_changes_nothing(maya: Actor) -> None:
    campaign = begin(maya, 2)
    texts = hand_over(WORKER)
    settle_with(texts, accepted)
    before = (load(campaign), messages_of(campaign))
    settle_with(texts, accepted)
    settle_with(texts, lambda _: NotProcessed(None, 20429, "Too many"))
    settle_with(texts, lambda _: Rejected(21211, "no"))
    settle_with(texts, lambda _: InDoubt("late"))
    assert (load(campaign), messages_of(campaign)) == before


def test_what_was_not_taken_is_tried_again_later_with_growing_waits(maya: Actor) -> None:
    campaign = begin(maya, 1)
    waits = []
    for attempt in range(1, 7):
        (text,) = hand_over(WORKER)
        assert text.attempts == attempt - 1
        settle_with([text], lambda _: NotProcessed(None, 20429, "Too many texts at once"))
        (row,) = messages_of(campaign)
        if row.status == "failed":
            break
        assert row.next_attempt_at is not None
        waits.append((row.next_attempt_at - row.updated_at).total_seconds())
        assert claim_some(WORKER).texts == []
        with db.transaction(SYSTEM) as session:
            session.execute(sa.update(CampaignMessage).values(next_attempt_at=None))
            session.execute(sa.update(Sender).values(next_free_at=None))
    assert len(waits) == 5
    assert all(2**nth <= wait <= 2 ** (nth + 1) for nth, wait in enumerate(waits))
    assert (row.status, row.error_code, row.attempts) == ("failed", 20429, 6)
    assert (books(campaign), load(campaign).status) == ({"failed": 1}, "sent")


def test_a_provider_that_can_not_be_reached_does_not_fail_texts_for_long(maya: Actor) -> None:
    campaign = begin(maya, 1)
    hand_over(WORKER)
    with db.transaction(SYSTEM) as session:
        session.execute(sa.update(CampaignMessage).values(attempts=30))
    (row,) = messages_of(campaign)
    text = hand_over_as(row.id, 29)
    settle_with([text], lambda _: NotProcessed(None, None, "Twilio can’t be reached"))
    assert books(campaign) == {"pending": 1}


def hand_over_as(message_id: UUID, attempts: int):
    from types import SimpleNamespace

    return SimpleNamespace(id=message_id, attempts=attempts)


def test_a_queue_that_is_full_slows_its_sender_down(maya: Actor) -> None:
    begin(maya, 1)
    settle_with(hand_over(WORKER), lambda _: NotProcessed(30.0, 21611, "Queue full"))
    with db.transaction(SYSTEM, read_only=True) as session:
        slowed = session.execute(sa.select(Sender.slowed_until)).scalar_one()
    assert utc_now() + timedelta(seconds=20) < slowed < utc_now() + timedelta(seconds=31)


def test_an_opt_out_at_the_carrier_holds_for_everyone_with_its_evidence(maya: Actor) -> None:
    campaign = begin(maya, 2)
    texts = hand_over(WORKER)
    settle_with(texts[:1], lambda _: Rejected(21610, "Attempt to send to unsubscribed recipient"))
    row = messages_of(campaign)[0]
    assert (row.status, row.error_code, row.error_message) == ("failed", 21610, "Opted out")
    with db.transaction(SYSTEM, read_only=True) as session:
        mark = session.execute(sa.select(Suppression)).scalar_one()
        said = session.execute(sa.select(ConsentEvent)).scalar_one()
    assert (mark.user_id, mark.address, mark.reason) == (None, phone_number(0), "carrier_opt_out")
    assert (said.address, said.kind, said.method) == (phone_number(0), "opted_out", "carrier")


def test_a_dead_number_is_left_out_of_its_owners_later_campaigns_only(maya: Actor) -> None:
    begin(maya, 1)
    settle_with(hand_over(WORKER), lambda _: Rejected(21614, "not a mobile number"))
    with db.transaction(SYSTEM, read_only=True) as session:
        mark = session.execute(sa.select(Suppression)).scalar_one()
    assert (mark.user_id, mark.reason) == (maya.user_id, "cannot_receive")


def test_a_refused_sender_pauses_the_campaign_and_loses_nobody(maya: Actor) -> None:
    campaign = begin(maya, 3)
    settle_with(
        hand_over(WORKER), lambda _: SenderRefused(20003, "Authenticate", "Check the keys.")
    )
    assert books(campaign) == {"pending": 3}
    paused = load(campaign)
    assert (paused.status, paused.pause_reason) == ("paused", "Check the keys.")
    with db.transaction(maya) as session:
        launch.resume(session, maya, campaign)
    assert len(hand_over(WORKER)) == 3


def test_a_text_in_doubt_is_unknown_looked_up_and_never_claimed(maya: Actor) -> None:
    campaign = begin(maya, 2)
    settle_with(hand_over(WORKER), lambda _: InDoubt("Twilio answered 500."))
    assert (books(campaign), load(campaign).status) == ({"unknown": 2}, "sent")
    row = messages_of(campaign)[0]
    assert row.next_look_at == row.updated_at + timedelta(seconds=15)
    assert row.error_message == "Twilio answered 500."
    assert claim_some(WORKER).texts == []


def test_the_answer_takes_an_id_back_from_a_look_up_that_guessed_wrong(maya: Actor) -> None:
    campaign = begin(maya, 2)
    first, second = hand_over(WORKER)
    settle_with([second], lambda _: InDoubt("No answer in time."))
    receive(Event(sid_of(first.id), "sent", second.id))
    apply_receipts()
    assert messages_of(campaign)[1].status == "sent"
    with pytest.raises(sa.exc.IntegrityError):
        settle_with([first], accepted)
    settle_with([first], accepted, carefully=True)
    one, two = messages_of(campaign)
    assert (one.status, one.twilio_sid) == ("sent", sid_of(first.id))
    assert (two.status, two.twilio_sid) == ("unknown", None)
    assert two.next_look_at is not None
    assert (books(campaign), load(campaign).segments_sent) == ({"sent": 1, "unknown": 1}, 1)


def test_filtering_pauses_the_campaign_once_it_is_more_than_one_number(maya: Actor) -> None:
    campaign = begin(maya, 60)
    texts = hand_over(WORKER)
    settle_with(texts[:59], accepted)
    receive(*(Event(sid_of(text.id), "undelivered", error_code=30007) for text in texts[:49]))
    apply_receipts()
    assert load(campaign).status == "sending"
    receive(Event(sid_of(texts[49].id), "undelivered", error_code=30007))
    apply_receipts()
    paused = load(campaign)
    assert paused.status == "paused"
    assert paused.pause_reason.startswith("Carrier blocked it as spam.")
    # What was on its way when the owner resumed doesn't pause it again.
    with db.transaction(maya) as session:
        launch.resume(session, maya, campaign)
    receive(Event(sid_of(texts[50].id), "undelivered", error_code=30007))
    apply_receipts()
    assert load(campaign).status == "sending"


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (NotProcessed(None, 20429, "Too many texts at once"), "sending"),
        (SenderRefused(20003, "Authenticate"), "paused"),
    ],
)
def test_a_campaign_that_ended_goes_on_when_a_text_in_doubt_turns_out_not_to_have_left(
    maya: Actor, outcome: NotProcessed | SenderRefused, status: str
) -> None:
    campaign = begin(maya, 1)
    texts = claim_some(WORKER, lease=-1).texts
    mark(WORKER, texts)
    with db.transaction(SYSTEM) as session:
        leases.sweep(session, clock.db_now(session), timedelta(seconds=15))
    assert (books(campaign), load(campaign).status) == ({"unknown": 1}, "sent")
    settle_with(texts, lambda _: outcome)
    ended = load(campaign)
    assert (books(campaign), ended.status, ended.sent_at) == ({"pending": 1}, status, None)
