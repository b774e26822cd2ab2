"""The ways to show that it is you: in the dialog before a change, and on the page of who was stopped."""

from __future__ import annotations

from typing import Literal

import reflex as rx

from mbs_app.services.second_factor import Method
from mbs_app.ui.components.buttons import button, link_button, text_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.code_field import code_field, recovery_code_field
from mbs_app.ui.components.fields import password_field
from mbs_app.ui.credentials import post_form, show_passkey
from mbs_app.ui.security.confirming import PASSWORD
from mbs_app.ui.security.facts import PAGE
from mbs_app.ui.security.state import SecurityState

FORM = "confirm-you"
URL = "/api/auth/confirm"

S = SecurityState
# Where one goes who has shown a second factor in this session for the first time.
NEXT = rx.cond(S.is_stopped, "/", PAGE)


def ways(size: Literal["md", "lg"] = "md") -> rx.Component:
    """One form at a time, and links to the others."""
    problem = S.confirm_problem
    return rx.el.div(
        rx.match(
            S.confirm_way,
            (
                PASSWORD,
                _form(
                    password_field(
                        "Your password",
                        field_id="confirm-password",
                        name="password",
                        size=size,
                        auto_focus=True,
                        required=True,
                        error=problem,
                    ),
                    f"{URL}/password",
                    size,
                ),
            ),
            (
                Method.AUTHENTICATOR,
                _form(code_field("confirm-code", size=size, error=problem), f"{URL}/code", size),
            ),
            (
                Method.RECOVERY_CODE,
                _form(
                    recovery_code_field("confirm-code", size=size, error=problem),
                    f"{URL}/code",
                    size,
                ),
            ),
            (Method.PASSKEY, _passkey(size)),
            _none(),
        ),
        rx.el.div(
            _instead(PASSWORD, "Use your password"),
            _instead(Method.PASSKEY, "Use a passkey"),
            _instead(Method.AUTHENTICATOR, "Use a code from the app"),
            _instead(Method.RECOVERY_CODE, "Use a recovery code"),
            class_name="door-instead",
        ),
    )


def _form(field: rx.Component, url: str, size: Literal["md", "lg"]) -> rx.Component:
    return rx.el.form(
        field,
        button(
            "Confirm",
            kind="primary",
            size=size,
            type="submit",
            wide=True,
            busy=S.is_confirming,
            busy_label="Checking",
        ),
        id=FORM,
        class_name="stack gap-16",
        method="post",
        on_submit=[S.begin_confirming, post_form(FORM, url, S.confirm_answered, renewed_at=NEXT)],
    )


def _passkey(size: Literal["md", "lg"]) -> rx.Component:
    return rx.el.div(
        rx.cond(S.confirm_problem != "", callout(S.confirm_problem, tone="bad")),
        button(
            "Use your passkey",
            kind="primary",
            size=size,
            icon="fingerprint",
            wide=True,
            busy=S.is_confirming,
            busy_label="Waiting for your passkey",
            on_click=[
                S.begin_confirming,
                show_passkey(
                    f"{URL}/passkey/options",
                    f"{URL}/passkey",
                    S.confirm_answered,
                    renewed_at=NEXT,
                ),
            ],
        ),
        class_name="stack gap-16",
    )


def _none() -> rx.Component:
    """Somebody whom another provider signs in, and who has nothing of their own here."""
    return rx.el.div(
        callout("You signed in more than 15 minutes ago. Sign in again, then come back here."),
        link_button("Sign in again", href="/signin?next=/settings/security", wide=True),
        class_name="stack gap-16",
    )


def _instead(way: str, words: str) -> rx.Component:
    return rx.cond(
        S.confirm_ways.contains(str(way)) & (S.confirm_way != str(way)),
        text_link(words, on_click=S.choose_way(str(way))),
    )
