"""The check in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from mbs_app.services.audiences import LeftOut
from mbs_app.services.preflight import (
    Bar,
    BlankField,
    Histogram,
    Letter,
    Notice,
    Preflight,
    SampleText,
    SegmentLine,
    SenderFacts,
)
from mbs_app.ui.preflight import view

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 9 AM in Chicago
ZONE = "America/Chicago"
FOUND = Preflight(
    campaign_id=uuid4(),
    version=3,
    name="Double points",
    message_body="Hi {first_name|there}. Reply STOP to opt out",
    audience_words="Everyone active",
    scheduled_at=None,
    schedule_time_zone=None,
    checked_at=NOW,
    took_seconds=3.21,
    matching=24_618,
    will_get=23_916,
    left_out=(LeftOut("opted_out", "Opted out", 702),),
    histogram=Histogram((Bar(150, 160, one=20), Bar(161, 171, more=10, unicode=1)), 1),
    segments=(SegmentLine(1, 20_884, 0), SegmentLine(2, 2_991, 0), SegmentLine(3, 41, 41)),
    total_segments=26_989,
    unicode_people=41,
    letters=(Letter("ë", 41, False),),
    blanks=(
        BlankField("first_name", "First name", "there", 146),
        BlankField("store", "Store", None, 9),
    ),
    samples=(SampleText("longest", uuid4(), "Ann", "Hi Ann", ((3, 6),), 6, 1, "GSM-7"),),
    sender=SenderFacts(uuid4(), "+15125550142", "Main", 45.0, 9900),
    cost_micros=26_989 * 9900,
    seconds_to_send=600,
    says_how_to_opt_out=True,
    problems=(),
    notices=(Notice("blanks", "A gap"),),
)


def test_a_check_to_send_now() -> None:
    seen = view.build(FOUND, NOW, ZONE)
    assert seen.checked_words == "All 24,618 people checked one by one, 3.2 s"
    assert seen.button_words == "Send to 23,916 people now"
    assert (seen.cost_words, seen.price_words) == ("$267.19", "$0.0099")
    assert (seen.starts_words, seen.done_words) == ("When you press Send", "in about 10 min")
    assert seen.will_get + seen.left_out_total == seen.matching
    assert seen.notices_words == "One thing to know"


@pytest.mark.parametrize(
    ("at", "button"),
    [
        (datetime(2026, 11, 24, 2, 15, tzinfo=UTC), "Send to 23,916 people at 8:15 PM"),
        (datetime(2026, 11, 24, 15, 0, tzinfo=UTC), "Send to 23,916 people tomorrow at 9:00 AM"),
        (datetime(2026, 12, 1, 15, 0, tzinfo=UTC), "Send to 23,916 people on Dec 1 at 9:00 AM"),
    ],
)
def test_a_check_for_a_set_time_names_it(at: datetime, button: str) -> None:
    found = replace(FOUND, scheduled_at=at, schedule_time_zone=ZONE)
    assert view.build(found, NOW, ZONE).button_words == button
    assert view.build(found, NOW, ZONE).starts_words.endswith("CT")
    # Somebody whose own zone is another reads which one is meant.
    seen = view.build(found, NOW, "America/New_York")
    assert seen.button_words == f"{button} CT"
    assert seen.start_words.endswith("CT")


def test_most_have_it_by_a_time_that_reads_on_in_the_sentence() -> None:
    at = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    found = replace(FOUND, scheduled_at=at, schedule_time_zone=ZONE)
    assert view.build(found, NOW, ZONE).done_words == "by tomorrow 9:10 AM CT"


def test_bars_lines_and_blanks_are_worded() -> None:
    seen = view.build(FOUND, NOW, ZONE)
    assert [bar.look for bar in seen.bars] == ["now", "later"]
    assert seen.bars[0].words == "150–160 characters: 20 people"
    assert (seen.has_border, seen.border_at) == (True, 50.0)
    assert [line.look for line in seen.segments] == ["now", "later", "unicode"]
    assert seen.segments[2].about == "letters like ë need Unicode"
    assert [line.words for line in seen.blanks] == ["First name: “there”", "Store: left empty"]
    assert seen.texts[0].size == "6, 1 segment"


def test_nobody_and_nothing_still_reads() -> None:
    empty = replace(
        FOUND,
        matching=0,
        will_get=0,
        left_out=(),
        histogram=Histogram(),
        segments=(),
        samples=(),
        blanks=(),
        letters=(),
        sender=None,
        notices=(),
    )
    seen = view.build(empty, NOW, ZONE)
    assert (seen.bars, seen.has_border, seen.done_words) == ([], False, "–")
