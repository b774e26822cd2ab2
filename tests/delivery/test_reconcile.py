"""Which of the provider's texts a text in doubt may be."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from mbs_app import db
from mbs_app.delivery import reconcile
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.models import CampaignMessage, new_id
from mbs_app.providers.base import InDoubt, ProviderMessage, ProviderUnavailable
from tests.support.accounts import SYSTEM, make_actor
from tests.support.sending import (
    PACE,
    accepted,
    apply_receipts,
    begin,
    books,
    hand_over,
    messages_of,
    phone_number,
    receive,
    settle_with,
    sid_of,
)


@pytest.fixture
def maya(database: str) -> Actor:
    return make_actor()


def text(sid: str, to: str, body: str, status: str = "delivered") -> ProviderMessage:
    now = utc_now()
    return ProviderMessage(sid, to, None, body, status, None, now, now, 1)


class Listing:
    """A provider that only answers look-ups."""

    def __init__(self, *texts: ProviderMessage, down: bool = False) -> None:
        self.texts, self.down = texts, down

    async def find(self, to: str, *, since: object) -> list[ProviderMessage]:
        if self.down:
            raise ProviderUnavailable("down")
        return [one for one in self.texts if one.to == to]

    async def fetch(self, provider_id: str) -> ProviderMessage | None:
        return next((one for one in self.texts if one.provider_id == provider_id), None)


def look(provider: Listing) -> int:
    with db.transaction(SYSTEM) as session:
        session.execute(
            sa.update(CampaignMessage)
            .where(CampaignMessage.next_look_at.is_not(None))
            .values(next_look_at=utc_now() - timedelta(seconds=1))
        )
    with db.transaction(SYSTEM) as session:
        questions = reconcile.due_questions(session, PACE)

    async def ask() -> list[list[ProviderMessage]]:
        return [await reconcile.ask(provider, one) for one in questions]

    answers = list(zip(questions, asyncio.run(ask()), strict=True))
    with db.transaction(SYSTEM, read_only=True) as session:
        found = reconcile.findings(session, answers)
    receive(*found)
    apply_receipts()
    return len(found)


def in_doubt(maya: Actor, count: int, start: int = 0) -> object:
    campaign = begin(maya, count, start=start)
    settle_with(hand_over(new_id()), lambda _: InDoubt("No answer in time."))
    return campaign


def test_a_text_that_is_in_the_providers_list_is_adopted(maya: Actor) -> None:
    campaign = in_doubt(maya, 2)
    trial = "Sent from your Twilio trial account - Hi Ann0."
    assert look(Listing(text("SM1", phone_number(0), trial))) == 1
    assert books(campaign) == {"delivered": 1, "unknown": 1}
    assert messages_of(campaign)[0].twilio_sid == "SM1"


def test_other_words_or_a_text_of_another_message_are_not_taken_for_it(maya: Actor) -> None:
    earlier = begin(maya, 1)
    sent = hand_over(new_id())
    settle_with(sent, accepted)
    with db.transaction(SYSTEM) as session:  # the same person gets the same words again
        session.execute(sa.text("UPDATE customers SET phone = '+15129999999'"))
        session.execute(sa.text("UPDATE campaign_messages SET phone_number = '+15122000000'"))
    campaign = in_doubt(maya, 1)
    listed = Listing(
        text(sid_of(sent[0].id), phone_number(0), "Hi Ann0."),
        text("SM2", phone_number(0), "Something else"),
    )
    # One event at most: about the earlier text, whose receipt it is.
    assert look(listed) == 1
    assert books(earlier) == {"delivered": 1}
    assert books(campaign) == {"unknown": 1}


def test_looks_grow_rarer_and_end_and_an_unreachable_provider_decides_nothing(
    maya: Actor,
) -> None:
    campaign = in_doubt(maya, 1)
    for nth in range(1, len(PACE.doubt_looks) + 1):
        assert look(Listing(down=nth % 2 == 0)) == 0
        (row,) = messages_of(campaign)
        assert (row.status, row.looks) == ("unknown", nth)
    assert row.next_look_at is None


def test_a_receipt_that_never_came_is_asked_for_and_nothing_new_adds_no_event(maya: Actor) -> None:
    campaign = begin(maya, 1)
    (one,) = hand_over(new_id())
    settle_with([one], accepted)
    sid = sid_of(one.id)
    assert look(Listing(text(sid, one.to, one.body, "queued"))) == 0
    assert look(Listing(text(sid, one.to, one.body, "sent"))) == 1
    assert look(Listing(text(sid, one.to, one.body, "sent"))) == 0
    assert look(Listing(text(sid, one.to, one.body))) == 1
    (row,) = messages_of(campaign)
    assert (row.status, row.next_look_at) == ("delivered", None)
