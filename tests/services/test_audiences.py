"""Who an audience reaches, what is left out, and how a draft's choice is cleaned and said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput, NotAllowed
from mbs_app.models import Customer, Group, GroupMembership
from mbs_app.services import audiences
from tests.support.accounts import SYSTEM, make_actor
from tests.support.sending import phone_number, suppress


@pytest.fixture
def maya(database: str) -> Actor:
    return make_actor()


def add_people(actor: Actor, count: int, *, start: int = 0, **values: Any) -> list[Customer]:
    with db.transaction(actor) as session:
        made = [
            Customer(user_id=actor.user_id, phone=phone_number(start + nth), **values)
            for nth in range(count)
        ]
        session.add_all(made)
    return made


def add_group(actor: Actor, name: str, people: Sequence[Customer]) -> Group:
    with db.transaction(actor) as session:
        group = Group(user_id=actor.user_id, name=name)
        session.add(group)
        session.flush()
        for person in people:
            session.add(
                GroupMembership(user_id=actor.user_id, group_id=group.id, customer_id=person.id)
            )
    return group


def read(actor: Actor, what: Any, *args: Any, **values: Any) -> Any:
    with db.transaction(actor, read_only=True) as session:
        return what(session, actor, *args, **values)


def test_everyone_active_is_counted_with_those_left_out_by_reason(maya: Actor) -> None:
    add_people(maya, 5)
    add_people(maya, 2, start=10, status="inactive")
    suppress(phone_number(0))
    suppress(phone_number(1), "recorded", maya.user_id)
    suppress(phone_number(2), "cannot_receive")
    reach = read(maya, audiences.reach, {"mode": "all"})
    assert (reach.matching, reach.will_get, reach.left_out_total) == (5, 2, 3)
    assert [(one.reason, one.people) for one in reach.left_out] == [
        ("opted_out", 2),
        ("cannot_receive", 1),
    ]
    assert reach.left_out[0].words == "Opted out"


def test_groups_and_states_count_the_inactive_as_left_out(maya: Actor) -> None:
    texans = add_people(maya, 3, state="TX")
    others = add_people(maya, 2, start=10, state="OK", status="inactive")
    group = add_group(maya, "Loyalty", [*texans[:2], *others])
    rules = {"mode": "rules", "group_ids": [str(group.id)], "states": []}
    reach = read(maya, audiences.reach, rules)
    assert (reach.matching, reach.will_get) == (4, 2)
    assert reach.left_out[0].reason == "inactive"
    assert read(maya, audiences.reach, {**rules, "states": ["TX"]}).matching == 2


def test_an_unknown_choice_is_refused(maya: Actor) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(maya, audiences.reach, {"mode": "lottery"})
    assert "audience" in refused.value.fields


def test_groups_and_states_come_with_their_people(maya: Actor) -> None:
    texans = add_people(maya, 3, state="TX")
    add_people(maya, 1, start=10, state="OK")
    add_group(maya, "VIP", texans)
    add_group(maya, "Empty", [])
    groups = read(maya, audiences.groups_to_choose)
    assert [(group.name, group.people) for group in groups] == [("Empty", 0), ("VIP", 3)]
    states = read(maya, audiences.states_to_choose)
    assert [(state.code, state.name, state.people) for state in states] == [
        ("OK", "Oklahoma", 1),
        ("TX", "Texas", 3),
    ]


def test_cleaning_drops_repeats_and_other_owners_customers(maya: Actor) -> None:
    bob = make_actor("bob@example.com")
    mine = add_people(maya, 1)[0]
    theirs = add_people(bob, 1)[0]
    chosen = {
        "mode": "selection",
        "customer_ids": [str(mine.id), mine.id, str(theirs.id), str(uuid4())],
    }
    assert read(maya, audiences.clean_audience, chosen) == {
        "mode": "selection",
        "customer_ids": [str(mine.id)],
    }
    rules = {"mode": "rules", "group_ids": None, "states": ["Texas", "TX", " "]}
    assert read(maya, audiences.clean_audience, rules) == {
        "mode": "rules",
        "group_ids": [],
        "states": ["TX"],
    }


@pytest.mark.parametrize(
    "audience",
    [
        {},
        {"mode": "number", "phone": "+15125550100"},
        {"mode": "rules", "group_ids": ["not an id"]},
        {"mode": "rules", "group_ids": [str(uuid4())]},
        {"mode": "selection", "customer_ids": [{"id": 1}]},
    ],
)
def test_what_cannot_be_an_audience_is_refused(maya: Actor, audience: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(maya, audiences.clean_audience, audience)
    assert list(refused.value.fields) == ["audience"]


def test_another_owners_group_is_no_audience(maya: Actor) -> None:
    bob = make_actor("bob@example.com")
    group = add_group(bob, "VIP", [])
    with pytest.raises(InvalidInput):
        read(
            maya,
            audiences.clean_audience,
            {"mode": "rules", "group_ids": [str(group.id)], "states": []},
        )


def test_an_audience_is_said_in_words(maya: Actor) -> None:
    loyalty = add_group(maya, "Loyalty", [])
    vip = add_group(maya, "VIP", [])
    both = [str(loyalty.id), str(vip.id)]
    with db.transaction(maya, read_only=True) as session:
        words = audiences.describe(
            session,
            [
                {"mode": "all"},
                {"mode": "rules", "group_ids": both, "states": ["TX", "OK"]},
                {"mode": "rules", "group_ids": [], "states": ["TX", "OK", "TN", "AL", "GA"]},
                {"mode": "rules", "group_ids": [str(uuid4())], "states": []},
                {"mode": "selection", "customer_ids": ["1", "2"]},
            ],
        )
    assert words == [
        "Everyone active",
        "Loyalty or VIP in TX or OK",
        "Everyone in TX, OK, TN or 2 more",
        "a deleted group",
        "2 chosen people",
    ]


def test_a_small_audience_is_sampled_whole_and_without_those_left_out(maya: Actor) -> None:
    add_people(maya, 6, first_name="Ann")
    suppress(phone_number(3))
    people = read(maya, audiences.sample, {"mode": "all"}, fields=("first_name",))
    assert len(people) == 5
    assert {person.skip_reason for person in people} == {None}


def test_a_large_audience_is_sampled_in_part_with_its_extremes(
    maya: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audiences, "SAMPLE_SIZE", 20)
    add_people(maya, 300, first_name="Anna", attributes={"store": "Domain"})
    add_people(maya, 1, start=400, first_name="Christopher-Alexander")
    add_people(maya, 1, start=401, first_name="")
    add_people(maya, 1, start=402, first_name="Anna", attributes={"store": "South Lamar Plaza"})
    people = read(maya, audiences.sample, {"mode": "all"}, fields=("first_name",))
    names = {person.first_name for person in people}
    assert {"Christopher-Alexander", "", "Anna"} <= names
    assert 4 < len(people) < 100
    again = read(maya, audiences.sample, {"mode": "all"}, fields=("first_name",))
    assert [one.phone for one in again] == [one.phone for one in people]
    stores = read(maya, audiences.sample, {"mode": "all"}, fields=("store",))
    assert "South Lamar Plaza" in {person.attributes.get("store") for person in stores}


def test_customers_are_found_to_be_picked(maya: Actor) -> None:
    rosa = add_people(maya, 1, first_name="Rosa", last_name="Delgado")[0]
    add_people(maya, 1, start=1, first_name="Marcus", last_name="Boone")
    found = read(maya, audiences.find_customers, "delg")
    assert [one.name for one in found] == ["Rosa Delgado"]
    picked = read(maya, audiences.selected_customers, [rosa.id, uuid4()])
    assert [one.id for one in picked] == [rosa.id]


def test_the_program_itself_has_no_audience(database: str) -> None:
    with pytest.raises(NotAllowed):
        read(SYSTEM, audiences.reach, {"mode": "all"})
