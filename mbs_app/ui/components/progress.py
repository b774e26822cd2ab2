"""A long job: a ledger bar with a count, and a way to stop it. Never a spinner over content."""

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button
from mbs_app.ui.components.expressions import Content, Count, Flag, Text, js
from mbs_app.ui.components.ledger import parts_bar
from mbs_app.ui.components.wording import commas, percent


def progress(
    words: Content,
    done: Count,
    total: Count,
    *,
    on_stop: Any = None,
    stop_label: Text = "Stop",
    stopping: Flag = False,
) -> rx.Component:
    """ "Importing 4,200 of 12,406" over its bar; `on_stop` adds the button."""
    rest = js("Math.max(0, $1 - $0)", done, total, returns=int)
    stop = None
    if on_stop is not None:
        stop = button(
            stop_label, size="sm", on_click=on_stop, busy=stopping, busy_label="Stopping…"
        )
    return rx.el.div(
        rx.el.div(
            rx.el.span(words, class_name="medium"),
            rx.el.span(commas(done), " of ", commas(total), class_name="num ink-2"),
            rx.el.span(percent(done, total), class_name="caption num"),
            stop,
            class_name="progress-head",
        ),
        parts_bar(("p-now", done), ("k-pending", rest), label="Progress", size=12),
        rx.el.div(
            role="progressbar",
            aria_label=words if isinstance(words, str | rx.Var) else "Progress",
            aria_valuemin=0,
            aria_valuenow=done,
            aria_valuemax=total,
            class_name="visually-hidden",
        ),
        class_name="progress",
    )
