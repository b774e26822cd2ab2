"""A panel at the right of a page, beside its list: to make something, or to look at one row."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import icon_button
from mbs_app.ui.components.expressions import Content, Flag

# Escape closes it, unless a menu or dialog over it took the key. The cross carries the event.
_ESCAPE = """(event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  event.currentTarget.querySelector(".drawer-head > button")?.click();
}"""


def drawer(
    *body: Content,
    open: Flag,
    title: Content,
    drawer_id: str,
    on_close: Any,
    foot: Content | None = None,
    on_submit: Any = None,
) -> rx.Component:
    """For a shell's ``aside``: the column is there only while the drawer is open. Below 1024 px it covers the page.

    With ``on_submit`` it is a form, and the first button of ``foot`` should be ``type="submit"``. Put the focus on
    ``drawer_title(drawer_id)`` when it opens.
    """
    head = rx.el.div(
        rx.el.h2(title, id=drawer_title(drawer_id), tab_index=-1),
        icon_button("x", "Close", kind="ghost", on_click=on_close),
        class_name="drawer-head",
    )
    inner = rx.fragment(
        rx.el.div(*body, class_name="drawer-body"),
        rx.el.div(foot, class_name="drawer-foot") if foot is not None else None,
    )
    if on_submit is not None:
        inner = rx.el.form(inner, on_submit=on_submit, class_name="drawer-form")
    panel = rx.el.section(
        head,
        inner,
        id=drawer_id,
        aria_labelledby=drawer_title(drawer_id),
        class_name="drawer",
        custom_attrs={"onKeyDown": rx.Var(_ESCAPE)},
    )
    return rx.cond(open, panel, rx.fragment())


def drawer_title(drawer_id: str) -> str:
    """The id of a drawer's heading."""
    return f"{drawer_id}-title"
