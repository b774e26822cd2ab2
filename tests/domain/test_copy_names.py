"""Names for copies."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mbs_app.domain.copy_names import free_name


def test_the_first_free_name_is_taken() -> None:
    assert free_name("VIP", [], 80) == "VIP (copy)"
    assert free_name("VIP", ["vip (COPY)", "VIP (copy 2)"], 80) == "VIP (copy 3)"


@given(st.text(min_size=1, max_size=30), st.lists(st.text(max_size=30), max_size=20))
def test_a_copy_is_free_and_never_too_long(name: str, others: list[str]) -> None:
    free = free_name(name, others, 24)
    assert len(free) <= 24
    assert free.casefold() not in {other.casefold() for other in others}
