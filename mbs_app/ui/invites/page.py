"""What the page of invites shows."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button, text_link
from mbs_app.ui.components.fields import search_field
from mbs_app.ui.components.layout import section
from mbs_app.ui.components.links import anchor
from mbs_app.ui.components.placeholders import empty_state, skeleton_rows
from mbs_app.ui.invites.dialogs import dialogs
from mbs_app.ui.invites.new_invite import new_invite
from mbs_app.ui.invites.new_state import OPENER, NewInviteState
from mbs_app.ui.invites.state import InvitesState
from mbs_app.ui.invites.table import invites_table
from mbs_app.ui.paged_list import status_chips
from mbs_app.ui.shell import ShellState, shell

ROUTE = "/invites"
TITLE = "Invites"
ON_LOAD = [ShellState.load, InvitesState.load]

S = InvitesState


def page() -> rx.Component:
    return rx.fragment(
        shell(
            rx.cond(S.is_loaded, _list(), skeleton_rows(8)),
            title="Invites",
            active="invites",
            caption="Admin",
            note="People join only with a code you made.",
            actions=[
                rx.cond(
                    NewInviteState.is_open,
                    rx.fragment(),
                    button(
                        "New invite",
                        kind="primary",
                        icon="plus",
                        id=OPENER,
                        on_click=NewInviteState.open,
                    ),
                )
            ],
            aside=new_invite(),
        ),
        dialogs(),
    )


def _list() -> rx.Component:
    is_filtered = (S.search != "") | (S.status != "")
    return rx.cond(
        (S.every == 0) & ~is_filtered,
        empty_state(
            "No invites yet",
            "Make a code for the people you want here, and give it to them or mail it.",
            button("New invite", icon="plus", on_click=NewInviteState.open),
        ),
        rx.fragment(
            _filters(),
            rx.cond(
                S.rows.length() > 0,
                invites_table(),
                empty_state(
                    "No invites match",
                    "Try a part of the code or the note, or look at all invites.",
                    button("Show all invites", on_click=S.clear),
                ),
            ),
            rx.cond(S.lately.length() > 0, _joined_lately()),
        ),
    )


def _filters() -> rx.Component:
    return rx.el.div(
        status_chips(
            S,
            ("", "All", S.every),
            ("active", "Active", S.active),
            ("used_up", "Used up", S.used_up),
            ("expired", "Expired", S.expired),
            ("revoked", "Revoked", S.revoked),
        ),
        search_field(
            "Code or note", field_id="find-invite", value=S.search, on_change=S.search_for
        ),
        class_name="count-filters",
    )


def _joined_lately() -> rx.Component:
    return section(
        "Joined lately",
        rx.el.ul(rx.foreach(S.lately, _joined), class_name="joined-lately"),
        aside=text_link("All people", href="/team"),
    )


def _joined(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(anchor(one.name, href=f"/team?person={one.id}", class_name="row-link")),
        rx.el.span(one.role),
        rx.el.span("with ", rx.el.span(one.code, class_name="mono")),
        rx.el.span(one.when),
        class_name="joined-line",
    )
