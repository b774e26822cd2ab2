"""How something stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    HEALTHY = "healthy"
    LOOK = "look"  # know this, and perhaps do something
    BROKEN = "broken"  # something doesn’t work until somebody does something


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the overview. ``value`` is in words; ``advice`` says what to do where it isn’t healthy."""

    key: str
    label: str
    value: str
    state: State = State.HEALTHY
    advice: str = ""


_GRAVITY = (State.HEALTHY, State.LOOK, State.BROKEN)


def worst(checks: Iterable[Check]) -> State:
    return max((check.state for check in checks), key=_GRAVITY.index, default=State.HEALTHY)


def percent_words(share: float) -> str:
    """ "3.1%", "<0.1%"."""
    return "<0.1%" if 0 < share < 0.0005 else f"{share:.1%}"


def look_if(is_odd: bool, advice: str) -> tuple[State, str]:
    """For a :class:`Check`: amber with advice where ``is_odd``."""
    return (State.LOOK, advice) if is_odd else (State.HEALTHY, "")


def broken_if(is_broken: bool, advice: str) -> tuple[State, str]:
    return (State.BROKEN, advice) if is_broken else (State.HEALTHY, "")
