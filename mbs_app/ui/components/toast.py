"""Short notes at the bottom left: what happened, and how to take it back."""

from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from mbs_app.ui.browser import as_order, in_browser

SHOWN_MS = 6000


def toaster() -> rx.Component:
    """The one place toasts appear; the app root holds it."""
    return rx.toast.provider(
        position="bottom-left",
        offset="16px",
        gap=8,
        expand=True,
        rich_colors=False,
        visible_toasts=3,
        close_button=True,
        toast_options=rx.toast.options(duration=SHOWN_MS, unstyled=True, class_name="toast"),
    )


def notify(message: str, *, undo: Any = None, undo_label: str = "Undo") -> EventSpec:
    """An event that shows `message` for six seconds; `undo` is the event its button sends.

    Yield or return it from a handler: `yield notify("3 customers added to VIP", undo=State.undo)`.
    """
    button = None if undo is None else {"label": undo_label, "event": as_order(undo)}
    return in_browser("notify", message, "note", button)


def notify_problem(message: str) -> EventSpec:
    """The same, for something that went wrong and has no field to stand beside."""
    return in_browser("notify", message, "problem", None)
