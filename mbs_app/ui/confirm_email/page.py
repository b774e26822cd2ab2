"""What the page for a new address shows: a button, so that a mail scanner that opens links confirms nothing."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import button, link_button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.signin_layout import signin_layout
from mbs_app.ui.confirm_email.state import ConfirmEmailState
from mbs_app.ui.credentials import fill_link_token, post_form

ROUTE = "/confirm-email"
TITLE = "Confirm your address"
ON_LOAD = [ConfirmEmailState.load]
FORM = "confirm-email"
TOKEN = "link-token"

S = ConfirmEmailState


def page() -> rx.Component:
    return signin_layout(
        rx.match(S.stage, ("done", _done()), ("dead", _dead()), _form()),
        title=rx.match(
            S.stage,
            ("done", "Your address is confirmed"),
            ("dead", "This link no longer works"),
            "Confirm your new address",
        ),
        subtitle=rx.match(
            S.stage,
            ("done", rx.fragment("From now on you sign in with it.")),
            ("dead", rx.fragment(S.problem)),
            rx.fragment(
                "Once you confirm it, you sign in with it, and mails about your account go there."
            ),
        ),
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.cond(S.problem != "", callout(S.problem, tone="bad")),
        rx.el.input(type="hidden", id=TOKEN, name="token", on_mount=fill_link_token(TOKEN)),
        button(
            "Confirm this address",
            kind="primary",
            size="lg",
            type="submit",
            wide=True,
            busy=S.busy,
            busy_label="Confirming",
        ),
        id=FORM,
        class_name="stack gap-16",
        method="post",
        on_submit=[
            S.begin,
            post_form(FORM, "/api/confirm-email", S.answered, want_body=True),
        ],
    )


def _done() -> rx.Component:
    return rx.el.div(
        callout(rx.el.b(S.email, class_name="wrap-anywhere"), tone="good"),
        link_button("Go on", href="/", kind="primary", size="lg", wide=True),
        class_name="stack gap-16",
    )


def _dead() -> rx.Component:
    return link_button("Open your settings", href="/settings", size="lg", wide=True)
