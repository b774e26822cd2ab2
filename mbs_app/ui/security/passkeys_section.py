"""Passkeys: a list, and dialogs to add, rename and remove one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button, icon_button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.dialog import confirm_dialog, form_dialog
from mbs_app.ui.components.fields import text_field
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.layout import form_section, line, lines, row
from mbs_app.ui.components.table import two_lines
from mbs_app.ui.credentials import make_passkey
from mbs_app.ui.security.app_state import NEW_CODES
from mbs_app.ui.security.passkeys_state import ADDED
from mbs_app.ui.security.state import SecurityState

FORM = "passkey-form"
URL = "/api/me/passkeys"

S = SecurityState


def passkeys_section() -> rx.Component:
    return form_section(
        "Passkeys",
        "Sign in with a fingerprint, a face or a PIN, without a password.",
        rx.cond(
            S.passkeys.length() > 0,
            lines(rx.foreach(S.passkeys, _passkey), class_name="passkeys"),
        ),
        rx.cond(
            S.takes_passkeys,
            row(
                _none_yet(),
                button("Add a passkey", icon="fingerprint", on_click=S.add_passkey),
                between=True,
            ),
            _none_yet(),
        ),
        rx.cond(
            ~S.takes_passkeys,
            callout(
                "Browsers make passkeys only for an https address with a name. Set PUBLIC_BASE_URL to the "
                "address people use.",
                tone="warn",
            ),
        ),
    )


def passkey_dialogs() -> rx.Component:
    return rx.fragment(_form(), _remove())


def _none_yet() -> rx.Component:
    return rx.cond(
        S.passkeys.length() > 0,
        rx.el.span(),
        rx.el.span(
            "None yet. A passkey stays on this device or in your password manager.",
            class_name="dense ink-2",
        ),
    )


def _passkey(passkey: Any) -> rx.Component:
    used = rx.cond(passkey.used != "", rx.fragment(" · last used ", passkey.used), "")
    return line(
        icon("key_round"),
        two_lines(passkey.name, rx.fragment("Added ", passkey.added, used)),
        row(
            icon_button("pencil", f"Rename {passkey.name}", on_click=S.rename_passkey(passkey.id)),
            icon_button(
                "trash_2", f"Remove {passkey.name}", on_click=S.ask_to_remove_passkey(passkey.id)
            ),
        ),
        key=passkey.id,
    )


def _form() -> rx.Component:
    adding = S.passkey_id == ""
    actions = (
        button("Cancel", on_click=S.close_passkey),
        button(
            rx.cond(adding, "Add passkey", "Save"),
            kind="primary",
            type="submit",
            busy=S.is_saving_passkey,
            busy_label="Waiting for your passkey",
        ),
    )
    name = text_field(
        "Name",
        field_id="passkey-name",
        name="name",
        default_value=S.passkey_name,
        max_length=80,
        auto_focus=True,
        hint="So that you know it again, such as “Work laptop”.",
        error=S.passkey_problem,
    )
    return rx.fragment(
        form_dialog(
            name,
            open=S.passkey_open & adding,
            title="Add a passkey",
            text="Your browser asks next where to keep it, and for your fingerprint, face or PIN.",
            on_close=S.close_passkey,
            on_submit=[
                S.begin_passkey,
                make_passkey(
                    FORM,
                    f"{URL}/options",
                    URL,
                    S.passkey_refused,
                    renewed_at=rx.cond(S.codes_left > 0, ADDED, NEW_CODES),
                ),
            ],
            form_id=FORM,
            actions=actions,
        ),
        form_dialog(
            name,
            open=S.passkey_open & ~adding,
            title="Rename the passkey",
            on_close=S.close_passkey,
            on_submit=S.save_passkey,
            actions=actions,
        ),
    )


def _remove() -> rx.Component:
    return confirm_dialog(
        open=S.removing_id != "",
        title=f"Remove the passkey “{S.removing_name}”?",
        text=rx.cond(
            S.methods.length() > 1,
            "It no longer signs you in. Delete it on its device, too.",
            "It no longer signs you in. If it is your only second factor, your recovery codes go with it.",
        ),
        keep="Keep",
        confirm="Remove passkey",
        on_keep=S.keep_passkey,
        on_confirm=S.remove_passkey,
    )
