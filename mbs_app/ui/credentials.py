"""Forms with a password go straight from the browser to the HTTP API.

The API's answer carries the HttpOnly cookie, which no event can set, and the password never becomes part of a
tab's state on the server.
"""

from __future__ import annotations

from typing import Any, Literal

from reflex_base.event import EventSpec

from mbs_app.ui.browser import in_browser, leave_for
from mbs_app.ui.components.expressions import Text

__all__ = ["leave_for", "post_form"]


def post_form(
    form_id: str,
    url: Text,
    callback: Any,
    *,
    method: Literal["POST", "PUT", "PATCH", "DELETE"] = "POST",
    want_body: bool = False,
) -> EventSpec:
    """Send the form as JSON to ``url``; ``callback`` is the handler that gets the answer.

    The answer is ``{"ok": bool, "status": int, "detail": str, "errors": {field: sentence}, "body": None}``;
    ``status`` is 0 where the server can't be reached. With ``want_body`` the API's answer comes as ``body``: a
    handler's arguments pass through the server's memory, so never ask for the body of an answer with a secret.
    """
    return in_browser("postForm", form_id, url, method, want_body, callback=callback)
