"""The rate limit's last guard, in the process that sends.

Slots are reserved so that the limit holds. Where a busy moment makes several texts late, they would leave
together; the gate lets no more through in any sliding second than the rate allows.
"""

from __future__ import annotations

import math
from collections import deque


class Gate:
    """One sender's. Times are in seconds of any clock that never goes back."""

    def __init__(self, rate: float) -> None:
        self._most = max(1, math.ceil(rate))
        self._recent: deque[tuple[float, int]] = deque()
        self._segments = 0

    def delay(self, now: float, segments: int) -> float:
        """How long a text of so many segments must still wait; 0 when it may leave now."""
        # Compared as it is subtracted below, so that rounding can't make a wait of nothing.
        while self._recent and self._recent[0][0] + 1.0 <= now:
            self._segments -= self._recent.popleft()[1]
        # One that is longer than the limit leaves alone.
        if not self._recent or self._segments + segments <= self._most:
            return 0.0
        return (self._recent[0][0] + 1.0) - now

    def note(self, now: float, segments: int) -> None:
        """It leaves now."""
        self._recent.append((now, segments))
        self._segments += segments
