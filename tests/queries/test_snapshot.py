"""An audience becomes rows once, with everybody in it accounted for."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.models import Campaign, CampaignMessage, Customer, Group, GroupMembership
from mbs_app.queries import audience, snapshot
from tests.support.accounts import SYSTEM, make_actor
from tests.support.sending import (
    books,
    load,
    make_campaign,
    make_customers,
    messages_of,
    phone_number,
    suppress,
)


@pytest.fixture
def maya(database: str) -> Actor:
    return make_actor()


@pytest.fixture
def customers(maya: Actor) -> list[UUID]:
    with db.transaction(SYSTEM) as session:
        made = make_customers(session, maya, 20)
        session.execute(
            sa.update(Customer).where(Customer.phone == phone_number(7)).values(status="inactive")
        )
        session.execute(
            sa.update(Customer).where(Customer.phone.in_([phone_number(n) for n in (1, 2, 3)]))
            .values(state="TX")
        )  # fmt: skip
    return made


def launched(actor: Actor, **chosen: object) -> UUID:
    with db.transaction(SYSTEM) as session:
        return make_campaign(session, actor, audience=chosen, status="sending").id


def take(campaign_id: UUID) -> bool:
    with db.transaction(SYSTEM) as session:
        return snapshot.take(session, campaign_id, utc_now())


def test_everybody_of_the_audience_has_one_row_in_the_order_of_the_queue(
    maya: Actor, customers: list[UUID]
) -> None:
    campaign = launched(maya, mode="all")
    assert take(campaign)
    rows = messages_of(campaign)
    assert [row.position for row in rows] == list(range(1, 20))
    assert [row.id for row in rows] == sorted(row.id for row in rows)
    assert {row.id.version for row in rows} == {7}
    with db.transaction(SYSTEM, read_only=True) as session:
        assert all(session.get(CampaignMessage, row.id) for row in rows)
    assert {row.user_id for row in rows} == {maya.user_id}
    assert books(campaign) == {"pending": 19}


def test_a_second_snapshot_changes_nothing(maya: Actor, customers: list[UUID]) -> None:
    campaign = launched(maya, mode="all")
    assert take(campaign)
    first = load(campaign)
    with db.transaction(SYSTEM) as session:
        make_customers(session, maya, 5, start=100)
    assert not take(campaign)
    assert load(campaign) == first
    # Not even where the mark of the first one was lost.
    with db.transaction(SYSTEM) as session:
        row = session.execute(sa.select(Campaign.user_id, Campaign.audience)).one()
        insertion = snapshot._insertion(session.get_bind().dialect.name, campaign, row, utc_now())
        session.connection().execute(insertion)
    assert len(messages_of(campaign)) == 19 + 5


def test_those_left_out_are_in_the_books_with_the_reason(
    maya: Actor, customers: list[UUID]
) -> None:
    suppress(phone_number(0))
    suppress(phone_number(1), "recorded", maya.user_id)
    suppress(phone_number(2), "cannot_receive", maya.user_id)
    suppress(phone_number(2), "carrier_opt_out")  # both: the opt-out is the stronger
    suppress(phone_number(3), "cannot_receive", maya.user_id)
    suppress(phone_number(7), "stop_reply")
    campaign = launched(maya, mode="selection", customer_ids=[str(one) for one in customers])
    take(campaign)
    assert {
        row.phone_number: row.skip_reason for row in messages_of(campaign) if row.skip_reason
    } == {
        phone_number(0): "opted_out",
        phone_number(1): "opted_out",
        phone_number(2): "opted_out",
        phone_number(3): "cannot_receive",
        phone_number(7): "opted_out",
    }
    assert books(campaign) == {"pending": 15, "skipped": 5}
    with db.transaction(maya, read_only=True) as session:
        counted = session.execute(
            audience.counts(maya.user_id, {"mode": "selection", "customer_ids": customers})
        ).all()
    assert {(reason, people) for reason, people in counted} == {
        (None, 15), ("opted_out", 4), ("cannot_receive", 1)
    }  # fmt: skip


def test_another_owners_customers_and_opt_outs_stay_out(maya: Actor, customers: list[UUID]) -> None:
    bob = make_actor("bob@example.com")
    with db.transaction(SYSTEM) as session:
        theirs = make_customers(session, bob, 2, start=500)
    suppress(phone_number(4), "recorded", bob.user_id)
    campaign = launched(maya, mode="all")
    take(campaign)
    assert books(campaign) == {"pending": 19}
    chosen = launched(maya, mode="selection", customer_ids=[str(one) for one in theirs])
    take(chosen)
    assert (books(chosen), load(chosen).status) == ({}, "sent")


def test_groups_and_states_narrow_together(maya: Actor, customers: list[UUID]) -> None:
    with db.transaction(SYSTEM) as session:
        groups = [Group(user_id=maya.user_id, name=name) for name in ("VIP", "New")]
        session.add_all(groups)
        session.flush()
        for group, members in zip(groups, ([1, 2, 7], [2, 5]), strict=True):
            for nth in members:
                session.add(
                    GroupMembership(
                        user_id=maya.user_id, group_id=group.id, customer_id=customers[nth]
                    )
                )
    both = [str(group.id) for group in groups]

    def phones(**chosen: object) -> dict[str, str | None]:
        campaign = launched(maya, mode="rules", **chosen)
        take(campaign)
        return {row.phone_number: row.skip_reason for row in messages_of(campaign)}

    assert phones(group_ids=both, states=[]) == {
        phone_number(1): None,
        phone_number(2): None,
        phone_number(5): None,
        phone_number(7): "inactive",
    }
    assert phones(group_ids=both, states=["TX"]) == {phone_number(1): None, phone_number(2): None}
    assert len(phones(group_ids=[], states=["TX"])) == 3


@pytest.mark.parametrize("nth", [7, 900])
def test_a_number_is_taken_whether_or_not_it_is_a_customer(
    maya: Actor, customers: list[UUID], nth: int
) -> None:
    campaign = launched(maya, mode="number", phone=phone_number(nth))
    take(campaign)
    (row,) = messages_of(campaign)
    assert (row.phone_number, row.status) == (phone_number(nth), "pending")
    with db.transaction(maya, read_only=True) as session:  # under the owner filter too
        chosen = audience.members(maya.user_id, {"mode": "number", "phone": phone_number(nth)})
        assert session.execute(chosen).all() == [(row.customer_id, row.phone_number, None)]
    assert row.customer_id == (customers[nth] if nth == 7 else None)


def test_an_audience_without_anybody_to_text_ends_the_campaign(
    maya: Actor, customers: list[UUID]
) -> None:
    suppress(phone_number(900))
    campaign = launched(maya, mode="number", phone=phone_number(900))
    take(campaign)
    assert (books(campaign), load(campaign).status) == ({"skipped": 1}, "sent")


def test_a_campaign_that_was_paused_at_once_waits_for_its_snapshot(
    maya: Actor, customers: list[UUID]
) -> None:
    campaign = launched(maya, mode="all")
    with db.transaction(SYSTEM) as session:
        session.execute(sa.update(Campaign).values(status="paused"))
    assert not take(campaign)
    assert books(campaign) == {}
