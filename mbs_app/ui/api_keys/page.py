"""What the page of one's API keys shows."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.api_keys.form import key_form, made_dialog
from mbs_app.ui.api_keys.state import ApiKeysState
from mbs_app.ui.components.buttons import button, link_button
from mbs_app.ui.components.dialog import confirm_dialog
from mbs_app.ui.components.layout import section_head
from mbs_app.ui.components.marks import mark
from mbs_app.ui.components.placeholders import empty_state, skeleton_rows
from mbs_app.ui.components.table import (
    Column,
    card,
    card_line,
    card_name,
    cell,
    data_table,
    table_row,
    two_lines,
)
from mbs_app.ui.settings.tabs import KEYS, settings_tabs
from mbs_app.ui.shell import ShellState, shell

ROUTE = KEYS
TITLE = "API keys"
ON_LOAD = [ShellState.load, ApiKeysState.load]

S = ApiKeysState


def page() -> rx.Component:
    return shell(
        settings_tabs(KEYS),
        rx.el.section(
            section_head(
                "Your API keys",
                aside=link_button("API docs", href="/api/docs", external=True, icon="book_open"),
            ),
            rx.el.p(
                "A key lets a program of yours work with your customers and campaigns, as far as you say and no "
                "further than you may yourself.",
                class_name="section-about",
            ),
            rx.cond(
                S.is_loaded, rx.cond(S.rows.length() > 0, _list(), _none_yet()), skeleton_rows(3)
            ),
            class_name="section",
        ),
        key_form(),
        made_dialog(),
        _revoke_dialog(),
        title="Settings",
        active="settings",
        actions=[button("New key", kind="primary", icon="plus", on_click=S.add)],
    )


def _none_yet() -> rx.Component:
    return empty_state(
        "No API keys yet",
        "Make one for each program, so that you can revoke one without stopping the others.",
        button("New key", icon="plus", on_click=S.add),
    )


def _list() -> rx.Component:
    return data_table(
        [
            Column("Name"),
            Column("May"),
            Column("Lifetime"),
            Column("Last used"),
            Column("Actions", end=True, hidden_heading=True),
        ],
        rx.foreach(S.rows, _row),
        cards=rx.foreach(S.rows, _card),
        label="API keys",
        shape="two-line",
    )


def _row(row: Any) -> rx.Component:
    return table_row(
        cell(two_lines(row.name, rx.el.span(row.hint, class_name="mono")), kind="name"),
        cell(row.may),
        cell(two_lines(_status(row), row.made)),
        cell(two_lines(row.used, row.used_from), kind="num"),
        cell(_revoke(row), kind="end fit"),
        key=row.id,
    )


def _card(row: Any) -> rx.Component:
    return card(
        card_name(row.name),
        rx.el.div(row.hint, class_name="mono"),
        rx.el.div(row.may),
        card_line(_status(row), rx.el.span(row.summary)),
        end=_revoke(row),
        key=row.id,
    )


def _status(row: Any) -> rx.Component:
    return rx.match(
        row.status,
        ("revoked", mark(row.ends, icon="ban", tone="bad")),
        ("expired", mark(row.ends, icon="clock")),
        ("soon", mark(row.ends, icon="clock", tone="warn")),
        mark(row.ends, icon="circle_check", tone="good"),
    )


def _revoke(row: Any) -> rx.Component:
    return rx.cond(
        (row.status == "active") | (row.status == "soon"),
        button(
            "Revoke", size="sm", on_click=S.ask_to_revoke(row.id), aria_label=f"Revoke {row.name}"
        ),
    )


def _revoke_dialog() -> rx.Component:
    return confirm_dialog(
        open=S.revoking_id != "",
        title=f"Revoke the key “{S.revoking_name}”?",
        text="A program that uses it is refused from its next request on. You can’t undo this.",
        keep="Keep",
        confirm="Revoke key",
        on_keep=S.keep,
        on_confirm=S.revoke,
    )
