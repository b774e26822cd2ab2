"""Figures with their captions, and bars that compare reasons."""

from typing import Any

import reflex as rx

from mbs_app.ui.components.expressions import Content, Count, Text, classes, inline_style, js
from mbs_app.ui.components.wording import commas


def stat(
    value: Content, words: Content, *, large: bool = False, beside: rx.Component | None = None
) -> rx.Component:
    """A figure over its caption: "41.8 a second" over "Limit for this number: 45"."""
    return rx.el.div(
        rx.el.div(
            rx.el.span(value, class_name="figure-lg" if large else "figure"),
            beside,
            class_name="stat-line",
        ),
        rx.el.span(words, class_name="caption"),
        class_name="stat",
    )


def stats(*items: rx.Component, end: rx.Component | None = None) -> rx.Component:
    """Figures beside each other, parted by short rules; `end` (the live dot) at the right."""
    return rx.el.div(
        *items,
        rx.el.div(end, class_name="stats-end") if end is not None else None,
        class_name="stats",
    )


def bar_list(items: Any, *, top: Count, label: Text) -> rx.Component:
    """Reasons with a bar and a number each, longest first.

    `items` is a list (or a Var of one) of objects with `words` and `count`; `top` is the largest.
    """
    rows = (
        rx.foreach(items, lambda item: _bar_line(item.words, item.count, top))
        if isinstance(items, rx.Var)
        else rx.fragment(*(_bar_line(item.words, item.count, top) for item in items))
    )
    return rx.el.ul(rows, aria_label=label, class_name="bar-list")


def usage(part: Count, whole: Count, *, full: bool = False, failed: bool = False) -> rx.Component:
    """A short bar: 2 of 5; grey when `full`, vermilion when it counts what `failed`."""
    return rx.el.span(
        rx.el.i(**inline_style(width=_share(part, whole))),
        class_name=classes("usage", full and "full", failed and "failed"),
        aria_hidden="true",
    )


def _bar_line(words: Text, count: Count, top: Count) -> rx.Component:
    return rx.el.li(
        rx.el.span(words),
        usage(count, top, failed=True),
        rx.el.b(commas(count)),
    )


def _share(part: Count, whole: Count) -> Text:
    return js("$1 > 0 ? Math.max($0 > 0 ? 3 : 0, $0 * 100 / $1) + '%' : '0%'", part, whole)
