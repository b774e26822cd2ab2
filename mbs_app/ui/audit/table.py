"""The events as a table, their cards on a phone, what unfolds under one, and the pages."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.audit.state import AuditState
from mbs_app.ui.components.buttons import button, icon_button, text_link
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.layout import stack
from mbs_app.ui.components.table import (
    Column,
    card,
    card_line,
    cell,
    data_table,
    detail_row,
    table_row,
)
from mbs_app.ui.components.timeline import side_title

S = AuditState

_COLUMNS = [
    Column("More", hidden_heading=True, width="38px"),
    Column("When", width="164px"),
    Column("What happened"),
    Column("Kind", width="200px"),
    Column("Address", width="128px"),
    Column("Code", width="172px"),
]
_ICONS = (
    ("signing_in", "log_in"),
    ("people", "users"),
    ("invites", "ticket"),
    ("passwords", "lock_keyhole"),
    ("keys", "key_round"),
    ("security", "shield"),
    ("settings", "settings"),
    ("work", "send"),
    ("looks", "eye"),
)


def events_table() -> rx.Component:
    return data_table(
        _COLUMNS,
        rx.foreach(S.rows, _row),
        cards=rx.foreach(S.rows, _card),
        label="What happened",
        bleed=True,
    )


def pages() -> rx.Component:
    """ "Rows 1–50 of 312" and two arrows; or how far a long search came, and the way on."""
    further = rx.el.div(
        rx.el.span("Looked back to ", rx.el.b(S.looked_to)),
        button("Look further back", on_click=S.look_further),
        class_name="row gap-12 wrap",
    )
    turning = rx.fragment(
        rx.el.span(S.counted),
        rx.el.div(
            icon_button(
                "chevron_left", "Previous page", on_click=S.previous_page, disabled=S.page <= 1
            ),
            icon_button("chevron_right", "Next page", on_click=S.next_page, disabled=~S.has_more),
            class_name="btn-row",
        ),
    )
    return rx.el.nav(
        rx.cond(S.looked_to != "", further, turning), aria_label="Pages", class_name="pagination"
    )


def _row(row: Any) -> rx.Component:
    is_open = S.opened.id == row.id
    return rx.fragment(
        table_row(
            cell(_chevron(row, is_open)),
            cell(row.time, kind="num nowrap"),
            cell(_sentence(row), kind="audit-said"),
            cell(_kind(row)),
            cell(rx.cond(row.ip != "", row.ip, "–"), kind="num nowrap"),
            cell(rx.el.span(row.code, class_name="mono code-word")),
            opened=is_open,
            on_click=S.toggle(row.id),
            style={"cursor": "pointer"},
        ),
        rx.cond(is_open, detail_row(_details(), _more(), columns=len(_COLUMNS))),
    )


def _card(row: Any) -> rx.Component:
    is_open = S.opened.id == row.id
    return card(
        _sentence(row),
        card_line(_kind(row), rx.el.span(row.time, class_name="num")),
        rx.cond(is_open, rx.el.div(_details(), _more(), class_name="card-detail")),
        end=_chevron(row, is_open),
    )


def _sentence(row: Any) -> rx.Component:
    return rx.el.span(
        rx.foreach(
            row.pieces,
            lambda piece: rx.cond(piece.strong, rx.el.b(piece.words), rx.el.span(piece.words)),
        ),
        class_name="sentence",
    )


def _kind(row: Any) -> rx.Component:
    drawn = [(key, icon(name, 14)) for key, name in _ICONS]
    return rx.el.span(
        rx.match(row.group, *drawn, rx.fragment()), rx.el.span(row.group_words), class_name="mark"
    )


def _chevron(row: Any, is_open: Any) -> rx.Component:
    return rx.el.button(
        rx.cond(is_open, icon("chevron_down"), icon("chevron_right")),
        type="button",
        aria_label=rx.cond(is_open, "Hide the details of: ", "Show the details of: ")
        + row.sentence.to(str),
        aria_expanded=rx.cond(is_open, "true", "false"),
        on_click=S.toggle(row.id).stop_propagation,
        class_name="row-chevron",
    )


def _details() -> rx.Component:
    return rx.el.dl(
        rx.foreach(
            S.opened.details,
            lambda detail: rx.fragment(rx.el.dt(detail.label), rx.el.dd(detail.value)),
        ),
        class_name="facts audit-facts",
    )


def _more() -> rx.Component:
    """What else the log knows of those in this event."""
    opened = S.opened
    links = stack(
        rx.cond(
            opened.person_id != "",
            text_link(
                rx.fragment("Everything ", opened.person, " did"),
                on_click=S.choose_person(opened.person_id),
            ),
        ),
        rx.cond(
            opened.subject_id != "",
            text_link(
                rx.fragment("Everything done to ", opened.subject),
                on_click=S.choose_subject(opened.subject_id, opened.subject),
            ),
        ),
        rx.cond(
            opened.ip != "",
            text_link(
                rx.fragment("Everything from ", opened.ip), on_click=S.choose_address(opened.ip)
            ),
        ),
        gap=4,
        class_name="audit-more",
    )
    return rx.el.div(side_title("Look further"), links)
