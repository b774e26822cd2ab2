"""What the sign-in page shows: the form, and a ledger as a picture."""

from __future__ import annotations

import reflex as rx

from mbs_app.services.second_factor import Method
from mbs_app.ui.components.buttons import button, link_button, text_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.choices import checkbox
from mbs_app.ui.components.fields import password_field, text_field
from mbs_app.ui.components.signin_layout import signin_layout
from mbs_app.ui.credentials import WANTED_PAGE, post_form, show_passkey
from mbs_app.ui.signin.second_step import second_step
from mbs_app.ui.signin.state import PASSWORD, SignInState

ROUTE = "/signin"
TITLE = "Sign in"
ON_LOAD = [SignInState.load]
FORM = "sign-in"

S = SignInState


def page() -> rx.Component:
    return signin_layout(
        _notices(),
        rx.cond(S.asks_for == PASSWORD, rx.fragment(_form(), _other_ways()), second_step()),
        title=rx.match(
            S.asks_for,
            (Method.PASSKEY, "Show your passkey"),
            (Method.AUTHENTICATOR, "Enter your code"),
            (Method.RECOVERY_CODE, "Enter a recovery code"),
            rx.cond(S.workspace_name != "", f"Sign in to {S.workspace_name}", "Sign in to MBS"),
        ),
        subtitle=rx.match(
            S.asks_for,
            (Method.PASSKEY, "The password was right. One more step."),
            (
                Method.AUTHENTICATOR,
                rx.cond(
                    S.workspace_name != "",
                    f"Your authenticator app shows it, under {S.workspace_name}.",
                    "Your authenticator app shows it.",
                ),
            ),
            (Method.RECOVERY_CODE, "The password was right. One more step."),
            rx.cond(S.tagline != "", S.tagline, "Text campaigns that add up"),
        ),
        foot=rx.cond(
            S.workspace_name != "",
            f"Runs on {S.workspace_name}’s own server. {S.host}",
            rx.cond(S.host != "", f"Runs on its own server. {S.host}", ""),
        ),
        more=rx.cond(
            S.asks_for == PASSWORD,
            rx.fragment("Have an invite code? ", text_link("Join with a code", href="/join")),
            rx.fragment("Not you? ", text_link("Start again", on_click=S.start_again)),
        ),
    )


def _notices() -> rx.Component:
    return rx.el.div(
        rx.cond(
            S.nobody_yet & (S.asks_for == PASSWORD),
            callout(
                "Nobody has an account yet. The program printed a link when it started: open it "
                "to make the first one.",
                tone="warn",
            ),
        ),
        rx.cond(
            S.notice != "",
            rx.match(
                S.notice_tone,
                ("good", callout(S.notice, tone="good")),
                ("note", callout(S.notice, tone="note")),
                callout(S.notice, tone="warn"),
            ),
        ),
        rx.cond(S.problem != "", callout(S.problem, tone="bad")),
        class_name="door-notices",
    )


def _form() -> rx.Component:
    return rx.el.form(
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
        password_field(
            "Password",
            field_id="password",
            name="password",
            required=True,
            label_end=text_link(
                "Forgot it?", href="/forgot", custom_attrs={"data-takes-email": "email"}
            ),
        ),
        checkbox("Keep me signed in for 30 days", field_id="keep", name="keep"),
        button(
            "Sign in",
            kind="primary",
            size="lg",
            type="submit",
            wide=True,
            busy=S.busy,
            busy_label="Signing in",
        ),
        id=FORM,
        class_name="stack gap-16",
        method="post",
        on_submit=[
            S.begin,
            post_form(FORM, "/api/auth/login", S.answered, want_body=True, renewed_at=WANTED_PAGE),
        ],
    )


def _other_ways() -> rx.Component:
    """Without a password. Each is one press away, below the form that most people use."""
    passkey = button(
        "Sign in with a passkey",
        size="lg",
        icon="fingerprint",
        wide=True,
        busy=S.busy_passkey,
        busy_label="Waiting for your passkey",
        on_click=[
            S.begin_passkey,
            show_passkey(
                "/api/auth/passkey/options",
                "/api/auth/passkey",
                S.answered,
                keep_field_id="keep",
                renewed_at=WANTED_PAGE,
            ),
        ],
    )
    provider = link_button(
        f"Continue with {S.provider}",
        href=S.provider_url,
        size="lg",
        icon="log_in",
        wide=True,
        external=True,
    )
    return rx.el.div(
        rx.cond(S.takes_passkeys, passkey),
        rx.cond(S.provider != "", provider),
        class_name="door-ways",
    )
