"""What the set-up says: one line for each step, and one sentence when it can't go on."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

CONFIGURATION_IS_WRONG = 2


def say(line: str = "") -> None:
    print(line, flush=True)


def stop(sentence: str, code: int = 1) -> NoReturn:
    """End the program with one clear sentence on standard error."""
    print(sentence, file=sys.stderr, flush=True)
    raise SystemExit(code)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Name a step that takes a while, and say how long it took."""
    say(f"{what} …")
    started = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - started:.1f} s")
