"""The list of pages. A page is added here once, and nowhere else."""

from __future__ import annotations

import reflex as rx


def register(app: rx.App) -> None:
    """Add every page to ``app``."""
    app.add_page(_starting_point, route="/", title="MBS")


def _starting_point() -> rx.Component:
    return rx.el.main(rx.el.h1("MBS"), rx.el.p("Text campaigns whose books always balance."))
