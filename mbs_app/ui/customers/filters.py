"""Search and filters: chips beside each other, on a phone behind one button."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button
from mbs_app.ui.components.choices import checkbox
from mbs_app.ui.components.dialog import form_dialog
from mbs_app.ui.components.fields import search_field, select
from mbs_app.ui.components.layout import stack
from mbs_app.ui.components.marks import color_square, filter_chip
from mbs_app.ui.components.pick_menu import pick_menu, pick_one
from mbs_app.ui.components.table import toolbar
from mbs_app.ui.components.wording import commas, people
from mbs_app.ui.customers.listing import CONSENT_WORDS, STATUS_WORDS
from mbs_app.ui.customers.state import CustomersState

S = CustomersState

SORTS = [
    ("name", "Name, A to Z"),
    ("name-down", "Name, Z to A"),
    ("city", "City, A to Z"),
    ("last_text-down", "Last text, newest first"),
    ("added-down", "Added, newest first"),
    ("added", "Added, oldest first"),
]


def toolbar_row() -> rx.Component:
    return rx.fragment(
        toolbar(
            search_field(
                "Name, number or email",
                field_id="customer-search",
                value=S.search,
                on_change=S.search_for,
            ),
            rx.el.span(
                button("Filter", icon="list_filter", on_click=S.open_filters),
                class_name="only-phone",
            ),
            rx.cond(S.status != "", _set("Status is", S.status_words, S.choose_status(S.status))),
            rx.cond(S.states_words != "", _set("State is", S.states_words, S.clear_states)),
            rx.cond(S.groups_words != "", _set("Group is", S.groups_words, S.clear_groups)),
            rx.cond(
                S.consent != "", _set("Consent is", S.consent_words, S.choose_consent(S.consent))
            ),
            rx.el.div(
                rx.cond(S.status == "", pick_menu("Status", _statuses())),
                pick_menu(rx.cond(S.states_words != "", "Change states", "State"), _states()),
                pick_menu(rx.cond(S.groups_words != "", "Change groups", "Group"), _groups()),
                rx.cond(S.consent == "", pick_menu("Consent", _consents())),
                rx.cond(S.is_filtered, button("Clear", kind="ghost", on_click=S.clear_filters)),
                class_name="chips loose not-phone",
            ),
        ),
        rx.el.div(
            rx.el.span(
                rx.el.b(commas(S.matching), class_name="medium"), " of ", people(S.everyone)
            ),
            select(
                SORTS,
                field_id="sort-customers",
                value=S.sort + rx.cond(S.descending, "-down", ""),
                on_change=S.sort_like,
                aria_label="Sort",
            ),
            class_name="list-facts only-phone",
        ),
    )


def filter_dialog() -> rx.Component:
    """The same filters for a phone."""
    return form_dialog(
        _part("Status", _statuses()),
        _part("State", _states()),
        _part("Group", _groups()),
        _part("Consent", _consents()),
        open=S.filters_open,
        title="Filter customers",
        on_close=S.close_filters,
        actions=(
            button("Clear", on_click=S.clear_filters),
            button(
                rx.fragment("Show ", people(S.matching)), kind="primary", on_click=S.close_filters
            ),
        ),
    )


def _part(title: str, choices: rx.Component) -> rx.Component:
    return stack(rx.el.h3(title, class_name="filter-head"), choices, gap=4)


def _set(name: str, value: Any, on_remove: Any) -> rx.Component:
    return filter_chip(name, value, on_remove=on_remove, remove_label=f"Remove: {name}")


def _statuses() -> rx.Component:
    return pick_one("status", STATUS_WORDS, value=S.status, on_pick=S.choose_status, label="Status")


def _consents() -> rx.Component:
    return pick_one(
        "consent", CONSENT_WORDS, value=S.consent, on_pick=S.choose_consent, label="Consent"
    )


def _states() -> rx.Component:
    return _several(
        S.state_choices, S.choose_state, "States", "None of your customers has a state."
    )


def _groups() -> rx.Component:
    return _several(
        S.group_choices, S.choose_group, "Groups", "No groups yet. Make one under Groups."
    )


def _several(choices: Any, choose: Any, label: str, why_empty: str) -> rx.Component:
    def draw(one: Any) -> rx.Component:
        words = rx.cond(
            one.color != "", rx.fragment(color_square(one.color), " ", one.words), one.words
        )
        return rx.el.div(
            checkbox(words, checked=one.chosen, on_change=lambda ticked: choose(one.key, ticked)),
            rx.el.span(commas(one.people), class_name="caption num"),
        )

    return rx.cond(
        choices.length() > 0,
        rx.el.div(
            rx.foreach(choices, draw), role="group", aria_label=label, class_name="pick-list"
        ),
        rx.el.p(why_empty, class_name="field-hint"),
    )
