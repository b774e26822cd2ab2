"""When each text may leave: a rate limit as pure arithmetic on one stored time.

The scheme is GCRA's (ITU-T I.371): a sender has a time before which nothing may leave, and every
text moves it on by its segments divided by the rate. Workers reserve slots in advance by moving the
stored time in a transaction, so the limit holds over all of them together.

GCRA alone lets a long text at the end of a second through on top of what left before it. The
stricter promise here is that in **every** sliding second ``(t - 1 s, t]`` no more than ``rate``
segments leave (rounded up to a whole segment), or one text alone when that one is longer.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

MAX_ATTEMPTS = 6
FIRST_DELAY = 2.0  # seconds
LONGEST_DELAY = 15 * 60.0
LONGEST_RETRY_AFTER = 60 * 60.0

_SECOND = 1_000_000  # all arithmetic is in whole microseconds, what a datetime can hold


def reserve(
    next_free_at: datetime | None,
    now: datetime,
    rate_per_second: float,
    segments_each: Sequence[int],
    horizon_seconds: float,
) -> tuple[list[datetime], datetime]:
    """Slots for the first texts of ``segments_each`` that can leave within the horizon.

    ``next_free_at`` is the sender's stored time (None for one that never sent), ``rate_per_second``
    its limit in segments. Returns one time per text, in order, perhaps for fewer texts than asked,
    and the time to store. With no slot inside the horizon the stored time comes back unchanged.
    Raises ValueError for a rate that isn't positive.
    """
    if not rate_per_second > 0:
        raise ValueError("The rate must be above 0 segments a second.")
    free = now if next_free_at is None else next_free_at
    slots: list[datetime] = []
    book = _Book(_micros(free - now), rate_per_second)
    last = int(horizon_seconds * _SECOND)
    for segments in segments_each:
        slot = book.earliest(max(1, segments))
        if slot > last:
            break
        book.take(slot, max(1, segments))
        slots.append(now + timedelta(microseconds=slot))
    if not slots:
        return [], free
    return slots, now + timedelta(microseconds=book.free)


def backoff(attempt: int, retry_after: float | None = None, jitter: float = 0.5) -> timedelta:
    """How long to wait after the ``attempt``-th try (from 1) was turned away.

    Doubles from 2 s to 15 min. ``jitter`` in [0, 1], drawn by the caller, spreads the wait over the
    upper half of that. Never shorter than ``retry_after`` seconds, believed up to an hour.
    """
    full = min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(max(attempt, 1) - 1, 30))
    share = min(max(jitter, 0.0), 1.0)
    wait = full * (0.5 + 0.5 * share)
    if retry_after is not None and retry_after > 0:
        # Those told to come back at the same moment should not all do so.
        wait = max(wait, min(retry_after, LONGEST_RETRY_AFTER) + share)
    return timedelta(seconds=wait)


class _Book:
    """The slots of one reservation, in microseconds from now.

    What left before this reservation is not known one by one. By the rule of GCRA fewer than
    ``rate × (free - t)`` segments left after any earlier time ``t``, which stands in for it.
    """

    def __init__(self, free: int, rate: float) -> None:
        self.free = free
        self._rate = rate
        self._most = math.ceil(rate)
        self._history_end = free
        self._recent: deque[tuple[int, int]] = deque()
        self._recent_segments = 0

    def earliest(self, segments: int) -> int:
        """The first moment at which a text of so many segments may leave."""
        counted = min(segments, self._most)  # one longer than the limit leaves alone
        moment = max(0, self.free)
        while True:
            self._forget_before(moment - _SECOND)
            wanted = self._recent_segments + counted
            waits: list[int] = []
            if wanted > self._most:
                waits.append(self._recent[0][0] + _SECOND)
            clear = self._history_end + _ceil((wanted - 1) * _SECOND / self._rate)
            if moment < min(clear, self._history_end + _SECOND):
                waits.append(min(clear, self._history_end + _SECOND))
            if not waits:
                return moment
            moment = min(waits)

    def take(self, moment: int, segments: int) -> None:
        counted = min(segments, self._most)
        self._recent.append((moment, counted))
        self._recent_segments += counted
        self.free = moment + _ceil(segments * _SECOND / self._rate)

    def _forget_before(self, moment: int) -> None:
        while self._recent and self._recent[0][0] <= moment:
            self._recent_segments -= self._recent.popleft()[1]


def _micros(span: timedelta) -> int:
    return (span.days * 86_400 + span.seconds) * _SECOND + span.microseconds


def _ceil(micros: float) -> int:
    # The tiny step keeps 1,000,000.0000000001 from costing a whole microsecond.
    return math.ceil(micros - 1e-6)
