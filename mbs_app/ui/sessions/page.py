"""What the page of one's sessions shows."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button
from mbs_app.ui.components.dialog import confirm_dialog
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.layout import section_head
from mbs_app.ui.components.marks import mark
from mbs_app.ui.components.placeholders import skeleton_rows
from mbs_app.ui.components.table import (
    Column,
    card,
    card_name,
    cell,
    data_table,
    table_row,
    two_lines,
)
from mbs_app.ui.components.wording import counted
from mbs_app.ui.sessions.state import SessionsState
from mbs_app.ui.settings.tabs import SESSIONS, settings_tabs
from mbs_app.ui.shell import ShellState, shell

ROUTE = SESSIONS
TITLE = "Sessions"
ON_LOAD = [ShellState.load, SessionsState.load]

S = SessionsState
ICONS = {"browser": "monitor", "phone": "smartphone", "program": "terminal"}


def page() -> rx.Component:
    return shell(
        settings_tabs(SESSIONS),
        rx.el.section(
            section_head("Where you are signed in", aside=_end_others()),
            rx.el.p(
                "Browsers and programs that can use your account. End what you don’t know, then choose a new "
                "password.",
                class_name="section-about",
            ),
            rx.cond(S.is_loaded, _list(), skeleton_rows(3)),
            class_name="section",
        ),
        _end_dialog(),
        _end_others_dialog(),
        title="Settings",
        active="settings",
    )


def _end_others() -> rx.Component:
    return rx.cond(
        S.others > 0, button("End all others", kind="danger", on_click=S.ask_to_end_others)
    )


def _list() -> rx.Component:
    return rx.fragment(
        data_table(
            [
                Column("Device"),
                Column("Address"),
                Column("Signed in"),
                Column("Last used"),
                Column("Actions", end=True, hidden_heading=True),
            ],
            rx.foreach(S.rows, _row),
            cards=rx.foreach(S.rows, _card),
            label="Sessions",
            shape="two-line",
        ),
        rx.cond(
            S.total > S.rows.length(),
            rx.el.p(
                f"These are the {S.rows.length()} used last, of {S.total}.",
                class_name="caption",
            ),
        ),
    )


def _row(row: Any) -> rx.Component:
    return table_row(
        cell(_device(row), kind="name"),
        cell(row.ip, kind="num"),
        cell(row.started, kind="num"),
        cell(row.last_used, kind="num"),
        cell(_end(row), kind="end fit"),
        key=row.id,
    )


def _card(row: Any) -> rx.Component:
    return card(
        card_name(row.words),
        rx.el.div(row.ip, class_name="num"),
        rx.el.div(row.summary),
        rx.el.div(row.ends),
        start=_icon(row),
        end=_end(row),
        key=row.id,
    )


def _device(row: Any) -> rx.Component:
    return rx.el.div(_icon(row), two_lines(row.words, row.ends), class_name="row gap-12")


def _icon(row: Any) -> rx.Component:
    drawn = [(kind, icon(name, 20)) for kind, name in ICONS.items()]
    return rx.el.span(rx.match(row.device, *drawn, rx.fragment()), class_name="device-icon")


def _end(row: Any) -> rx.Component:
    return rx.cond(
        row.is_current,
        mark("This device", icon="circle_check", tone="good"),
        button("End", size="sm", on_click=S.ask_to_end(row.id), aria_label=f"End {row.words}"),
    )


def _end_dialog() -> rx.Component:
    return confirm_dialog(
        open=S.ending_id != "",
        title=f"Sign out {S.ending_words}?",
        text="It can do nothing more in your account, from its next step on. Nothing that was saved is lost.",
        keep="Keep",
        confirm="End session",
        on_keep=S.keep,
        on_confirm=S.end,
    )


def _end_others_dialog() -> rx.Component:
    return confirm_dialog(
        open=S.asks_for_all,
        title=f"Sign out {counted(S.others, 'other device', 'other devices')}?",
        text="You stay signed in here. API keys keep working: revoke them on their own page.",
        keep="Keep",
        confirm=f"End {counted(S.others, 'session', 'sessions')}",
        on_keep=S.keep,
        on_confirm=S.end_others,
    )
