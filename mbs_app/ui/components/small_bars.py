"""Small columns without an axis: text lengths, opt-outs by day."""

import dataclasses
from typing import Any

import reflex as rx

from mbs_app.ui.components.expressions import Content, Text, inline_style, js


@dataclasses.dataclass(frozen=True, slots=True)
class SmallBar:
    """One column: its height of 100, its look ("now", "later", "grey", "peak") and what it says."""

    height: float
    look: str
    words: str


def small_bars(
    bars: "list[SmallBar] | rx.Var[list[SmallBar]]", *, label: Text, height: int = 40
) -> rx.Component:
    """Columns beside each other, `height` px high at most."""
    bars_var = bars if isinstance(bars, rx.Var) else rx.Var.create(bars)
    return rx.el.div(
        rx.foreach(bars_var, _bar),
        role="img",
        aria_label=label,
        class_name="small-bars",
        **inline_style(height=f"{height}px"),
    )


def marked_bars(
    bars: "list[SmallBar] | rx.Var[list[SmallBar]]",
    *,
    label: Text,
    mark_at: float | rx.Var[float],
    mark_words: Content,
    start: Content,
    mark: Content,
    end: Content,
    height: int = 104,
) -> rx.Component:
    """Columns with a dashed line at `mark_at` percent of the width: "longer than 160: …".

    `start`, `mark` and `end` are the words under the axis.
    """
    left = js("$0 + '%'", mark_at)
    return rx.el.div(
        small_bars(bars, label=label, height=height),
        rx.el.div(rx.el.span(mark_words), class_name="bar-mark", **inline_style(left=left)),
        rx.el.div(
            rx.el.span(start),
            rx.el.b(mark, **inline_style(left=left)),
            rx.el.span(end),
            class_name="bar-axis",
        ),
        class_name="marked-bars",
    )


def _bar(bar: Any) -> rx.Component:
    return rx.el.i(
        class_name=f"sb-{bar.look}",
        title=bar.words,
        **inline_style(height=js("$0 + '%'", bar.height)),
    )
