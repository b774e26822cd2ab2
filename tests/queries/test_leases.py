"""Between the claim and the call: the last word, and what happens to leases that run out."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.models import Campaign, new_id
from mbs_app.queries import clock, leases
from tests.support.accounts import SYSTEM, make_actor
from tests.support.sending import (
    begin,
    books,
    claim_some,
    mark,
    messages_of,
    phone_number,
    suppress,
)


@pytest.fixture
def maya(database: str) -> Actor:
    return make_actor()


def sweep() -> int:
    with db.transaction(SYSTEM) as session:
        return leases.sweep(session, clock.db_now(session), timedelta(seconds=15))[0]


def test_the_last_word_refuses_whoever_opted_out_since_the_claim(maya: Actor) -> None:
    campaign, worker = begin(maya, 3), new_id()
    texts = claim_some(worker).texts
    suppress(phone_number(0))
    suppress(phone_number(1), "recorded", maya.user_id)
    assert mark(worker, texts) == {texts[2].id}
    with db.transaction(SYSTEM) as session:
        leases.release(session, worker, [text.id for text in texts], clock.db_now(session))
    assert books(campaign) == {"pending": 2, "sending": 1}
    assert claim_some(worker).texts == []
    assert books(campaign) == {"skipped": 2, "sending": 1}


def test_a_paused_campaign_sends_nothing_more_even_where_it_was_claimed(maya: Actor) -> None:
    begin(maya, 2)
    worker = new_id()
    texts = claim_some(worker).texts
    with db.transaction(SYSTEM) as session:
        session.execute(sa.update(Campaign).values(status="paused"))
    assert mark(worker, texts) == set()


def test_another_worker_can_not_mark_ours(maya: Actor) -> None:
    begin(maya, 2)
    texts = claim_some(new_id()).texts
    assert mark(new_id(), texts) == set()


def test_an_expired_lease_goes_back_where_the_call_never_left_and_is_in_doubt_where_it_may_have(
    maya: Actor,
) -> None:
    campaign, worker = begin(maya, 5), new_id()
    texts = claim_some(worker, 3, lease=-1).texts
    assert mark(worker, texts[:2]) == {text.id for text in texts[:2]}
    claim_some(worker, 1)  # this one's lease is young
    assert sweep() == 3
    rows = messages_of(campaign)
    assert [row.status for row in rows] == ["unknown", "unknown", "pending", "sending", "pending"]
    assert rows[0].next_look_at is not None
    assert (rows[0].attempts, rows[2].attempts) == (1, 0)
    assert books(campaign) == {"unknown": 2, "pending": 2, "sending": 1}
    assert sweep() == 0
    # Nobody gets what is in doubt again.
    assert not {text.id for text in claim_some(worker).texts} & {text.id for text in texts[:2]}


def test_one_lease_allows_one_call_even_to_a_worker_that_lost_it_and_claimed_again(
    maya: Actor,
) -> None:
    begin(maya, 1)
    worker = new_id()
    stale = claim_some(worker, lease=-1).texts
    assert sweep() == 1
    fresh = claim_some(worker).texts
    assert mark(worker, stale) == {fresh[0].id}
    assert mark(worker, fresh) == set()


def test_an_extended_lease_is_not_swept(maya: Actor) -> None:
    begin(maya, 2)
    worker = new_id()
    texts = claim_some(worker, lease=-1).texts
    with db.transaction(SYSTEM) as session:
        leases.extend_leases(
            session,
            worker,
            [texts[0].id],
            clock.db_now(session) + timedelta(seconds=30),
        )
    assert sweep() == 1
