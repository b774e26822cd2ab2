import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbs_app.services.live import Ledger
from mbs_app.ui.components.funnel_shape import FULL, THINNEST, funnel_shape


def ledger(*counts: int) -> Ledger:
    return Ledger(*counts, audience=sum(counts))


def test_the_stages_are_those_of_the_ledger() -> None:
    shape = funnel_shape(ledger(11_204, 1_318, 42, 5_310, 18, 236, 314))
    assert (shape.audience, shape.can_receive, shape.handed) == (18_442, 18_128, 12_776)
    assert (shape.delivered, shape.still_to_go) == (11_204, 5_352)


def test_drop_offs_nobody_is_in_are_not_drawn() -> None:
    shape = funnel_shape(ledger(90, 0, 0, 10, 0, 0, 0))
    assert [stream.kind for stream in shape.streams] == ["pending"]


def test_one_person_of_a_million_is_still_seen() -> None:
    shape = funnel_shape(ledger(999_999, 0, 0, 0, 0, 1, 0))
    assert shape.streams[0].height == THINNEST


def test_an_empty_audience_draws_nothing() -> None:
    shape = funnel_shape(ledger(0, 0, 0, 0, 0, 0, 0))
    assert shape.streams == [] and shape.audience_height == 0


@given(st.lists(st.integers(0, 1_000_000), min_size=7, max_size=7))
def test_labels_never_overlap_and_nothing_leaves_the_drawing(counts: list[int]) -> None:
    shape = funnel_shape(ledger(*counts))
    ends = [s for s in shape.streams if s.kind in ("sent", "failed", "unknown")]
    for upper, lower in pairwise(ends):
        assert lower.top >= upper.top + 16
    for stream in shape.streams:
        assert stream.top + stream.height <= shape.height
        assert re.fullmatch(r"M[\d. ]+C[\d. ]+V[\d.]+C[\d. ]+Z", stream.path)


@pytest.mark.parametrize("share", [1, 2, 4])
def test_thickness_is_true_to_people(share: int) -> None:
    shape = funnel_shape(ledger(1000 // share, 0, 0, 1000 - 1000 // share, 0, 0, 0))
    assert shape.delivered_height == pytest.approx(FULL / share, abs=0.1)
