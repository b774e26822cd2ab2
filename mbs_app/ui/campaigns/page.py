"""What the list of campaigns shows."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.campaigns.state import ROUTE, CampaignsState
from mbs_app.ui.components.buttons import button, icon_button, row_link
from mbs_app.ui.components.dialog import confirm_dialog
from mbs_app.ui.components.expressions import js
from mbs_app.ui.components.fields import search_field
from mbs_app.ui.components.ledger import ledger_bar
from mbs_app.ui.components.marks import campaign_badge
from mbs_app.ui.components.menu import menu, menu_item, menu_link, menu_rule
from mbs_app.ui.components.placeholders import empty_state, skeleton_rows
from mbs_app.ui.components.table import (
    Column,
    card,
    card_line,
    card_name,
    cell,
    data_table,
    table_row,
    toolbar,
    two_lines,
)
from mbs_app.ui.components.wording import commas, counted
from mbs_app.ui.paged_list import pages_of, status_chips
from mbs_app.ui.shell import ShellState, shell

TITLE = "Campaigns"
ON_LOAD = [ShellState.load, CampaignsState.load]

__all__ = ["ON_LOAD", "ROUTE", "TITLE", "page"]

S = CampaignsState


def page() -> rx.Component:
    return rx.fragment(
        shell(
            rx.cond(S.is_loaded, _list(), skeleton_rows(8)),
            title="Campaigns",
            active="campaigns",
            caption=counted(S.every, "campaign", "campaigns"),
            actions=[_new()],
            ruled=False,
        ),
        _delete(),
    )


def _new() -> rx.Component:
    return button(
        "New campaign",
        kind="primary",
        icon="plus",
        busy=S.is_creating,
        busy_label="Opening…",
        on_click=S.create,
    )


def _list() -> rx.Component:
    is_filtered = (S.search != "") | (S.status != "all")
    return rx.cond(
        (S.every == 0) & ~is_filtered,
        empty_state(
            "No campaigns yet",
            "Write a text, choose who gets it, and check it before it leaves.",
            _new(),
        ),
        rx.fragment(
            _filters(),
            rx.cond(
                S.rows.length() > 0,
                rx.fragment(_table(), pages_of(S)),
                empty_state(
                    "No campaigns match",
                    "Try other words, or look at all campaigns.",
                    button("Show all campaigns", on_click=S.clear),
                ),
            ),
        ),
    )


def _filters() -> rx.Component:
    return toolbar(
        search_field(
            "Name or words of the text",
            field_id="find-campaign",
            value=S.search,
            on_change=S.search_for,
        ),
        status_chips(
            S,
            ("all", "All", S.every),
            ("live", "Live", S.live),
            ("scheduled", "Scheduled", S.scheduled),
            ("draft", "Drafts", S.drafts),
            ("sent", "Finished", S.sent),
            ("stopped", "Stopped", S.stopped),
            loose=True,
        ),
    )


def _table() -> rx.Component:
    return data_table(
        [
            Column("Campaign"),
            Column("Status"),
            Column("Ledger", width="24%"),
            Column("Handed to carrier", end=True),
            Column("Time", end=True),
            Column("Actions", hidden_heading=True),
        ],
        rx.foreach(S.rows, _row),
        cards=rx.foreach(S.rows, _card),
        label="Campaigns",
        shape="two-line",
    )


def _row(row: Any) -> rx.Component:
    return table_row(
        cell(two_lines(row_link(row.name, href=row.href), row.about), kind="name"),
        cell(campaign_badge(row.status), kind="fit"),
        cell(_bar(row)),
        cell(_handed_over(row), kind="end num"),
        cell(two_lines(row.when, row.when_more), kind="end"),
        cell(_menu(row), kind="fit"),
    )


def _card(row: Any) -> rx.Component:
    return card(
        card_name(row_link(row.name, href=row.href)),
        card_line(rx.el.span(row.about), campaign_badge(row.status)),
        rx.cond(row.audience > 0, ledger_bar(row.ledger, size=12)),
        card_line(
            rx.cond(row.ledger.audience > 0, _handed_over(row), rx.el.span()),
            rx.el.span(row.when),
        ),
        end=_menu(row),
    )


def _bar(row: Any) -> rx.Component:
    """Nothing to show before the audience is taken."""
    return rx.cond(
        row.ledger.audience > 0,
        ledger_bar(row.ledger, size=12),
        rx.el.span("–", class_name="ink-3"),
    )


def _handed_over(row: Any) -> rx.Component:
    return rx.cond(
        row.ledger.audience > 0,
        rx.el.span(
            rx.el.b(commas(row.handed_over)),
            rx.el.span(" of ", commas(row.audience), class_name="ink-2"),
        ),
        rx.el.span("–", class_name="ink-3"),
    )


def _menu(row: Any) -> rx.Component:
    label = js("'More for ' + $0", row.name)
    opens = rx.cond(row.status == "draft", "Edit", "Open")
    return menu(
        icon_button("ellipsis", label, kind="ghost"),
        menu_link(opens, href=row.href, icon="arrow_right"),
        menu_item("Duplicate", icon="copy", on_select=S.duplicate(row.id)),
        rx.cond(
            row.can_be_deleted,
            rx.fragment(
                menu_rule(),
                menu_item("Delete", icon="trash_2", danger=True, on_select=S.ask_to_delete(row.id)),
            ),
        ),
    )


def _delete() -> rx.Component:
    return confirm_dialog(
        open=S.deleting != "",
        title=f"Delete “{S.deleting_name}”?",
        text=rx.cond(
            S.problem != "",
            S.problem,
            "The text and the choice of audience go. Nobody was sent anything. You can’t undo this.",
        ),
        keep="Keep it",
        confirm="Delete campaign",
        on_keep=S.keep,
        on_confirm=S.delete,
    )
