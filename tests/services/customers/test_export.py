"""The export: complete, in chunks, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.services import customers, groups
from mbs_app.services.customers import CustomerFilter, Selection, listing
from tests.support.downloads import whole
from tests.support.texts import Add


def _rows(actor: Actor, selection: Selection) -> list[dict[str, str]]:
    with db.transaction(actor, read_only=True) as session:
        export = customers.begin_export(session, actor, selection)
    text = whole(actor, customers.export_piece, export)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_everything_known_about_the_selected_is_in_the_file(
    maya: Actor, bob: Actor, add: Add
) -> None:
    with db.transaction(maya) as session:
        vip = groups.create_group(session, maya, name="VIP").id
    add(
        "Rosa Delgado",
        "+15125550178",
        state="TX",
        notes="Two\nlines",
        attributes={"points": 940},
        group_ids=[vip],
    )
    add("Ben Adams", "+15125550179", state="OK", attributes={"store": "Lamar"})
    add("Not Mine", actor=bob)
    rosa, ben = _rows(maya, Selection(matching=CustomerFilter()))
    assert (rosa["phone"], rosa["groups"], rosa["consent"]) == ("+15125550178", "VIP", "No record")
    assert (rosa["notes"], rosa["points"], rosa["store"]) == ("Two\nlines", "940", "")
    assert ben["store"] == "Lamar"
    assert len(_rows(maya, Selection(matching=CustomerFilter(states=("OK",))))) == 1


def test_a_cell_that_would_run_as_a_formula_is_disarmed(maya: Actor, add: Add) -> None:
    rosa = add("=HYPERLINK(1) +1", notes="@SUM(A1)", attributes={"note": "-1+1"})
    (row,) = _rows(maya, Selection(ids=(rosa,)))
    assert row["first_name"] == "'=HYPERLINK(1)"
    assert (row["last_name"], row["notes"], row["note"]) == ("'+1", "'@SUM(A1)", "'-1+1")


def test_a_file_of_many_chunks_has_everybody_once(
    maya: Actor, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones = {f"+1512555{number:04}" for number in range(1, 8)}
    for phone in sorted(phones):
        add("Same Name", phone)
    monkeypatch.setattr(
        listing.next_chunk, "__kwdefaults__", {"after": None, "until": None, "limit": 3}
    )
    rows = _rows(maya, Selection(matching=CustomerFilter()))
    assert sorted(row["phone"] for row in rows) == sorted(phones)
