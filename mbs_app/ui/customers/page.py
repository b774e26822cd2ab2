"""The list of customers."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import button, link_button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.placeholders import empty_state, skeleton_rows
from mbs_app.ui.components.wording import people
from mbs_app.ui.customers.dialogs import dialogs
from mbs_app.ui.customers.filters import filter_dialog, toolbar_row
from mbs_app.ui.customers.form import customer_form
from mbs_app.ui.customers.form_state import CustomerFormState
from mbs_app.ui.customers.selection import chosen_bar, work_progress
from mbs_app.ui.customers.state import CustomersState
from mbs_app.ui.customers.table import customers_table, pages
from mbs_app.ui.shell import ShellState, shell

ROUTE = "/customers"
TITLE = "Customers"
ON_LOAD = [ShellState.load, CustomersState.load]

S = CustomersState


def page() -> rx.Component:
    return shell(
        rx.cond(
            S.is_loaded,
            rx.cond(S.everyone > 0, _list(), _nobody_yet()),
            skeleton_rows(12),
        ),
        customer_form(),
        dialogs(),
        filter_dialog(),
        title="Customers",
        active="customers",
        caption=rx.cond(S.is_loaded, people(S.everyone), " "),
        actions=[
            link_button("Export", href=S.export_url, icon="download", external=True),
            link_button("Import", href="/import", icon="upload"),
            button(
                "Add customer", kind="primary", icon="user_plus", on_click=CustomerFormState.add
            ),
        ],
        ruled=False,
    )


def _list() -> rx.Component:
    return rx.el.div(
        rx.cond(S.problem != "", callout(S.problem, tone="bad")),
        toolbar_row(),
        work_progress(),
        chosen_bar(),
        rx.cond(S.matching > 0, rx.fragment(customers_table(), pages()), _nobody_matches()),
        class_name="customers",
    )


def _nobody_matches() -> rx.Component:
    return empty_state(
        rx.cond(S.is_filtered, "No customers match these filters", f"Nobody matches “{S.search}”"),
        rx.cond(
            S.is_filtered,
            "Take a filter away to see more people.",
            "Try a part of the name, the last digits of the number, or the email address.",
        ),
        button("Clear search and filters", on_click=S.clear_filters),
    )


def _nobody_yet() -> rx.Component:
    return empty_state(
        "No customers yet",
        "Bring them in from a spreadsheet or another program, or add the first one by hand.",
        link_button("Import a file", href="/import", icon="upload", kind="primary"),
        button("Add customer", icon="user_plus", on_click=CustomerFormState.add),
    )
