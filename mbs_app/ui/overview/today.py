"""What runs, is planned or finished today, each with its ledger."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import icon_button, row_link
from mbs_app.ui.components.ledger import ledger_bar
from mbs_app.ui.components.marks import campaign_badge
from mbs_app.ui.components.menu import menu, menu_item, menu_link
from mbs_app.ui.components.placeholders import empty_state, skeleton
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
from mbs_app.ui.components.wording import commas
from mbs_app.ui.live.indicator import live_since
from mbs_app.ui.overview.state import OverviewState

_COLUMNS = [
    Column("Campaign"),
    Column("Status", width="114px"),
    Column("Ledger", width="300px"),
    Column("Handed to carrier", end=True, width="160px"),
    Column("Rate", end=True, width="90px"),
    Column("Time", end=True, width="152px"),
    Column("Actions", hidden_heading=True, width="56px"),
]


def today() -> rx.Component:
    head = rx.el.div(
        rx.el.h2("Today"),
        rx.el.span(
            commas(OverviewState.delivered_today), " delivered so far", class_name="ink-2 num"
        ),
        live_since(OverviewState.beat, OverviewState.zone, clock=False),
        class_name="today-head",
    )
    table = data_table(
        _COLUMNS,
        rx.foreach(OverviewState.today, _row),
        cards=rx.foreach(OverviewState.today, _card),
        label="Campaigns of today",
        shape="two-line",
    )
    nothing = empty_state(
        "Nothing runs today", "Campaigns that are sent or scheduled for today appear here."
    )
    return rx.el.section(
        head,
        rx.cond(OverviewState.today.length() > 0, table, nothing),
        class_name="today",
    )


def _row(line: Any) -> rx.Component:
    return table_row(
        cell(
            two_lines(
                row_link(line.name, href="/campaigns/" + line.id.to(str)),
                rx.el.span(line.audience, class_name="cut"),
            ),
            kind="name",
        ),
        cell(campaign_badge(line.status)),
        cell(_bar(line), kind="ledger-cell"),
        cell(_handed_over(line), kind="end nowrap"),
        cell(line.rate, kind="end nowrap"),
        cell(two_lines(line.time, line.time_under), kind="end nowrap"),
        cell(_action(line), kind="end"),
    )


def _bar(line: Any) -> rx.Component:
    return rx.cond(line.is_counted, ledger_bar(line.ledger), skeleton(height="12px"))


def _handed_over(line: Any) -> rx.Component:
    counted = rx.fragment(
        rx.el.span(commas(line.handed_over), class_name="ink medium"),
        " of ",
        commas(line.can_receive),
    )
    return rx.cond(line.is_counted, counted, "–")


def _action(line: Any) -> rx.Component:
    busy = OverviewState.busy == line.id
    return rx.match(
        line.status,
        (
            "sending",
            icon_button(
                "pause",
                "Pause " + line.name.to(str),
                disabled=busy,
                on_click=OverviewState.pause(line.id),
            ),
        ),
        (
            "paused",
            icon_button(
                "play",
                "Resume " + line.name.to(str),
                disabled=busy,
                on_click=OverviewState.resume(line.id),
            ),
        ),
        menu(
            icon_button("ellipsis", "More about " + line.name.to(str), kind="ghost"),
            menu_link("Open", href="/campaigns/" + line.id.to(str), icon="arrow_right"),
            menu_item(
                "Duplicate as a draft", icon="copy", on_select=OverviewState.duplicate(line.id)
            ),
        ),
    )


def _card(line: Any) -> rx.Component:
    return card(
        card_line(
            card_name(row_link(line.name, href="/campaigns/" + line.id.to(str))),
            campaign_badge(line.status),
        ),
        _bar(line),
        card_line(
            rx.el.span(_handed_over(line), class_name="num"),
            rx.el.span(line.time, class_name="num"),
        ),
        end=_action(line),
    )
