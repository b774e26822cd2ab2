"""What the page behind a mailed link shows: a form for the new password, or why the link no longer works."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import button, link_button, text_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.layout import stack
from mbs_app.ui.components.new_password_field import new_password_field
from mbs_app.ui.components.placeholders import skeleton
from mbs_app.ui.components.signin_layout import signin_layout
from mbs_app.ui.credentials import fill_link_token, post_form
from mbs_app.ui.reset.state import ResetState
from mbs_app.ui.signin.notices import PASSWORD_CHANGED

ROUTE = "/reset"
TITLE = "Choose a new password"
ON_LOAD = [ResetState.load]
FORM = "reset"
TOKEN = "link-token"
URL = "/api/password-reset/confirm"


def page() -> rx.Component:
    stage = ResetState.stage
    return signin_layout(
        rx.match(
            stage,
            ("open", _form()),
            ("dead", _dead()),
            ("away", _away()),
            _looking(),
        ),
        title=rx.cond(stage == "dead", "This link no longer works", "Choose a new password"),
        subtitle=rx.match(
            stage,
            ("open", rx.fragment("For ", rx.el.b(ResetState.email, class_name="wrap-anywhere"))),
            ("dead", rx.fragment("It was used already, or its time is over.")),
            ("away", rx.fragment("The server couldn’t be asked about your link.")),
            rx.fragment("Looking at your link…"),
        ),
        more=rx.fragment("Remember the old one? ", text_link("Sign in", href="/signin")),
    )


def _form() -> rx.Component:
    state = ResetState
    return rx.el.form(
        rx.cond(state.problem != "", callout(state.problem, tone="bad")),
        rx.el.input(type="hidden", id=TOKEN, name="token", on_mount=fill_link_token(TOKEN)),
        # For password managers, which file the new password under it.
        rx.el.input(
            type="text",
            value=state.email,
            auto_complete="username",
            read_only=True,
            tab_index=-1,
            aria_hidden=True,
            class_name="visually-hidden",
        ),
        new_password_field(
            "New password",
            "password",
            token_field_id=TOKEN,
            auto_focus=True,
            required=True,
            error=state.field_problems.get("password", ""),
        ),
        button(
            "Set the password",
            kind="primary",
            size="lg",
            type="submit",
            wide=True,
            busy=state.busy,
            busy_label="Setting it",
        ),
        rx.el.p("Setting it signs you out everywhere.", class_name="caption"),
        id=FORM,
        class_name="stack gap-16",
        method="post",
        on_submit=[
            state.begin,
            post_form(FORM, URL, state.refused, renewed_at=f"/signin?notice={PASSWORD_CHANGED}"),
        ],
    )


def _dead() -> rx.Component:
    return stack(
        link_button("Ask for a new link", href="/forgot", kind="primary", size="lg", wide=True),
        gap=16,
    )


def _away() -> rx.Component:
    return stack(
        callout(ResetState.problem, tone="bad"),
        button("Try again", size="lg", wide=True, on_click=ResetState.load),
        gap=16,
    )


def _looking() -> rx.Component:
    return stack(
        skeleton("96px", "14px"),
        skeleton("100%", "40px"),
        skeleton("100%", "40px"),
        gap=16,
        aria_hidden=True,
    )
