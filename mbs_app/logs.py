"""How log lines look: one event a line, with its time in UTC, and nothing in it that could pass for another line.

How many there may be of what strangers send is in log_budget.py.
"""

from __future__ import annotations

import logging
import logging.config
import re
import time
from typing import Any

LONGEST_LINE = 2000  # characters
MOST_LINES = 200  # of a traceback

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BEFORE_MORE = "    | "
"""Stands before each line of a traceback, whose last one may quote what somebody typed."""


class Line(logging.Formatter):
    """ "2026-11-28T20:47:05.123Z INFO mbs_app.api.problems: refused GET /api/me …" """

    converter = time.gmtime  # type: ignore[assignment]  # as logging itself assigns time.localtime
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        return _escaped(_shortened(super().formatMessage(record)))

    def formatException(self, ei: Any) -> str:  # noqa: N802  # logging's name
        return _indented(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802  # logging's name
        return _indented(super().formatStack(stack_info))


def configuration() -> dict[str, Any]:
    """For ``logging.config.dictConfig``: to standard error, our own from INFO on, all others' from WARNING on.

    The loggers of Granian are its own affair: it says only what goes wrong with the server itself.
    """
    line = {"()": f"{__name__}.Line"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": line},
        "handlers": {"stderr": {"class": "mbs_app.log_budget.SparingHandler", "formatter": "line"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "mbs_app": {"level": "INFO"},
            "_granian": {"handlers": ["stderr"], "propagate": False},
        },
    }


def configure() -> None:
    """For a process of its own, such as a worker."""
    logging.config.dictConfig(configuration())


def _escaped(text: str) -> str:
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _indented(text: str) -> str:
    lines = text.split("\n")
    if len(lines) > MOST_LINES:  # it quotes what somebody sent: the code alone is shorter
        left_out = f"… {len(lines) - MOST_LINES} lines …"
        lines = [*lines[: MOST_LINES // 2], left_out, *lines[-MOST_LINES // 2 :]]
    return "\n".join(_BEFORE_MORE + _escaped(_shortened(line)) for line in lines)


def _shortened(line: str) -> str:
    if len(line) <= LONGEST_LINE:
        return line
    return f"{line[:LONGEST_LINE]}… ({len(line)} characters)"
