from __future__ import annotations

from decimal import Decimal

import pytest

from mbs_app.domain.money import format_money, format_price


@pytest.mark.parametrize(
    ("amount", "currency", "places", "words"),
    [
        ("267.19", "USD", 2, "$267.19"),
        (Decimal("267.185"), "USD", 2, "$267.19"),
        ("1234567.5", "USD", 2, "$1,234,567.50"),
        ("213.4", "USD", 0, "$213"),
        (0, "USD", 2, "$0.00"),
        ("-3", "EUR", 2, "−€3.00"),
        ("12.5", "CHF", 2, "CHF 12.50"),
    ],
)
def test_amounts(amount: str, currency: str, places: int, words: str) -> None:
    assert format_money(amount, currency, places) == words


def test_prices() -> None:
    assert format_price("0.0099") == "$0.0099"
