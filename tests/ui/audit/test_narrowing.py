"""What the audit log is narrowed to: days in the reader's zone, links, the address of the export."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from mbs_app.services.audit import ActGroup, AuditFilter
from mbs_app.ui.audit import narrowing
from mbs_app.ui.audit.rows import range_words

CHICAGO = "America/Chicago"


def test_days_begin_and_end_at_the_readers_midnight() -> None:
    since, until = narrowing.times("between", "2026-03-07", "2026-03-08", CHICAGO)
    assert since == datetime(2026, 3, 7, 6, tzinfo=UTC)
    # The clocks go forward in the night of the 8th: the day after begins at 5 o'clock in UTC.
    assert until == datetime(2026, 3, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(("chosen", "back"), [("today", 0), ("week", 6), ("month", 29)])
def test_a_range_counts_back_from_today(chosen: str, back: int) -> None:
    since, until = narrowing.times(chosen, "", "", CHICAGO)
    assert since is not None and until is None
    today = datetime.now(ZoneInfo(CHICAGO)).date()
    assert since.astimezone(ZoneInfo(CHICAGO)).date() == today - timedelta(days=back)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2025-10-01", "2025-10-14", "Oct 1, 2025 – Oct 14, 2025"),
        ("2025-10-01", "", "since Oct 1, 2025"),
        ("", "2025-10-14", "until Oct 14, 2025"),
        ("nonsense", "0001-01-01", ""),
        ("", "", ""),
    ],
)
def test_a_range_of_days_says_what_it_is(first: str, last: str, words: str) -> None:
    assert narrowing.range_words("between", first, last) == words


def test_days_at_the_far_ends_of_the_calendar_break_nothing() -> None:
    assert narrowing.times("between", "0001-01-01", "9999-12-31", CHICAGO) == (None, None)


def test_a_link_asks_for_what_makes_sense_only() -> None:
    someone = str(UUID(int=7))
    assert narrowing.asked_for({"person": someone, "group": "keys", "address": "::1"}) == {
        "person": someone,
        "subject": "",
        "group": "keys",
        "address": "::1",
    }
    odd = {"person": "x", "group": "nonsense", "address": "<script>", "subject": "y" * 99}
    asked = narrowing.asked_for(odd)
    assert (asked["person"], asked["group"], asked["address"]) == ("", "", "")
    assert len(asked["subject"]) == 64


def test_the_export_asks_for_what_is_shown() -> None:
    chosen = AuditFilter(
        actor_id=UUID(int=7),
        group=ActGroup.KEYS,
        since=datetime(2026, 3, 7, 6, tzinfo=UTC),
        ip="203.0.113.7",
        search="a&b",
    )
    asked = parse_qs(urlsplit(narrowing.export_address(chosen)).query)
    assert asked == {
        "person": [str(UUID(int=7))],
        "group": ["keys"],
        "since": ["2026-03-07T06:00:00+00:00"],
        "address": ["203.0.113.7"],
        "search": ["a&b"],
    }
    assert narrowing.export_address(AuditFilter()) == "/api/admin/audit/export.csv"


@pytest.mark.parametrize(
    ("first", "last", "total", "words"),
    [
        (1, 1, 1, "1 event"),
        (1, 12, 12, "12 events"),
        (51, 100, 312, "Rows 51–100 of 312"),
        (1, 50, 1001, "Rows 1–50 of more than 1,000"),
        (1, 50, None, "Rows 1–50"),
    ],
)
def test_the_rows_are_counted_in_words(
    first: int, last: int, total: int | None, words: str
) -> None:
    assert range_words(first, last, total, 1_000) == words
