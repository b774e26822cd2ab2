"""The dialog in which a customer is added or changed."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.domain.time_words import COMMON_ZONES
from mbs_app.ui.components.buttons import text_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.choices import checkbox, switch
from mbs_app.ui.components.dialog import form_actions, form_dialog
from mbs_app.ui.components.fields import field, select_field, text_area, text_field
from mbs_app.ui.components.layout import field_grid
from mbs_app.ui.components.marks import color_square
from mbs_app.ui.customers.form_state import CustomerFormState

F = CustomerFormState


def customer_form() -> rx.Component:
    return form_dialog(
        rx.cond(F.problem != "", callout(F.problem, tone="bad")),
        field_grid(_text("First name", "first_name"), _text("Last name", "last_name")),
        field_grid(
            _text(
                "Mobile number",
                "phone",
                type="tel",
                input_mode="tel",
                label_end=rx.cond(
                    F.taken_by != "",
                    text_link("Open that customer", href=f"/customers/{F.taken_by}"),
                ),
            ),
            _text("Email", "email", note="optional", input_mode="email"),
        ),
        field_grid(
            _text("City", "city", note="optional"), _text("State", "state", note="optional")
        ),
        _groups(),
        rx.cond(
            F.attributes.length() > 0,
            rx.el.div(rx.foreach(F.attributes, _attribute), class_name="field-grid"),
        ),
        select_field(
            "Time zone",
            list(COMMON_ZONES),
            field_id="customer-time_zone",
            name="time_zone",
            default_value=F.draft.time_zone,
            placeholder="From the state or number",
            error=_error("time_zone"),
        ),
        text_area(
            "Notes",
            field_id="customer-notes",
            name="notes",
            default_value=F.draft.notes,
            note="optional",
            error=_error("notes"),
        ),
        rx.cond(
            F.is_new,
            checkbox(
                "They agreed to get texts",
                about="Kept with the day as your record of consent.",
                checked=F.is_agreed,
                on_change=F.set_agreed,
            ),
            switch("Active: gets campaigns", checked=F.is_active, on_change=F.set_active),
        ),
        open=F.is_open,
        title=rx.cond(F.is_new, "Add customer", f"Edit {F.name}"),
        on_close=F.close,
        wide=True,
        on_submit=F.save,
        actions=form_actions(
            rx.cond(F.is_new, "Add customer", "Save"), on_close=F.close, busy=F.is_saving
        ),
    )


def _text(label: str, name: str, **props: Any) -> rx.Component:
    return text_field(
        label,
        field_id=f"customer-{name}",
        name=name,
        default_value=getattr(F.draft, name),
        error=_error(name),
        **props,
    )


def _attribute(one: Any) -> rx.Component:
    return field(
        one.label,
        rx.el.input(
            id=f"attribute-{one.key}",
            name=f"attribute_{one.key}",
            default_value=one.value,
            auto_complete="off",
            class_name="input",
        ),
        field_id=f"attribute-{one.key}",
        error="",
    )


def _groups() -> rx.Component:
    def draw(group: Any) -> rx.Component:
        return checkbox(
            rx.fragment(color_square(group.color), " ", group.name),
            checked=group.chosen,
            on_change=lambda ticked: F.choose_group(group.id, ticked),
        )

    return rx.cond(
        F.groups.length() > 0,
        rx.el.fieldset(
            rx.el.legend("Groups", class_name="field-label"),
            rx.el.div(rx.foreach(F.groups, draw), class_name="choice-row"),
            class_name="field",
        ),
    )


def _error(name: str) -> Any:
    return F.field_problems.get(name, "")
