"""The table of customers, their cards on a phone, and the pages."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import icon_button, row_link
from mbs_app.ui.components.choices import row_checkbox
from mbs_app.ui.components.fields import text_input
from mbs_app.ui.components.marks import Tone, badge, group_chip, mark, outcome
from mbs_app.ui.components.menu import menu, menu_item, menu_link, menu_rule
from mbs_app.ui.components.table import (
    Column,
    card,
    card_line,
    card_name,
    cell,
    data_table,
    table_row,
)
from mbs_app.ui.components.wording import commas
from mbs_app.ui.customers.form_state import CustomerFormState
from mbs_app.ui.customers.state import CustomersState

S = CustomersState

CONSENT_MARKS: tuple[tuple[str, str, Tone], ...] = (
    ("opted_in", "circle_check", "good"),
    ("opted_out", "ban", "bad"),
    ("cannot_receive", "phone_off", "warn"),
    ("no_record", "circle_dashed", ""),
)


def customers_table() -> rx.Component:
    return data_table(
        [
            Column(_choose_page(), width="38px"),
            Column("Name", "name"),
            Column("Number"),
            Column("City", "city"),
            Column("Groups"),
            Column("Consent"),
            Column("Last text", "last_text"),
            Column("Added", "added"),
            Column("Actions", width="44px", hidden_heading=True),
        ],
        rx.foreach(S.rows, _row),
        cards=rx.foreach(S.rows, _card),
        label="Customers",
        sorted_by=S.sort,
        descending=S.descending,
        on_sort=S.sort_by,
        bleed=True,
    )


def pages() -> rx.Component:
    """ "Rows 1–50 of 184,320", the page's number, and two arrows."""
    return rx.el.nav(
        rx.el.span(
            rx.el.span("Rows ", class_name="not-phone"),
            rx.el.b(commas(S.first), "–", commas(S.last)),
            " of ",
            rx.el.b(commas(S.matching)),
        ),
        rx.el.div(
            rx.el.label(
                "Page",
                text_input(
                    field_id="page-number",
                    value=S.page.to_string(),
                    on_change=S.go_to_page,
                    debounce_ms=600,
                    input_mode="numeric",
                    aria_label="Page",
                ),
                rx.el.span("of ", commas(S.pages)),
            ),
            icon_button(
                "chevron_left", "Previous page", on_click=S.previous_page, disabled=S.page <= 1
            ),
            icon_button(
                "chevron_right", "Next page", on_click=S.next_page, disabled=S.page >= S.pages
            ),
            class_name="btn-row",
        ),
        aria_label="Pages",
        class_name="pagination",
    )


def consent_mark(state: Any, words: Any) -> rx.Component:
    cases = [(key, mark(words, icon=icon, tone=tone)) for key, icon, tone in CONSENT_MARKS]
    return rx.el.span(rx.match(state, *cases, rx.fragment()), class_name="consent")


def _choose_page() -> rx.Component:
    on_page = S.all_match | (S.chosen.length() >= S.rows.length())
    return row_checkbox(
        "Select everybody on this page",
        checked=on_page,
        mixed=(S.chosen.length() > 0) & ~on_page,
        on_change=S.choose_page,
    )


def _is_chosen(row: Any) -> Any:
    return S.all_match | S.chosen.contains(row.id)


def _tick(row: Any) -> rx.Component:
    return row_checkbox(
        f"Select {row.name}",
        checked=_is_chosen(row),
        on_change=lambda ticked: S.choose(row.id, ticked),
    )


def _row(row: Any) -> rx.Component:
    return table_row(
        cell(_tick(row)),
        cell(
            rx.el.span(
                row_link(row.name, href=f"/customers/{row.id}"),
                rx.cond(row.is_inactive, badge("Inactive")),
                class_name="name-line",
            ),
            kind="name",
        ),
        cell(row.phone, kind="num"),
        cell(row.place),
        cell(_groups(row)),
        cell(consent_mark(row.consent, row.consent_words)),
        cell(
            rx.cond(
                row.text_status != "",
                outcome(row.text_status, words=row.text_day),
                rx.el.span("No text yet", class_name="ink-3"),
            ),
            title=row.text_title,
        ),
        cell(row.added, kind="num"),
        cell(_menu(row)),
        selected=_is_chosen(row),
        key=row.id,
    )


def _card(row: Any) -> rx.Component:
    return card(
        card_name(row_link(row.name, href=f"/customers/{row.id}")),
        rx.el.div(
            rx.el.span(row.phone, class_name="num"),
            rx.el.span(row.place),
            rx.cond(row.is_inactive, badge("Inactive")),
            class_name="row gap-12 wrap",
        ),
        rx.cond(row.chips.length() > 0, _groups(row)),
        card_line(
            consent_mark(row.consent, row.consent_words),
            rx.cond(
                row.text_status != "",
                outcome(row.text_status, words=row.text_words),
                rx.el.span("No text yet", class_name="ink-3"),
            ),
        ),
        start=_tick(row),
        end=_menu(row),
        selected=_is_chosen(row),
        key=row.id,
    )


def _groups(row: Any) -> rx.Component:
    return rx.el.div(
        rx.foreach(row.chips, lambda chip: group_chip(chip.name, chip.color)),
        rx.cond(
            row.more_groups > 0,
            rx.el.span(f"+{row.more_groups}", class_name="caption", title=row.more_names),
        ),
        class_name="chips",
    )


def _menu(row: Any) -> rx.Component:
    return menu(
        icon_button("ellipsis", f"Actions for {row.name}"),
        menu_link("Open profile", href=f"/customers/{row.id}", icon="user"),
        menu_item("Edit", icon="pencil", on_select=CustomerFormState.edit(row.id)),
        menu_link("Send a text", href=f"/customers/{row.id}?write=1", icon="send"),
        menu_item("Add to group", icon="tags", on_select=S.ask("group", row.id)),
        menu_rule(),
        rx.cond(
            row.can_opt_out,
            menu_item("Record opt-out", icon="ban", on_select=S.ask("opt_out", row.id)),
        ),
        menu_item(
            "Delete customer", icon="trash_2", danger=True, on_select=S.ask("delete", row.id)
        ),
    )
