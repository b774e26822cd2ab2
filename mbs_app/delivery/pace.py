"""How fast and how patiently the engine works. Tests use shorter times, nothing else differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """Times are in seconds.

    ``concurrency`` is the most calls under way at once, ``claimed`` the most texts leased at once.
    ``doubt_looks`` are the gaps before each look for a text in doubt, ``receipt_looks`` before each question
    about one whose final receipt hasn't come; after the last there are no more.
    """

    concurrency: int = 64
    claimed: int = 800
    batch: int = 300
    horizon: float = 0.5
    lease: float = 60.0
    shortest_poll: float = 0.05
    longest_poll: float = 0.5
    beat: float = 5.0
    sweep: float = 5.0
    stop_within: float = 35.0  # longer than the longest call
    late_after: float = 3600.0
    doubt_looks: Sequence[float] = (15, 60, 300, 1800, 7200)
    receipt_looks: Sequence[float] = (60, 300, 1800, 7200, 36_000)

    def first_doubt_look(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self.doubt_looks[0])

    def first_receipt_look(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self.receipt_looks[0])

    def next_look(self, looks: int, now: datetime, *, in_doubt: bool) -> datetime | None:
        """When to look again after ``looks`` looks; None once enough were made."""
        gaps = self.doubt_looks if in_doubt else self.receipt_looks
        return now + timedelta(seconds=gaps[looks]) if looks < len(gaps) else None
