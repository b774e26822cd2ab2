"""Where one can go: the sidebar's links and the phone's tab bar."""

from typing import NamedTuple

import reflex as rx

from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.links import anchor
from mbs_app.ui.components.menu import menu, menu_item, menu_link, menu_note, menu_rule
from mbs_app.ui.shell.appearance import appearance_items
from mbs_app.ui.shell.state import ShellState


class Place(NamedTuple):
    """One entry of the navigation."""

    key: str
    words: str
    icon: str
    href: str


PLACES = [
    Place("overview", "Overview", "gauge", "/"),
    Place("campaigns", "Campaigns", "send", "/campaigns"),
    Place("customers", "Customers", "users", "/customers"),
    Place("groups", "Groups", "tags", "/groups"),
    Place("templates", "Templates", "file_text", "/templates"),
    Place("settings", "Settings", "settings", "/settings"),
]
ADMIN_PLACES = [
    Place("invites", "Invites", "ticket", "/invites"),
    Place("team", "Team", "shield_user", "/team"),
    Place("audit", "Audit log", "scroll_text", "/audit"),
    Place("system", "System", "activity", "/system"),
]
_ON_THE_TAB_BAR = ["overview", "campaigns", "customers", "templates"]


def sidebar_links(active: str) -> rx.Component:
    """The sidebar's navigation; the page one is on is marked."""
    for_admins = rx.fragment(
        rx.el.div("Admin", class_name="nav-title"),
        *(_link(place, active) for place in ADMIN_PLACES),
    )
    return rx.el.nav(
        *(_link(place, active) for place in PLACES),
        rx.cond(ShellState.is_admin, for_admins),
        aria_label="Main",
        class_name="nav",
    )


def tab_bar(active: str, sign_out: rx.event.EventSpec) -> rx.Component:
    """The phone's bottom bar: four places and the rest under More."""
    tabs = [_tab(place, active) for place in PLACES if place.key in _ON_THE_TAB_BAR]
    rest = [place for place in PLACES if place.key not in _ON_THE_TAB_BAR]
    for_admins = rx.fragment(
        menu_rule(),
        menu_note("Admin"),
        *(menu_link(place.words, href=place.href, icon=place.icon) for place in ADMIN_PLACES),
    )
    more = menu(
        rx.el.button(
            icon("ellipsis", 20),
            "More",
            type="button",
            aria_current="page"
            if active in {place.key for place in [*rest, *ADMIN_PLACES]}
            else "false",
        ),
        *(menu_link(place.words, href=place.href, icon=place.icon) for place in rest),
        rx.cond(ShellState.is_admin, for_admins),
        menu_rule(),
        *appearance_items(),
        menu_rule(),
        menu_item("Sign out", icon="log_out", on_select=sign_out),
    )
    return rx.el.nav(*tabs, more, aria_label="Main", class_name="tab-bar")


def _link(place: Place, active: str) -> rx.Component:
    live = None
    if place.key == "campaigns":
        live = rx.cond(
            ShellState.live_campaigns > 0,
            rx.el.span(ShellState.live_campaigns, " live", class_name="nav-live"),
        )
    elif place.key == "team":
        live = rx.cond(
            ShellState.waiting_people > 0,
            rx.el.span(ShellState.waiting_people, " waiting", class_name="nav-live"),
        )
    return anchor(
        icon(place.icon),
        rx.el.span(place.words),
        live,
        href=place.href,
        title=place.words,
        aria_current="page" if place.key == active else "false",
    )


def _tab(place: Place, active: str) -> rx.Component:
    return anchor(
        icon(place.icon, 20),
        place.words,
        href=place.href,
        aria_current="page" if place.key == active else "false",
    )
