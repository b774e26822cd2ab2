"""The table that says where each column of the file goes."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.choices import checkbox
from mbs_app.ui.components.fields import select
from mbs_app.ui.components.layout import section_head
from mbs_app.ui.components.marks import mark
from mbs_app.ui.components.table import Column, card, card_line, cell, data_table, table_row
from mbs_app.ui.components.wording import commas
from mbs_app.ui.imports.state import ImportState
from mbs_app.ui.imports.views import ColumnRow
from mbs_app.ui.regions import REGIONS


def match_columns() -> rx.Component:
    view = ImportState.view
    table = data_table(
        [
            Column("In your file"),
            Column("First values"),
            Column("Goes to", width="192px"),
            Column("How we matched"),
        ],
        rx.foreach(ImportState.columns, _row),
        cards=rx.foreach(ImportState.columns, _card),
        label="Columns",
        shape="airy",
    )
    return rx.el.section(
        section_head(
            "Match columns",
            rx.fragment(
                commas(view.matched),
                " matched",
                rx.cond(
                    view.left_out_columns > 0,
                    rx.fragment(", ", commas(view.left_out_columns), " left out"),
                ),
                ". Change any that look wrong.",
            ),
        ),
        rx.cond(
            view.has_phone,
            None,
            callout(
                "Choose the column that holds the mobile numbers. Then every row is checked.",
                tone="warn",
            ),
        ),
        table,
        _reading(),
        class_name="match-columns",
    )


def _reading() -> rx.Component:
    """How the file is read as a whole."""
    view = ImportState.view
    return rx.el.div(
        checkbox(
            "The first row names the columns",
            checked=view.has_header,
            on_change=ImportState.say_header,
        ),
        rx.el.div(
            rx.el.label("Numbers without a country code are from", html_for="import-region"),
            select(
                REGIONS,
                field_id="import-region",
                value=view.region,
                on_change=ImportState.pick_region,
            ),
            class_name="import-region",
        ),
        class_name="import-reading",
    )


def _row(column: ColumnRow) -> rx.Component:
    return table_row(
        cell(rx.el.span(column.heading, class_name="mono heading", title=column.heading)),
        cell(rx.el.div(column.sample, class_name="sample", title=column.sample)),
        cell(_target(column, "column")),
        cell(_how(column), kind="fit"),
    )


def _card(column: ColumnRow) -> rx.Component:
    return card(
        card_line(
            rx.el.span(column.heading, class_name="mono"),
            _how(column),
        ),
        rx.el.div(column.sample, class_name="sample"),
        _target(column, "card"),
    )


def _target(column: ColumnRow, where: str) -> rx.Component:
    return select(
        column.options,
        field_id=f"{where}-{column.index}",
        value=column.target,
        on_change=ImportState.pick_target(column.index),
        aria_label=f"Where {column.heading} goes",
    )


def _how(column: ColumnRow) -> rx.Component:
    split = rx.cond(column.split, ", split in two", "")
    return rx.match(
        column.how,
        ("heading", mark(rx.fragment("Column name", split), icon="check", tone="good")),
        ("values", mark(rx.fragment("Values", split), icon="check", tone="good")),
        ("new_field", mark("New field", icon="plus")),
        ("chosen", mark("Your choice", icon="user")),
        mark("Left out", icon="minus"),
    )
