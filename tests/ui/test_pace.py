"""The rate on a live screen, from samples of a growing count."""

from __future__ import annotations

from mbs_app.ui.live.pace import SPARK_POINTS, Pace


def test_the_rate_is_taken_over_the_last_ten_seconds() -> None:
    pace = Pace()
    for second in range(30):
        pace.note(float(second), second * (40 if second < 15 else 0) + (0 if second < 15 else 600))
    assert pace.per_second == 0.0


def test_a_steady_count_gives_its_rate_at_once() -> None:
    pace = Pace()
    pace.note(0.0, 100)
    pace.note(1.0, 145)
    assert pace.per_second == 45.0


def test_one_sample_is_no_rate() -> None:
    pace = Pace()
    pace.note(0.0, 100)
    assert pace.per_second == 0.0


def test_samples_come_once_a_second_however_often_it_looks() -> None:
    pace = Pace()
    for quarter in range(40):
        pace.note(quarter / 4, quarter)
    assert len(pace.spark) == 9


def test_the_past_counts_as_if_it_had_been_watched() -> None:
    pace = Pace.from_past(100.0, 1_000, [10] * SPARK_POINTS)
    assert pace.per_second == 10.0
    assert len(pace.spark) == SPARK_POINTS and set(pace.spark) == {10.0}
    pace.note(101.0, 1_010)
    assert pace.per_second == 10.0


def test_no_past_is_no_rate() -> None:
    assert Pace.from_past(100.0, 1_000, []).per_second == 0.0
