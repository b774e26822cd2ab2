"""Who may see what: the ORM hook on both databases, row-level security on PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, func, select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import ActorRequired, NotAllowed
from mbs_app.models import (
    AuditEvent,
    CampaignMessage,
    Customer,
    OutgoingMail,
    Suppression,
    UserProfile,
    new_id,
)
from mbs_app.models.base import Owned, OwnedOrShared

SYSTEM = Actor.system("test")


@pytest.fixture
def owners(database: str) -> tuple[Actor, Actor]:
    with db.transaction(SYSTEM) as session:
        ada = UserProfile(email="ada@example.com", password_hash="-", name="Ada")
        bob = UserProfile(email="bob@example.com", password_hash="-", name="Bob")
        session.add_all([ada, bob])
        session.flush()
        session.add_all(
            [
                Customer(user_id=ada.id, phone="+15125550101"),
                Customer(user_id=bob.id, phone="+15125550102"),
                Suppression(user_id=None, address="+15125550109", reason="stop_reply"),
            ]
        )
    return Actor.user(ada.id), Actor.user(bob.id)


def test_each_owner_sees_only_their_own_rows(owners: tuple[Actor, Actor]) -> None:
    ada, bob = owners
    for actor, phone in ((ada, "+15125550101"), (bob, "+15125550102"), (ada, "+15125550101")):
        with db.transaction(actor, read_only=True) as session:
            assert session.exec(select(Customer.phone)).all() == [phone]
            assert session.exec(select(func.count()).select_from(Customer)).one() == 1


def test_another_owners_row_cannot_be_fetched_by_its_id(owners: tuple[Actor, Actor]) -> None:
    ada, bob = owners
    with db.transaction(ada, read_only=True) as session:
        theirs = session.exec(select(Customer.id)).one()
    with db.transaction(bob, read_only=True) as session:
        assert session.get(Customer, theirs) is None


def test_bulk_updates_and_deletes_stay_within_the_owners_rows(owners: tuple[Actor, Actor]) -> None:
    ada, bob = owners
    with db.transaction(bob) as session:
        session.execute(sa.update(Customer).values(city="Austin"))
        session.execute(sa.delete(Customer).where(Customer.phone == "+15125550101"))
    with db.transaction(ada, read_only=True) as session:
        assert session.exec(select(Customer.city)).all() == [""]


def test_writing_a_row_for_another_owner_is_refused(owners: tuple[Actor, Actor]) -> None:
    ada, bob = owners
    with pytest.raises(NotAllowed), db.transaction(bob) as session:
        session.add(Customer(user_id=ada.user_id, phone="+15125550103"))


def test_a_shared_row_is_seen_by_everyone_and_written_by_nobody_but_the_program(
    owners: tuple[Actor, Actor],
) -> None:
    ada, _ = owners
    with db.transaction(ada, read_only=True) as session:
        assert session.exec(select(Suppression.address)).all() == ["+15125550109"]
    with pytest.raises(NotAllowed), db.transaction(ada) as session:
        session.add(Suppression(user_id=None, address="+15125550110", reason="recorded"))


def test_a_transaction_without_an_actor_raises(database: str) -> None:
    with pytest.raises(ActorRequired), db.transaction(None):
        pass
    with pytest.raises(ActorRequired), Session(db.engine()) as session:
        session.exec(select(Customer)).all()


def test_a_reading_transaction_cannot_write(owners: tuple[Actor, Actor]) -> None:
    ada, _ = owners
    with pytest.raises(sa.exc.DBAPIError), db.transaction(ada, read_only=True) as session:
        session.execute(sa.update(Customer).values(city="Austin"))


def test_an_exception_rolls_everything_back(owners: tuple[Actor, Actor]) -> None:
    ada, _ = owners
    with pytest.raises(RuntimeError), db.transaction(ada) as session:
        session.execute(sa.update(Customer).values(city="Austin"))
        raise RuntimeError
    with db.transaction(ada, read_only=True) as session:
        assert session.exec(select(Customer.city)).one() == ""


def test_append_only_tables_refuse_changes(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        session.add(AuditEvent(action="test"))
    for statement in (sa.update(AuditEvent).values(action="other"), sa.delete(AuditEvent)):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.transaction(SYSTEM) as s:
            s.execute(statement)


def test_row_level_security_holds_for_statements_the_hook_cannot_reach(
    owners: tuple[Actor, Actor],
) -> None:
    if db.is_sqlite():
        return
    ada, _ = owners
    with db.transaction(ada, read_only=True) as session:
        rows = session.connection().exec_driver_sql("SELECT phone FROM customers").all()
    assert rows == [("+15125550101",)]
    with db.engine().connect() as connection:
        assert connection.exec_driver_sql("SELECT phone FROM customers").all() == []


def test_every_table_of_owners_has_row_level_security(database: str) -> None:
    if db.is_sqlite():
        return
    owned = {
        table.__tablename__ for kind in (Owned, OwnedOrShared) for table in kind.__subclasses__()
    }
    with db.engine().connect() as connection:
        guarded = connection.exec_driver_sql(
            "SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid"
            " WHERE relrowsecurity AND relforcerowsecurity"
        ).scalars()
        assert owned - set(guarded) == set()


def test_statistics_are_kept_for_the_planner(owners: tuple[Actor, Actor]) -> None:
    with db.transaction(SYSTEM) as session:
        db.refresh_statistics(session)
    if db.is_sqlite():
        with db.transaction(SYSTEM, read_only=True) as session:
            counted = session.connection().exec_driver_sql("SELECT tbl FROM sqlite_stat1").scalars()
            assert "customers" in set(counted)


def test_the_owner_filter_is_no_way_in_for_sqlite(owners: tuple[Actor, Actor]) -> None:
    """A campaign's texts are looked for by their campaign, not among all that the owner ever sent."""
    if not db.is_sqlite():
        pytest.skip("PostgreSQL knows how its rows are spread")
    seen: list[tuple[str, object]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: object, *_: Any) -> None:
        seen.append((statement, values))

    with db.transaction(owners[0], read_only=True) as session:
        sa.event.listen(db.engine(), "before_cursor_execute", note)
        session.exec(
            select(func.count())
            .where(CampaignMessage.campaign_id == new_id(), CampaignMessage.status == "failed")
            .group_by(CampaignMessage.skip_reason)
        ).all()
        sa.event.remove(db.engine(), "before_cursor_execute", note)
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {seen[0][0]}", seen[0][1])
        words = " ".join(str(row) for row in plan)
    assert "campaign_id=?" in words
    assert "user_id=?" not in words


def test_postgresql_does_not_take_row_level_security_for_a_way_to_few_rows(
    owners: tuple[Actor, Actor],
) -> None:
    """It would sort whole tables where the first rows by an index are all that is asked for."""
    if db.is_sqlite():
        pytest.skip("only PostgreSQL has row-level security")
    with db.transaction(SYSTEM) as session:
        session.add_all(
            Customer(user_id=owners[0].user_id, phone=f"+1512{nth:07d}") for nth in range(1000)
        )
        session.flush()
        session.connection().exec_driver_sql("ANALYZE customers")
    for actor in (SYSTEM, owners[0]):
        with db.transaction(actor, read_only=True) as session:
            plan = session.connection().exec_driver_sql("EXPLAIN (FORMAT JSON) TABLE customers")
            assert plan.scalar_one()[0]["Plan"]["Plan Rows"] > 400


def test_an_error_of_the_database_says_nothing_of_the_values(database: str) -> None:
    mail = OutgoingMail(kind="approved", to_email="ann@example.com", html="a link for Ann alone")
    with pytest.raises(sa.exc.IntegrityError) as caught, db.transaction(SYSTEM) as session:
        for _ in range(2):
            session.connection().execute(
                sa.insert(OutgoingMail), mail.model_dump(exclude={"id"}) | {"id": mail.id}
            )
    assert "link for Ann" not in str(caught.value)
