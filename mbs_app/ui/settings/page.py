"""What the settings page shows."""

from __future__ import annotations

import reflex as rx

from mbs_app.domain.time_words import COMMON_ZONES
from mbs_app.ui.components.buttons import button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.fields import select_field, text_field
from mbs_app.ui.components.layout import caption, field_grid, form_section, row, stack
from mbs_app.ui.regions import REGIONS
from mbs_app.ui.settings.email import email_section
from mbs_app.ui.settings.email_state import EmailState
from mbs_app.ui.settings.services import services_section
from mbs_app.ui.settings.state import SenderRow, SettingsState
from mbs_app.ui.settings.tabs import GENERAL, settings_tabs
from mbs_app.ui.shell import ShellState, shell
from mbs_app.ui.shell.appearance import appearance_choice

ROUTE = GENERAL
TITLE = "Settings"
ON_LOAD = [ShellState.load, SettingsState.load, EmailState.load]


def page() -> rx.Component:
    state = SettingsState
    return shell(
        settings_tabs(GENERAL),
        rx.cond(state.problem != "", callout(state.problem, tone="bad"), None),
        rx.cond(
            state.is_loaded,
            rx.fragment(
                _you(),
                email_section(),
                _appearance(),
                _numbers(),
                services_section(),
                _business(),
            ),
            rx.el.div(class_name="skeleton block", aria_busy="true"),
        ),
        title="Settings",
        active="settings",
    )


def _you() -> rx.Component:
    state = SettingsState
    problem = state.field_problems
    return form_section(
        "You",
        "Your name, your own number for tests, and how times and numbers are read.",
        rx.el.form(
            field_grid(
                text_field(
                    "Name",
                    field_id="name",
                    name="name",
                    auto_complete="name",
                    default_value=state.name,
                    error=problem.get("name", ""),
                ),
                text_field(
                    "Your mobile number",
                    field_id="phone",
                    name="phone",
                    default_value=state.phone,
                    type="tel",
                    note="for tests",
                    hint="“Text me a test” goes here.",
                    error=problem.get("phone", ""),
                ),
                wide=True,
            ),
            field_grid(
                select_field(
                    "Phone numbers are from",
                    REGIONS,
                    field_id="default_region",
                    name="default_region",
                    default_value=state.default_region,
                    hint="Where they have no country code.",
                    error=problem.get("default_region", ""),
                ),
                select_field(
                    "Time zone",
                    COMMON_ZONES,
                    field_id="time_zone",
                    name="time_zone",
                    default_value=state.time_zone,
                    error=problem.get("time_zone", ""),
                ),
                wide=True,
            ),
            row(button("Save", kind="primary", type="submit")),
            class_name="stack gap-12",
            on_submit=state.save_profile,
            key=f"you-{state.name}-{state.phone}-{state.time_zone}-{state.default_region}",
        ),
    )


def _appearance() -> rx.Component:
    return form_section(
        "Appearance",
        "Light, dark, or as this device has it. It follows you to other browsers.",
        row(appearance_choice()),
    )


def _numbers() -> rx.Component:
    state = SettingsState
    return form_section(
        "Sending numbers",
        "Set in the environment. The rate holds over all campaigns and all workers.",
        rx.cond(
            state.senders.length() > 0,
            rx.el.div(rx.foreach(state.senders, _sender), class_name="stack gap-16"),
            callout("No sending number is set up yet.", tone="warn"),
        ),
    )


def _sender(sender: SenderRow) -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="sender_id", value=sender.id),
        field_grid(
            stack(
                rx.el.div("Number", class_name="field-label"),
                rx.el.div(sender.number, class_name="num strong"),
                caption(sender.price, " a segment"),
                gap=4,
            ),
            text_field(
                "Label",
                field_id=f"label-{sender.id}",
                name="label",
                default_value=sender.label,
                read_only=~ShellState.is_admin,
            ),
            text_field(
                "Segments a second",
                field_id=f"rate-{sender.id}",
                name="rate",
                default_value=sender.rate,
                input_mode="decimal",
                read_only=~ShellState.is_admin,
                error=SettingsState.field_problems.get("segments_per_second", ""),
            ),
            wide=True,
        ),
        rx.cond(ShellState.is_admin, row(button("Save number", type="submit")), None),
        class_name="stack gap-12",
        on_submit=SettingsState.save_sender,
    )


def _business() -> rx.Component:
    state = SettingsState
    problem = state.field_problems
    return rx.cond(
        ShellState.is_admin,
        form_section(
            "Business",
            "The name on the sign-in page and in the corner of every page.",
            rx.el.form(
                field_grid(
                    text_field(
                        "Business name",
                        field_id="workspace_name",
                        name="workspace_name",
                        default_value=state.workspace_name,
                        error=problem.get("workspace_name", ""),
                    ),
                    text_field(
                        "Line under the name",
                        field_id="tagline",
                        name="tagline",
                        note="optional",
                        default_value=state.tagline,
                    ),
                    wide=True,
                ),
                row(button("Save business", type="submit")),
                class_name="stack gap-12",
                on_submit=state.save_business,
                key=f"business-{state.workspace_name}-{state.tagline}",
            ),
        ),
        None,
    )
