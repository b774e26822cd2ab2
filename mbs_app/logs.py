"""How log lines look: one event a line, with its time in UTC, and nothing in it that could pass for another line."""

from __future__ import annotations

import logging
import logging.config
import re
import time
from typing import Any

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BEFORE_MORE = "    | "
"""Stands before each line of a traceback, whose last one may quote what somebody typed."""


class Line(logging.Formatter):
    """ "2026-11-28T20:47:05.123Z INFO mbs_app.api.problems: refused GET /api/me …" """

    converter = time.gmtime  # type: ignore[assignment]
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        return _escaped(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return _indented(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
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
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
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


def _indented(lines: str) -> str:
    return "\n".join(_BEFORE_MORE + _escaped(line) for line in lines.split("\n"))
