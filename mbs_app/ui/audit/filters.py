"""Search and filters of the audit log: chips beside each other, on a phone behind one button."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.audit.narrowing import GROUPS, RANGES
from mbs_app.ui.audit.state import AuditState
from mbs_app.ui.components.buttons import button
from mbs_app.ui.components.dialog import form_dialog
from mbs_app.ui.components.fields import date_field, search_field, select_field, text_field
from mbs_app.ui.components.layout import field_grid, stack
from mbs_app.ui.components.marks import filter_chip
from mbs_app.ui.components.pick_menu import pick_menu, pick_one
from mbs_app.ui.components.table import toolbar

S = AuditState


def toolbar_row() -> rx.Component:
    return toolbar(
        search_field(
            "Name, act or detail", field_id="audit-search", value=S.search, on_change=S.find
        ),
        rx.el.span(
            button("Filter", icon="list_filter", on_click=S.open_filters), class_name="only-phone"
        ),
        _set(S.person_words, "Done by", S.choose_person("")),
        _set(S.subject_words, "Done to", S.choose_subject("", "")),
        _set(S.group_words, "Kind is", S.choose_group("")),
        _set(S.days_words, "When is", S.choose_days("")),
        _set(S.address, "Address is", S.choose_address("")),
        rx.el.div(
            rx.cond(
                S.person_id == "",
                pick_menu(
                    "Person",
                    _people("person"),
                    label="Who did it",
                    on_open_change=S.open_people,
                ),
            ),
            rx.cond(S.group == "", pick_menu("Kind", _kinds("kind"), label="Kind of act")),
            rx.cond(S.days_words == "", pick_menu("When", _days("when"), label="When it was")),
            rx.cond(
                S.address == "",
                pick_menu("Address", _address("from-address"), label="Where it came from"),
            ),
            rx.cond(S.is_narrowed, button("Clear", kind="ghost", on_click=S.clear)),
            class_name="chips loose not-phone",
        ),
        _newer_button(),
    )


def filter_dialog() -> rx.Component:
    """The same filters for a phone."""
    return form_dialog(
        rx.el.div(rx.el.div("Person", class_name="field-label"), _people("person-phone")),
        select_field(
            "Kind",
            list(GROUPS.items()),
            field_id="kind-phone",
            value=S.group,
            on_change=S.choose_group,
            placeholder="Any kind",
        ),
        select_field(
            "When",
            list(RANGES.items()),
            field_id="when-phone",
            value=S.days,
            on_change=S.choose_days,
            placeholder="At any time",
        ),
        rx.cond(S.days == "between", _two_days("when-phone")),
        _address("address-phone"),
        open=S.filters_open,
        title="Filter the audit log",
        on_close=S.close_filters,
        actions=(
            button("Clear", on_click=S.clear),
            button("Show", kind="primary", on_click=S.close_filters),
        ),
    )


def _newer_button() -> rx.Component:
    words = rx.cond(S.newer >= 1000, "1,000+ newer", f"{S.newer} newer")
    return rx.cond(
        S.newer > 0,
        rx.el.span(
            button(words, icon="arrow_up", on_click=S.show_newer), class_name="push", role="status"
        ),
    )


def _set(value: Any, name: str, on_remove: Any) -> rx.Component:
    chip = filter_chip(name, value, on_remove=on_remove, remove_label=f"Remove: {name}")
    return rx.cond(value != "", chip)


def _people(field_id: str) -> rx.Component:
    listed = rx.el.ul(
        rx.foreach(S.people, _person), class_name="find-list", aria_label="People found"
    )
    return stack(
        search_field(
            "Name or email",
            field_id=field_id,
            value=S.people_search,
            on_change=S.find_people,
        ),
        rx.cond(
            S.people.length() > 0,
            listed,
            rx.el.p("Nobody has this name or address.", class_name="field-hint"),
        ),
        gap=8,
        class_name="people-picker",
    )


def _person(person: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(person.name, class_name="truncate"),
            rx.el.span(person.email, class_name="caption truncate"),
            type="button",
            on_click=S.choose_person(person.id),
            aria_pressed=rx.cond(S.person_id == person.id, "true", "false"),
        )
    )


def _kinds(name: str) -> rx.Component:
    return pick_one(name, GROUPS, value=S.group, on_pick=S.choose_group, label="Kind of act")


def _days(name: str) -> rx.Component:
    return stack(
        pick_one(name, RANGES, value=S.days, on_pick=S.choose_days, label="When it was"),
        rx.cond(S.days == "between", _two_days(name)),
        gap=8,
    )


def _two_days(name: str) -> rx.Component:
    return field_grid(
        date_field(
            "From", field_id=f"{name}-first", value=S.first_day, on_change=S.choose_first_day
        ),
        date_field("To", field_id=f"{name}-last", value=S.last_day, on_change=S.choose_last_day),
    )


def _address(field_id: str) -> rx.Component:
    return text_field(
        "IP address",
        field_id=field_id,
        value=S.address,
        on_change=S.choose_address,
        error=S.address_problem,
        placeholder="203.0.113.7",
        debounce_ms=600,
    )
