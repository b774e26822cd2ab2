"""Tabs: the same list, narrowed to one of a few kinds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from mbs_app.ui.components.expressions import Content, Text

# Left and right go from tab to tab, as screen-reader users expect; Home and End to the ends.
_ARROWS = """(event) => {
  const tabs = [...event.currentTarget.querySelectorAll('[role="tab"]')];
  const step = {ArrowRight: 1, ArrowLeft: -1, Home: -tabs.length, End: tabs.length}[event.key];
  const at = tabs.indexOf(document.activeElement);
  if (!step || at < 0) return;
  event.preventDefault();
  tabs[Math.min(tabs.length - 1, Math.max(0, at + step))].focus();
}"""


def tabs(
    choices: Sequence[tuple[str, Content, Content | None]],
    *,
    value: Text,
    on_select: Any,
    label: Text,
    panel_id: str,
) -> rx.Component:
    """``choices`` are (key, words, count); ``on_select`` takes the key. They rule ``panel_id``."""
    buttons = [_tab(key, words, count, value, on_select, panel_id) for key, words, count in choices]
    return rx.el.div(
        *buttons,
        role="tablist",
        aria_label=label,
        class_name="tabs",
        custom_attrs={"onKeyDown": rx.Var(_ARROWS)},
    )


def tab_strip(*children: Content) -> rx.Component:
    """The ruled line that holds tabs and, at its end, buttons and a search."""
    return rx.el.div(*children, class_name="tab-strip")


def _tab(
    key: str, words: Content, count: Content | None, value: Text, on_select: Any, panel_id: str
) -> rx.Component:
    chosen = rx.Var.create(value) == key
    return rx.el.button(
        words,
        rx.el.span(count) if count is not None else None,
        type="button",
        role="tab",
        aria_selected=rx.cond(chosen, "true", "false"),
        aria_controls=panel_id,
        on_click=on_select(key),
    )
