"""Log lines: one event a line, and nothing in one that could pass for another."""

from __future__ import annotations

import logging
import re
import sys

from mbs_app.logs import Line

A_LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Z]+ [\w.]+: ")


def _record(message: str, *values: object, error: BaseException | None = None) -> logging.LogRecord:
    raised = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("mbs_app.api", logging.INFO, __file__, 1, message, values, raised)


def test_a_line_says_when_in_utc_how_grave_and_where() -> None:
    record = _record("refused %s", "GET /api/me")
    record.created = 1_795_898_825.123
    record.msecs = 123.0
    assert Line().format(record) == "2026-11-28T20:47:05.123Z INFO mbs_app.api: refused GET /api/me"


def test_what_somebody_sent_begins_no_line_of_its_own() -> None:
    forged = "/x\n2026-11-28T20:47:05.123Z INFO mbs_app.api: all is well\r\x1b[2J\u2028"
    line = Line().format(_record("refused %s", forged))
    assert "\n" not in line and "\r" not in line and "\x1b" not in line and "\u2028" not in line
    assert line.endswith(r"all is well\u000d\u001b[2J\u2028")


def test_a_traceback_is_known_for_one_even_where_it_quotes_what_was_sent() -> None:
    try:
        raise ValueError("no\n2026-11-28T20:47:05.123Z INFO mbs_app.api: all is well")
    except ValueError:
        error = sys.exception() if hasattr(sys, "exception") else sys.exc_info()[1]
    first, *more = Line().format(_record("it failed", error=error)).split("\n")
    assert A_LINE.match(first)
    assert more and not [line for line in more if not line.startswith("    | ")]
