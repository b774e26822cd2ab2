"""Recovery codes: how many are left, and new ones, shown once."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import button, button_row
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.dialog import confirm_dialog, form_dialog
from mbs_app.ui.components.layout import form_section, row
from mbs_app.ui.components.wording import counted
from mbs_app.ui.credentials import print_page, save_shown
from mbs_app.ui.security.codes_state import SHEET
from mbs_app.ui.security.state import SecurityState

FILE = "recovery-codes.txt"

S = SecurityState


def codes_section() -> rx.Component:
    """Only with a second factor they can stand in for."""
    return rx.cond(
        S.methods.length() > 0,
        form_section(
            "Recovery codes",
            "For the day your phone or passkey is lost. Each works once.",
            rx.cond(S.codes_left == 0, callout(_none_left(), tone="warn")),
            row(
                rx.cond(
                    S.codes_left > 0,
                    rx.el.span(counted(S.codes_left, "code", "codes"), " left"),
                    rx.el.span(),
                ),
                button(
                    rx.cond(S.codes_left > 0, "Make new codes", "Make recovery codes"),
                    on_click=S.ask_for_codes,
                    busy=S.is_making_codes,
                    busy_label="Making them",
                ),
                between=True,
            ),
        ),
    )


def codes_dialogs() -> rx.Component:
    return rx.fragment(_shown(), _replace())


def _none_left() -> rx.Component:
    return rx.el.span("You have none. Without them, a lost phone means asking an admin.")


def _shown() -> rx.Component:
    heading = f"MBS recovery codes, {S.workspace_name}. Each works once."
    return form_dialog(
        rx.el.pre(
            id=SHEET,
            tab_index=0,
            class_name="codes-sheet for-paper",
            custom_attrs={"data-title": heading},
        ),
        button_row(
            # The cross would have the focus, and close what is shown once.
            button("Copy", icon="copy", auto_focus=True, on_click=S.copy_codes),
            button("Download", icon="download", on_click=save_shown(SHEET, FILE, heading)),
            button("Print", icon="printer", on_click=print_page()),
        ),
        open=S.codes_open,
        title="Keep these codes",
        text="They are shown this once. Keep them where you find them without your phone: a password manager, or "
        "on paper.",
        on_close=S.close_codes,
        actions=(button("I have kept them", kind="primary", on_click=S.close_codes),),
    )


def _replace() -> rx.Component:
    return confirm_dialog(
        open=S.replacing_codes,
        title="Make new recovery codes?",
        text=rx.fragment(
            "The ", counted(S.codes_left, "code", "codes"), " you have left stop working at once."
        ),
        keep="Keep the old ones",
        confirm="Make ten new codes",
        danger=False,
        on_keep=S.keep_codes,
        on_confirm=S.make_codes,
    )
