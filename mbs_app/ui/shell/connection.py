"""What a person is told while the page has lost its server."""

import reflex as rx
from reflex_components_core.core.banner import (
    has_connection_errors,
    has_too_many_connection_errors,
)


def connection_notice() -> rx.Component:
    """A quiet strip after the first failed attempt; nothing while connected."""
    words = rx.cond(
        has_too_many_connection_errors,
        "Offline. What you see may be old; we keep trying.",
        "Reconnecting…",
    )
    strip = rx.el.div(rx.el.i(), rx.el.span(words), role="status", class_name="connection")
    return rx.fragment(rx.cond(has_connection_errors, strip))
