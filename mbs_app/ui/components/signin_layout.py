"""The frame of the pages before sign-in: the form on the left, the ledger on the right."""

import reflex as rx

from mbs_app.ui.components.expressions import Content
from mbs_app.ui.components.ledger_art import ledger_art
from mbs_app.ui.components.logo import logo


def signin_layout(
    *form: Content,
    title: Content,
    subtitle: Content,
    foot: Content = "",
    more: Content | None = None,
) -> rx.Component:
    """`more` stands under the form after a rule ("Have an invite code? Join with a code")."""
    side = rx.el.main(
        rx.el.div(logo(), "MBS", class_name="brand"),
        rx.el.div(
            rx.el.h1(title),
            rx.el.p(subtitle, class_name="lead"),
            *form,
            rx.el.div(more, class_name="door-more") if more is not None else None,
            class_name="door-form",
        ),
        rx.el.p(foot, class_name="door-foot"),
        class_name="door-side",
    )
    return rx.el.div(side, ledger_art(), class_name="door")
