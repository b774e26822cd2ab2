from __future__ import annotations

import pytest

from mbs_app.domain.segments import measure
from mbs_app.providers.simulator.segments import segments_of

TEXTS = [
    "",
    "Hi",
    "x" * 160,
    "x" * 161,
    "x" * 306,
    "x" * 307,
    "{" * 80,
    "{" * 81,
    "x" * 152 + "€" + "x" * 152,
    "é" * 160,
    "ê" * 70,
    "ê" * 71,
    "ê" * 134,
    "ê" * 135,
    "🎉" * 35,
    "🎉" * 36,
    "ê" * 66 + "🎉" + "x" * 66,
    "a\n" * 80,
]


@pytest.mark.parametrize("body", TEXTS)
def test_the_carriers_count_and_the_products_agree(body: str) -> None:
    assert segments_of(body) == max(1, measure(body).segments)
