"""Signing in through another provider: what one's account is connected to."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button, icon_button
from mbs_app.ui.components.dialog import confirm_dialog
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.layout import form_section, line, lines, row
from mbs_app.ui.components.table import two_lines
from mbs_app.ui.security.state import SecurityState

S = SecurityState


def provider_section() -> rx.Component:
    """Where a provider is set up, or something is still connected from when one was."""
    return rx.cond(
        (S.provider != "") | (S.identities.length() > 0),
        form_section(
            "Sign-in elsewhere",
            "An account you have elsewhere that signs you in here.",
            rx.cond(S.identities.length() > 0, lines(rx.foreach(S.identities, _identity))),
            row(
                rx.cond(
                    S.identities.length() > 0,
                    rx.el.span(),
                    rx.el.span("Not connected.", class_name="dense ink-2"),
                ),
                rx.cond(
                    S.provider != "",
                    button(f"Connect {S.provider}", icon="link", on_click=S.connect_provider),
                ),
                between=True,
            ),
        ),
    )


def provider_dialog() -> rx.Component:
    return confirm_dialog(
        open=S.disconnecting_id != "",
        title=f"Disconnect {S.disconnecting_name}?",
        text="It no longer signs you in here. Your account there stays as it is.",
        keep="Keep",
        confirm="Disconnect",
        on_keep=S.keep_identity,
        on_confirm=S.disconnect,
    )


def _identity(identity: Any) -> rx.Component:
    used = rx.cond(identity.used != "", rx.fragment(" · last used ", identity.used), "")
    return line(
        icon("link"),
        two_lines(identity.name, rx.fragment("Connected ", identity.added, used)),
        icon_button(
            "unlink",
            f"Disconnect {identity.name}",
            on_click=S.ask_to_disconnect(identity.id),
        ),
        key=identity.id,
    )
