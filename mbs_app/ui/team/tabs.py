"""The pages about the team, as tabs."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.page_tabs import page_tabs

PEOPLE = "/team"
RESETS = "/team/resets"


def team_tabs(active: str) -> rx.Component:
    return page_tabs([("People", PEOPLE), ("Password resets", RESETS)], active=active, label="Team")
