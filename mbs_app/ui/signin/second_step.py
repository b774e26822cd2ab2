"""The second step of signing in, in the place of the password's form."""

from __future__ import annotations

import reflex as rx

from mbs_app.services.second_factor import Method
from mbs_app.ui.components.buttons import button, text_link
from mbs_app.ui.components.code_field import code_field, recovery_code_field
from mbs_app.ui.credentials import WANTED_PAGE, post_form, show_passkey
from mbs_app.ui.signin.state import SignInState

CODE_FORM = "second-factor"
URL = "/api/auth/second-factor"

S = SignInState
WRONG = S.field_problems.get("code", "")


def second_step() -> rx.Component:
    return rx.el.div(
        rx.match(
            S.asks_for,
            (Method.AUTHENTICATOR, _code_form(code_field("code", error=WRONG))),
            (Method.RECOVERY_CODE, _code_form(recovery_code_field("code", error=WRONG))),
            _passkey(),
        ),
        rx.el.div(
            _instead(Method.PASSKEY, "Use a passkey"),
            _instead(Method.AUTHENTICATOR, "Use a code from the app"),
            _instead(Method.RECOVERY_CODE, "Use a recovery code"),
            class_name="door-instead",
        ),
    )


def _code_form(field: rx.Component) -> rx.Component:
    return rx.el.form(
        field,
        button(
            "Sign in",
            kind="primary",
            size="lg",
            type="submit",
            wide=True,
            busy=S.busy,
            busy_label="Signing in",
        ),
        id=CODE_FORM,
        method="post",
        on_submit=[S.begin, post_form(CODE_FORM, URL, S.answered, renewed_at=WANTED_PAGE)],
    )


def _passkey() -> rx.Component:
    return button(
        "Use your passkey",
        kind="primary",
        size="lg",
        icon="fingerprint",
        wide=True,
        busy=S.busy_passkey,
        busy_label="Waiting for your passkey",
        on_click=[
            S.begin_passkey,
            show_passkey(
                f"{URL}/passkey/options", f"{URL}/passkey", S.answered, renewed_at=WANTED_PAGE
            ),
        ],
    )


def _instead(method: Method, words: str) -> rx.Component:
    return rx.cond(
        S.methods.contains(method.value) & (S.asks_for != method.value),
        text_link(words, on_click=S.ask_for(method.value)),
    )
