"""The password: changed with the one that holds now, or set with a mailed link where there is none yet."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.dialog import form_actions, form_dialog
from mbs_app.ui.components.fields import password_field
from mbs_app.ui.components.layout import form_section, row
from mbs_app.ui.components.new_password_field import new_password_field
from mbs_app.ui.credentials import post_form
from mbs_app.ui.security.facts import PAGE
from mbs_app.ui.security.password_state import CHANGE_URL, CHANGED, LINK_FORM, LINK_URL
from mbs_app.ui.security.state import SecurityState

FORM = "change-password"

S = SecurityState


def password_section() -> rx.Component:
    return form_section(
        "Password",
        "What you sign in with. A new one signs you out everywhere else.",
        rx.cond(
            S.has_password,
            row(
                rx.el.span(S.password_since, class_name="dense ink-2"),
                button("Change password", icon="key_round", on_click=S.open_password),
                between=True,
            ),
            _set_one(),
        ),
    )


def password_dialog() -> rx.Component:
    return form_dialog(
        rx.cond(S.password_problem != "", callout(S.password_problem, tone="bad")),
        _username(),
        password_field(
            "Your password now",
            field_id="current-password",
            name="current_password",
            size="md",
            required=True,
            error=S.password_problems.get("current_password", ""),
        ),
        new_password_field(
            "New password",
            "new-password",
            size="md",
            required=True,
            error=S.password_problems.get("password", ""),
        ),
        open=S.password_open,
        title="Change your password",
        text="You stay signed in here, and are signed out everywhere else.",
        on_close=S.close_password,
        on_submit=[
            S.begin_password,
            post_form(FORM, CHANGE_URL, S.password_refused, renewed_at=f"{PAGE}?new={CHANGED}"),
        ],
        form_id=FORM,
        actions=form_actions(
            "Change password",
            on_close=S.close_password,
            busy=S.is_changing_password,
            busy_label="Changing it",
        ),
    )


def _set_one() -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="email", value=S.email),
        row(
            rx.el.span("None. You sign in through another provider.", class_name="dense ink-2"),
            button(
                "Mail me a link to set one",
                icon="mail",
                type="submit",
                busy=S.is_mailing_link,
                busy_label="Sending it",
            ),
            between=True,
        ),
        id=LINK_FORM,
        method="post",
        on_submit=[S.begin_link, post_form(LINK_FORM, LINK_URL, S.link_answered)],
    )


def _username() -> rx.Component:
    """For password managers, which file the new password under it."""
    return rx.el.input(
        type="text",
        value=S.email,
        auto_complete="username",
        read_only=True,
        tab_index=-1,
        aria_hidden=True,
        class_name="visually-hidden",
    )
