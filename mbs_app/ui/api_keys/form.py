"""The two dialogs of a new key: what it may do, and then the key itself, once."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.api_keys.state import FORM, LIFETIMES, SHOWN, ApiKeysState
from mbs_app.ui.components.buttons import button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.choices import checkbox
from mbs_app.ui.components.dialog import form_actions, form_dialog
from mbs_app.ui.components.fields import date_field, field, select_field, text_field
from mbs_app.ui.components.layout import field_grid
from mbs_app.ui.credentials import post_form
from mbs_app.ui.shell import ShellState

S = ApiKeysState

_SCOPES = [
    ("read", "Read", "See customers, groups, templates, campaigns and their results."),
    ("write", "Write", "Add, change and delete them, and import files."),
    ("send", "Send", "Make texts go out, and stop them."),
]


def key_form() -> rx.Component:
    return form_dialog(
        rx.cond(S.problem != "", callout(S.problem, tone="bad")),
        text_field(
            "Name",
            field_id="key-name",
            name="name",
            max_length=80,
            required=True,
            hint="The program that will use it, such as “Stock sync”.",
            error=S.field_problems.get("name", ""),
        ),
        _scopes(),
        _lifetime(),
        form_id=FORM,
        open=S.form_open,
        title="New API key",
        on_close=S.close_form,
        on_submit=[S.begin, post_form(FORM, "/api/keys", S.answered, keep_body=True)],
        actions=form_actions(
            "Make key", on_close=S.close_form, busy=S.is_making, busy_label="Making…"
        ),
    )


def _scopes() -> rx.Component:
    problem = S.field_problems.get("scopes", "")
    return rx.el.fieldset(
        rx.el.legend("What it may do", class_name="field-label"),
        *(
            checkbox(
                words, name="scopes", value=scope, about=about, default_checked=scope == "read"
            )
            for scope, words, about in _SCOPES
        ),
        rx.cond(
            ShellState.is_admin,
            checkbox(
                "Admin",
                name="scopes",
                value="admin",
                about="Decide about accounts, invites and resets, and read the audit log.",
            ),
        ),
        rx.cond(problem != "", rx.el.p(problem, role="alert", class_name="field-error")),
        class_name="field scopes",
    )


def _lifetime() -> rx.Component:
    is_date = S.lifetime == "date"
    return rx.fragment(
        field_grid(
            select_field(
                "Works for",
                LIFETIMES,
                field_id="key-lifetime",
                value=S.lifetime,
                on_change=S.choose_lifetime,
                hint=rx.match(
                    S.lifetime,
                    ("none", "Whoever finds it can use it until you revoke it."),
                    ("date", "Through the end of that day."),
                    "Then it is refused, and you make another one.",
                ),
            ),
            rx.cond(
                is_date,
                date_field(
                    "Last day",
                    field_id="key-last-day",
                    name="expires_on",
                    min=S.first_day,
                    required=True,
                    error=S.field_problems.get("expires_on", ""),
                ),
                rx.el.div(),
            ),
            wide=True,
        ),
        rx.cond(
            is_date | (S.lifetime == "none"),
            None,
            rx.el.input(type="hidden", name="expires_in_days", value=S.lifetime),
        ),
    )


def made_dialog() -> rx.Component:
    """What is written into the field comes from the API's answer, by the browser."""
    return form_dialog(
        field(
            "Your new key",
            rx.el.div(
                rx.el.input(
                    id=SHOWN,
                    read_only=True,
                    auto_complete="off",
                    aria_describedby=f"{SHOWN}-hint",
                    class_name="input mono",
                ),
                button("Copy", icon="copy", on_click=S.copy),
                class_name="row gap-8 key-shown",
            ),
            field_id=SHOWN,
            hint="Keep it where your program keeps its secrets, not in its source code.",
        ),
        open=S.is_made,
        title="Copy your key now",
        text="It is shown this once. We keep only a fingerprint of it.",
        on_close=S.close_made,
        actions=(button("I have copied it", kind="primary", on_click=S.close_made),),
    )
