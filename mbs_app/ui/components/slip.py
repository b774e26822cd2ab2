"""The send slip: the receipt one reads before pressing Send."""

from collections.abc import Sequence

import reflex as rx

from mbs_app.ui.components.expressions import Content


def send_slip(
    title: Content,
    about: Content,
    rows: Sequence[tuple[Content, Content] | rx.Component],
    *,
    total: tuple[Content, Content],
    button: rx.Component,
    note: Content | None = None,
) -> rx.Component:
    """Receipt rows between dashed rules, the cost double-ruled, then the one big button.

    `rows` are (words, value) pairs or `slip_row`s (when one of them is conditional).
    """
    lines = [item if isinstance(item, rx.Component) else slip_row(*item) for item in rows]
    words, value = total
    return rx.el.section(
        rx.el.h2(title),
        rx.el.span(about, class_name="caption"),
        rx.el.div(*lines, class_name="slip-part"),
        rx.el.div(
            rx.el.div(
                rx.el.span(words), rx.el.span(value, class_name="total"), class_name="slip-row sum"
            ),
            button,
            rx.el.p(note, class_name="slip-note") if note is not None else None,
            class_name="slip-part",
        ),
        aria_label="What you are about to send",
        class_name="slip",
    )


def slip_row(words: Content, value: Content) -> rx.Component:
    """One line of the receipt."""
    return rx.el.div(rx.el.span(words), rx.el.span(value), class_name="slip-row")
