"""The rate limit, as a property of every sliding second."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbs_app.domain.pacing import LONGEST_DELAY, MAX_ATTEMPTS, backoff, reserve

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)

rates = st.sampled_from([0.2, 0.5, 1, 1.5, 3, 7, 10, 45, 100, 250])
batches = st.lists(
    st.tuples(
        st.lists(st.integers(1, 6), min_size=1, max_size=40),
        st.sampled_from([0.25, 0.8, 2.0, 30.0]),
        st.sampled_from([0, 1, 100_000, 500_000, 3_000_000]),
    ),
    min_size=1,
    max_size=8,
)


@given(rates, batches)
def test_no_sliding_second_holds_more_than_the_rate(
    rate: float, work: list[tuple[list[int], float, int]]
) -> None:
    log = _run(rate, work)
    for index, (start, _) in enumerate(log):
        window = [count for at, count in log[index:] if at < start + SECOND]
        assert sum(window) <= math.ceil(rate) or len(window) == 1


@given(rates, batches)
def test_over_a_long_time_the_rate_is_kept_too(
    rate: float, work: list[tuple[list[int], float, int]]
) -> None:
    log = _run(rate, work)
    spent = sum(count for _, count in log[:-1])
    assert (log[-1][0] - log[0][0]).total_seconds() >= spent / rate - 0.001 if log else True


@given(rates, batches)
def test_slots_are_in_order_and_never_in_the_past(
    rate: float, work: list[tuple[list[int], float, int]]
) -> None:
    free, now = None, NOW
    for segments, horizon, pause in work:
        slots, after = reserve(free, now, rate, segments, horizon)
        assert slots == sorted(slots)
        assert all(now <= slot <= now + timedelta(seconds=horizon) for slot in slots)
        assert len(slots) <= len(segments)
        assert after > slots[-1] if slots else after == (free or now)
        free, now = after, now + timedelta(microseconds=pause)


@pytest.mark.parametrize(
    ("rate", "segments", "at_least"),
    [
        (1, 1, 1.0),
        (3, 1, 3.0),
        (3, 2, 1.9),
        (45, 1, 44.9),
        (45, 2, 42.5),
        (100, 3, 94.0),
        (0.5, 1, 0.5),
    ],
)
def test_little_of_the_rate_is_lost(rate: float, segments: int, at_least: float) -> None:
    free, now, sent = None, NOW, 0
    for _ in range(120):
        slots, free = reserve(free, now, rate, [segments] * 100, 0.5)
        sent += len(slots) * segments
        now += timedelta(seconds=0.5)
    assert sent / 60 >= at_least


def test_single_texts_leave_evenly() -> None:
    slots, free = reserve(None, NOW, 10, [1, 1, 1], 1.0)
    assert slots == [NOW, NOW + SECOND / 10, NOW + SECOND / 5]
    assert free == NOW + timedelta(milliseconds=300)


def test_a_time_in_the_past_saves_nothing_up() -> None:
    slots, _ = reserve(NOW - timedelta(hours=1), NOW, 1, [1, 1, 1], 10)
    assert slots == [NOW, NOW + SECOND, NOW + 2 * SECOND]


def test_a_full_horizon_reserves_nothing_and_changes_nothing() -> None:
    later = NOW + timedelta(seconds=5)
    assert reserve(later, NOW, 10, [1], 1.0) == ([], later)
    assert reserve(None, NOW, 10, [], 1.0) == ([], NOW)


def test_a_text_longer_than_the_rate_leaves_alone_and_pays_for_itself() -> None:
    slots, free = reserve(None, NOW, 1, [4, 1], 10)
    assert slots == [NOW, NOW + 4 * SECOND]
    assert free == NOW + 5 * SECOND


@pytest.mark.parametrize("rate", [0, -1, float("nan")])
def test_a_rate_must_be_positive(rate: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        reserve(None, NOW, rate, [1], 1)


def test_backoff_doubles_and_is_capped() -> None:
    waits = [backoff(attempt, jitter=1.0).total_seconds() for attempt in range(1, 14)]
    assert waits[:5] == [2, 4, 8, 16, 32]
    assert waits[-1] == LONGEST_DELAY
    assert MAX_ATTEMPTS >= 3


@given(st.integers(-5, 10_000), st.floats(0, 1))
def test_backoff_stays_within_its_half(attempt: int, jitter: float) -> None:
    full = backoff(attempt, jitter=1.0)
    assert full / 2 <= backoff(attempt, jitter=jitter) <= full


def test_backoff_honours_retry_after_within_reason() -> None:
    assert backoff(1, retry_after=30, jitter=0) == timedelta(seconds=30)
    assert backoff(1, retry_after=30, jitter=1) == timedelta(seconds=31)
    assert backoff(1, retry_after=10**9, jitter=0) == timedelta(hours=1)
    assert backoff(9, retry_after=1, jitter=1) == backoff(9, jitter=1)
    assert backoff(1, retry_after=-3, jitter=1) == backoff(1, jitter=1)


def _run(rate: float, work: list[tuple[list[int], float, int]]) -> list[tuple[datetime, int]]:
    free, now = None, NOW
    log: list[tuple[datetime, int]] = []
    for segments, horizon, pause in work:
        slots, free = reserve(free, now, rate, segments, horizon)
        log.extend(zip(slots, segments, strict=False))
        now += timedelta(microseconds=pause)
    return log
