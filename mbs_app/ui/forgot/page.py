"""What the page for a forgotten password shows: a form for the address, then where to look."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import button, text_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.fields import text_field
from mbs_app.ui.components.layout import stack
from mbs_app.ui.components.signin_layout import signin_layout
from mbs_app.ui.credentials import fill_typed_email, post_form
from mbs_app.ui.forgot.state import ForgotState

ROUTE = "/forgot"
TITLE = "Forgot your password"
ON_LOAD = [ForgotState.load]
FORM = "forgot"


def page() -> rx.Component:
    state = ForgotState
    return signin_layout(
        rx.cond(state.is_sent, _sent(), _form()),
        title=rx.cond(state.is_sent, "Check your mail", "Forgot your password?"),
        subtitle=rx.cond(
            state.is_sent,
            "The link works once, for 30 minutes.",
            "Enter your email to get a link for a new one.",
        ),
        more=rx.fragment("Remember it? ", text_link("Sign in", href="/signin")),
    )


def _form() -> rx.Component:
    state = ForgotState
    return rx.el.form(
        rx.cond(state.problem != "", callout(state.problem, tone="bad")),
        text_field(
            "Email",
            field_id="email",
            name="email",
            type="email",
            size="lg",
            auto_complete="username",
            auto_focus=True,
            required=True,
            default_value=state.email,
            on_mount=fill_typed_email("email"),
            error=state.field_problems.get("email", ""),
        ),
        button(
            "Send the link",
            kind="primary",
            size="lg",
            type="submit",
            wide=True,
            busy=state.busy,
            busy_label="Sending",
        ),
        id=FORM,
        class_name="stack gap-16",
        no_validate=True,  # what needs mending stands at each field, in our words
        method="post",
        on_submit=[state.begin, post_form(FORM, "/api/password-reset/request", state.answered)],
    )


def _sent() -> rx.Component:
    return stack(
        callout(
            "If ",
            rx.el.b(ForgotState.email, class_name="wrap-anywhere"),
            " has an account here, a link is on its way to it.",
            icon="mail",
        ),
        rx.el.p(
            "Nothing after a few minutes? Look in your spam folder, or ",
            text_link("ask again", on_click=ForgotState.ask_again),
            ". An admin can send you a link, too.",
            class_name="dense ink-2",
        ),
        gap=16,
        role="status",
    )
