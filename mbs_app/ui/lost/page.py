"""What an address shows that leads nowhere."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import link_button
from mbs_app.ui.components.signin_layout import signin_layout

ROUTE = "/404"
TITLE = "No such page"


def page() -> rx.Component:
    return signin_layout(
        link_button("Go to the overview", href="/", size="lg", wide=True),
        title="There is no such page",
        subtitle="The address may be mistyped, or what it led to is gone.",
    )
