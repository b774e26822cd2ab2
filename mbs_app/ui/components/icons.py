"""Lucide icons at the sizes the design uses, hidden from screen readers: words carry meaning."""

import reflex as rx


def icon(name: str, size: int = 16) -> rx.Component:
    """A lucide icon by its snake_case name, drawn with a 1.75 line on its 24-unit grid."""
    return rx.icon(name, size=size, stroke_width=1.75, aria_hidden=True)
