"""What the sign-in page shows: the form, and a ledger as a picture."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.choices import checkbox
from mbs_app.ui.components.fields import password_field, text_field
from mbs_app.ui.components.signin_layout import signin_layout
from mbs_app.ui.credentials import post_form
from mbs_app.ui.signin.state import SignInState

ROUTE = "/signin"
TITLE = "Sign in"
ON_LOAD = [SignInState.load]
FORM = "sign-in"


def page() -> rx.Component:
    state = SignInState
    form = rx.el.form(
        rx.cond(
            state.nobody_yet,
            callout(
                "Nobody has an account yet. The program printed a link when it started: open it "
                "to make the first one.",
                tone="warn",
            ),
        ),
        rx.cond(state.problem != "", callout(state.problem, tone="bad"), None),
        text_field(
            "Email",
            field_id="email",
            name="email",
            type="email",
            size="lg",
            auto_complete="username",
            auto_focus=True,
            required=True,
        ),
        password_field("Password", field_id="password", name="password", required=True),
        checkbox("Keep me signed in for 30 days", field_id="keep", name="keep"),
        button(
            "Sign in",
            kind="primary",
            size="lg",
            type="submit",
            wide=True,
            busy=state.busy,
            busy_label="Signing in",
        ),
        id=FORM,
        class_name="stack gap-16",
        on_submit=[state.begin, post_form(FORM, "/api/auth/login", state.answered)],
    )
    return signin_layout(
        form,
        title=rx.cond(
            state.workspace_name != "", f"Sign in to {state.workspace_name}", "Sign in to MBS"
        ),
        subtitle=rx.cond(state.tagline != "", state.tagline, "Text campaigns that add up"),
        foot=rx.cond(state.host != "", f"Runs on its own server. {state.host}", ""),
    )
