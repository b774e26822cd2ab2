"""CSV files to download: whole, in pieces, and no burden to the database while a client reads slowly."""

from __future__ import annotations

import csv
import io

import pytest
from sqlmodel import Session

from mbs_app import db
from mbs_app.api.downloads import pieces
from mbs_app.domain.actor import Actor
from mbs_app.services import customers
from mbs_app.services.customers import CustomerFilter, Selection, listing
from tests.support.accounts import make_actor


@pytest.fixture
def maya(database: str) -> Actor:
    actor = make_actor()
    with db.transaction(actor) as session:
        for number in range(5):
            customers.create_customer(session, actor, phone=f"+1512555010{number}")
    return actor


def test_between_two_pieces_no_transaction_is_open(maya: Actor) -> None:
    ends = iter(["a", "b", None])

    def read(session: Session, actor: Actor, after: str | None) -> tuple[str, str | None]:
        assert (actor, session.in_transaction()) == (maya, True)
        return f"after {after}\r\n", next(ends)

    file = pieces(maya, read)
    for expected in ("\ufeffafter None\r\n", "after a\r\n", "after b\r\n"):
        assert next(file) == expected
        assert db.engine().pool.checkedout() == 0
    assert next(file, None) is None


def test_customers_deleted_and_added_meanwhile_disturb_no_others(
    maya: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        listing.next_chunk, "__kwdefaults__", {"after": None, "until": None, "limit": 2}
    )
    with db.transaction(maya, read_only=True) as session:
        export = customers.begin_export(session, maya, Selection(matching=CustomerFilter()))
    file = pieces(
        maya,
        lambda session, actor, after: customers.export_piece(session, actor, export, after=after),
    )
    text = next(file)
    with db.transaction(maya) as session:
        found = customers.customers_after(session, maya, CustomerFilter(), after=None, limit=10)
        customers.delete_customer(session, maya, found[2].customer.id)
        customers.create_customer(session, maya, phone="+15125550199")
    text += "".join(file)
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert [row["phone"] for row in rows] == [f"+1512555010{number}" for number in (0, 1, 3, 4)]
