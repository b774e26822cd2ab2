"""The rows that can't be taken: why, what to do, and all of them as a file."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import link_button
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.marks import count_chip
from mbs_app.ui.components.table import (
    Column,
    card,
    card_line,
    card_name,
    cell,
    data_table,
    pagination,
    table_row,
)
from mbs_app.ui.components.wording import commas, counted
from mbs_app.ui.imports.state import ImportState
from mbs_app.ui.imports.views import LEFT_OUT, Refusal

PAGE_ROWS = 25


def refused_rows() -> rx.Component:
    """Nothing where every row is taken whole."""
    view = ImportState.view
    return rx.cond(
        (view.refused > 0) | (view.without_value > 0),
        rx.el.section(_head(), _table(), _pages(), class_name="section refused-rows"),
        None,
    )


def _head() -> rx.Component:
    view = ImportState.view
    return rx.el.div(
        rx.el.h2(counted(view.refused, "refused row", "refused rows"), class_name="section-title"),
        rx.el.div(
            _chip("All", view.refused, ""),
            rx.foreach(ImportState.reasons, lambda one: _chip(one.label, one.rows, one.reason)),
            rx.cond(
                view.without_value > 0,
                _chip("Taken without a value", view.without_value, LEFT_OUT),
                None,
            ),
            class_name="chips loose",
            role="group",
            aria_label="Reasons",
        ),
        rx.cond(
            view.refused > 0,
            link_button(
                "Download refused rows",
                icon="download",
                href=f"/api/customers/import/{view.id}/refused.csv",
                external=True,
                download=True,
            ),
            None,
        ),
        class_name="refused-head",
    )


def _chip(label: Any, rows: Any, reason: Any) -> rx.Component:
    return count_chip(
        label,
        commas(rows),
        chosen=ImportState.reason == reason,
        on_click=ImportState.show_reason(reason),
    )


def _table() -> rx.Component:
    is_left_out = ImportState.reason == LEFT_OUT
    return data_table(
        [
            Column("Row", width="76px"),
            Column("Name", width="184px"),
            Column(rx.cond(is_left_out, "Mobile number", "Value in file"), width="180px"),
            Column(rx.cond(is_left_out, "What is left out", "Why it was refused"), width="340px"),
            Column("What you can do"),
        ],
        rx.foreach(ImportState.refused_rows, _row),
        cards=rx.foreach(ImportState.refused_rows, _card),
        label="Refused rows",
    )


def _row(row: Refusal) -> rx.Component:
    return table_row(
        cell(commas(row.number), kind="num"),
        cell(row.name, kind="name"),
        cell(_value(row)),
        cell(_why(row)),
        cell(row.mend),
    )


def _card(row: Refusal) -> rx.Component:
    return card(
        card_name(rx.cond(row.name != "", row.name, "No name")),
        card_line(_value(row), rx.el.span("Row ", commas(row.number), class_name="caption")),
        _why(row),
        rx.el.div(row.mend, class_name="ink-2"),
    )


def _value(row: Refusal) -> rx.Component:
    return rx.el.span(
        rx.cond(row.value != "", row.value, "(empty)"),
        class_name=rx.cond(row.value != "", "mono ink value", "mono value"),
    )


def _why(row: Refusal) -> rx.Component:
    return rx.el.span(
        rx.cond(ImportState.reason == LEFT_OUT, icon("circle_slash", 14), icon("circle_x", 14)),
        rx.el.span(row.why),
        class_name=rx.cond(ImportState.reason == LEFT_OUT, "mark why", "mark why refused"),
    )


def _pages() -> rx.Component:
    state = ImportState
    return rx.cond(
        state.pages > 1,
        pagination(
            first=(state.page - 1) * PAGE_ROWS + 1,
            last=(state.page - 1) * PAGE_ROWS + state.refused_rows.length(),
            total=state.refused_total,
            on_previous=state.previous_page,
            on_next=state.next_page,
            has_previous=state.page > 1,
            has_next=state.page < state.pages,
        ),
        None,
    )
