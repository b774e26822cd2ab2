"""The seven outcomes of one campaign, from Python or from a Var.

Everything that draws them takes a `services.live.Ledger`, a Var of one, or any dataclass with its
seven fields.
"""

from typing import Any, TypeAlias

ORDER = ("delivered", "sent", "sending", "pending", "unknown", "failed", "skipped")
"""Progress from the left, exceptions at the right, pending closes between. Fixed everywhere."""

AnyCounts: TypeAlias = Any
"""People by outcome: `.delivered`, `.sent` … `.skipped`, integers or integer Vars."""


def number_of(counts: AnyCounts, name: str) -> Any:
    """One outcome's number, an int or a Var."""
    return getattr(counts, name)


def sum_of(counts: AnyCounts) -> Any:
    """What the seven come to, an int or a Var."""
    first, *rest = (number_of(counts, name) for name in ORDER)
    total = first
    for number in rest:
        total = total + number
    return total
