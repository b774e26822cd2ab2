"""The audit log: who did what to what, when, from where."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.audit.filters import filter_dialog, toolbar_row
from mbs_app.ui.audit.state import ROUTE as ROUTE
from mbs_app.ui.audit.state import AuditState
from mbs_app.ui.audit.table import events_table, pages
from mbs_app.ui.components.buttons import button, link_button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.placeholders import empty_state, skeleton_rows
from mbs_app.ui.shell import ShellState, shell

TITLE = "Audit log"
ON_LOAD = [ShellState.load, AuditState.load]

S = AuditState


def page() -> rx.Component:
    return shell(
        rx.cond(S.is_loaded, _list(), skeleton_rows(12)),
        filter_dialog(),
        title="Audit log",
        active="audit",
        caption="Admin",
        note=rx.el.span(
            "Who did what, the newest first. Nobody can change it.", class_name="not-phone"
        ),
        actions=[link_button("Export", href=S.export_url, icon="download", external=True)],
        ruled=False,
    )


def _list() -> rx.Component:
    is_asking = S.is_narrowed | (S.search != "")
    nothing = rx.cond(
        S.looked_to != "",
        rx.fragment(_none_yet_found(), pages()),
        rx.cond(is_asking, _nothing_matches(), _nothing_happened()),
    )
    return rx.el.div(
        rx.cond(S.problem != "", callout(S.problem, tone="bad")),
        toolbar_row(),
        rx.cond(S.rows.length() > 0, rx.fragment(events_table(), pages()), nothing),
        class_name="audit",
    )


def _nothing_matches() -> rx.Component:
    return empty_state(
        "Nothing like this happened",
        "Take a filter away, or search for a part of a name, an act such as “signed in”, or an address.",
        button("Clear search and filters", on_click=S.clear),
    )


def _none_yet_found() -> rx.Component:
    return empty_state("Nothing found so far", "Older events were not looked at yet.")


def _nothing_happened() -> rx.Component:
    return empty_state(
        "Nothing has happened yet",
        "Sign-ins, changes to people and settings, exports and campaigns are written down here.",
    )
