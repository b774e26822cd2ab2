"""The overview: is everything going well, and what comes next?"""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import button, link_button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.placeholders import skeleton_rows
from mbs_app.ui.overview.first_run import first_run
from mbs_app.ui.overview.panels import last_days, next_and_health
from mbs_app.ui.overview.state import ROUTE as ROUTE
from mbs_app.ui.overview.state import OverviewState
from mbs_app.ui.overview.today import today
from mbs_app.ui.shell import ShellState, shell

TITLE = "Overview"
ON_LOAD = [ShellState.load, OverviewState.load]


def page() -> rx.Component:
    in_use = OverviewState.is_loaded & ~OverviewState.steps.is_first_run
    return shell(
        rx.cond(
            OverviewState.is_loaded,
            rx.cond(OverviewState.steps.is_first_run, first_run(), _in_use()),
            skeleton_rows(6),
        ),
        rx.el.div(OverviewState.said, aria_live="polite", class_name="visually-hidden"),
        title="Overview",
        active="overview",
        caption=OverviewState.date,
        actions=[
            rx.cond(in_use, link_button("Import customers", href="/import", icon="upload")),
            rx.cond(
                in_use,
                button(
                    "New campaign",
                    kind="primary",
                    icon="plus",
                    on_click=OverviewState.new_campaign,
                ),
            ),
        ],
        ruled=False,
    )


def _in_use() -> rx.Component:
    return rx.fragment(
        rx.cond(OverviewState.problem != "", callout(OverviewState.problem, tone="bad")),
        today(),
        last_days(),
        next_and_health(),
    )
