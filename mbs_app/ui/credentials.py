"""Forms with a password go straight from the browser to the HTTP API.

The API's answer carries the HttpOnly cookie, which no event can set, and the password never becomes part of a
tab's state on the server.
"""

from __future__ import annotations

from typing import Any, Literal

from reflex_base.event import EventSpec

from mbs_app.ui.browser import in_browser, leave_for
from mbs_app.ui.components.expressions import Text

__all__ = [
    "WANTED_PAGE",
    "copy_shown",
    "fill_link_token",
    "fill_typed_email",
    "forget_kept",
    "leave_for",
    "look_at_link",
    "make_passkey",
    "post_form",
    "print_page",
    "save_shown",
    "show_kept",
    "show_passkey",
]

WANTED_PAGE = "?next"
"""For ``renewed_at``: the page of this site that the address names as ``next``."""


def post_form(
    form_id: str,
    url: Text,
    callback: Any,
    *,
    method: Literal["POST", "PUT", "PATCH", "DELETE"] = "POST",
    want_body: bool = False,
    keep_body: bool = False,
    renewed_at: Text = "",
) -> EventSpec:
    """Send the form as JSON to ``url``; ``callback`` is the handler that gets the answer.

    The answer is ``{"ok": bool, "status": int, "code": str, "detail": str, "errors": {field: sentence},
    "body": None}``; ``status`` is 0 where the server can't be reached, ``code`` names the problem
    ("confirm-first"). Where the page has no such form the request goes without values.

    With ``want_body`` the API's answer comes as ``body``: a handler's arguments pass through the server's memory,
    so never ask for the body of an answer with a secret. For those there is ``keep_body``, which leaves it in the
    page's memory, for ``show_kept``.

    Where the answer brings a session a new token there is no callback: the page's websocket carries the old one,
    so the browser loads ``renewed_at``, or this page anew. Where it brings a new session, or ends the old one, that
    is so only with ``renewed_at``.
    """
    body_for = "page" if keep_body else "event" if want_body else ""
    return in_browser("postForm", form_id, url, method, body_for, renewed_at, callback=callback)


def show_kept(form_id: str, field: str, element_id: str) -> EventSpec:
    """Write ``field`` of the answer that ``post_form(…, keep_body=True)`` kept into an element of the page.

    The element has no content of its own: ``rx.el.code(id=…)``, ``rx.el.pre(id=…)`` for a list, which gets a line
    for each, ``rx.el.input(id=…, read_only=True)``, or ``rx.el.img(id=…)`` for a data address. It may be one that
    the same events only just show.
    """
    return in_browser("showKept", form_id, field, element_id)


def forget_kept(form_id: str) -> EventSpec:
    """Forget a kept answer, when the dialog that showed it closes."""
    return in_browser("forgetKept", form_id)


def copy_shown(element_id: str, callback: Any = None) -> EventSpec:
    """Put what an element shows on the clipboard; ``callback`` gets whether the browser could."""
    return in_browser("copyShown", element_id, callback=callback)


def save_shown(element_id: str, file_name: str, heading: Text) -> EventSpec:
    """Offer what an element shows as a text file, with ``heading`` above it."""
    return in_browser("saveShown", element_id, file_name, heading)


def print_page() -> EventSpec:
    """Open the browser's print dialog; ``.for-paper`` is what then stands on the paper."""
    return in_browser("printPage")


def make_passkey(
    form_id: str, options_url: str, url: str, callback: Any, *, renewed_at: Text = ""
) -> EventSpec:
    """Make a passkey and send it with the form's values; the rest is as for ``post_form``."""
    return in_browser("makePasskey", form_id, options_url, url, renewed_at, callback=callback)


def show_passkey(
    options_url: str,
    url: str,
    callback: Any,
    *,
    keep_field_id: str = "",
    renewed_at: Text = "",
) -> EventSpec:
    """Ask for a passkey and send what it says; ``callback`` gets the answer, with its body.

    ``keep_field_id`` is the box “Keep me signed in”, where there is one; ``renewed_at`` is as for ``post_form``.
    """
    return in_browser("showPasskey", options_url, url, keep_field_id, renewed_at, callback=callback)


def look_at_link(url: Text, callback: Any) -> EventSpec:
    """Ask the API about the link from a mail that led to this page.

    ``callback`` gets ``{"ok": bool, "status": int, "detail": str, "errors": {}, "email": str, "body": None}``. The
    token in the link never comes here: ``ui/scripts/linkToken.js`` takes it out of the address of the pages it
    names, and keeps it in the browser.
    """
    return in_browser("lookAtLink", url, callback=callback)


def fill_link_token(field_id: str) -> EventSpec:
    """Write that token into a hidden field of a form that goes to the API; give it as the field's ``on_mount``."""
    return in_browser("fillLinkToken", field_id)


def fill_typed_email(field_id: str) -> EventSpec:
    """Write the address typed on the page before into an empty field; give it as the field's ``on_mount``.

    It comes along where the link there says ``data-takes-email`` with its field's id.
    """
    return in_browser("fillTypedEmail", field_id)
