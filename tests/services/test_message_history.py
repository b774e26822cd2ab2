"""A text's history: everything in order, each thing once, in plain words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotFound
from mbs_app.domain.vocabulary import MessageStatus
from mbs_app.models import CampaignMessage, MessageEvent
from mbs_app.services.message_history import MessageHistory, history
from tests.support.accounts import make_actor
from tests.support.campaigns import make_campaign


@pytest.fixture
def actor(database: str) -> Actor:
    return make_actor()


def told(
    actor: Actor,
    status: MessageStatus,
    events: tuple[tuple[str, int | None], ...] = (),
    **values: object,
) -> MessageHistory:
    """The history of a text in ``status`` after the carrier's ``events``."""
    with db.transaction(actor) as session:
        make_campaign(session, actor, {status: 1})
        message = session.exec(select(CampaignMessage)).one()
        for name, value in values.items():
            setattr(message, name, value)
        for number, (said, code) in enumerate(events, 1):
            session.add(
                MessageEvent(
                    user_id=actor.user_id,
                    message_id=message.id,
                    status=said,
                    error_code=code,
                    received_at=utc_now() + timedelta(seconds=number),
                )
            )
        session.flush()
        return history(session, actor, message.id)


def test_it_tells_everything_in_order(actor: Actor) -> None:
    lines = told(actor, MessageStatus.FAILED, (("sent", None), ("undelivered", 30005))).lines
    assert [line.words for line in lines] == [
        "Queued at place 1",
        "Handed to carrier, accepted",
        "Carrier has it",
        "Not delivered: number no longer in service",
    ]
    assert lines[1].detail == "in 0.17 s, attempt 1 of 6"
    assert (lines[-1].code, lines[-1].tone) == (30005, "bad")
    assert "Later campaigns skip this number" in lines[-1].note


def test_a_repeated_event_is_told_once(actor: Actor) -> None:
    lines = told(actor, MessageStatus.DELIVERED, (("delivered", None),) * 3).lines
    assert [line.words for line in lines].count("Phone confirmed receipt") == 1


def test_an_outcome_without_an_event_is_told_all_the_same(actor: Actor) -> None:
    lines = told(
        actor, MessageStatus.DELIVERED, delivered_at=utc_now() + timedelta(minutes=1)
    ).lines
    assert (lines[-1].words, lines[-1].tone) == ("Phone confirmed receipt", "good")


def test_a_text_in_doubt_says_that_it_is_not_sent_again(actor: Actor) -> None:
    lines = told(actor, MessageStatus.UNKNOWN, sent_at=None).lines
    assert lines[-1].tone == "warn"
    assert "never sent again" in lines[-1].note


def test_somebody_left_out_was_never_in_the_queue(actor: Actor) -> None:
    (line,) = told(actor, MessageStatus.SKIPPED).lines
    assert line.words == "Left out: opted out"


def test_a_text_that_is_tried_again_says_when(actor: Actor) -> None:
    again = utc_now() + timedelta(minutes=2)
    lines = told(
        actor, MessageStatus.PENDING, attempts=2, next_attempt_at=again, sent_at=None
    ).lines
    assert (lines[-1].words, lines[-1].at, lines[-1].detail) == (
        "Next try",
        again,
        "after attempt 2",
    )


def test_another_owner_is_told_nothing(actor: Actor) -> None:
    told(actor, MessageStatus.DELIVERED)
    with db.transaction(actor, read_only=True) as session:
        message = session.exec(select(CampaignMessage)).one()
    other = make_actor("eve@example.com")
    with db.transaction(other, read_only=True) as session, pytest.raises(NotFound):
        history(session, other, message.id)
