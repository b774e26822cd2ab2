"""How long the texts are, as bars of equal width."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mbs_app.domain.segments import GSM7_SINGLE

MOST_BARS = 40

Cost = Literal["one", "more", "unicode"]


@dataclass(frozen=True, slots=True)
class Bar:
    """Texts of ``low`` to ``high`` characters, both included: how many people get one segment, how many
    get more, and how many of either need Unicode (these are in neither of the first two)."""

    low: int
    high: int
    one: int = 0
    more: int = 0
    unicode: int = 0

    @property
    def people(self) -> int:
        return self.one + self.more + self.unicode


@dataclass(frozen=True, slots=True)
class Histogram:
    """``border`` is the index of the first bar beyond 160 characters where the texts lie on both sides."""

    bars: tuple[Bar, ...] = ()
    border: int | None = None

    @property
    def shortest(self) -> int:
        return self.bars[0].low if self.bars else 0

    @property
    def longest(self) -> int:
        return self.bars[-1].high if self.bars else 0

    @property
    def tallest(self) -> int:
        return max((bar.people for bar in self.bars), default=0)


def build(counted: Mapping[tuple[int, Cost], int]) -> Histogram:
    """From people by (characters, cost). A bar ends at 160, so that the border runs between two."""
    if not counted:
        return Histogram()
    lengths = [length for length, _ in counted]
    low, high = min(lengths), max(lengths)
    width = -(-(high - low + 1) // MOST_BARS)
    has_border = low <= GSM7_SINGLE < high
    # Bars are counted from the border outwards, so that none lies across it.
    anchor = GSM7_SINGLE + 1 if has_border else low
    first, last = (low - anchor) // width, (high - anchor) // width
    sums: dict[int, dict[str, int]] = {number: {} for number in range(first, last + 1)}
    for (length, cost), people in counted.items():
        slot = sums[(length - anchor) // width]
        slot[cost] = slot.get(cost, 0) + people
    bars = tuple(
        Bar(
            max(low, anchor + number * width),
            min(high, anchor + (number + 1) * width - 1),
            **slot,
        )
        for number, slot in sums.items()
    )
    return Histogram(bars, -first if has_border else None)
