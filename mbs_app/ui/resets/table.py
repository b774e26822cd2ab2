"""The table of resets, and their cards on a phone."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.domain.vocabulary import AdminResetStatus
from mbs_app.ui.components.buttons import icon_button
from mbs_app.ui.components.expressions import js
from mbs_app.ui.components.marks import Tone, mark
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
from mbs_app.ui.resets.sending import SendingState
from mbs_app.ui.resets.state import ResetsState

S = ResetsState

_MARKS: tuple[tuple[AdminResetStatus, str, Tone], ...] = (
    (AdminResetStatus.PENDING, "clock", "warn"),
    (AdminResetStatus.COMPLETED, "circle_check", "good"),
    (AdminResetStatus.EXPIRED, "circle_slash", ""),
    (AdminResetStatus.CANCELLED, "ban", ""),
)


def resets_table() -> rx.Component:
    return rx.el.div(
        data_table(
            [
                Column("Person", width="26%"),
                Column("Link"),
                Column("Status", width="20%"),
                Column("Sent", end=True, width="16%"),
                Column("Actions", width="28px", hidden_heading=True),
            ],
            rx.foreach(S.rows, _row),
            cards=rx.foreach(S.rows, _card),
            label="Password resets",
            shape="two-line",
        ),
        rx.cond(S.total > PAGE, pages_of(S)),
        class_name="resets",
    )


def _row(row: Any) -> rx.Component:
    return table_row(
        cell(two_lines(row.person, row.email), kind="name"),
        cell(two_lines(row.how, row.reason), kind="why"),
        cell(rx.el.div(_mark(row), rx.el.span(row.ends), class_name="two")),
        cell(row.sent, kind="end num"),
        cell(_menu(row), kind="fit"),
        key=row.id,
    )


def _card(row: Any) -> rx.Component:
    return card(
        card_name(row.person),
        rx.el.div(row.email, class_name="wrap-anywhere"),
        card_line(rx.el.span(row.how), rx.el.span(row.sent, class_name="num")),
        rx.cond(row.reason != "", rx.el.div(row.reason, class_name="wrap-anywhere")),
        card_line(_mark(row), rx.el.span(row.ends, class_name="num")),
        end=_menu(row),
        key=row.id,
    )


def _mark(row: Any) -> rx.Component:
    cases = [
        (status.value, mark(row.status_words, icon=icon, tone=tone))
        for status, icon, tone in _MARKS
    ]
    return rx.match(row.status, *cases, rx.fragment())


def _menu(row: Any) -> rx.Component:
    return menu(
        icon_button("ellipsis", js("'Actions for ' + $0", row.person)),
        menu_item("Send another link", icon="mail", on_select=SendingState.open_for(row.person_id)),
        rx.cond(
            row.reset_id != "",
            rx.fragment(
                menu_rule(),
                menu_item(
                    "Cancel the link",
                    icon="ban",
                    danger=True,
                    on_select=S.ask_to_cancel(row.reset_id),
                ),
            ),
        ),
    )
