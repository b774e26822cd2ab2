"""The table of invites, and their cards on a phone."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import icon_button
from mbs_app.ui.components.expressions import inline_style, js
from mbs_app.ui.components.marks import mark
from mbs_app.ui.components.menu import menu, menu_item, menu_rule
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
from mbs_app.ui.invites.state import InvitesState
from mbs_app.ui.paged_list import PAGE, pages_of

S = InvitesState

STATE_MARKS = (
    ("active", "circle_check"),
    ("used_up", "check"),
    ("expired", "clock"),
    ("revoked", "ban"),
)


def invites_table() -> rx.Component:
    return rx.el.div(
        data_table(
            [
                Column("Code", width="27%"),
                Column("Role", width="12%"),
                Column("Uses", width="16%"),
                Column("Status", width="13%"),
                Column("Expires", width="13%"),
                Column("Created by"),
                Column("Actions", width="28px", hidden_heading=True),
            ],
            rx.foreach(S.rows, _row),
            cards=rx.foreach(S.rows, _card),
            label="Invites",
            shape="two-line",
        ),
        rx.cond(S.total > PAGE, pages_of(S)),
        class_name="invites",
    )


def _row(row: Any) -> rx.Component:
    return table_row(
        cell(two_lines(_code(row), row.about), kind="name", title=row.about),
        cell(row.role),
        cell(_uses(row)),
        cell(_state(row)),
        cell(
            two_lines(
                row.expires,
                rx.el.span(row.expires_more, class_name=rx.cond(row.is_soon, "soon", "")),
            ),
            kind="plain",
        ),
        cell(two_lines(row.maker, row.made), kind="plain"),
        cell(_menu(row), kind="fit"),
        key=row.id,
    )


def _card(row: Any) -> rx.Component:
    return card(
        card_name(_code(row)),
        rx.cond(row.about != "", rx.el.div(row.about, class_name="wrap-anywhere")),
        card_line(_state(row), _uses(row)),
        card_line(
            rx.el.span(row.role),
            rx.el.span(
                row.expires,
                rx.cond(row.expires_more != "", f", {row.expires_more}", ""),
                class_name=rx.cond(row.is_soon, "warn", ""),
            ),
        ),
        end=_menu(row),
        key=row.id,
    )


def _code(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(row.code, class_name=rx.cond(row.works, "invite-code", "invite-code over")),
        rx.cond(
            row.works,
            icon_button(
                "copy",
                js("'Copy the code ' + $0", row.code),
                on_click=S.copy_code(row.code),
            ),
        ),
        class_name="code-line",
    )


def _uses(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(row.uses_words),
        rx.el.i(rx.el.b(**inline_style(width=js("$0 + '%'", row.share))), aria_hidden="true"),
        class_name=rx.cond(row.works, "uses", "uses over"),
    )


def _state(row: Any) -> rx.Component:
    cases = [
        (key, rx.el.span(mark(row.state_words, icon=icon), class_name=f"invite-state {key}"))
        for key, icon in STATE_MARKS
    ]
    return rx.match(row.state, *cases, rx.fragment())


def _menu(row: Any) -> rx.Component:
    return menu(
        icon_button("ellipsis", js("'Actions for ' + $0", row.code)),
        rx.cond(
            row.works,
            rx.fragment(
                menu_item("Copy code", icon="copy", on_select=S.copy_code(row.code)),
                menu_item("Copy link", icon="link", on_select=S.copy_link(row.link)),
                menu_item(
                    rx.cond(row.was_mailed, "Send again", "Send by email"),
                    icon="mail",
                    on_select=S.ask("send", row.id),
                ),
            ),
        ),
        menu_item("See who used it", icon="users", on_select=S.ask("who", row.id)),
        rx.cond(
            row.works,
            rx.fragment(
                menu_rule(),
                menu_item("Revoke", icon="ban", danger=True, on_select=S.ask("revoke", row.id)),
            ),
        ),
    )
