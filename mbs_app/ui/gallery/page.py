"""Every part of the interface in its states: what to build pages from, and to compare with."""

import reflex as rx

from mbs_app.ui.components.logo import logo
from mbs_app.ui.gallery.parts import panels
from mbs_app.ui.gallery.samples import samples
from mbs_app.ui.shell import ShellState

ROUTE = "/gallery"
TITLE = "Parts and states"
ON_LOAD = [ShellState.load]


def page() -> rx.Component:
    """The reference sheet, then the larger parts with made-up numbers."""
    head = rx.el.header(
        logo(),
        rx.el.h1("MBS parts and states"),
        rx.el.span(
            "Reference for engineers. ",
            rx.el.span("Light theme", class_name="light-only"),
            rx.el.span("Dark theme", class_name="dark-only"),
            class_name="caption push",
        ),
        class_name="gallery-head",
    )
    return rx.el.main(
        head,
        rx.el.div(*panels(), class_name="gallery-grid"),
        *samples(),
        class_name="gallery",
    )
