"""Many ids in one statement."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from mbs_app import db
from mbs_app.models import Customer, new_id
from mbs_app.queries.bulk import any_of
from tests.support.accounts import SYSTEM, make_actor
from tests.support.campaigns import make_customers
from tests.support.databases import SqliteDatabases


@pytest.mark.parametrize("count", [1, 3_000])
def test_rows_are_found_by_many_ids(database: str, count: int) -> None:
    maya = make_actor()
    with db.transaction(maya) as session:
        wanted = [customer.id for customer in make_customers(session, maya, 5)][:2]
    ids = [*wanted, *(new_id() for _ in range(count))]
    with db.transaction(maya, read_only=True) as session:
        found = session.execute(sa.select(Customer.id).where(any_of(Customer.id, ids)))
        assert set(found.scalars()) == set(wanted)
        others = sa.select(Customer.id).where(sa.not_(any_of(Customer.id, ids)))
        assert len(session.execute(others).scalars().all()) == 3


def test_sqlite_looks_them_up_instead_of_reading_the_table(
    sqlite_databases: SqliteDatabases,
) -> None:
    statement = sa.select(Customer.id).where(any_of(Customer.id, [new_id()]))
    with sqlite_databases.fresh() as url:
        compiled = statement.compile(db.configure(url))
        with db.transaction(SYSTEM, read_only=True) as session:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", ("[]",))
            steps = [row[-1] for row in plan]
        db.engine().dispose()
    assert any(step.startswith("SEARCH customers") for step in steps), steps
