"""Names for copies of things."""

from __future__ import annotations

from collections.abc import Collection


def free_name(name: str, taken: Collection[str], longest: int) -> str:
    """``name`` with "(copy)", "(copy 2)" … after it: the first that isn't taken, in any case of letters,
    and not over ``longest`` characters."""
    used = {other.casefold() for other in taken}
    for number in range(1, len(used) + 2):
        tail = " (copy)" if number == 1 else f" (copy {number})"
        free = name[: longest - len(tail)].rstrip() + tail
        if free.casefold() not in used:
            return free
    raise AssertionError("one more candidate than names taken: one of them is free")
