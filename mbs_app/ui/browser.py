"""What a page does in the browser: told by name, never as code.

``rx.call_script`` hands the browser text to run, which a strict content security policy rightly refuses. Here an
event names one of the functions in ``ui/scripts`` and gives it plain values. Every function below works both as a
component's trigger and when a handler returns or yields it.
"""

from __future__ import annotations

import inspect
from typing import Any

import reflex as rx
from reflex_base.event import EventHandler, EventSpec, server_side
from reflex_base.utils.format import format_event_handler
from reflex_base.vars.base import LiteralVar

from mbs_app.ui.components.expressions import Text

EVENT = "_in_browser"
"""The event that setup/no_eval.py teaches Reflex's front end."""
_DRAWN_AFTER_MS = 60


def in_browser(name: str, *values: Any, callback: Any = None) -> EventSpec:
    """The event that runs the function ``name`` of ``ui/scripts/browser.js`` with ``values``.

    ``values`` are what JSON can say, or vars of them. ``callback`` is an event handler, some of its arguments
    given or none; its first free one gets what the function returns.
    """
    order = {
        "do": name,
        "with": list(values),
        "then": None if callback is None else as_order(callback),
    }
    return server_side(EVENT, inspect.signature(in_browser), **order)


def as_order(event: Any) -> dict[str, Any]:
    """An event of ours as plain data, which the browser sends when it's time."""
    spec = event() if isinstance(event, EventHandler) else event
    given = {
        str(name): value._decode() if isinstance(value, LiteralVar) else value
        for name, value in spec.args
    }
    takes = list(inspect.signature(spec.handler.fn).parameters)[1:]
    free = [name for name in takes if name not in given]
    return {
        "name": format_event_handler(spec.handler),
        "payload": given,
        "free": free[0] if free else "",
    }


def leave_for(path: Text) -> EventSpec:
    """A full page load: the new socket then carries the new cookie, and the tab a state of its own."""
    return in_browser("leaveFor", path)


def reload_page() -> EventSpec:
    return in_browser("reload")


def start_afresh() -> EventSpec:
    """Load the page again with an empty state."""
    return in_browser("startAfresh")


def renew_session() -> EventSpec:
    """Get a new token for the session, if that still lives, and load the page anew; else go and sign in."""
    return in_browser("renewSession")


def sign_out() -> EventSpec:
    """End the session, then load the sign-in page: the websocket must not keep the old cookie."""
    return in_browser("signOut")


def focus(field_id: str, *, wait_ms: int = 0) -> EventSpec:
    """Put the caret into a field; with ``wait_ms`` one that the same events only just show."""
    return in_browser("focus", field_id, wait_ms)


def focus_first(field_id: str) -> EventSpec:
    """Put the caret into a page's first field once it is drawn; not where somebody types already."""
    return in_browser("focusFirst", field_id, _DRAWN_AFTER_MS)


def reveal(field_id: str) -> EventSpec:
    """Show or hide what was typed into a password field."""
    return in_browser("reveal", field_id)


def copy(text: Text, callback: Any) -> EventSpec:
    """Put ``text`` on the clipboard; ``callback`` gets whether the browser could."""
    return in_browser("copyText", text, callback=callback)


def find_time_zone(callback: Any) -> EventSpec:
    """``callback`` gets the time zone this browser is set to, by its IANA name."""
    return in_browser("timeZone", callback=callback)


def insert_at_caret(field_id: str, text: Text) -> EventSpec:
    """Write ``text`` into a field as if it had been typed."""
    return in_browser("insertAtCaret", field_id, text)


def toggle_rail() -> EventSpec:
    """Close or open the sidebar."""
    return in_browser("toggleRail")


def cancel_upload(upload_id: str) -> rx.event.EventSpec:
    return in_browser("cancelUpload", upload_id)
