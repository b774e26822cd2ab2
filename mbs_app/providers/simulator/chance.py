"""Seeded chance. The same seed and phone number always meet the same fate."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import blake2b


def uniforms(*parts: object) -> tuple[float, float, float, float]:
    """Four even draws from [0, 1), decided by the parts alone."""
    digest = blake2b("\0".join(map(str, parts)).encode(), digest_size=16).digest()
    a, b, c, d = struct.unpack("<4I", digest)
    return a / 2**32, b / 2**32, c / 2**32, d / 2**32


def uniform(*parts: object) -> float:
    return uniforms(*parts)[0]


@dataclass(frozen=True, slots=True)
class Fate:
    """How a taken text ends. ``final`` None: never reported further than sent. Times in seconds from taking.

    ``sent_after`` None: it fails without having been sent.
    """

    final: str | None
    error_code: int | None
    sent_after: float | None
    final_after: float


DELIVERED_SHARE = 0.96
SILENT_SHARE = 0.004
_FAILURES = ((30003, 0.42), (30005, 0.22), (30006, 0.16), (30007, 0.10), (30008, 0.10))


def fate_of(seed: int, to: str, nth: int) -> Fate:
    """The outcome belongs to the number, the pace to the number and how many texts it had before."""
    which = uniform(seed, "fate", to)
    pace = uniforms(seed, "pace", to, nth)
    sent_after = 0.3 + 0.7 * pace[0]
    # Most phones answer within two seconds; some take up to six.
    final_after = sent_after + 0.7 + 4.3 * pace[1] ** 2
    if which < DELIVERED_SHARE:
        return Fate("delivered", None, sent_after, final_after)
    if which < DELIVERED_SHARE + SILENT_SHARE:
        return Fate(None, None, sent_after, final_after)
    return Fate("undelivered", _failure(uniform(seed, "failure", to)), sent_after, final_after)


def latency_of(seed: int, to: str, attempt: int, span: tuple[float, float]) -> float:
    low, high = span
    return low + (high - low) * uniform(seed, "latency", to, attempt) if high > 0 else 0.0


def _failure(draw: float) -> int:
    for code, share in _FAILURES:
        if draw < share:
            return code
        draw -= share
    return _FAILURES[-1][0]
