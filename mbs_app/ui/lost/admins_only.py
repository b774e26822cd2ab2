"""What a page for admins shows to everybody else."""

from __future__ import annotations

from collections.abc import Callable

import reflex as rx

from mbs_app.ui.components.buttons import link_button
from mbs_app.ui.components.signin_layout import signin_layout
from mbs_app.ui.shell import ShellState


def for_admins(page: Callable[[], rx.Component]) -> Callable[[], rx.Component]:
    """``page``, and in its place a sentence once it is known that somebody else is looking.

    It only spares them an empty page: what the page shows is kept from them by the guard.
    """
    is_somebody_else = (ShellState.user_name != "") & ~ShellState.is_admin
    return lambda: rx.cond(is_somebody_else, _sentence(), page())


def _sentence() -> rx.Component:
    return signin_layout(
        link_button("Go to the overview", href="/", size="lg", wide=True),
        title="This page is for admins",
        subtitle="If you need something that stands here, ask an admin of your business.",
    )
