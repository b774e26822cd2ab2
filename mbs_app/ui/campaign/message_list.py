"""The list of a campaign's texts."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.campaign.list_state import MessageListState
from mbs_app.ui.campaign.state import CampaignState
from mbs_app.ui.components.buttons import button, text_link
from mbs_app.ui.components.counts import ORDER, number_of
from mbs_app.ui.components.expressions import js
from mbs_app.ui.components.fields import search_field, select
from mbs_app.ui.components.marks import outcome, outcome_word
from mbs_app.ui.components.placeholders import empty_state, skeleton_rows
from mbs_app.ui.components.table import (
    Column,
    card,
    card_line,
    card_name,
    cell,
    data_table,
    detail_row,
    pagination,
    table_row,
)
from mbs_app.ui.components.tabs import tab_strip, tabs
from mbs_app.ui.components.timeline import history, side_title
from mbs_app.ui.components.wording import commas

_PANEL = "texts"
_COLUMNS = [
    Column("More", hidden_heading=True, width="38px"),
    Column("Outcome", width="112px"),
    Column("Customer", width="150px"),
    Column("Number", width="130px"),
    Column("City", width="150px"),
    Column("What happened last"),
    Column("Segments", end=True),
    Column("Time", end=True),
]
_ALL = [("", "All outcomes"), *((name, outcome_word(name)) for name in ORDER)]


def message_list() -> rx.Component:
    """Tabs by outcome, search, the rows, the pages."""
    return rx.el.section(
        rx.el.div(rx.el.h2("Messages"), _newer_button(), class_name="list-head only-phone"),
        _strip(),
        rx.el.div(
            rx.cond(MessageListState.is_loaded, _rows_or_why_none(), skeleton_rows()),
            id=_PANEL,
            role="tabpanel",
            aria_label="Texts",
        ),
        class_name="message-list",
    )


def _strip() -> rx.Component:
    ledger = CampaignState.ledger
    choices: list[tuple[str, Any, Any]] = [("", "All", commas(ledger.audience))]
    choices += [(name, outcome_word(name), commas(number_of(ledger, name))) for name in ORDER]
    return tab_strip(
        rx.el.div(
            tabs(
                choices,
                value=MessageListState.outcome,
                on_select=MessageListState.choose,
                label="Texts by outcome",
                panel_id=_PANEL,
            ),
            class_name="only-wide tabs-box",
        ),
        rx.el.div(
            select(
                _ALL,
                field_id="outcome",
                value=MessageListState.outcome,
                on_change=MessageListState.choose,
                aria_label="Outcome",
            ),
            class_name="only-phone outcome-select",
        ),
        rx.el.div(_newer_button(), class_name="only-wide"),
        search_field(
            "Name or number",
            field_id="find",
            value=MessageListState.search,
            on_change=MessageListState.find,
        ),
    )


def _newer_button() -> rx.Component:
    words = js(
        "$0 >= 1000 ? '1,000+ newer' : $0.toLocaleString('en-US') + ' newer'",
        MessageListState.newer,
    )
    return rx.cond(
        MessageListState.newer > 0,
        button(words, icon="arrow_up", on_click=MessageListState.show_newer),
    )


def _rows_or_why_none() -> rx.Component:
    is_narrowed = (MessageListState.search != "") | (MessageListState.outcome != "")
    nothing = rx.cond(
        is_narrowed,
        empty_state(
            "No text matches",
            "Nobody of this campaign has this outcome, name or number now.",
            button("Show all", on_click=MessageListState.clear),
        ),
        empty_state(
            "No texts yet",
            "They appear here as soon as it is taken down who gets this campaign.",
        ),
    )
    return rx.cond(MessageListState.rows.length() > 0, _table(), nothing)


def _table() -> rx.Component:
    return rx.fragment(
        data_table(
            _COLUMNS,
            rx.foreach(MessageListState.rows, _row),
            cards=rx.foreach(MessageListState.rows, _card),
            label="Texts of this campaign",
        ),
        pagination(
            first=MessageListState.first,
            last=MessageListState.last,
            total=MessageListState.total,
            on_previous=MessageListState.previous_page,
            on_next=MessageListState.next_page,
            has_previous=MessageListState.page > 1,
            has_next=MessageListState.has_more,
        ),
    )


def _row(line: Any) -> rx.Component:
    is_open = MessageListState.opened.id == line.id
    return rx.fragment(
        table_row(
            cell(_chevron(line, is_open)),
            cell(outcome(line.status)),
            cell(rx.cond(line.name != "", line.name, "–"), kind="name"),
            cell(line.number, kind="num nowrap"),
            cell(line.place),
            cell(rx.el.span(line.last, class_name=rx.cond(is_open, "ink", ""))),
            cell(rx.cond(line.segments > 0, line.segments.to_string(), "–"), kind="end"),
            cell(line.time, kind="end nowrap"),
            opened=is_open,
            on_click=MessageListState.toggle(line.id),
            style={"cursor": "pointer"},
        ),
        rx.cond(is_open, detail_row(_events(), _as_sent(), columns=len(_COLUMNS))),
    )


def _chevron(line: Any, is_open: Any) -> rx.Component:
    return rx.el.button(
        rx.cond(
            is_open,
            rx.icon("chevron_down", size=16, stroke_width=1.75),
            rx.icon("chevron_right", size=16, stroke_width=1.75),
        ),
        type="button",
        aria_label=rx.cond(is_open, "Hide what happened to ", "Show what happened to ")
        + rx.cond(line.name != "", line.name, line.number).to(str),
        aria_expanded=rx.cond(is_open, "true", "false"),
        on_click=MessageListState.toggle(line.id).stop_propagation,
        class_name="row-chevron",
    )


def _events() -> rx.Component:
    opened = MessageListState.opened
    return rx.el.div(history(opened.events))


def _as_sent() -> rx.Component:
    opened = MessageListState.opened
    return rx.el.div(
        rx.cond(
            opened.body != "",
            rx.el.div(
                side_title("Text as sent"), rx.el.p(opened.body, class_name="ink-2 text-as-sent")
            ),
            rx.el.div(side_title("Text"), rx.el.p("Nothing was sent.", class_name="ink-2")),
        ),
        rx.cond(
            opened.customer_id != "",
            rx.el.p(text_link("Open customer", href="/customers/" + opened.customer_id)),
        ),
        class_name="stack gap-8",
    )


def _card(line: Any) -> rx.Component:
    is_open = MessageListState.opened.id == line.id
    name = rx.cond(line.name != "", line.name, line.number)
    below = rx.cond(is_open & (line.name != ""), line.place + ", " + line.number, line.place)
    return rx.fragment(
        card(
            rx.el.button(
                card_line(card_name(name), outcome(line.status)),
                card_line(
                    rx.el.span(below),
                    rx.el.span(line.time, class_name="num"),
                ),
                type="button",
                aria_expanded=rx.cond(is_open, "true", "false"),
                on_click=MessageListState.toggle(line.id),
                class_name="card-button",
            ),
            rx.cond(is_open, rx.el.div(_events(), _as_sent(), class_name="stack gap-12")),
            selected=False,
            custom_attrs={"data-open": is_open},
        ),
    )
