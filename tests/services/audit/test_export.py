"""The audit log as a file: complete, in pieces, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.services import audit
from mbs_app.services.audit import ActGroup, AuditFilter, export
from tests.support.accounts import SYSTEM, actor_of, make_user


def _rows(actor: Actor, chosen: AuditFilter) -> list[dict[str, str]]:
    text, after, is_first = "", None, True
    while is_first or after is not None:
        with db.transaction(actor, read_only=True) as session:
            piece, after = audit.csv_piece(session, actor, chosen, after=after)
        text, is_first = text + piece, False
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def maya(database: str) -> Actor:
    with db.transaction(SYSTEM) as session:
        return actor_of(make_user(session, role="admin")).administrating()


def test_every_event_that_matches_is_in_the_file_once(
    maya: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "PIECE", 3)
    with db.transaction(SYSTEM) as session:
        for number in range(8):
            audit.record(
                session, maya, "campaign.launch", "campaign", f"c{number}", name=f"C{number}"
            )
            audit.record(session, maya, "session.start", "user", maya.user_id or "")
    rows = _rows(maya, AuditFilter(group=ActGroup.WORK))
    assert [row["Subject id"] for row in rows] == [f"c{number}" for number in range(7, -1, -1)]
    assert rows[0]["What happened"] == "Maya Okafor pressed Send for “C7”"
    assert (rows[0]["Kind"], rows[0]["Code"]) == ("Customers and campaigns", "campaign.launch")
    assert rows[0]["Details"] == "Name: C7"
    assert len(_rows(maya, AuditFilter())) == 16


def test_a_log_without_events_has_its_headings(maya: Actor) -> None:
    with db.transaction(maya, read_only=True) as session:
        piece, after = audit.csv_piece(session, maya, AuditFilter(), after=None)
    assert piece.startswith("Time (UTC),Who,What happened")
    assert after is None


def test_a_cell_that_would_run_as_a_formula_is_disarmed(maya: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        rogue = Actor.user(maya.user_id, label="=HYPERLINK(1)", ip="@SUM(A1)")
        audit.record(session, rogue, "campaign.launch", "campaign", "-1+1", name="=2")
    (row,) = _rows(maya, AuditFilter())
    assert row["Who"] == "'=HYPERLINK(1)"
    assert row["What happened"].startswith("'=HYPERLINK(1) pressed")
    assert (row["Address"], row["Subject id"]) == ("'@SUM(A1)", "'-1+1")


def test_an_export_is_itself_on_record_with_what_was_chosen(maya: Actor) -> None:
    with db.transaction(maya) as session:
        audit.note_export(session, maya, AuditFilter(group=ActGroup.KEYS, search="nightly"))
    (row,) = _rows(maya, AuditFilter())
    assert row["What happened"] == "Maya Okafor exported the audit log"
    assert row["Details"] == "Group: keys; Search: nightly"
