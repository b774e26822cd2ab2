"""Forms with a password go straight from the browser to the HTTP API.

The API's answer carries the HttpOnly cookie, which no event can set, and the password never becomes part of a
tab's state on the server.
"""

from __future__ import annotations

from typing import Any, Literal

from reflex_base.event import EventSpec

from mbs_app.ui.browser import in_browser, leave_for
from mbs_app.ui.components.expressions import Text

__all__ = ["copy_shown", "forget_kept", "leave_for", "post_form", "show_kept"]


def post_form(
    form_id: str,
    url: Text,
    callback: Any,
    *,
    method: Literal["POST", "PUT", "PATCH", "DELETE"] = "POST",
    want_body: bool = False,
    keep_body: bool = False,
) -> EventSpec:
    """Send the form as JSON to ``url``; ``callback`` is the handler that gets the answer.

    The answer is ``{"ok": bool, "status": int, "detail": str, "errors": {field: sentence}, "body": None}``;
    ``status`` is 0 where the server can't be reached. With ``want_body`` the API's answer comes as ``body``: a
    handler's arguments pass through the server's memory, so never ask for the body of an answer with a secret.
    For those there is ``keep_body``, which leaves it in the page's memory, for ``show_kept``.
    """
    body_for = "page" if keep_body else "event" if want_body else ""
    return in_browser("postForm", form_id, url, method, body_for, callback=callback)


def show_kept(form_id: str, field: str, element_id: str) -> EventSpec:
    """Write ``field`` of the answer that ``post_form(…, keep_body=True)`` kept into an element of the page.

    The element has no content of its own: ``rx.el.code(id=…)``, ``rx.el.pre(id=…)`` for a list, which gets a line
    for each, or ``rx.el.input(id=…, read_only=True)``. It may be one that the same events only just show.
    """
    return in_browser("showKept", form_id, field, element_id)


def forget_kept(form_id: str) -> EventSpec:
    """Forget a kept answer, when the dialog that showed it closes."""
    return in_browser("forgetKept", form_id)


def copy_shown(element_id: str, callback: Any = None) -> EventSpec:
    """Put what an element shows on the clipboard; ``callback`` gets whether the browser could."""
    return in_browser("copyShown", element_id, callback=callback)
