"""The last guard of the rate: whatever piles up, no sliding second lets more through."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mbs_app.delivery.gate import Gate


@given(
    rate=st.integers(1, 60).map(lambda half: half / 2),
    texts=st.lists(st.tuples(st.integers(0, 700), st.integers(1, 4)), max_size=60),
)
def test_no_sliding_second_lets_more_through_than_the_rate(
    rate: float, texts: list[tuple[int, int]]
) -> None:
    gate, now, left = Gate(rate), 0.0, []
    for pause, segments in texts:
        now += pause / 1000
        while (wait := gate.delay(now, segments)) > 0:
            now += wait
        gate.note(now, segments)
        left.append((now, segments))
    most = max(1, -int(-rate // 1))
    for end, _ in left:
        window = [segments for at, segments in left if end - 1.0 + 1e-9 < at <= end]
        assert sum(window) <= most or len(window) == 1


def test_a_text_longer_than_the_limit_leaves_alone() -> None:
    gate = Gate(2)
    assert gate.delay(0.0, 5) == 0
    gate.note(0.0, 5)
    assert gate.delay(0.5, 1) == 0.5
    assert gate.delay(1.0, 1) == 0
