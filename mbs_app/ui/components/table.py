"""Ruled tables, their cards on a phone, the selection bar and the pages."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import reflex as rx

from mbs_app.ui.components.buttons import icon_button
from mbs_app.ui.components.expressions import (
    Content,
    Count,
    Flag,
    Text,
    class_when,
    classes,
)
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.wording import commas


class Column(NamedTuple):
    """A column's heading. `sort_key` makes it sortable; `end` sets numbers to the right."""

    heading: Content
    sort_key: str = ""
    end: bool = False
    width: str = ""
    hidden_heading: bool = False


def data_table(
    columns: Sequence[Column],
    *rows: rx.Component,
    cards: rx.Component | None = None,
    label: Text,
    sorted_by: Text = "",
    descending: Flag = False,
    on_sort: Any = None,
    shape: Literal["", "two-line", "airy"] = "",
    bleed: bool = False,
) -> rx.Component:
    """A table. `rows` are `table_row`s or one `rx.foreach` of them; `label` names it aloud.

    `cards` (an `rx.foreach` of `card`s) takes the table's place on a phone. `on_sort` takes a
    column's `sort_key`; `sorted_by` and `descending` say what holds now.
    """
    head = [_heading(column, sorted_by, descending, on_sort) for column in columns]
    table = rx.el.table(
        rx.el.caption(label, class_name="visually-hidden"),
        rx.el.thead(rx.el.tr(*head)),
        rx.el.tbody(*rows),
        class_name=classes("table", shape, bleed and "bleed"),
    )
    return rx.el.div(
        rx.el.div(table, class_name="table-scroll"),
        rx.el.div(cards, class_name="cards", role="list", aria_label=label)
        if cards is not None
        else None,
        class_name=classes("table-box", cards is not None and "has-cards"),
    )


def table_row(
    *cells: rx.Component, selected: Flag = False, opened: Flag = False, **props: Any
) -> rx.Component:
    """A row 36 px high; `selected` tints it, `opened` joins it to the detail row below."""
    names = class_when(class_when("table-row", selected, "selected"), opened, "opened")
    return rx.el.tr(*cells, class_name=names, **props)


def cell(*content: Content, kind: str = "", **props: Any) -> rx.Component:
    """A cell; `kind` is any of "name", "end" (numbers), "num", "strong", "fit", or several."""
    return rx.el.td(*content, class_name=kind, **props)


def two_lines(first: Content, second: Content) -> rx.Component:
    """A name over a quieter line, for rows of 56 px."""
    return rx.el.div(rx.el.span(first), rx.el.span(second), class_name="two")


def detail_row(left: rx.Component, right: rx.Component | None, *, columns: int) -> rx.Component:
    """The sunken row under an opened one: events left, the text as sent right."""
    return rx.el.tr(
        rx.el.td(
            rx.el.div(left, right, class_name="detail-grid"),
            col_span=columns,
        ),
        class_name="opened-detail",
    )


def card(
    *lines: Content,
    start: rx.Component | None = None,
    end: rx.Component | None = None,
    selected: Flag = False,
    **props: Any,
) -> rx.Component:
    """A row as a phone shows it: `card_name`, then `card_line`s; a checkbox and a menu beside."""
    return rx.el.div(
        start,
        rx.el.div(*lines, class_name="card-body"),
        end,
        role="listitem",
        class_name=class_when("card", selected, "selected"),
        **props,
    )


def card_name(*content: Content) -> rx.Component:
    """A card's first line."""
    return rx.el.div(*content, class_name="name")


def card_line(*content: Content) -> rx.Component:
    """A card's further line; two children stand at its ends."""
    return rx.el.div(*content, class_name="card-line")


def toolbar(*children: rx.Component) -> rx.Component:
    """Search, filters and buttons above a table."""
    return rx.el.div(*children, class_name="toolbar")


def selection_bar(
    words: Content,
    *actions: rx.Component,
    on_clear: Any,
    more: rx.Component | None = None,
) -> rx.Component:
    """The tinted strip above the head while rows are chosen: "3 selected" and what to do."""
    return rx.el.div(
        rx.el.b(words),
        more,
        rx.el.div(*actions, class_name="bar-actions"),
        rx.el.span(
            icon_button("x", "Clear the selection", on_click=on_clear),
            class_name="push",
        ),
        role="region",
        aria_label="Chosen rows",
        class_name="selection-bar",
    )


def pagination(
    *,
    first: Count,
    last: Count,
    total: Count,
    noun: Text = "",
    on_previous: Any,
    on_next: Any,
    has_previous: Flag,
    has_next: Flag,
) -> rx.Component:
    """ "Rows 1–50 of 184,320" and two arrows."""
    return rx.el.nav(
        rx.el.span(
            "Rows ",
            rx.el.b(commas(first), "–", commas(last)),
            " of ",
            rx.el.b(commas(total)),
            f" {noun}" if noun else None,
        ),
        rx.el.div(
            icon_button(
                "chevron_left",
                "Previous page",
                on_click=on_previous,
                disabled=_not(has_previous),
            ),
            icon_button("chevron_right", "Next page", on_click=on_next, disabled=_not(has_next)),
            class_name="btn-row",
        ),
        aria_label="Pages",
        class_name="pagination",
    )


def _heading(column: Column, sorted_by: Text, descending: Flag, on_sort: Any) -> rx.Component:
    words: Content = column.heading
    if column.hidden_heading:
        words = rx.el.span(words, class_name="visually-hidden")
    props: dict[str, Any] = {"scope": "col", "class_name": "end" if column.end else ""}
    if column.width:
        props["width"] = column.width
    if not column.sort_key or on_sort is None:
        return rx.el.th(words, **props)
    active = sorted_by == column.sort_key
    button = rx.el.button(
        words,
        _arrow(active, descending),
        type="button",
        on_click=on_sort(column.sort_key),
        class_name="sort",
    )
    return rx.el.th(button, aria_sort=_direction(active, descending), **props)


def _arrow(active: Flag, descending: Flag) -> rx.Component:
    down = rx.cond(descending, icon("arrow_down", 12), icon("arrow_up", 12))
    return rx.cond(active, down, icon("chevrons_up_down", 12))


def _direction(active: Flag, descending: Flag) -> Text:
    return rx.cond(active, rx.cond(descending, "descending", "ascending"), "none")


def _not(flag: Flag) -> Flag:
    return ~flag if isinstance(flag, rx.Var) else not flag
