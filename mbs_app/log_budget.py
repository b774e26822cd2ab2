"""How much strangers can make the log say.

Anybody may send a request or an event that is refused with a line in the log, as often as the network takes them.
So each place in the code that speaks of what came from outside has some lines a minute. What is beyond them is
counted, and the count is a line. Two faults are two places: a traceback counts for where it was raised, so that a
flood of one hides no other. What the worker says of texts and mails is always written.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

LINES_A_MINUTE = 60
OF_OUTSIDE = (
    "_granian",
    "asyncio",
    "engineio",
    "mbs_app.api",
    "mbs_app.ui",
    "mbs_app.webhooks",
    "reflex",
    "reflex_base",
    "socketio",
)

_MINUTE = 60.0
_LONGEST_EXAMPLE = 200


@dataclass(slots=True)
class _Spent:
    began: float
    lines: int = 0
    held_back: int = 0


class Budget:
    """Which records are written, and the counts of those that aren't."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._spent: dict[tuple[Any, ...], tuple[_Spent, logging.LogRecord]] = {}

    def admit(self, record: logging.LogRecord) -> Iterator[logging.LogRecord]:
        """``record`` where there is room for it, after the counts of minutes that are over."""
        now = self._clock()
        yield from self._counts(before=now - _MINUTE)
        if not _is_of_outside(record.name):
            yield record
            return
        spent, _ = self._spent.setdefault(_place(record), (_Spent(now), record))
        spent.lines += 1
        if spent.lines <= LINES_A_MINUTE:
            yield record
        else:
            spent.held_back += 1
        if spent.lines == LINES_A_MINUTE:
            yield _line_about(
                record, "%d lines like the last one in a minute: more are only counted", spent.lines
            )

    def rest(self) -> Iterator[logging.LogRecord]:
        """The counts of minutes that aren't over yet."""
        yield from self._counts(before=self._clock())

    def _counts(self, before: float) -> Iterator[logging.LogRecord]:
        over = [place for place, (spent, _) in self._spent.items() if spent.began <= before]
        for place in over:
            spent, example = self._spent.pop(place)
            if spent.held_back:
                words = example.getMessage()[:_LONGEST_EXAMPLE]
                yield _line_about(example, "%d more like this: %s", spent.held_back, words)


class SparingHandler(logging.StreamHandler):
    """To standard error, within the budget."""

    def __init__(self, budget: Budget | None = None) -> None:
        super().__init__()
        self._budget = budget or Budget()

    def emit(self, record: logging.LogRecord) -> None:  # under the handler's lock
        for admitted in self._budget.admit(record):
            super().emit(admitted)

    def close(self) -> None:
        """At the end of the process: say what is still uncounted."""
        with suppress(ValueError, OSError):  # standard error may be closed already
            for count in self._budget.rest():
                super().emit(count)
        super().close()


def _is_of_outside(name: str) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in OF_OUTSIDE)


def _place(record: logging.LogRecord) -> tuple[Any, ...]:
    """Where in the code a record comes from: the line that wrote it, and the one that raised."""
    said_at = (record.name, record.pathname, record.lineno)
    if not record.exc_info or record.exc_info[1] is None:
        return said_at
    kind, _, raised = record.exc_info
    while raised is not None and raised.tb_next is not None:
        raised = raised.tb_next
    at = (raised.tb_frame.f_code.co_filename, raised.tb_lineno) if raised else ()
    return (*said_at, kind, *at)


def _line_about(record: logging.LogRecord, words: str, *values: object) -> logging.LogRecord:
    """A line from the same place, without its traceback."""
    return logging.LogRecord(
        record.name, record.levelno, record.pathname, record.lineno, words, values, None
    )
