"""The authenticator app: set up with a picture or a key to type, confirmed with a code."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import button, icon_button
from mbs_app.ui.components.code_field import code_field
from mbs_app.ui.components.dialog import confirm_dialog, form_dialog
from mbs_app.ui.components.layout import form_section, row, stack
from mbs_app.ui.components.marks import mark
from mbs_app.ui.credentials import copy_shown, post_form
from mbs_app.ui.security.app_state import NEW_CODES, PICTURE, SECRET, URL
from mbs_app.ui.security.state import SecurityState

FORM = "app-code"

S = SecurityState


def app_section() -> rx.Component:
    return form_section(
        "Authenticator app",
        "An app on your phone shows a new code every half minute.",
        rx.cond(
            S.app_since != "",
            row(
                stack(
                    mark("Set up", icon="circle_check", tone="good"),
                    rx.el.span("Added ", S.app_since, class_name="caption"),
                    gap=4,
                ),
                button("Remove", kind="danger", on_click=S.ask_to_remove_app),
                between=True,
            ),
            row(
                rx.el.span("Not set up.", class_name="dense ink-2"),
                button("Set up an app", icon="smartphone", on_click=S.set_up_app),
                between=True,
            ),
        ),
    )


def app_dialogs() -> rx.Component:
    return rx.fragment(_set_up(), _remove())


def _set_up() -> rx.Component:
    return form_dialog(
        rx.el.div(
            rx.el.img(id=PICTURE, alt="QR code of the key", width="176", height="176"),
            stack(
                rx.el.p("1. Open your authenticator app, add an account, and scan this picture."),
                stack(
                    rx.el.span("Can’t scan it? Type this key.", class_name="caption"),
                    row(
                        rx.el.code(id=SECRET, class_name="secret"),
                        icon_button("copy", "Copy the key", size="sm", on_click=copy_shown(SECRET)),
                    ),
                    gap=4,
                ),
                gap=12,
            ),
            class_name="scan",
        ),
        rx.el.p("2. Enter the code the app shows now."),
        code_field("app-code-field", error=S.app_problem, auto_focus=False),
        open=S.app_open,
        title="Set up an authenticator app",
        on_close=S.close_app,
        on_submit=[
            S.begin_app_code,
            post_form(FORM, f"{URL}/confirm", S.app_refused, renewed_at=NEW_CODES),
        ],
        form_id=FORM,
        actions=(
            button("Cancel", on_click=S.close_app),
            button(
                "Confirm",
                kind="primary",
                type="submit",
                busy=S.is_adding_app,
                busy_label="Checking",
            ),
        ),
    )


def _remove() -> rx.Component:
    return confirm_dialog(
        open=S.removing_app,
        title="Remove the authenticator app?",
        text=rx.cond(
            S.passkeys.length() > 0,
            "Its codes no longer sign you in. Your passkeys still do.",
            "Its codes no longer sign you in: your password alone does. Your recovery codes go with it.",
        ),
        keep="Keep",
        confirm="Remove the app",
        on_keep=S.keep_app,
        on_confirm=S.remove_app,
    )
