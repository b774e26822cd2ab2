"""Adding, changing and deleting customers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.consent_state import ConsentState
from mbs_app.domain.errors import InvalidInput, NotFound
from mbs_app.models import AuditEvent, CampaignMessage, Customer
from mbs_app.queries.customer_marks import consent_of
from mbs_app.services import consent, customers, groups
from mbs_app.services.customers import NumberTaken
from tests.support.accounts import SYSTEM
from tests.support.texts import Add, text_sent


def _get(actor: Actor, customer_id: UUID) -> Customer:
    with db.transaction(actor, read_only=True) as session:
        return customers.get_customer(session, actor, customer_id)


def test_a_customer_is_stored_in_its_usual_form(maya: Actor) -> None:
    with db.transaction(maya) as session:
        made = customers.create_customer(
            session,
            maya,
            phone=" (512) 555-0178 ",
            first_name="  Rosa ",
            last_name="Delgado\x00",
            email="rosa.d@example.com",
            city="Austin",
            state="texas",
            time_zone="",
            notes="Likes\nrugs",
            attributes={"Points Balance": 940, "Store": " South Lamar ", "Empty": ""},
        ).id
    rosa = _get(maya, made)
    assert (rosa.phone, rosa.first_name, rosa.last_name) == ("+15125550178", "Rosa", "Delgado")
    assert (rosa.state, rosa.time_zone, rosa.notes) == ("TX", None, "Likes\nrugs")
    assert rosa.attributes == {"points_balance": 940, "store": "South Lamar"}
    assert rosa.status == "active"
    assert rosa.source == "manual"


def test_every_field_that_cannot_be_taken_is_named_at_once(maya: Actor) -> None:
    with db.transaction(maya) as session, pytest.raises(InvalidInput) as refused:
        customers.create_customer(
            session,
            maya,
            phone="(512) 555-01",
            email="rosa",
            first_name="x" * 101,
            status="gone",
            time_zone="Mars/Base",
            attributes={"phone": "1"},
        )
    assert refused.value.fields.keys() == {
        "phone", "email", "first_name", "status", "time_zone", "attributes",
    }  # fmt: skip
    assert refused.value.fields["phone"] == "Not a phone number: 8 digits, needs 10"


def test_a_number_that_is_taken_names_its_customer(maya: Actor, bob: Actor, add: Add) -> None:
    rosa = add("Rosa Delgado", "+15125550178")
    with db.transaction(maya) as session:
        with pytest.raises(NumberTaken, match="Rosa Delgado") as refused:
            customers.create_customer(session, maya, phone="512-555-0178")
        assert refused.value.customer_id == rosa
        assert "phone" in refused.value.fields
    other = add("Ben Adams", "+15125550179")
    with db.transaction(maya) as session, pytest.raises(NumberTaken):
        customers.update_customer(session, maya, other, phone="+15125550178")
    add("Bobs Rosa", "+15125550178", actor=bob)


def test_only_the_fields_given_are_changed(maya: Actor, add: Add) -> None:
    rosa = add("Rosa Delgado", "+15125550178", city="Austin", time_zone="America/Chicago")
    with db.transaction(maya) as session:
        customers.update_customer(
            session, maya, rosa, last_name="Diaz", phone="(512) 555-0178", time_zone=""
        )
    changed = _get(maya, rosa)
    assert (changed.first_name, changed.last_name) == ("Rosa", "Diaz")
    assert (changed.city, changed.time_zone) == ("Austin", None)
    assert changed.updated_at > changed.created_at
    with db.transaction(maya) as session, pytest.raises(InvalidInput):
        customers.update_customer(session, maya, rosa, user_id=maya.user_id)


def test_a_customers_groups_are_replaced(maya: Actor, bob: Actor, add: Add) -> None:
    with db.transaction(maya) as session:
        vip = groups.create_group(session, maya, name="VIP").id
        loyalty = groups.create_group(session, maya, name="Loyalty").id
    with db.transaction(bob) as session:
        theirs = groups.create_group(session, bob, name="Bob’s").id
    rosa = add("Rosa Delgado", group_ids=[vip])
    with db.transaction(maya) as session:
        customers.update_customer(session, maya, rosa, group_ids=[loyalty, loyalty])
    with db.transaction(maya, read_only=True) as session:
        profile = customers.read_profile(session, maya, rosa)
    assert [group.name for group in profile.groups] == ["Loyalty"]
    with db.transaction(maya) as session, pytest.raises(NotFound):
        customers.update_customer(session, maya, rosa, group_ids=[theirs])


def test_another_owners_customer_is_not_found(maya: Actor, bob: Actor, add: Add) -> None:
    rosa = add("Rosa Delgado")
    with db.transaction(bob) as session:
        steps: list[Any] = [
            lambda: customers.get_customer(session, bob, rosa),
            lambda: customers.read_profile(session, bob, rosa),
            lambda: customers.update_customer(session, bob, rosa, city="Waco"),
            lambda: customers.delete_customer(session, bob, rosa),
        ]
        for step in steps:
            with pytest.raises(NotFound):
                step()
        assert customers.delete_customers(session, bob, [rosa]) == 0
        assert customers.opt_out_customers(session, bob, [rosa]) == []
    assert _get(maya, rosa).city == ""


def test_deleting_keeps_what_was_sent_and_leaves_an_entry(maya: Actor, add: Add) -> None:
    rosa = add("Rosa Delgado", "+15125550178")
    ben = add("Ben Adams")
    text_sent(maya, "+15125550178", customer_id=rosa)
    with db.transaction(maya) as session:
        assert customers.delete_customers(session, maya, [rosa, ben, rosa]) == 2
    with db.transaction(SYSTEM, read_only=True) as session:
        assert session.exec(select(CampaignMessage.customer_id)).all() == [None]
        entry = session.exec(
            select(AuditEvent).where(AuditEvent.action == "customers.delete")
        ).one()
    assert entry.details == {"people": 2}


def test_who_opted_out_stays_out_after_being_deleted_and_added_again(maya: Actor, add: Add) -> None:
    rosa = add("Rosa Delgado", "+15125550178")
    with db.transaction(maya) as session:
        assert customers.opt_out_customers(session, maya, [rosa]) == ["+15125550178"]
        assert customers.opt_out_customers(session, maya, [rosa]) == []
    with db.transaction(maya) as session:
        customers.delete_customer(session, maya, rosa)
    again = add("Rosa Delgado", "+15125550178")
    with db.transaction(maya, read_only=True) as session:
        assert customers.read_profile(session, maya, again).consent == ConsentState.OPTED_OUT
    with db.transaction(maya) as session:
        consent.undo_opt_outs(session, maya, ["+15125550178"])
        assert maya.user_id
        assert consent_of(session, maya.user_id, ["+15125550178"]) == {
            "+15125550178": ConsentState.NO_RECORD
        }
