"""The part of the settings about one's email address: what it is, what it may become, and the form for that."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import button, text_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.dialog import form_actions, form_dialog
from mbs_app.ui.components.fields import password_field, text_field
from mbs_app.ui.components.layout import form_section, row, stack
from mbs_app.ui.credentials import post_form
from mbs_app.ui.settings.email_state import EmailState

S = EmailState
FORM = "new-email"


def email_section() -> rx.Component:
    return form_section(
        "Email",
        "You sign in with it, and mails about your account go there.",
        stack(
            row(
                rx.el.span(S.email, class_name="strong wrap-anywhere"),
                button("Change", size="sm", on_click=S.change, aria_label="Change your email"),
                gap=12,
                wrap=True,
            ),
            rx.cond(S.waiting != "", _waiting()),
            gap=12,
        ),
        _form(),
    )


def _waiting() -> rx.Component:
    return callout(
        "We sent a link to ",
        rx.el.b(S.waiting, class_name="wrap-anywhere"),
        ". Click it within an hour, and you sign in with that address from then on. Nothing came? Look into the "
        "spam folder, or ask again.",
        icon="mail",
        action=text_link("Keep the old address", on_click=S.keep_address),
    )


def _form() -> rx.Component:
    return form_dialog(
        rx.cond(S.problem != "", callout(S.problem, tone="bad")),
        text_field(
            "New email",
            field_id="new-email-address",
            name="email",
            type="email",
            auto_complete="email",
            required=True,
            error=S.field_problems.get("email", ""),
        ),
        rx.cond(
            S.has_password,
            password_field(
                "Your password",
                field_id="new-email-password",
                name="password",
                size="md",
                required=True,
                error=S.field_problems.get("password", ""),
            ),
        ),
        open=S.form_open,
        title="Change your email",
        text="We send a link there. Your old address holds until you click it.",
        on_close=S.close_form,
        on_submit=[S.begin, post_form(FORM, "/api/me/email", S.answered)],
        form_id=FORM,
        actions=form_actions(
            "Send the link", on_close=S.close_form, busy=S.is_sending, busy_label="Sending…"
        ),
    )
