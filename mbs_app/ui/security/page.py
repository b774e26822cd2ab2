"""What the page of one's security shows."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.dialog import form_dialog
from mbs_app.ui.components.placeholders import skeleton_rows
from mbs_app.ui.security.app_section import app_dialogs, app_section
from mbs_app.ui.security.codes_section import codes_dialogs, codes_section
from mbs_app.ui.security.passkeys_section import passkey_dialogs, passkeys_section
from mbs_app.ui.security.password_section import password_dialog, password_section
from mbs_app.ui.security.policy_section import policy_dialog, policy_section
from mbs_app.ui.security.provider_section import provider_dialog, provider_section
from mbs_app.ui.security.state import SecurityState
from mbs_app.ui.security.stopped import stopped
from mbs_app.ui.security.ways import ways
from mbs_app.ui.settings.tabs import SECURITY, settings_tabs
from mbs_app.ui.shell import shell

ROUTE = SECURITY
TITLE = "Security"
# The frame's own facts are loaded from there: not everybody who comes here may see them yet.
ON_LOAD = [SecurityState.load]

S = SecurityState


def page() -> rx.Component:
    return rx.fragment(
        rx.cond(S.is_stopped, stopped(), _settings()),
        password_dialog(),
        app_dialogs(),
        passkey_dialogs(),
        codes_dialogs(),
        provider_dialog(),
        policy_dialog(),
        _confirm_dialog(),
    )


def _settings() -> rx.Component:
    return shell(
        settings_tabs(SECURITY),
        rx.cond(S.problem != "", callout(S.problem, tone="bad")),
        rx.cond(
            S.is_loaded,
            rx.el.div(
                password_section(),
                app_section(),
                passkeys_section(),
                codes_section(),
                provider_section(),
                policy_section(),
                class_name="security",
            ),
            skeleton_rows(6),
        ),
        title="Settings",
        active="settings",
    )


def _confirm_dialog() -> rx.Component:
    return form_dialog(
        ways(),
        open=S.confirm_open,
        title="Confirm that it’s you",
        text="You signed in a while ago. Show once more that it’s you, and the change goes on.",
        on_close=S.close_confirm,
    )
