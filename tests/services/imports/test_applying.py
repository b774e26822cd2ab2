"""What an import does to the customers, beside what its check said it would."""

from __future__ import annotations

import tracemalloc
from uuid import uuid4

import pytest
from sqlmodel import col, func, select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import Conflict, InvalidInput, NotFound
from mbs_app.models import Customer, GroupMembership, ImportChunk, ImportRow
from mbs_app.services import imports
from tests.services.imports.support import (
    add_customer,
    apply,
    check,
    customers,
    import_file,
    made_up,
    make_group,
    opt_out,
    start,
    summary,
    upload,
    work,
)
from tests.support.accounts import make_actor

ROSA, TYRELL, HANNAH = "+15125550142", "+15125550143", "+15125550144"
FILE = (
    "Mobile,First name,City,Points\n"
    "5125550142,Rosa,Austin,940\n"
    "5125550143,Tyrell,,86\n"
    "5125550144,Hannah,Norman,12480\n"
)


@pytest.fixture
def maya(database: str) -> Actor:
    return make_actor()


def test_check_says_what_would_happen_and_changes_nothing(maya: Actor) -> None:
    with db.transaction(maya) as session:
        add_customer(
            session, maya, TYRELL, first_name="Tyrell", attributes={"points": 86, "size": "L"}
        )
        add_customer(session, maya, HANNAH, first_name="Hanna", city="Norman")
    checked = check(maya, FILE)
    assert (checked.to_add, checked.to_update, checked.unchanged) == (1, 1, 1)
    assert checked.adds_up and checked.rows_total == 3
    assert set(customers(maya)) == {TYRELL, HANNAH}
    assert imports.changed_words(checked.columns) == "first name or points"


def test_what_was_checked_is_what_is_done(maya: Actor) -> None:
    with db.transaction(maya) as session:
        add_customer(session, maya, TYRELL, first_name="Tyrell")
    checked = check(maya, FILE)
    done = apply(maya, checked.id)
    assert done.status == "done"
    assert (done.added, done.updated) == (checked.to_add, checked.to_update)
    assert done.applied == checked.people
    counts = ("to_add", "to_update", "unchanged", "stay_opted_out", "refused", "rows_total")
    assert [getattr(done, name) for name in counts] == [getattr(checked, name) for name in counts]


def test_an_update_fills_in_and_corrects_and_never_empties(maya: Actor) -> None:
    with db.transaction(maya) as session:
        add_customer(
            session,
            maya,
            TYRELL,
            first_name="Ty",
            last_name="Washington",
            city="Waco",
            email="ty@example.com",
            status="inactive",
            attributes={"points": 5, "size": "L"},
        )
    import_file(maya, FILE)
    tyrell = customers(maya)[TYRELL]
    assert (tyrell.first_name, tyrell.last_name) == ("Tyrell", "Washington")
    assert (tyrell.city, tyrell.email, tyrell.status) == ("Waco", "ty@example.com", "inactive")
    assert tyrell.attributes == {"points": "86", "size": "L"}
    assert tyrell.source == "manual"
    assert tyrell.updated_at > tyrell.created_at


def test_the_same_file_again_changes_nothing(maya: Actor) -> None:
    import_file(maya, FILE)
    before = {phone: one.updated_at for phone, one in customers(maya).items()}
    again = import_file(maya, FILE)
    assert (again.added, again.updated, again.unchanged) == (0, 0, 3)
    assert {phone: one.updated_at for phone, one in customers(maya).items()} == before


def test_who_opted_out_stays_opted_out(maya: Actor) -> None:
    opt_out(ROSA)  # everywhere
    opt_out(TYRELL, maya.user_id)
    with db.transaction(maya) as session:
        add_customer(session, maya, TYRELL, first_name="Ty")
    checked = check(maya, FILE.replace("Points", "SMS opt in").replace("940", "yes"))
    assert (checked.to_add, checked.to_update, checked.stay_opted_out) == (1, 0, 2)
    assert checked.adds_up
    done = apply(maya, checked.id)
    assert (done.stay_opted_out, done.added, done.updated) == (2, 2, 1)
    with db.transaction(Actor.system("test"), read_only=True) as session:
        from mbs_app.models import Suppression

        assert len(session.exec(select(Suppression)).all()) == 2


def test_another_owner_s_opt_out_is_not_ours(maya: Actor) -> None:
    other = make_actor("other@example.com")
    opt_out(ROSA, other.user_id)
    assert check(maya, FILE).stay_opted_out == 0


def test_everybody_in_the_file_goes_into_the_group(maya: Actor) -> None:
    import_file(maya, "Mobile,First name\n5125550142,Rosa\n")
    group = make_group(maya)
    checked = check(maya, "Mobile,First name\n5125550142,Rosa\n5125550143,Ty\n5,x\n")
    with db.transaction(maya) as session:
        imports.choose_group(session, maya, checked.id, group)
    apply(maya, checked.id)
    with db.transaction(maya, read_only=True) as session:
        assert session.exec(select(func.count()).select_from(GroupMembership)).one() == 2


def test_what_changed_since_the_check_counts(maya: Actor) -> None:
    with db.transaction(maya) as session:
        gone = add_customer(session, maya, HANNAH, first_name="Hannah", city="Norman").id
    checked = check(maya, FILE)
    assert (checked.to_add, checked.to_update) == (2, 1)
    with db.transaction(maya) as session:
        session.delete(session.get(Customer, gone))
        add_customer(session, maya, ROSA, first_name="R.")
    opt_out(TYRELL)
    done = apply(maya, checked.id)
    assert (done.to_add, done.to_update, done.stay_opted_out) == (1, 1, 1)
    assert (done.added, done.updated) == (2, 1)
    assert done.adds_up


def test_only_refused_rows_are_kept_when_done(maya: Actor) -> None:
    done = import_file(maya, FILE + "12,Bo,,\n")
    with db.transaction(maya, read_only=True) as session:
        assert session.exec(select(col(ImportRow.row_number))).all() == [5]
        assert session.exec(select(col(ImportChunk.seq))).all() == []
    assert (done.refused, done.reasons[0].rows) == (1, 1)


def test_pressed_twice_it_starts_once(maya: Actor) -> None:
    checked = check(maya, FILE)
    start(maya, checked.id)
    start(maya, checked.id)
    work()
    start(maya, checked.id)
    assert imports.run_next(uuid4()) is False
    assert summary(maya, checked.id).added == 3


def test_it_does_not_start_before_its_check(maya: Actor) -> None:
    import_id = upload(maya, FILE)
    with pytest.raises(Conflict):
        start(maya, import_id)


def test_a_changed_column_is_checked_anew(maya: Actor) -> None:
    checked = check(maya, FILE)
    with db.transaction(maya) as session:
        imports.map_column(session, maya, checked.id, 1, "last_name")
        imports.map_column(session, maya, checked.id, 3, "skip")
    assert summary(maya, checked.id).status == "checking"
    work()
    again = summary(maya, checked.id)
    assert [one.target for one in again.columns] == ["phone", "last_name", "city", "skip"]
    assert [one.how for one in again.columns] == ["heading", "chosen", "heading", "chosen"]
    apply(maya, checked.id)
    rosa = customers(maya)[ROSA]
    assert (rosa.first_name, rosa.last_name, rosa.attributes) == ("", "Rosa", {})


def test_a_target_given_to_another_column_leaves_the_first_out(maya: Actor) -> None:
    checked = check(maya, FILE)
    with db.transaction(maya) as session:
        imports.map_column(session, maya, checked.id, 2, "first_name")
    targets = [one.target for one in summary(maya, checked.id).columns]
    assert targets == ["phone", "skip", "first_name", "attribute:points"]


@pytest.mark.parametrize(
    "targets",
    [
        ["phone", "first_name"],
        ["phone", "first_name", "first_name", "skip"],
        ["phone", "shoe", "skip", "skip"],
        ["phone", "attribute:", "skip", "skip"],
    ],
)
def test_refuses_a_mapping_that_makes_no_sense(maya: Actor, targets: list[str]) -> None:
    checked = check(maya, FILE)
    with pytest.raises(InvalidInput), db.transaction(maya) as session:
        imports.change_mapping(session, maya, checked.id, targets)


def test_a_mapping_without_numbers_waits_and_writes_nothing(maya: Actor) -> None:
    checked = check(maya, FILE)
    with db.transaction(maya) as session:
        imports.map_column(session, maya, checked.id, 0, "skip")
    work()
    waiting = summary(maya, checked.id)
    assert (waiting.status, waiting.rows_checked, waiting.refused) == ("uploaded", 0, 0)
    with pytest.raises(InvalidInput), db.transaction(maya) as session:
        imports.check_again(session, maya, checked.id)


def test_headings_can_turn_out_to_be_a_person(maya: Actor) -> None:
    checked = check(maya, FILE)
    with db.transaction(maya) as session:
        imports.set_has_header(session, maya, checked.id, False)
    work()
    again = summary(maya, checked.id)
    assert (again.rows_total, again.to_add, again.refused) == (4, 3, 1)
    assert again.columns[0].heading == "Column 1"


def test_the_region_decides_how_numbers_are_read(maya: Actor) -> None:
    checked = check(maya, "Mobile,Name\n0151 23456789,Rosa\n0151 23456780,Ty\n")
    assert checked.to_add == 0
    with db.transaction(maya) as session:
        imports.change_region(session, maya, checked.id, "de")
    work()
    assert summary(maya, checked.id).to_add == 2
    with pytest.raises(InvalidInput), db.transaction(maya) as session:
        imports.change_region(session, maya, checked.id, "XX")


def test_nobody_else_sees_an_import(maya: Actor) -> None:
    other = make_actor("other@example.com")
    checked = check(maya, FILE + "12,Bo,,\n")
    with db.transaction(other) as session:
        assert imports.list_imports(session, other) == []
        for attempt in (
            lambda: imports.summary(session, other, checked.id),
            lambda: imports.refused_page(session, other, checked.id),
            lambda: imports.refused_piece(session, other, checked.id, after=None),
            lambda: imports.left_out_rows(session, other, checked.id),
            lambda: imports.start(session, other, checked.id),
            lambda: imports.stop(session, other, checked.id),
            lambda: imports.discard(session, other, checked.id),
            lambda: imports.check_again(session, other, checked.id),
            lambda: imports.map_column(session, other, checked.id, 0, "skip"),
            lambda: imports.change_mapping(session, other, checked.id, ["skip"] * 4),
            lambda: imports.change_region(session, other, checked.id, "DE"),
            lambda: imports.set_has_header(session, other, checked.id, False),
            lambda: imports.choose_group(session, other, checked.id, None),
        ):
            with pytest.raises(NotFound):
                attempt()


def test_another_owner_s_group_is_no_choice(maya: Actor) -> None:
    other = make_actor("other@example.com")
    group = make_group(other)
    checked = check(maya, FILE)
    with pytest.raises(NotFound), db.transaction(maya) as session:
        imports.choose_group(session, maya, checked.id, group)


def test_two_owners_may_hold_the_same_number(maya: Actor) -> None:
    other = make_actor("other@example.com")
    import_file(maya, FILE)
    done = import_file(other, FILE)
    assert done.added == 3
    assert set(customers(other)) == set(customers(maya))


def test_discarding_takes_the_file_and_leaves_the_customers(maya: Actor) -> None:
    done = import_file(maya, FILE)
    with db.transaction(maya) as session:
        imports.discard(session, maya, done.id)
        assert imports.list_imports(session, maya) == []
    assert len(customers(maya)) == 3


def test_a_file_of_refused_rows_alone_is_checked_and_imports_nobody(maya: Actor) -> None:
    checked = check(maya, "Mobile,First name\n512555,Rosa\n,Ty\n")
    assert (checked.status, checked.refused, checked.people) == ("checked", 2, 0)
    done = apply(maya, checked.id)
    assert (done.status, done.added) == ("done", 0)


def test_a_large_file_goes_through_in_batches(maya: Actor) -> None:
    done = import_file(maya, made_up(5_000))
    assert (done.rows_total, done.added, done.refused) == (5_000, 5_000, 0)
    assert len(customers(maya)) == 5_000


def test_memory_stays_at_a_batch_whatever_the_file(maya: Actor) -> None:
    if not db.is_sqlite():
        pytest.skip("measuring is slow, and what is measured is Python's side")
    import_id = upload(maya, made_up(20_000))
    tracemalloc.start()
    work()
    start(maya, import_id)
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    done = summary(maya, import_id)
    assert (done.status, done.added) == ("done", 20_000)
    assert peak < 25_000_000
