"""One customer: profile, conversation, last campaigns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.consent_state import ConsentState
from mbs_app.domain.vocabulary import MessageStatus, SkipReason
from mbs_app.models import InboundMessage
from mbs_app.services import consent, customers
from tests.support.accounts import SYSTEM
from tests.support.texts import Add, text_sent

ROSA = "+15125550178"
NOON = datetime(2026, 10, 6, 17, tzinfo=UTC)


def _reply(text: str, at: datetime, sid: str) -> None:
    with db.transaction(SYSTEM) as session:
        session.add(
            InboundMessage(
                twilio_sid=sid,
                from_number=ROSA,
                to_number="+15125550100",
                body=text,
                received_at=at,
            )
        )


def test_a_conversation_is_one_line_of_time(maya: Actor, bob: Actor, add: Add) -> None:
    rosa = add("Rosa Delgado", ROSA)
    text_sent(maya, ROSA, at=NOON, message_body="You are due", name="Recall")
    _reply("After 4 on Thursday?", NOON + timedelta(minutes=26), "SM1")
    text_sent(maya, ROSA, MessageStatus.PENDING, at=NOON + timedelta(minutes=31), kind="direct")
    text_sent(
        maya,
        ROSA,
        MessageStatus.SKIPPED,
        at=NOON + timedelta(minutes=40),
        skip_reason=SkipReason.OPTED_OUT,
    )
    text_sent(bob, ROSA, at=NOON, message_body="Not hers to see")
    with db.transaction(maya, read_only=True) as session:
        customer = customers.get_customer(session, maya, rosa)
        bubbles = customers.read_conversation(session, maya, customer)
        newest = customers.read_conversation(session, maya, customer, limit=2)
    assert [(bubble.is_ours, bubble.text) for bubble in bubbles] == [
        (True, "You are due"),
        (False, "After 4 on Thursday?"),
        (True, "Hi Rosa"),
    ]
    assert bubbles[0].campaign_name == "Recall"
    assert bubbles[2].status == "pending"
    assert newest == bubbles[1:]


def test_a_profile_says_what_is_known_about_texting_somebody(maya: Actor, add: Add) -> None:
    rosa = add("Rosa Delgado", ROSA, state="TX")
    text_sent(maya, ROSA, at=NOON)
    text_sent(maya, ROSA, MessageStatus.SKIPPED, at=NOON, skip_reason=SkipReason.INACTIVE)
    _reply("Hello", NOON - timedelta(days=1), "SM1")
    with db.transaction(maya) as session:
        consent.record_opt_in(session, maya, ROSA, wording="Checkout form")
        consent.record_opt_out(session, maya, ROSA)
    with db.transaction(maya, read_only=True) as session:
        profile = customers.read_profile(session, maya, rosa)
    assert (profile.texts_out, profile.texts_in) == (1, 1)
    assert profile.since == NOON - timedelta(days=1)
    assert profile.consent == ConsentState.OPTED_OUT
    assert profile.blocked_by == ("recorded",)
    assert profile.can_undo_opt_out
    assert [event.kind for event in profile.history] == ["opted_out", "opted_in"]
    assert profile.local_zone == "America/Chicago"


def test_an_opt_out_by_reply_cannot_be_undone_even_when_one_was_recorded_too(
    maya: Actor, add: Add
) -> None:
    rosa = add("Rosa Delgado", ROSA)
    with db.transaction(maya) as session:
        consent.record_opt_out(session, maya, ROSA)
    with db.transaction(SYSTEM) as session:
        consent.record_carrier_opt_out(session, SYSTEM, ROSA)
    with db.transaction(maya, read_only=True) as session:
        assert not customers.read_profile(session, maya, rosa).can_undo_opt_out


def test_the_zone_is_the_customers_own_then_the_states_then_the_numbers(
    maya: Actor, add: Add
) -> None:
    own = add("Own Zone", state="TX", time_zone="America/Denver")
    state = add("By State", state="OK")
    number = add("By Number", "+12125550101")
    with db.transaction(maya, read_only=True) as session:
        zones = [customers.read_profile(session, maya, one).local_zone for one in (own, state)]
        assert zones == ["America/Denver", "America/Chicago"]
        assert customers.read_profile(session, maya, number).local_zone == "America/New_York"


def test_last_campaigns_say_how_each_ended(maya: Actor, add: Add) -> None:
    rosa = add("Rosa Delgado", ROSA)
    text_sent(maya, ROSA, MessageStatus.FAILED, name="Flash sale", error_code=30003)
    text_sent(maya, ROSA, name="Cleaning recall")
    text_sent(maya, ROSA, name="Just Rosa", kind="direct")
    with db.transaction(maya, read_only=True) as session:
        customer = customers.get_customer(session, maya, rosa)
        lines, count = customers.last_campaigns(session, maya, customer, limit=1)
        assert count == 2
        assert [line.name for line in lines] == ["Cleaning recall"]
        lines, _ = customers.last_campaigns(session, maya, customer)
    assert [(line.name, line.error_code) for line in lines] == [
        ("Cleaning recall", None),
        ("Flash sale", 30003),
    ]
