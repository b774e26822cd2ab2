"""Stops, crashes and workers that take over: the books are right at every moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import col, func, select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict
from mbs_app.models import Customer, GroupMembership, Import, ImportRow
from mbs_app.queries import imports as queries
from mbs_app.services import imports
from tests.services.imports.support import (
    add_customer,
    check,
    customers,
    made_up,
    make_group,
    opt_out,
    start,
    summary,
    upload,
    work,
)
from tests.support.accounts import make_actor

ROWS = 60
BATCH = 10


@pytest.fixture
def maya(database: str, monkeypatch: pytest.MonkeyPatch) -> Actor:
    monkeypatch.setattr("mbs_app.services.imports.check.BATCH_ROWS", BATCH)
    monkeypatch.setattr("mbs_app.services.imports.apply.BATCH_ROWS", BATCH)
    return make_actor()


class Killed(BaseException):
    """As a process that is killed: nothing gets to clean up."""


@contextmanager
def failing(
    monkeypatch: pytest.MonkeyPatch, name: str, at_call: int, problem: BaseException
) -> Iterator[None]:
    """The query ``name`` raises ``problem`` at its nth call, and works again afterwards."""
    real = getattr(queries, name)
    calls = 0

    def query(*args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at_call:
            raise problem
        return real(*args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(queries, name, query)
        yield


def let_lease_run_out(import_id: UUID) -> None:
    with db.transaction(Actor.system("test")) as session:
        session.execute(
            sa.update(Import)
            .where(col(Import.id) == import_id)
            .values(lease_expires_at=utc_now() - timedelta(seconds=1))
        )


def on_the_books(actor: Actor, import_id: UUID) -> tuple[int, int, int]:
    """(customers there are, rows marked as applied, members of the group)."""
    with db.transaction(actor, read_only=True) as session:
        return (
            session.exec(select(func.count()).select_from(Customer)).one(),
            session.exec(
                select(func.count()).select_from(ImportRow).where(col(ImportRow.applied))
            ).one(),
            session.exec(select(func.count()).select_from(GroupMembership)).one(),
        )


def checked_with_group(maya: Actor) -> UUID:
    import_id = check(maya, made_up(ROWS)).id
    group = make_group(maya)
    with db.transaction(maya) as session:
        imports.choose_group(session, maya, import_id, group)
    return import_id


@pytest.mark.parametrize("query", ["customers_by_phone", "add_to_group", "mark_applied"])
@pytest.mark.parametrize("batch", [1, 3, 6])
def test_a_crash_in_any_batch_leaves_the_rows_it_reports(
    maya: Actor, monkeypatch: pytest.MonkeyPatch, query: str, batch: int
) -> None:
    import_id = checked_with_group(maya)
    start(maya, import_id)
    with failing(monkeypatch, query, batch, Killed()), pytest.raises(Killed):
        imports.run_next(uuid4())
    before = (batch - 1) * BATCH
    assert on_the_books(maya, import_id) == (before, before, before)
    crashed = summary(maya, import_id)
    assert (crashed.status, crashed.applied, crashed.added) == ("importing", before, before)
    assert imports.run_next(uuid4()) is False  # the lease still holds
    let_lease_run_out(import_id)
    work()
    done = summary(maya, import_id)
    assert (done.status, done.applied, done.added) == ("done", ROWS, ROWS)
    assert done.adds_up
    assert on_the_books(maya, import_id)[0::2] == (ROWS, ROWS)


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_a_crash_while_checking_goes_on_where_it_was(
    maya: Actor, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    import_id = upload(maya, made_up(ROWS))
    with failing(monkeypatch, "add_rows", batch, Killed()), pytest.raises(Killed):
        imports.run_next(uuid4())
    assert summary(maya, import_id).rows_checked == (batch - 1) * BATCH
    let_lease_run_out(import_id)
    work()
    checked = summary(maya, import_id)
    assert (checked.status, checked.rows_total, checked.to_add) == ("checked", ROWS, ROWS)
    assert checked.adds_up


def test_a_crash_while_tidying_up_ends_well(maya: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    import_id = checked_with_group(maya)
    start(maya, import_id)
    with failing(monkeypatch, "delete_rows", 1, Killed()), pytest.raises(Killed):
        imports.run_next(uuid4())
    let_lease_run_out(import_id)
    work()
    done = summary(maya, import_id)
    assert (done.status, done.applied, done.added) == ("done", ROWS, ROWS)


def test_a_worker_that_was_overtaken_writes_nothing_more(
    maya: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = upload(maya, made_up(ROWS))
    real = queries.rows_with
    overtaken = False

    def slow(*args: Any) -> Any:
        nonlocal overtaken
        if not overtaken:
            overtaken = True
            let_lease_run_out(import_id)
            imports.run_next(uuid4())
        return real(*args)

    monkeypatch.setattr(queries, "rows_with", slow)
    imports.run_next(uuid4())
    checked = summary(maya, import_id)
    assert (checked.status, checked.rows_checked, checked.to_add) == ("checked", ROWS, ROWS)


def test_a_change_of_columns_ends_the_check_that_runs(
    maya: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = upload(maya, made_up(ROWS))
    real, batches = queries.rows_with, 0

    def change_in_third_batch(*args: Any) -> Any:
        nonlocal batches
        batches += 1
        if batches == 3:
            with db.transaction(maya) as session:
                imports.map_column(session, maya, import_id, 0, "skip")
        return real(*args)

    monkeypatch.setattr(queries, "rows_with", change_in_third_batch)
    assert imports.run_next(uuid4()) is True
    assert summary(maya, import_id).rows_checked == 0
    work()
    checked = summary(maya, import_id)
    assert (checked.status, checked.rows_checked) == ("checked", ROWS)
    assert checked.adds_up


def ask_to_stop(actor: Actor, import_id: UUID) -> None:
    with db.transaction(actor) as session:
        imports.stop(session, actor, import_id)


def test_a_stopped_import_keeps_what_it_reports_and_can_go_on(
    maya: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = checked_with_group(maya)
    start(maya, import_id)
    real, batches = queries.mark_applied, 0

    def stop_in_second_batch(session: Any, *args: Any) -> None:
        nonlocal batches
        batches += 1
        if batches == 2:
            imports.stop(session, maya, import_id)
        real(session, *args)

    with monkeypatch.context() as patched:
        patched.setattr(queries, "mark_applied", stop_in_second_batch)
        imports.run_next(uuid4())
    stopped = summary(maya, import_id)
    assert (stopped.status, stopped.applied, stopped.added) == ("stopped", 2 * BATCH, 2 * BATCH)
    assert on_the_books(maya, import_id) == (2 * BATCH, 2 * BATCH, 2 * BATCH)
    assert imports.run_next(uuid4()) is False
    start(maya, import_id)
    work()
    assert summary(maya, import_id).added == ROWS


def test_stopped_before_its_first_row_it_is_as_if_never_started(maya: Actor) -> None:
    import_id = check(maya, made_up(ROWS)).id
    start(maya, import_id)
    ask_to_stop(maya, import_id)
    work()
    assert summary(maya, import_id).status == "checked"
    assert customers(maya) == {}


def test_a_stopped_check_can_be_asked_for_again(maya: Actor) -> None:
    import_id = upload(maya, made_up(ROWS))
    ask_to_stop(maya, import_id)
    work()
    assert summary(maya, import_id).status == "uploaded"
    with db.transaction(maya) as session:
        imports.check_again(session, maya, import_id)
    work()
    assert summary(maya, import_id).to_add == ROWS


@pytest.mark.parametrize("applying", [False, True])
def test_a_worker_that_ends_gives_the_import_back(maya: Actor, applying: bool) -> None:
    import_id = check(maya, made_up(ROWS)).id if applying else upload(maya, made_up(ROWS))
    if applying:
        start(maya, import_id)
    asked = 0

    def is_ending() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    imports.run_next(uuid4(), is_ending)
    left = summary(maya, import_id)
    assert 0 < (left.applied if applying else left.rows_checked) < ROWS
    assert imports.run_next(uuid4())  # no lease to wait for
    done = summary(maya, import_id)
    assert done.status == ("done" if applying else "checked")
    assert done.rows_checked == ROWS and done.adds_up


def test_what_is_not_running_cannot_be_stopped(maya: Actor) -> None:
    import_id = check(maya, made_up(5)).id
    with pytest.raises(Conflict):
        ask_to_stop(maya, import_id)


def test_a_running_import_can_be_neither_changed_nor_discarded(maya: Actor) -> None:
    import_id = check(maya, made_up(5)).id
    start(maya, import_id)
    for change in (
        lambda session: imports.map_column(session, maya, import_id, 0, "skip"),
        lambda session: imports.choose_group(session, maya, import_id, None),
        lambda session: imports.discard(session, maya, import_id),
    ):
        with pytest.raises(Conflict), db.transaction(maya) as session:
            change(session)


def test_an_unforeseen_fault_says_what_is_kept_and_can_go_on(
    maya: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = checked_with_group(maya)
    start(maya, import_id)
    with failing(monkeypatch, "mark_applied", 3, RuntimeError("disk on fire")):
        imports.run_next(uuid4())
    failed = summary(maya, import_id)
    assert (failed.status, failed.applied) == ("failed", 2 * BATCH)
    assert failed.error == (
        "Something went wrong on our side. 20 rows are imported. Try again; it goes on from there."
    )
    start(maya, import_id)
    work()
    assert summary(maya, import_id).added == ROWS


def test_a_customer_added_at_the_same_moment_is_updated_not_doubled(
    maya: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.is_sqlite():
        pytest.skip("one writer at a time: nobody can get between look-up and insert")
    import_id = check(maya, made_up(5)).id
    start(maya, import_id)
    real = queries.insert_customers

    def overtaken(session: Any, people: list[dict[str, Any]]) -> Any:
        with db.transaction(maya) as other:
            add_customer(other, maya, people[0]["phone"], first_name="R.", notes="VIP")
        return real(session, people)

    monkeypatch.setattr(queries, "insert_customers", overtaken)
    work()
    done = summary(maya, import_id)
    assert (done.added, done.updated, done.to_add, done.to_update) == (4, 1, 4, 1)
    assert done.adds_up
    rosa = customers(maya)["+15122000000"]
    assert (rosa.first_name, rosa.notes) == ("Rosa0", "VIP")


def test_an_opt_out_while_it_waits_still_holds(maya: Actor) -> None:
    import_id = check(maya, made_up(5)).id
    start(maya, import_id)
    opt_out("+15122000001")
    work()
    done = summary(maya, import_id)
    assert (done.to_add, done.stay_opted_out, done.added) == (4, 1, 5)
    assert done.adds_up
