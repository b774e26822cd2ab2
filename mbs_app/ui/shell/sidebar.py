"""The left column: the mark, the places, what is sending, who is signed in."""

import reflex as rx

from mbs_app.ui.browser import toggle_rail
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.logo import logo
from mbs_app.ui.components.menu import menu, menu_item, menu_rule
from mbs_app.ui.shell.appearance import appearance_items
from mbs_app.ui.shell.navigation import sidebar_links
from mbs_app.ui.shell.state import ShellState


def sidebar(active: str, sign_out: rx.event.EventSpec) -> rx.Component:
    """216 px wide; 56 px of icons when closed or between 768 and 1279 px."""
    return rx.el.aside(
        _brand(),
        sidebar_links(active),
        rx.el.div(_sending(), _user_menu(sign_out), class_name="sidebar-foot"),
        aria_label="Sidebar",
        class_name="sidebar",
    )


def _brand() -> rx.Component:
    return rx.el.div(
        logo(),
        rx.el.div(
            rx.el.b("MBS"),
            rx.el.span(ShellState.workspace_name),
            class_name="brand-words",
        ),
        rx.el.button(
            icon("panel_left"),
            type="button",
            aria_label="Close or open the sidebar",
            title="Close or open the sidebar",
            on_click=toggle_rail(),
            class_name="rail-button",
        ),
        class_name="brand",
    )


def _sending() -> rx.Component:
    return rx.el.div(
        rx.el.b(ShellState.sending_words),
        class_name="sending-words",
    )


def _user_menu(sign_out: rx.event.EventSpec) -> rx.Component:
    trigger = rx.el.button(
        rx.el.span(ShellState.user_initials, class_name="avatar", aria_hidden="true"),
        rx.el.span(ShellState.user_name, class_name="user-name"),
        icon("chevrons_up_down"),
        type="button",
        aria_label=f"Account: {ShellState.user_name}",
        class_name="user-button",
    )
    return menu(
        trigger,
        *appearance_items(),
        menu_rule(),
        menu_item("Settings", icon="settings", on_select=rx.redirect("/settings")),
        menu_item("Sign out", icon="log_out", on_select=sign_out),
        align="start",
    )
