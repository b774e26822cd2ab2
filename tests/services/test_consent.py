"""STOP, START, HELP, and opt-outs that a marketer records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.consent_state import ConsentState
from mbs_app.domain.errors import Conflict, NotAllowed
from mbs_app.domain.vocabulary import ConsentKind, SuppressionReason
from mbs_app.models import ConsentEvent, Customer, InboundMessage, Suppression
from mbs_app.queries.customer_marks import consent_of
from mbs_app.services import consent, customers, workspace
from tests.support.accounts import SYSTEM, make_actor

ROSA = "+15125550178"


@dataclass
class Text:
    """What the webhook hands over."""

    body: str
    message_sid: str = "SM1"
    from_: str = ROSA
    to: str = "+15125550100"
    opt_out_type: str | None = None
    raw: Mapping[str, str] = field(default_factory=dict)


@pytest.fixture
def maya(database: str) -> Actor:
    actor = make_actor()
    with db.transaction(SYSTEM) as session:
        workspace.get_workspace(session).name = "Lakeline Plaza"
        session.add(Customer(user_id=actor.user_id, phone=ROSA, first_name="Rosa"))
    return actor


@pytest.fixture
def bob(maya: Actor) -> Actor:
    actor = make_actor("bob@example.com")
    with db.transaction(SYSTEM) as session:
        session.add(Customer(user_id=actor.user_id, phone=ROSA))
    return actor


def _receive(text: Text) -> str | None:
    with db.transaction(SYSTEM) as session:
        return consent.handle_inbound(session, SYSTEM, text)


def _state(actor: Actor) -> ConsentState:
    assert actor.user_id
    with db.transaction(actor, read_only=True) as session:
        return consent_of(session, actor.user_id, [ROSA])[ROSA]


def _kinds(actor: Actor) -> list[str]:
    with db.transaction(actor, read_only=True) as session:
        return [event.kind for event in consent.consent_history(session, actor, ROSA)][::-1]


def _reasons() -> list[str]:
    with db.transaction(SYSTEM, read_only=True) as session:
        return list(session.exec(select(Suppression.reason)))


def test_stop_holds_for_every_owner_and_is_confirmed_once(maya: Actor, bob: Actor) -> None:
    reply = _receive(Text("Stop texting me"))
    assert reply and reply.startswith("Lakeline Plaza: You have opted out")
    assert _state(maya) == _state(bob) == ConsentState.OPTED_OUT
    assert _receive(Text("STOP", "SM2")) is None
    assert _reasons() == [SuppressionReason.STOP_REPLY]


def test_the_same_webhook_twice_changes_nothing_and_gets_the_same_answer(maya: Actor) -> None:
    stop = Text("STOP", "SM1")
    first = _receive(stop)
    _receive(Text("START", "SM2"))
    assert _receive(stop) == first
    assert _state(maya) == ConsentState.OPTED_IN
    assert _kinds(maya) == [ConsentKind.OPTED_OUT, ConsentKind.OPTED_IN]
    with db.transaction(SYSTEM, read_only=True) as session:
        assert len(session.exec(select(InboundMessage)).all()) == 2


def test_start_ends_every_opt_out_but_not_what_the_carrier_said_of_the_line(
    maya: Actor, bob: Actor
) -> None:
    with db.transaction(SYSTEM) as session:
        session.add(
            Suppression(user_id=bob.user_id, address=ROSA, reason=SuppressionReason.CANNOT_RECEIVE)
        )
    with db.transaction(maya) as session:
        consent.record_opt_out(session, maya, ROSA)
    _receive(Text("stop", "SM1"))
    reply = _receive(Text("Start please", "SM2"))
    assert reply and "opted in" in reply
    assert _state(maya) == ConsentState.OPTED_IN
    assert _state(bob) == ConsentState.CANNOT_RECEIVE


def test_help_is_answered_and_changes_nothing(maya: Actor) -> None:
    reply = _receive(Text("HELP"))
    assert reply and "Reply STOP to opt out" in reply and len(reply) <= 160
    assert _state(maya) == ConsentState.NO_RECORD
    assert _kinds(maya) == []


def test_an_ordinary_reply_is_kept_without_an_answer(maya: Actor) -> None:
    assert _receive(Text("Do you have anything after 4?\x00", raw={"Body": "a\x00b"})) is None
    with db.transaction(SYSTEM, read_only=True) as session:
        kept = session.exec(select(InboundMessage)).one()
    assert kept.body == "Do you have anything after 4?"
    assert kept.keyword is None


def test_where_twilio_has_answered_we_obey_and_stay_silent(maya: Actor) -> None:
    assert _receive(Text("ARRET", opt_out_type="STOP")) is None
    assert _state(maya) == ConsentState.OPTED_OUT
    assert _receive(Text("START", "SM2", opt_out_type="START")) is None
    assert _state(maya) == ConsentState.OPTED_IN


def test_a_stop_from_a_number_nobody_has_is_kept_for_later(maya: Actor) -> None:
    _receive(Text("STOP", from_="+15125550199"))
    with db.transaction(maya) as session:
        session.add(Customer(user_id=maya.user_id, phone="+15125550199"))
        assert maya.user_id
        state = consent_of(session, maya.user_id, ["+15125550199"])["+15125550199"]
    assert state == ConsentState.OPTED_OUT


def test_an_opt_out_survives_deleting_and_adding_the_customer_again(maya: Actor) -> None:
    _receive(Text("STOP"))
    with db.transaction(maya) as session:
        session.delete(session.exec(select(Customer)).one())
    with db.transaction(maya) as session:
        session.add(Customer(user_id=maya.user_id, phone=ROSA))
    assert _state(maya) == ConsentState.OPTED_OUT


def test_a_recorded_opt_out_is_the_owners_alone_and_can_be_undone(maya: Actor, bob: Actor) -> None:
    with db.transaction(maya) as session:
        assert consent.record_opt_out(session, maya, ROSA, wording="Told us at the counter")
        assert not consent.record_opt_out(session, maya, ROSA)
    assert _state(maya) == ConsentState.OPTED_OUT
    assert _state(bob) == ConsentState.NO_RECORD
    with db.transaction(bob) as session:
        assert consent.undo_opt_outs(session, bob, [ROSA]) == []
    with db.transaction(maya) as session:
        assert consent.undo_opt_outs(session, maya, [ROSA]) == [ROSA]
    assert _state(maya) == ConsentState.NO_RECORD
    assert _kinds(maya) == [ConsentKind.OPTED_OUT, ConsentKind.OPT_OUT_UNDONE]


def test_undoing_a_mistake_brings_back_what_was_known_before(maya: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        session.add(
            Suppression(user_id=maya.user_id, address=ROSA, reason=SuppressionReason.CANNOT_RECEIVE)
        )
    with db.transaction(maya) as session:
        assert consent.record_opt_outs(session, maya, [ROSA, ROSA]) == [ROSA]
    assert _state(maya) == ConsentState.OPTED_OUT
    with db.transaction(maya) as session:
        consent.undo_opt_outs(session, maya, [ROSA])
    assert _state(maya) == ConsentState.CANNOT_RECEIVE


def test_a_reply_of_stop_cannot_be_undone_by_a_marketer(maya: Actor) -> None:
    _receive(Text("STOP"))
    with db.transaction(maya) as session:
        assert consent.undo_opt_outs(session, maya, [ROSA]) == []
        with pytest.raises(Conflict, match="START"):
            consent.record_opt_in(session, maya, ROSA)
    assert _state(maya) == ConsentState.OPTED_OUT


def test_a_recorded_opt_in_ends_an_opt_out_that_the_same_owner_recorded(maya: Actor) -> None:
    with db.transaction(maya) as session:
        consent.record_opt_out(session, maya, ROSA)
        consent.record_opt_in(session, maya, ROSA, wording="Checkout form, South Lamar")
    assert _state(maya) == ConsentState.OPTED_IN


def test_the_carriers_word_that_a_number_opted_out_holds_for_everyone(
    maya: Actor, bob: Actor
) -> None:
    with db.transaction(SYSTEM) as session:
        assert consent.record_carrier_opt_out(session, SYSTEM, ROSA)
        assert not consent.record_carrier_opt_out(session, SYSTEM, ROSA)
    assert _state(maya) == _state(bob) == ConsentState.OPTED_OUT


def test_only_the_program_handles_incoming_texts(maya: Actor) -> None:
    with db.transaction(maya) as session:
        with pytest.raises(NotAllowed):
            consent.handle_inbound(session, maya, Text("STOP"))
        with pytest.raises(NotAllowed):
            consent.record_carrier_opt_out(session, maya, ROSA)


def test_the_history_of_a_number_is_shown_to_those_who_have_it_as_a_customer(maya: Actor) -> None:
    stranger = make_actor("stranger@example.com")
    _receive(Text("STOP"))
    with db.transaction(stranger, read_only=True) as session:
        assert consent.consent_history(session, stranger, ROSA) == []
    with db.transaction(maya, read_only=True) as session:
        (event,) = consent.consent_history(session, maya, ROSA)
    assert (event.method, event.wording, event.source) == ("reply", "STOP", "+15125550100")


def test_an_opt_out_is_remembered_with_who_recorded_it(maya: Actor) -> None:
    with db.transaction(maya) as session:
        consent.record_opt_out(session, maya, ROSA)
        event = session.exec(select(ConsentEvent)).one()
    assert event.actor_id == maya.user_id
    assert event.user_id == maya.user_id


NEW = "+15125550199"


def _move(actor: Actor) -> None:
    with db.transaction(actor) as session:
        rosa = session.exec(select(Customer).where(Customer.phone == ROSA)).one()
        customers.update_customer(session, actor, rosa.id, phone="(512) 555-0199")


def _state_of_new(actor: Actor) -> ConsentState:
    assert actor.user_id
    with db.transaction(actor, read_only=True) as session:
        return consent_of(session, actor.user_id, [NEW])[NEW]


def test_an_opt_out_follows_to_a_new_number_and_its_history_says_why(maya: Actor) -> None:
    with db.transaction(maya) as session:
        consent.record_opt_out(session, maya, ROSA)
    _move(maya)
    assert _state(maya) == _state_of_new(maya) == ConsentState.OPTED_OUT
    with db.transaction(maya, read_only=True) as session:
        (event,) = consent.consent_history(session, maya, NEW)
    assert (event.kind, event.method) == (ConsentKind.OPTED_OUT, "new number")
    assert event.wording == "Opted out under their earlier number, (512) 555-0178"
    with db.transaction(maya) as session:
        assert consent.undo_opt_outs(session, maya, [NEW]) == [NEW]
    assert _state_of_new(maya) == ConsentState.NO_RECORD


def test_a_stop_at_the_old_number_is_only_the_persons_to_take_back_at_the_new(
    maya: Actor, bob: Actor
) -> None:
    _receive(Text("STOP"))
    _move(maya)
    assert _state_of_new(maya) == ConsentState.OPTED_OUT
    assert _state_of_new(bob) == ConsentState.NO_RECORD  # whose number it is now is Maya's to know
    with db.transaction(maya) as session:
        assert consent.undo_opt_outs(session, maya, [NEW]) == []
    with db.transaction(maya) as session, pytest.raises(Conflict, match="texting START"):
        consent.record_opt_in(session, maya, NEW)
    _receive(Text("START", "SM2", from_=NEW))
    assert _state_of_new(maya) == ConsentState.OPTED_IN


def test_what_is_no_refusal_does_not_follow(maya: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        session.add(
            Suppression(user_id=maya.user_id, address=ROSA, reason=SuppressionReason.CANNOT_RECEIVE)
        )
    with db.transaction(maya) as session:
        consent.record_opt_in(session, maya, ROSA)
    _move(maya)
    assert _state_of_new(maya) == ConsentState.NO_RECORD
