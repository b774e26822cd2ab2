"""What the page behind the one-time link shows: the business, then its first admin."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import button, link_button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.fields import select_field, text_field
from mbs_app.ui.components.layout import field_grid
from mbs_app.ui.components.new_password_field import new_password_field
from mbs_app.ui.components.signin_layout import signin_layout
from mbs_app.ui.credentials import post_form
from mbs_app.ui.first_admin.state import FirstAdminState
from mbs_app.ui.regions import REGIONS

ROUTE = "/setup"
TITLE = "Set up"
ON_LOAD = [FirstAdminState.load]
FORM = "setup"


def page() -> rx.Component:
    state = FirstAdminState
    return signin_layout(
        rx.cond(
            state.is_loaded,
            rx.cond(state.is_open, _form(), _used_up()),
            rx.el.p("Checking the link…", class_name="muted"),
        ),
        title="Set up MBS",
        subtitle=rx.cond(
            state.is_loaded & ~state.is_open,
            "It begins at a link that works once.",
            "Name the business and make the first admin.",
        ),
        foot=rx.cond(state.is_open, "The link works once.", ""),
    )


def _form() -> rx.Component:
    state = FirstAdminState
    problem = state.field_problems
    return rx.el.form(
        rx.cond(state.problem != "", callout(state.problem, tone="bad"), None),
        rx.el.input(type="hidden", name="token", value=state.token),
        text_field(
            "Business name",
            field_id="workspace_name",
            name="workspace_name",
            size="lg",
            required=True,
            auto_focus=True,
            error=problem.get("workspace_name", ""),
        ),
        text_field(
            "Your name",
            field_id="name",
            name="name",
            size="lg",
            auto_complete="name",
            required=True,
            error=problem.get("name", ""),
        ),
        text_field(
            "Email",
            field_id="email",
            name="email",
            type="email",
            size="lg",
            auto_complete="username",
            required=True,
            error=problem.get("email", ""),
        ),
        new_password_field(
            "Password",
            "password",
            name_field_id="name",
            email_field_id="email",
            workspace_field_id="workspace_name",
            required=True,
            error=problem.get("password", ""),
        ),
        field_grid(
            select_field(
                "Time zone",
                state.zones,
                field_id="time_zone",
                name="time_zone",
                value=state.zone,
                on_change=state.choose_zone,
                error=problem.get("time_zone", ""),
            ),
            select_field(
                "Phone numbers are from",
                REGIONS,
                field_id="default_region",
                name="default_region",
                default_value="US",
                error=problem.get("default_region", ""),
            ),
        ),
        button(
            "Set up and sign in",
            kind="primary",
            size="lg",
            type="submit",
            wide=True,
            busy=state.busy,
            busy_label="Setting up",
        ),
        id=FORM,
        class_name="stack gap-16",
        no_validate=True,  # what needs mending stands at each field, in our words
        method="post",
        on_submit=[state.begin, post_form(FORM, "/api/auth/setup", state.answered)],
    )


def _used_up() -> rx.Component:
    return rx.el.div(
        callout(
            "This link was used, or is from an earlier start. The newest one is in the program’s output.",
            tone="warn",
        ),
        link_button("Go to sign-in", href="/signin", size="lg", wide=True),
        class_name="stack gap-16",
    )
