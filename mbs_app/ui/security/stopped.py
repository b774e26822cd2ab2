"""What somebody sees whom the workspace asks for a second factor, before anything else."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.browser import sign_out
from mbs_app.ui.components.buttons import button, text_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.signin_layout import signin_layout
from mbs_app.ui.security.state import SecurityState
from mbs_app.ui.security.ways import ways

S = SecurityState


def stopped() -> rx.Component:
    has_one = S.methods.length() > 0
    return signin_layout(
        rx.el.div(
            callout(
                rx.cond(
                    has_one,
                    "Your workspace asks for a second factor, and this browser has not shown yours yet.",
                    "Your workspace asks for a second factor: with one, a password that somebody found out "
                    "opens nothing.",
                ),
                tone="warn",
                icon="shield_user",
            ),
            class_name="door-notices",
        ),
        rx.cond(has_one, ways("lg"), _set_up()),
        title=rx.cond(has_one, "Show your second factor", "Set up a second factor"),
        subtitle=rx.cond(S.workspace_name != "", f"To go on in {S.workspace_name}", "To go on"),
        more=rx.fragment(
            "Not now? ",
            text_link("Sign out", on_click=sign_out()),
        ),
    )


def _set_up() -> rx.Component:
    return rx.el.div(
        _choice(
            "Use an authenticator app",
            "It shows a code on your phone each time you sign in.",
            "smartphone",
            S.set_up_app,
        ),
        rx.cond(
            S.takes_passkeys,
            _choice(
                "Add a passkey",
                "Your fingerprint, face or PIN, on this device.",
                "fingerprint",
                S.add_passkey,
            ),
        ),
        class_name="stack gap-16",
    )


def _choice(words: str, about: str, icon: str, on_click: rx.EventHandler) -> rx.Component:
    return rx.el.div(
        button(words, size="lg", icon=icon, wide=True, on_click=on_click),
        rx.el.span(about, class_name="caption"),
        class_name="stack gap-4",
    )
