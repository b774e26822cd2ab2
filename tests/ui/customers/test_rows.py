"""Customers in the words of the list and of their page."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from mbs_app.domain.consent_state import ConsentState
from mbs_app.models import ConsentEvent, Customer
from mbs_app.queries.customer_marks import GroupMark, LastText
from mbs_app.services.customers import Bubble, CustomerRow
from mbs_app.ui.customer.words import bubbles_of, history_of
from mbs_app.ui.customers.rows import line_of, listed

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
ZONE = "America/Chicago"


def _row(**fields: object) -> CustomerRow:
    customer = Customer(
        user_id=uuid4(),
        phone="+15125550178",
        created_at=datetime(2024, 3, 2, 18, tzinfo=UTC),
        **fields,
    )
    groups = tuple(GroupMark(uuid4(), name, "teal") for name in ("A", "B", "C"))
    text = LastText("failed", None, 30003, datetime(2026, 10, 10, 18, tzinfo=UTC))
    return CustomerRow(customer, groups, ConsentState.OPTED_IN, text)


def test_a_row_reads_as_people_write() -> None:
    line = line_of(_row(first_name="Rosa", city="Austin", state="TX"), ZONE, "US", NOW)
    assert (line.name, line.phone, line.place) == ("Rosa", "(512) 555-0178", "Austin, TX")
    assert (len(line.chips), line.more_groups, line.more_names) == (2, 1, "C")
    assert (line.text_day, line.text_words) == ("Oct 10", "Failed Oct 10")
    assert line.text_title == "Phone off or out of reach"
    assert line.added == "Mar 2, 2024"


def test_somebody_without_a_name_still_has_a_row() -> None:
    assert line_of(_row(), ZONE, "US", NOW).name == "No name"


def test_choices_are_listed_as_people_say_them() -> None:
    assert [listed(words) for words in ([], ["TX"], ["TX", "OK"], ["TX", "OK", "NM"])] == [
        "", "TX", "TX or OK", "TX, OK or NM",
    ]  # fmt: skip
    assert listed(["A", "B", "C", "D"]) == "A, B and 2 more"


def test_the_history_of_consent_says_what_was_said() -> None:
    events = [
        ConsentEvent(address="+1", kind="opted_in", method="reply", wording="START", at=NOW),
        ConsentEvent(address="+1", kind="opted_out", method="recorded", at=NOW),
        ConsentEvent(address="+1", kind="opted_in", method="import", wording="Form", at=NOW),
    ]
    again, out, first = history_of(events, ZONE, NOW)
    assert (again.words, again.rest, again.tone) == ("Opted in again", "Replied “START”", "good")
    assert (out.words, out.rest, out.tone) == ("Opted out", "Recorded by your team", "bad")
    assert (first.words, first.rest, first.time) == ("Opted in", "Form", "Today, 12:00 PM")


def test_a_day_heads_its_first_text_only() -> None:
    ours = Bubble(uuid4(), True, "Hi", NOW, status="delivered", campaign_name="Sale")
    theirs = Bubble(uuid4(), False, "Hello", NOW)
    first, second = bubbles_of([ours, theirs], ZONE, NOW)
    assert (first.day, first.label, first.status_words) == ("Today", "Sale", "Delivered 12:00 PM")
    assert (second.day, second.status_words) == ("", "")
