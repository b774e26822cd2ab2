"""Amounts of money as people read them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$", "MXN": "MX$"}


def format_money(amount: Decimal | int | str, currency: str = "USD", places: int = 2) -> str:
    """ "$267.19", "$1,234.50", "CHF 12.50"; halves round up."""
    value = Decimal(amount).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    sign = "−" if value < 0 else ""
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{symbol}{abs(value):,.{places}f}"


def format_price(amount: Decimal | int | str, currency: str = "USD") -> str:
    """The price of one segment, which needs four places: "$0.0099"."""
    return format_money(amount, currency, places=4)
