"""From draft to sending or scheduled, once; and what its owner may do on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from mbs_app import db
from mbs_app.delivery import launch
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import Conflict, InvalidInput, NotFound
from mbs_app.models import Campaign, Customer
from tests.support.accounts import SYSTEM, make_actor
from tests.support.sending import (
    load,
    make_campaign,
    make_customers,
    make_sender,
    phone_number,
    suppress,
)

TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def maya(database: str) -> Actor:
    return make_actor()


@pytest.fixture
def draft(maya: Actor) -> UUID:
    with db.transaction(SYSTEM) as session:
        make_sender(session)
        make_customers(session, maya, 3)
        return make_campaign(session, maya).id


def run(actor: Actor, what: object, *args: object, **kwargs: object) -> Campaign:
    with db.transaction(actor) as session:
        return what(session, actor, *args, **kwargs)


def test_a_launched_draft_sends_with_its_sender_and_price_frozen(maya: Actor, draft: UUID) -> None:
    campaign = run(maya, launch.launch, draft)
    assert campaign.status == "sending"
    assert campaign.sender_id is not None
    assert campaign.price_per_segment_micros == 7900


def test_a_second_click_changes_nothing(maya: Actor, draft: UUID) -> None:
    first = run(maya, launch.launch, draft)
    again = run(maya, launch.launch, draft, at=TOMORROW)
    assert (again.status, again.version) == ("sending", first.version)


def test_a_time_makes_it_scheduled_and_it_can_become_a_draft_again(
    maya: Actor, draft: UUID
) -> None:
    campaign = run(maya, launch.launch, draft, at=TOMORROW, time_zone="America/Chicago")
    assert (campaign.status, campaign.scheduled_at) == ("scheduled", TOMORROW)
    back = run(maya, launch.unschedule, draft)
    assert (back.status, back.scheduled_at) == ("draft", None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"message_body": "  "}, "message_body"),
        ({"message_body": "Hi {first_name"}, "message_body"),
        ({"message_body": "Hi {shoe_size}"}, "message_body"),
        ({"message_body": "x" * 1601}, "message_body"),
        ({"audience": {"mode": "rules", "group_ids": [], "states": ["ZZ"]}}, "audience"),
    ],
)
def test_a_draft_that_can_not_be_sent_says_at_which_field(
    maya: Actor, draft: UUID, values: dict[str, object], field: str
) -> None:
    with db.transaction(SYSTEM) as session:
        session.execute(sa.update(Campaign).values(**values))
    with pytest.raises(InvalidInput) as refused:
        run(maya, launch.launch, draft)
    assert list(refused.value.fields) == [field]
    assert load(draft).status == "draft"


def test_a_field_that_one_customer_has_may_be_used(maya: Actor, draft: UUID) -> None:
    with db.transaction(SYSTEM) as session:
        session.execute(sa.update(Campaign).values(message_body="Size {shoe_size}"))
        session.execute(
            sa.update(Customer)
            .where(Customer.phone == phone_number(1))
            .values(attributes={"shoe_size": "43"})
        )
    assert run(maya, launch.launch, draft).status == "sending"


def test_an_audience_of_opted_out_people_is_refused(maya: Actor, draft: UUID) -> None:
    for nth in range(3):
        suppress(phone_number(nth))
    with pytest.raises(InvalidInput, match="opted out"):
        run(maya, launch.launch, draft)


def test_without_a_sender_nothing_is_launched(maya: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        make_customers(session, maya, 1)
        draft = make_campaign(session, maya).id
    with pytest.raises(InvalidInput) as refused:
        run(maya, launch.launch, draft)
    assert list(refused.value.fields) == ["sender_id"]


def test_a_time_that_has_passed_is_refused(maya: Actor, draft: UUID) -> None:
    with pytest.raises(InvalidInput):
        run(maya, launch.launch, draft, at=datetime.now(UTC) - timedelta(minutes=1))


def test_another_owner_can_neither_launch_nor_stop_it(maya: Actor, draft: UUID) -> None:
    bob = make_actor("bob@example.com")
    for verb in (launch.launch, launch.unschedule, launch.pause, launch.resume, launch.cancel):
        with pytest.raises(NotFound):
            run(bob, verb, draft)
    assert load(draft).status == "draft"


def test_pause_resume_and_cancel_move_only_where_they_make_sense(maya: Actor, draft: UUID) -> None:
    for verb in (launch.pause, launch.resume, launch.cancel):
        with pytest.raises(Conflict):
            run(maya, verb, draft)
    run(maya, launch.launch, draft)
    assert run(maya, launch.pause, draft, reason="Lunch").pause_reason == "Lunch"
    assert run(maya, launch.pause, draft).status == "paused"
    assert run(maya, launch.resume, draft).status == "sending"
    assert run(maya, launch.cancel, draft).status == "cancelled"
    assert run(maya, launch.cancel, draft).status == "cancelled"
    with pytest.raises(Conflict):
        run(maya, launch.launch, draft)


@pytest.mark.parametrize(("send", "status"), [(True, "sending"), (False, "draft")])
def test_a_late_schedule_does_what_its_owner_answers(
    maya: Actor, draft: UUID, send: bool, status: str
) -> None:
    run(maya, launch.launch, draft, at=TOMORROW)
    assert run(maya, launch.confirm_late, draft, send=send).status == "scheduled"
    with db.transaction(SYSTEM) as session:
        session.execute(sa.update(Campaign).values(late_since=datetime.now(UTC)))
    campaign = run(maya, launch.confirm_late, draft, send=send)
    assert (campaign.status, campaign.late_since) == (status, None)
    assert run(maya, launch.confirm_late, draft, send=not send).status == status
