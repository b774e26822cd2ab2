from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.time_words import (
    COMMON_ZONES,
    ago,
    clock_time,
    date_words,
    day_and_time,
    day_words,
    days_ahead,
    duration_words,
    is_zone,
    local_to_utc,
    mid_sentence,
    moment_in_full,
    time_left_words,
    weekday_words,
    zone_abbreviation,
    zone_label,
)

AUSTIN = "America/Chicago"
NOW = datetime(2026, 10, 16, 15, 6, 14, tzinfo=UTC)  # 10:06:14 AM in Austin, a Friday


def wall(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A time as it stands on a wall clock: without a zone."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (0, 5, "12:05 AM"),
        (9, 0, "9:00 AM"),
        (12, 0, "12:00 PM"),
        (20, 15, "8:15 PM"),
        (23, 59, "11:59 PM"),
    ],
)
def test_the_clock_has_twelve_hours(hour: int, minute: int, words: str) -> None:
    assert clock_time(datetime(2026, 1, 5, hour, minute, tzinfo=UTC), "UTC") == words


def test_the_clock_is_the_zones() -> None:
    assert clock_time(NOW, AUSTIN) == "10:06 AM"
    assert clock_time(NOW, AUSTIN, seconds=True) == "10:06:14 AM"
    assert clock_time(NOW, "Asia/Kolkata") == "8:36 PM"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW, "Today"),
        (NOW + timedelta(days=1), "Tomorrow"),
        (NOW - timedelta(days=1), "Yesterday"),
        (NOW - timedelta(days=2), "Oct 14"),
        (NOW - timedelta(days=367), "Oct 14, 2025"),
        (datetime(2026, 10, 17, 4, 59, tzinfo=UTC), "Today"),  # 11:59 PM in Austin
        (datetime(2026, 10, 17, 5, 0, tzinfo=UTC), "Tomorrow"),
    ],
)
def test_days(moment: datetime, words: str) -> None:
    assert day_words(moment, NOW, AUSTIN) == words


def test_days_with_weekday_and_time() -> None:
    assert weekday_words(NOW, NOW, AUSTIN) == "Fri, Oct 16"
    assert day_and_time(NOW, NOW, AUSTIN) == "Today 10:06 AM"
    assert day_and_time(NOW, NOW, AUSTIN, with_zone=True) == "Today 10:06 AM CT"


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        (AUSTIN, "CT"),
        ("America/New_York", "ET"),
        ("America/Denver", "MT"),
        ("America/Los_Angeles", "PT"),
        ("UTC", "UTC"),
        ("Europe/Berlin", "UTC+2"),
        ("Asia/Kolkata", "UTC+5:30"),
        ("America/Sao_Paulo", "UTC−3"),
    ],
)
def test_zone_abbreviations(zone: str, words: str) -> None:
    assert zone_abbreviation(zone, NOW) == words


def test_an_offset_follows_summer_time() -> None:
    assert zone_abbreviation("Europe/Berlin", datetime(2026, 1, 1, tzinfo=UTC)) == "UTC+1"


def test_a_moment_in_full_needs_no_today() -> None:
    assert moment_in_full(NOW, AUSTIN) == "Fri, Oct 16, 2026, 10:06 AM CT"
    assert moment_in_full(NOW, "Asia/Kolkata") == "Fri, Oct 16, 2026, 8:36 PM UTC+5:30"


def test_zone_names() -> None:
    assert is_zone(AUSTIN)
    assert not is_zone("Central")
    assert not is_zone("")
    assert not is_zone("../etc/passwd")
    assert all(is_zone(name) for name, _ in COMMON_ZONES)
    assert len(dict(COMMON_ZONES)) == len(COMMON_ZONES)
    assert zone_label(AUSTIN) == "Central, Chicago"
    assert zone_label("America/Argentina/Rio_Gallegos") == "Rio Gallegos"


def test_an_unknown_zone_says_how_to_mend_it() -> None:
    with pytest.raises(InvalidInput, match="is not a time zone"):
        clock_time(NOW, "Mars/Olympus")
    with pytest.raises(InvalidInput):
        clock_time(NOW, "../etc/passwd")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 s"),
        (6, "6 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (90, "2 min"),
        (780, "13 min"),
        (3599, "1 h"),
        (3600, "1 h"),
        (23_040, "6 h 24 min"),
        (36_540, "10 h 9 min"),
        (86_399, "1 day"),
        (90_000, "1 day"),
        (260_000, "3 days"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


def test_time_left() -> None:
    assert time_left_words(120) == "About 2 min left"
    assert time_left_words(20) == "Less than a minute left"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-60, "Just now"),
        (10, "Just now"),
        (60, "1 min ago"),
        (240, "4 min ago"),
        (3600, "1 h ago"),
        (7300, "2 h ago"),
        (86_000, "1 day ago"),
        (3 * 86_400, "3 days ago"),
    ],
)
def test_ago(seconds: int, words: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == words


def test_a_picked_time_becomes_a_moment() -> None:
    picked = local_to_utc(wall(2026, 10, 16, 20, 15), AUSTIN)
    assert picked == datetime(2026, 10, 17, 1, 15, tzinfo=UTC)


def test_of_a_time_that_occurs_twice_the_first_is_meant() -> None:
    assert local_to_utc(wall(2026, 11, 1, 1, 30), AUSTIN) == datetime(
        2026, 11, 1, 6, 30, tzinfo=UTC
    )


def test_a_time_that_never_occurs_is_refused() -> None:
    with pytest.raises(InvalidInput, match="clocks go forward"):
        local_to_utc(wall(2026, 3, 8, 2, 30), AUSTIN)


@given(
    st.datetimes(wall(2000, 1, 1), wall(2040, 1, 1)),
    st.sampled_from([zone for zone, _ in COMMON_ZONES]),
)
def test_a_moment_survives_the_way_to_the_wall_and_back(moment: datetime, zone: str) -> None:
    try:
        picked = local_to_utc(moment, zone)
    except InvalidInput:
        return
    assert clock_time(picked, zone).startswith(f"{moment.hour % 12 or 12}:{moment.minute:02}")


@pytest.mark.parametrize(
    ("words", "inside"),
    [
        ("Just now", "just now"),
        ("Today 8:15 PM", "today 8:15 PM"),
        ("Yesterday", "yesterday"),
        ("Oct 14", "Oct 14"),
        ("4 min ago", "4 min ago"),
        ("", ""),
    ],
)
def test_words_for_a_time_fit_into_a_sentence(words: str, inside: str) -> None:
    assert mid_sentence(words) == inside


@pytest.mark.parametrize(
    ("hours", "date", "midnights"),
    [
        (0, "Oct 16", 0),
        (13, "Oct 16", 0),
        (14, "Oct 17", 1),
        (-11, "Oct 15", -1),
        (24 * 90, "Jan 14, 2027", 90),
    ],
)
def test_a_date_is_a_date_also_where_it_is_near(hours: int, date: str, midnights: int) -> None:
    moment = NOW + timedelta(hours=hours)
    assert date_words(moment, NOW, AUSTIN) == date
    assert days_ahead(moment, NOW, AUSTIN) == midnights
