"""What the page of password resets shows."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import button
from mbs_app.ui.components.fields import search_field, select
from mbs_app.ui.components.placeholders import empty_state, skeleton_rows
from mbs_app.ui.paged_list import status_chips
from mbs_app.ui.resets.dialogs import dialogs
from mbs_app.ui.resets.sending import SendingState
from mbs_app.ui.resets.state import ResetsState
from mbs_app.ui.resets.table import resets_table
from mbs_app.ui.shell import ShellState, shell
from mbs_app.ui.team.tabs import RESETS, team_tabs

ROUTE = RESETS
TITLE = "Password resets"
ON_LOAD = [ShellState.load, ResetsState.load]

S = ResetsState
KINDS = [("", "All links"), ("admin", "Sent by an admin"), ("user", "Asked for by the person")]


def page() -> rx.Component:
    return rx.fragment(
        shell(
            team_tabs(RESETS),
            rx.cond(S.is_loaded, _list(), skeleton_rows(8)),
            title="Team",
            active="team",
            caption="Admin",
            note="Links to choose a new password. Nobody’s password is ever set for them.",
            actions=[
                button("Send a reset link", kind="primary", icon="mail", on_click=SendingState.open)
            ],
        ),
        dialogs(),
    )


def _list() -> rx.Component:
    is_filtered = (S.search != "") | (S.status != "") | (S.kind != "")
    return rx.cond(
        (S.every == 0) & ~is_filtered,
        empty_state(
            "No resets yet",
            "Somebody who forgot their password asks for a link at the sign-in page. You can send one, too.",
            button("Send a reset link", icon="mail", on_click=SendingState.open),
        ),
        rx.fragment(
            _filters(),
            rx.cond(
                S.rows.length() > 0,
                resets_table(),
                empty_state(
                    "No resets match",
                    "Try a part of the name or the address, or look at all of them.",
                    button("Show all resets", on_click=S.clear),
                ),
            ),
        ),
    )


def _filters() -> rx.Component:
    return rx.el.div(
        status_chips(
            S,
            ("", "All", S.every),
            ("pending", "Waiting", S.pending),
            ("completed", "Completed", S.completed),
            ("expired", "Expired", S.expired),
            ("cancelled", "Canceled", S.cancelled),
        ),
        select(
            KINDS,
            field_id="reset-kind",
            value=S.kind,
            on_change=S.choose_kind,
            aria_label="Kind of link",
        ),
        search_field(
            "Name or email", field_id="find-reset", value=S.search, on_change=S.search_for
        ),
        class_name="count-filters",
    )
