"""Groups and who is in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import Conflict, InvalidInput, NotFound
from mbs_app.domain.palette import COLOR_NAMES
from mbs_app.models import Campaign, Customer, ScheduledMessage
from mbs_app.services import customers, groups
from mbs_app.services.customers import CustomerFilter
from tests.support.accounts import make_actor


@pytest.fixture
def maya(database: str) -> Actor:
    return make_actor()


@pytest.fixture
def bob(database: str) -> Actor:
    return make_actor("bob@example.com")


def _people(actor: Actor, count: int) -> list[UUID]:
    with db.transaction(actor) as session:
        people = [
            Customer(user_id=actor.user_id, phone=f"+1512555{number:04}") for number in range(count)
        ]
        session.add_all(people)
        return [person.id for person in people]


def _group(actor: Actor, name: str = "VIP", members: list[UUID] | None = None) -> UUID:
    with db.transaction(actor) as session:
        group = groups.create_group(session, actor, name=name)
        groups.add_members(session, actor, group.id, members or [])
        return group.id


def _listed(actor: Actor, **options: Any) -> list[tuple[str, int]]:
    with db.transaction(actor, read_only=True) as session:
        found = groups.list_groups(session, actor, **options)
    return [(summary.group.name, summary.members) for summary in found]


def test_groups_are_listed_by_name_with_their_members_counted(maya: Actor, bob: Actor) -> None:
    people = _people(maya, 3)
    _group(maya, "vip", people)
    _group(maya, "Loyalty", people[:1])
    _group(maya, "Empty 100%")
    _group(bob, "Bob’s", _people(bob, 2))
    assert _listed(maya) == [("Empty 100%", 0), ("Loyalty", 1), ("vip", 3)]
    assert _listed(maya, search="VI") == [("vip", 3)]
    assert _listed(maya, search="0%") == [("Empty 100%", 0)]


def test_new_groups_take_the_colours_in_turn(maya: Actor) -> None:
    with db.transaction(maya) as session:
        made = [groups.create_group(session, maya, name=f"G{n}") for n in range(len(COLOR_NAMES))]
    assert [group.color for group in made] == list(COLOR_NAMES)


def test_a_group_is_changed(maya: Actor) -> None:
    group_id = _group(maya)
    with db.transaction(maya) as session:
        changed = groups.update_group(
            session, maya, group_id, name=" Best  people ", color="pink", description="Ask first"
        )
        assert (changed.name, changed.color, changed.description) == (
            "Best people", "pink", "Ask first",
        )  # fmt: skip
        assert (
            groups.update_group(session, maya, group_id, name="best people").name == "best people"
        )


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 81}),
        ("color", {"name": "A", "color": "#fff"}),
        ("description", {"name": "A", "description": "x" * 501}),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(
    maya: Actor, field: str, values: dict[str, str]
) -> None:
    with db.transaction(maya) as session, pytest.raises(InvalidInput) as refused:
        groups.create_group(session, maya, **values)
    assert list(refused.value.fields) == [field]


def test_a_taken_name_is_refused(maya: Actor) -> None:
    _group(maya, "VIP")
    with db.transaction(maya) as session, pytest.raises(Conflict, match="VIP"):
        groups.create_group(session, maya, name="vip")


def test_a_copy_has_the_same_members(maya: Actor) -> None:
    group_id = _group(maya, "VIP", _people(maya, 3))
    with db.transaction(maya) as session:
        copy = groups.duplicate_group(session, maya, group_id)
        assert copy.name == "VIP (copy)"
        assert groups.count_members(session, maya, copy.id) == 3


def test_members_are_added_and_removed_and_only_the_changes_are_told(
    maya: Actor, bob: Actor
) -> None:
    people, theirs = _people(maya, 3), _people(bob, 1)
    group_id = _group(maya, "VIP", people[:1])
    with db.transaction(maya) as session:
        added = groups.add_members(session, maya, group_id, [*people, *theirs])
        assert sorted(added) == sorted(people[1:])
        assert groups.add_members(session, maya, group_id, people) == []
        assert groups.remove_members(session, maya, group_id, people[:1] + theirs) == people[:1]
        members = customers.list_customers(session, maya, CustomerFilter(group_ids=(group_id,)))
    assert {row.customer.id for row in members.rows} == set(people[1:])


def test_deleting_a_group_keeps_its_customers(maya: Actor) -> None:
    group_id = _group(maya, "VIP", _people(maya, 2))
    with db.transaction(maya) as session:
        assert groups.delete_group(session, maya, group_id) == 2
    assert _listed(maya) == []
    with db.transaction(maya, read_only=True) as session:
        assert customers.count_everyone(session, maya) == 2


def test_a_group_that_a_scheduled_text_goes_to_stays(maya: Actor) -> None:
    campaign_group, text_group = _group(maya, "A"), _group(maya, "B")
    later = datetime(2027, 1, 1, tzinfo=UTC)
    with db.transaction(maya) as session:
        session.add(
            Campaign(
                user_id=maya.user_id,
                name="New year",
                status="scheduled",
                scheduled_at=later,
                audience={"mode": "rules", "group_ids": [str(campaign_group)], "states": []},
            )
        )
        session.add(
            ScheduledMessage(
                user_id=maya.user_id, group_id=text_group, message_body="Hi", scheduled_at=later
            )
        )
    for group_id, words in ((campaign_group, "“New year” is scheduled"), (text_group, "A text is")):
        with db.transaction(maya) as session, pytest.raises(Conflict, match=words):
            groups.delete_group(session, maya, group_id)


def test_another_owners_group_is_not_found(maya: Actor, bob: Actor) -> None:
    people = _people(bob, 1)
    group_id = _group(maya)
    with db.transaction(bob) as session:
        steps: list[Any] = [
            lambda: groups.get_group(session, bob, group_id),
            lambda: groups.update_group(session, bob, group_id, name="Mine"),
            lambda: groups.duplicate_group(session, bob, group_id),
            lambda: groups.delete_group(session, bob, group_id),
            lambda: groups.add_members(session, bob, group_id, people),
            lambda: groups.remove_members(session, bob, group_id, people),
        ]
        for step in steps:
            with pytest.raises(NotFound):
                step()
