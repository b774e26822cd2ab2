"""What a person sees when a handler raises, and what the log gets."""

from __future__ import annotations

import logging
import time

from reflex_base.event import EventSpec

from mbs_app.domain.errors import MbsError, NotSignedIn
from mbs_app.ui.browser import renew_session
from mbs_app.ui.components.toast import notify_problem
from mbs_app.ui.guard import refusal_event

logger = logging.getLogger(__name__)

UNEXPECTED = (
    "Something went wrong on the server. Reload the page to see what was saved, then try again."
)
LONGEST_REPORT = 1000
REPORTS_A_MINUTE = 20

_reported: list[float] = []


def show_problem(exception: Exception) -> EventSpec:
    """For ``rx.App(backend_exception_handler=…)``: our errors speak for themselves, others are logged."""
    if isinstance(exception, NotSignedIn):  # signed in when the handler began
        return renew_session()
    if isinstance(exception, MbsError):
        return refusal_event(exception)
    logger.error("an event failed", exc_info=exception)
    return notify_problem(UNEXPECTED)


def log_browser_error(exception: Exception) -> None:
    """For ``rx.App(frontend_exception_handler=…)``: anyone can send these, so few and short ones are kept."""
    now = time.monotonic()
    _reported[:] = [at for at in _reported if now - at < 60]
    if len(_reported) < REPORTS_A_MINUTE:
        _reported.append(now)
        logger.warning("a page reported: %r", str(exception)[:LONGEST_REPORT])
