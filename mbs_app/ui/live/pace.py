"""How fast a campaign goes over to the carrier, from what this process has seen of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

WINDOW = 10.0  # seconds the rate is taken over
EVERY = 1.0  # seconds between two samples
SPARK_POINTS = 40


@dataclass(slots=True)
class Pace:
    """Samples of a count that only grows, by a monotonic clock in seconds."""

    seen: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=64))
    spark: deque[float] = field(default_factory=lambda: deque(maxlen=SPARK_POINTS))

    @classmethod
    def from_past(cls, now: float, handed_over: int, by_second: Sequence[int]) -> Pace:
        """As if it had been watched before: ``by_second`` is what went over in each second until now."""
        pace = cls()
        count = handed_over - sum(by_second)
        pace.note(now - len(by_second), count)
        for back, went in zip(range(len(by_second) - 1, -1, -1), by_second, strict=True):
            count += went
            pace.note(now - back, count)
        return pace

    def note(self, now: float, handed_over: int) -> None:
        """Take a sample, unless the last one is less than a second old."""
        if self.seen and now - self.seen[-1][0] < EVERY:
            return
        self.seen.append((now, handed_over))
        while len(self.seen) > 2 and now - self.seen[0][0] > WINDOW:
            self.seen.popleft()
        if len(self.seen) > 1:
            self.spark.append(self._over(2.0))

    @property
    def per_second(self) -> float:
        return self._over(WINDOW)

    def _over(self, seconds: float) -> float:
        """Texts a second over the last ``seconds``, or as long as there are samples."""
        if len(self.seen) < 2:
            return 0.0
        until, after = self.seen[-1]
        since, before = next(
            (sample for sample in self.seen if until - sample[0] <= seconds + EVERY / 2),
            self.seen[-2],
        )
        if since == until:
            since, before = self.seen[-2]
        return round(max(0.0, (after - before) / (until - since)), 1)
