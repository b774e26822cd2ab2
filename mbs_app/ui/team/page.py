"""What the team page shows."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import button, link_button
from mbs_app.ui.components.fields import search_field, select
from mbs_app.ui.components.placeholders import empty_state, skeleton_rows
from mbs_app.ui.paged_list import status_chips
from mbs_app.ui.shell import ShellState, shell
from mbs_app.ui.team.dialogs import dialogs
from mbs_app.ui.team.person import person_drawer
from mbs_app.ui.team.state import TeamState
from mbs_app.ui.team.table import team_table
from mbs_app.ui.team.tabs import PEOPLE, team_tabs

ROUTE = PEOPLE
TITLE = "Team"
ON_LOAD = [ShellState.load, TeamState.load]

S = TeamState
ROLES = [("", "All roles"), ("user", "Marketers"), ("admin", "Admins")]


def page() -> rx.Component:
    return rx.fragment(
        shell(
            team_tabs(PEOPLE),
            rx.cond(S.is_loaded, _list(), skeleton_rows(8)),
            title="Team",
            active="team",
            caption="Admin",
            note=rx.cond(
                S.waiting > 0,
                rx.cond(
                    S.waiting == 1,
                    "1 person waits for approval.",
                    f"{S.waiting} people wait for approval.",
                ),
                "Who may use this workspace, and as what.",
            ),
            actions=[link_button("Invite people", href="/invites", icon="ticket")],
            aside=person_drawer(),
        ),
        dialogs(),
    )


def _list() -> rx.Component:
    return rx.fragment(
        _filters(),
        rx.cond(
            S.rows.length() > 0,
            team_table(),
            empty_state(
                "Nobody matches",
                "Try a part of the name or the address, or look at everybody.",
                button("Show everybody", on_click=S.clear),
            ),
        ),
    )


def _filters() -> rx.Component:
    return rx.el.div(
        status_chips(
            S,
            ("", "All", S.every),
            ("pending", "Waiting", S.waiting),
            ("approved", "Approved", S.approved),
            ("suspended", "Suspended", S.suspended),
            ("rejected", "Rejected", S.rejected),
        ),
        select(
            ROLES,
            field_id="team-role",
            value=S.role,
            on_change=S.choose_role,
            aria_label="Role",
        ),
        search_field(
            "Name or email", field_id="find-person", value=S.search, on_change=S.search_for
        ),
        class_name="count-filters",
    )
