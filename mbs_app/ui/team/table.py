"""The table of people, and their cards on a phone."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button, icon_button
from mbs_app.ui.components.expressions import js
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
from mbs_app.ui.paged_list import PAGE, pages_of
from mbs_app.ui.team.deciding import DecidingState
from mbs_app.ui.team.state import TeamState
from mbs_app.ui.team.status import status_mark

S = TeamState
D = DecidingState


def team_table() -> rx.Component:
    return rx.el.div(
        data_table(
            [
                Column("Person", width="26%"),
                Column("Role", width="10%"),
                Column("Status", width="13%"),
                Column("Joined with", width="20%"),
                Column("Last sign-in", width="16%"),
                Column("Second factor"),
                Column("Actions", width="28px", hidden_heading=True),
            ],
            rx.foreach(S.rows, _row),
            cards=rx.foreach(S.rows, _card),
            label="People",
            shape="two-line",
        ),
        rx.cond(S.total > PAGE, pages_of(S)),
        class_name="team",
    )


def _row(row: Any) -> rx.Component:
    return table_row(
        cell(two_lines(_name(row), row.email), kind="name"),
        cell(row.role_words),
        cell(status_mark(row.status, row.status_words)),
        cell(two_lines(row.came, row.came_more), kind="plain came", title=row.came),
        rx.cond(
            row.status == "pending",
            cell(_decide(row), kind="end", col_span=2),
            rx.fragment(cell(row.last_sign_in, kind="num"), cell(row.second_factor)),
        ),
        cell(_menu(row), kind="fit"),
        selected=_is_shown(row),
        key=row.id,
    )


def _card(row: Any) -> rx.Component:
    return card(
        card_name(_name(row)),
        rx.el.div(row.email, class_name="wrap-anywhere"),
        card_line(
            status_mark(row.status, row.status_words),
            rx.el.span(row.role_words),
        ),
        card_line(
            rx.el.span(row.came, class_name="wrap-anywhere"),
            rx.cond(
                row.status == "pending",
                rx.el.span(row.came_more),
                rx.el.span(row.signed_in),
            ),
        ),
        rx.cond(row.status == "pending", _decide(row)),
        end=_menu(row),
        key=row.id,
    )


def _name(row: Any) -> rx.Component:
    return rx.el.button(
        row.name,
        rx.cond(row.is_me, rx.el.span(" (you)", class_name="ink-3"), rx.fragment()),
        type="button",
        id=f"person-{row.id}",
        on_click=S.show(row.id),
        class_name="row-link",
    )


def _decide(row: Any) -> rx.Component:
    return rx.el.div(
        button(
            "Approve",
            size="sm",
            icon="check",
            on_click=D.approve(row.id),
            aria_label=js("'Approve ' + $0", row.name),
        ),
        button(
            "Reject",
            size="sm",
            kind="ghost",
            on_click=D.ask("reject", row.id),
            aria_label=js("'Reject ' + $0", row.name),
        ),
        class_name="decide",
    )


def _menu(row: Any) -> rx.Component:
    return menu(
        icon_button("ellipsis", js("'Actions for ' + $0", row.name)),
        menu_item("Details and history", icon="user", on_select=S.show(row.id)),
        rx.match(
            row.status,
            (
                "pending",
                rx.fragment(
                    menu_item("Approve", icon="circle_check", on_select=D.approve(row.id)),
                    _role(row),
                    menu_rule(),
                    menu_item(
                        "Reject", icon="circle_x", danger=True, on_select=D.ask("reject", row.id)
                    ),
                ),
            ),
            (
                "approved",
                rx.fragment(
                    _role(row),
                    menu_item(
                        "Send password reset", icon="key_round", on_select=D.ask("reset", row.id)
                    ),
                    rx.cond(
                        (row.second_factor == "Yes") & ~row.is_me,
                        menu_item(
                            "Take second factor off",
                            icon="shield_off",
                            on_select=D.ask("factor", row.id),
                        ),
                    ),
                    rx.cond(
                        ~row.is_me,
                        menu_item(
                            "Sign out everywhere",
                            icon="log_out",
                            on_select=D.ask("sign_out", row.id),
                        ),
                    ),
                    menu_rule(),
                    menu_item(
                        "Suspend", icon="ban", danger=True, on_select=D.ask("suspend", row.id)
                    ),
                ),
            ),
            (
                "suspended",
                menu_item("Restore", icon="circle_check", on_select=D.restore(row.id)),
            ),
            (
                "rejected",
                menu_item("Approve", icon="circle_check", on_select=D.approve(row.id)),
            ),
            rx.fragment(),
        ),
    )


def _role(row: Any) -> rx.Component:
    words = rx.cond(row.role == "admin", "Make marketer", "Make admin")
    return menu_item(words, icon="shield_user", on_select=D.ask("role", row.id))


def _is_shown(row: Any) -> Any:
    return rx.cond(S.shown, S.shown.id == row.id, False)
