"""The list behind a number."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import row_link, text_link
from mbs_app.ui.components.dialog import form_dialog
from mbs_app.ui.components.phone import filled_text
from mbs_app.ui.components.placeholders import skeleton_rows
from mbs_app.ui.components.table import pagination
from mbs_app.ui.preflight.state import PreflightState

S = PreflightState


def list_dialog() -> rx.Component:
    return form_dialog(
        rx.cond(
            S.list_is_loading,
            skeleton_rows(6),
            rx.cond(
                S.list_kind == "left_out",
                rx.el.ul(
                    rx.foreach(S.people_rows, _person), class_name="list-rows people", tab_index=0
                ),
                rx.el.ul(rx.foreach(S.text_rows, _text), class_name="list-rows", tab_index=0),
            ),
        ),
        rx.cond(
            S.list_kind == "left_out",
            text_link(
                "Download all left out",
                href=f"/api/campaigns/{S.draft_id}/left-out.csv",
                external=True,
                download=True,
            ),
        ),
        pagination(
            first=S.list_first,
            last=S.list_last,
            total=S.list_total,
            on_previous=S.list_previous_page,
            on_next=S.list_next_page,
            has_previous=S.list_has_previous,
            has_next=S.list_has_next,
        ),
        open=S.list_kind != "",
        title=S.list_title,
        on_close=S.close_list,
        wide=True,
    )


def _person(person: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(
            person.id != "",
            row_link(person.name, href=f"/customers/{person.id}"),
            rx.el.span(person.name, class_name="medium"),
        ),
        rx.el.span(person.phone, class_name="num ink-2"),
        rx.el.span(person.place, class_name="ink-2"),
        rx.el.span(person.reason, class_name="ink-3"),
    )


def _text(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(rx.el.b(line.name), rx.el.span(line.size, class_name="caption num")),
        rx.el.div(filled_text(line.parts), class_name="ink-2"),
    )
