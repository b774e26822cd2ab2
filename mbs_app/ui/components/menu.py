"""Menus: rows of 32 px with an icon, an optional shortcut, danger last after a rule."""

from typing import Any

import reflex as rx

from mbs_app.ui.components.expressions import Content, Flag, Text, classes
from mbs_app.ui.components.icons import icon as draw_icon


def menu(trigger: rx.Component, *items: rx.Component, align: str = "end") -> rx.Component:
    """A menu that `trigger` (a button) opens; arrow keys, Escape and typing a letter work."""
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(trigger),
        rx.dropdown_menu.content(*items, align=align, class_name="menu", side_offset=4),
        # A modal menu hides the rest of the page from screen readers, focus and all.
        modal=False,
    )


def menu_item(
    label: Content,
    *,
    icon: str | None = None,
    shortcut: Text | None = None,
    mark: rx.Component | None = None,
    danger: bool = False,
    disabled: Flag = False,
    **props: Any,
) -> rx.Component:
    """One row; give `on_select` (keyboard and mouse alike). `mark` stands at the right end."""
    return rx.dropdown_menu.item(
        draw_icon(icon) if icon else None,
        rx.el.span(label, class_name="menu-words"),
        rx.el.span(shortcut, class_name="menu-shortcut") if shortcut is not None else None,
        mark,
        disabled=disabled,
        class_name=classes("menu-item", danger and "danger"),
        **props,
    )


def menu_link(label: Content, *, href: Text, icon: str | None = None) -> rx.Component:
    """One row that leads to another page."""
    return menu_item(label, icon=icon, on_select=rx.redirect(href))


def menu_rule() -> rx.Component:
    """The rule before what can't be undone."""
    return rx.dropdown_menu.separator(class_name="menu-rule")


def menu_note(*words: Content) -> rx.Component:
    """A quiet line in a menu that is not a choice."""
    return rx.el.div(*words, class_name="menu-note")
