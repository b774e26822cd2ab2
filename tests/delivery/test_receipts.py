"""Receipts in any order, any number of times, before or after the answer they belong to."""

from __future__ import annotations

import asyncio
import itertools
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbs_app import db
from mbs_app.delivery import signals
from mbs_app.delivery.receipts import Event, EventWriter
from mbs_app.domain.actor import Actor
from mbs_app.models import MessageEvent, new_id
from mbs_app.providers.base import InDoubt
from tests.support.accounts import SYSTEM, make_actor
from tests.support.sending import (
    accepted,
    apply_receipts,
    begin,
    books,
    hand_over,
    load,
    messages_of,
    receive,
    settle_with,
    sid_of,
)

WORKER = new_id()
_fresh = itertools.count(step=10)  # new people for each example


@pytest.fixture
def maya(database: str) -> Actor:
    return make_actor()


def events() -> list[MessageEvent]:
    with db.transaction(SYSTEM, read_only=True) as session:
        return list(session.execute(sa.select(MessageEvent).order_by(MessageEvent.id)).scalars())


def test_receipts_move_a_text_on_and_never_back(maya: Actor) -> None:
    campaign = begin(maya, 1)
    (text,) = hand_over(WORKER)
    settle_with([text], accepted)
    sid = sid_of(text.id)
    for status, expected in (("sent", "sent"), ("delivered", "delivered"), ("sent", "delivered"),
                             ("undelivered", "delivered"), ("delivered", "delivered")):  # fmt: skip
        receive(Event(sid, status))
        assert apply_receipts() == 1
        assert messages_of(campaign)[0].status == expected
    (row,) = messages_of(campaign)
    assert row.delivered_at is not None
    assert row.next_look_at is None
    assert row.provider_status == "delivered"
    assert books(campaign) == {"delivered": 1}
    assert {event.user_id for event in events()} == {maya.user_id}
    assert {event.message_id for event in events()} == {text.id}
    assert apply_receipts() == 0


def test_a_failed_receipt_says_why_in_plain_words(maya: Actor) -> None:
    campaign = begin(maya, 1)
    (text,) = hand_over(WORKER)
    settle_with([text], accepted)
    receive(Event(sid_of(text.id), "undelivered", error_code=30003))
    apply_receipts()
    (row,) = messages_of(campaign)
    assert (row.status, row.error_code) == ("failed", 30003)
    assert row.error_message == "Phone off or out of reach"


def test_a_receipt_before_the_answer_is_found_by_the_callbacks_address(maya: Actor) -> None:
    campaign = begin(maya, 1)
    (text,) = hand_over(WORKER)
    receive(Event(sid_of(text.id), "delivered", text.id))
    apply_receipts()
    assert (books(campaign), load(campaign).status) == ({"delivered": 1}, "sent")
    settle_with([text], accepted)
    (row,) = messages_of(campaign)
    assert (row.status, row.twilio_sid, row.accepted_in_ms) == ("delivered", sid_of(text.id), 12)
    assert (books(campaign), load(campaign).segments_sent) == ({"delivered": 1}, 1)


def test_a_receipt_resolves_a_doubt(maya: Actor) -> None:
    campaign = begin(maya, 2)
    texts = hand_over(WORKER)
    settle_with(texts, lambda _: InDoubt("No answer in time."))
    receive(Event("SM1", "queued", texts[0].id), Event("SM2", "delivered", texts[1].id))
    apply_receipts()
    first, second = messages_of(campaign)
    assert (first.status, first.twilio_sid, first.error_message) == ("sent", "SM1", "")
    assert (second.status, second.twilio_sid) == ("delivered", "SM2")
    assert (books(campaign), load(campaign).segments_sent) == ({"sent": 1, "delivered": 1}, 2)


def test_an_unknown_id_is_kept_and_taken_up_once(maya: Actor) -> None:
    receive(Event("SMnobody", "delivered"), Event("SMnobody", "sent", new_id()))
    assert apply_receipts() == 2
    assert apply_receipts() == 0
    assert [(event.provider_id, event.user_id) for event in events()] == [("SMnobody", None)] * 2


def test_a_receipt_of_another_text_does_not_touch_the_message_it_names(maya: Actor) -> None:
    campaign = begin(maya, 1)
    (text,) = hand_over(WORKER)
    settle_with([text], accepted)
    receive(Event("SMother", "failed", text.id, 30005))
    apply_receipts()
    assert books(campaign) == {"sent": 1}


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_order_of_answers_and_receipts_ends_in_the_same_books(
    maya: Actor, data: st.DataObject
) -> None:
    campaign = begin(maya, 4, start=next(_fresh), rate=10_000.0)
    texts = hand_over(WORKER)
    deeds: list[tuple[str, int]] = []
    final = {}
    for nth in range(4):
        final[nth] = data.draw(st.sampled_from(["delivered", "undelivered", None]))
        deeds.append(("settle", nth))
        deeds += [("sent", nth)] * data.draw(st.integers(0, 2))
        if final[nth]:
            deeds += [(final[nth], nth)] * data.draw(st.integers(1, 2))
    deeds = data.draw(st.permutations(deeds))
    for what, nth in deeds:
        if what == "settle":
            settle_with([texts[nth]], accepted)
        else:
            code = 30008 if what == "undelivered" else None
            receive(Event(sid_of(texts[nth].id), what, texts[nth].id, code))
        if data.draw(st.booleans()):
            apply_receipts()
        books(campaign)
    while apply_receipts():
        pass
    words = {"delivered": "delivered", "undelivered": "failed", None: "sent"}
    assert [row.status for row in messages_of(campaign)] == [words[final[nth]] for nth in range(4)]
    assert all(row.accepted_in_ms == 12 and row.twilio_sid for row in messages_of(campaign))
    books(campaign)
    ended = load(campaign)
    assert (ended.status, ended.segments_sent) == ("sent", 4)


def test_the_event_writer_answers_after_the_commit_and_shares_commits(maya: Actor) -> None:
    commits = 0

    def count(_: object) -> None:
        nonlocal commits
        commits += 1

    async def many() -> set[UUID] | None:
        writer = EventWriter()
        with signals.receipts.listening() as bell:
            await asyncio.gather(*(one(writer, nth) for nth in range(60)))
            return await bell.wait(5)

    async def one(writer: EventWriter, nth: int) -> None:
        await writer.add(Event(f"SM{nth}", "sent", payload={"MessageStatus": "sent", "n": nth}))
        stored = await asyncio.to_thread(events)
        assert f"SM{nth}" in {event.provider_id for event in stored}

    sa.event.listen(db.engine(), "commit", count)
    assert asyncio.run(many()) is not None
    assert len(events()) == 60
    assert events()[0].payload["MessageStatus"] == "sent"
    assert commits < 60 + 60 + 10  # each look at the events commits too


def test_an_event_that_can_not_be_stored_is_not_acknowledged(
    maya: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def store_badly() -> None:
        await EventWriter().add(Event("SM1", "sent", payload={"not": object()}))

    with pytest.raises(Exception, match="not JSON serializable"):
        asyncio.run(store_badly())
