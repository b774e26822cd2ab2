import pytest

from mbs_app.ui.components.day_chart import axis_for


@pytest.mark.parametrize(
    ("peak", "words"),
    [
        (62_000, ("20k", "40k", "60k")),
        (0, ("1", "2", "3")),
        (7, ("2", "4", "6")),
        (1_400, ("500", "1k", "1.5k")),
        (2_900_000, ("1M", "2M", "3M")),
    ],
)
def test_the_axis_has_three_round_steps(peak: int, words: tuple[str, str, str]) -> None:
    axis = axis_for(peak)
    assert (axis.low, axis.middle, axis.high) == words


@pytest.mark.parametrize("peak", [0, 1, 9, 62_000, 61_999, 3_333_333])
def test_the_highest_day_fits(peak: int) -> None:
    assert axis_for(peak).top >= peak
