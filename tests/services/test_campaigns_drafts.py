"""Drafts: what is kept, what is refused, and that two writers never overwrite each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from mbs_app import db
from mbs_app.delivery import launch
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import Conflict, InvalidInput, NotFound
from mbs_app.domain.vocabulary import CampaignStatus, MessageStatus
from mbs_app.models import Campaign, CampaignTemplate, Customer
from mbs_app.services import campaigns
from tests.support import campaigns as made_up
from tests.support.accounts import SYSTEM, make_actor
from tests.support.sending import load, make_customers, make_sender

TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def maya(database: str) -> Actor:
    return make_actor()


def run(actor: Actor, what: Any, *args: Any, **values: Any) -> Any:
    with db.transaction(actor) as session:
        return what(session, actor, *args, **values)


@pytest.fixture
def draft(maya: Actor) -> UUID:
    return run(maya, campaigns.create_draft, name="Double points").id


def test_a_new_draft_is_for_everyone_active(maya: Actor) -> None:
    made = run(maya, campaigns.create_draft)
    assert (made.status, made.audience, made.name) == (
        "draft",
        {"mode": "all"},
        "Untitled campaign",
    )


def test_a_draft_from_a_template_takes_its_text_and_name(maya: Actor) -> None:
    with db.transaction(maya) as session:
        template = CampaignTemplate(
            user_id=maya.user_id, name="Weekend sale", message_body="Hi {first_name|there}"
        )
        session.add(template)
    made = run(maya, campaigns.create_draft, template_id=template.id)
    assert (made.name, made.message_body) == ("Weekend sale", "Hi {first_name|there}")
    with pytest.raises(NotFound):
        run(maya, campaigns.create_draft, template_id=uuid4())


def test_what_is_given_is_saved_and_the_rest_stays(maya: Actor, draft: UUID) -> None:
    with db.transaction(SYSTEM) as session:
        sender = make_sender(session)
    saved = run(
        maya,
        campaigns.save_draft,
        draft,
        expected_version=0,
        message_body="Hi\r\nthere\x00",
        scheduled_at=TOMORROW,
        schedule_time_zone="America/Chicago",
        sender_id=sender.id,
    )
    assert saved.version == 1
    kept = load(draft)
    assert (kept.name, kept.message_body) == ("Double points", "Hi\nthere")
    assert (kept.scheduled_at, kept.sender_id) == (TOMORROW, sender.id)
    run(maya, campaigns.save_draft, draft, scheduled_at=None)
    assert load(draft).scheduled_at is None
    assert load(draft).message_body == "Hi\nthere"


def test_saving_what_stands_there_changes_nothing(maya: Actor, draft: UUID) -> None:
    run(maya, campaigns.save_draft, draft, message_body="Hi")
    again = run(maya, campaigns.save_draft, draft, message_body="Hi", name=" Double  points ")
    assert again.version == 1


def test_a_draft_somebody_else_saved_is_not_overwritten(maya: Actor, draft: UUID) -> None:
    run(maya, campaigns.save_draft, draft, expected_version=0, message_body="First tab")
    with pytest.raises(Conflict, match="changed somewhere else"):
        run(maya, campaigns.save_draft, draft, expected_version=0, message_body="Second tab")
    assert load(draft).message_body == "First tab"


def test_a_campaign_on_its_way_is_not_changed(maya: Actor, draft: UUID) -> None:
    with db.transaction(SYSTEM) as session:
        make_sender(session)
        make_customers(session, maya, 2)
    run(maya, campaigns.save_draft, draft, message_body="Hi {first_name}")
    run(maya, launch.launch, draft)
    with pytest.raises(Conflict, match="no longer a draft"):
        run(maya, campaigns.save_draft, draft, message_body="Something else")
    assert load(draft).message_body == "Hi {first_name}"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": "  "}),
        ("name", {"name": "x" * 121}),
        ("message_body", {"message_body": "x" * 4001}),
        ("audience", {"audience": {"mode": "lottery"}}),
        ("scheduled_at", {"scheduled_at": datetime(2026, 11, 30, 9)}),
        ("time_zone", {"schedule_time_zone": "Mars/Olympus"}),
        ("sender_id", {"sender_id": uuid4()}),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(
    maya: Actor, draft: UUID, field: str, values: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        run(maya, campaigns.save_draft, draft, **values)
    assert list(refused.value.fields) == [field]
    assert load(draft).version == 0


def test_half_an_emoji_does_not_reach_the_database(maya: Actor, draft: UUID) -> None:
    assert run(maya, campaigns.save_draft, draft, message_body="Hi \ud83d").message_body == "Hi "


def test_a_copy_has_the_text_and_audience_but_not_the_time(maya: Actor, draft: UUID) -> None:
    run(
        maya,
        campaigns.save_draft,
        draft,
        message_body="Hi",
        audience={"mode": "rules", "group_ids": [], "states": ["TX"]},
        scheduled_at=TOMORROW,
    )
    first = run(maya, campaigns.duplicate_campaign, draft)
    second = run(maya, campaigns.duplicate_campaign, draft)
    assert [first.name, second.name] == ["Double points (copy)", "Double points (copy 2)"]
    assert (first.message_body, first.audience["states"]) == ("Hi", ["TX"])
    assert (first.status, first.scheduled_at, first.total_recipients) == ("draft", None, 0)


def test_a_draft_is_deleted(maya: Actor, draft: UUID) -> None:
    assert run(maya, campaigns.delete_campaign, draft) == "Double points"
    with pytest.raises(NotFound):
        run(maya, campaigns.get_campaign, draft)


@pytest.mark.parametrize(
    "status", [CampaignStatus.SENDING, CampaignStatus.PAUSED, CampaignStatus.SENT]
)
def test_a_campaign_that_was_sent_is_kept(maya: Actor, status: CampaignStatus) -> None:
    with db.transaction(maya) as session:
        sent = made_up.make_campaign(session, maya, {MessageStatus.DELIVERED: 1}, status=status)
    with pytest.raises(Conflict):
        run(maya, campaigns.delete_campaign, sent.id)


def test_one_cancelled_before_its_first_text_may_go_and_one_with_texts_stays(maya: Actor) -> None:
    with db.transaction(maya) as session:
        early = Campaign(user_id=maya.user_id, name="Early", status="cancelled")
        session.add(early)
        late = made_up.make_campaign(
            session, maya, {MessageStatus.SKIPPED: 2}, status=CampaignStatus.CANCELLED
        )
    run(maya, campaigns.delete_campaign, early.id)
    with pytest.raises(Conflict, match="records"):
        run(maya, campaigns.delete_campaign, late.id)


def test_another_owner_neither_sees_nor_changes_a_draft(maya: Actor, draft: UUID) -> None:
    bob = make_actor("bob@example.com")
    for attempt in (
        lambda: run(bob, campaigns.get_campaign, draft),
        lambda: run(bob, campaigns.save_draft, draft, name="Mine"),
        lambda: run(bob, campaigns.duplicate_campaign, draft),
        lambda: run(bob, campaigns.delete_campaign, draft),
        lambda: run(bob, campaigns.require_checked, draft, 0),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert load(draft).name == "Double points"


def test_only_the_version_that_was_checked_may_be_launched(maya: Actor, draft: UUID) -> None:
    assert run(maya, campaigns.require_checked, draft, 0).id == draft
    run(maya, campaigns.save_draft, draft, message_body="Changed")
    with pytest.raises(Conflict, match="Check it once more"):
        run(maya, campaigns.require_checked, draft, 0)


def test_a_second_click_on_a_launched_one_passes(maya: Actor, draft: UUID) -> None:
    with db.transaction(SYSTEM) as session:
        make_sender(session)
        make_customers(session, maya, 1)
    run(maya, campaigns.save_draft, draft, message_body="Hi")
    run(maya, launch.launch, draft)
    assert run(maya, campaigns.require_checked, draft, 1).status == "sending"


def test_fields_are_the_standard_ones_and_those_customers_have(maya: Actor) -> None:
    with db.transaction(maya) as session:
        session.add(
            Customer(
                user_id=maya.user_id, phone="+15125550101", attributes={"points": 1, "store": "A"}
            )
        )
    with db.transaction(maya, read_only=True) as session:
        fields = campaigns.merge_fields(session, maya)
        known = campaigns.known_fields(session, maya.user_id, ("points", "colour"))
    assert [one.label for one in fields if one.is_custom] == ["Points", "Store"]
    assert fields[0] == ("first_name", "First name", False)
    assert "points" in known
    assert "colour" not in known


def test_the_sender_is_the_chosen_one_while_it_can_send(maya: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        first = make_sender(session)
        second = make_sender(session, address="+15125550143")
    assert run(maya, campaigns.pick_sender, second.id).address == "+15125550143"
    assert run(maya, campaigns.pick_sender, None).id == first.id
    with db.transaction(SYSTEM) as session:
        session.merge(second).is_active = False
    assert run(maya, campaigns.pick_sender, second.id).id == first.id
    assert len(run(maya, campaigns.senders_to_choose)) == 1
