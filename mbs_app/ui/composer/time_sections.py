"""When it leaves, and from which number.

The fields keep what is typed in the browser: a date is typed in three parts, and must not jump back
between them.
"""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.choices import radio, radio_row
from mbs_app.ui.components.fields import date_field, select, select_field, time_field
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.layout import field_grid, form_section, row
from mbs_app.ui.composer.state import ComposerState
from mbs_app.ui.shell import ShellState

S = ComposerState


def when_section() -> rx.Component:
    fields = field_grid(
        date_field(
            "Date",
            field_id="send-date",
            default_value=S.date,
            min=S.earliest_date,
            on_change=S.set_date,
            error=S.when_problem,
        ),
        time_field("Time", field_id="send-time", default_value=S.time, on_change=S.set_time),
        select_field(
            "Time zone",
            S.zones,
            field_id="send-zone",
            default_value=S.zone,
            on_change=S.set_zone,
            error=S.field_problems.get("time_zone", ""),
        ),
    )
    return form_section(
        "When",
        "At a set time, the audience is taken when it starts.",
        radio_row(
            radio(
                "Right after the check",
                name="when",
                value="now",
                checked=None,
                default_checked=S.when == "now",
                on_change=S.choose_when("now"),
            ),
            radio(
                "At a set time",
                name="when",
                value="later",
                checked=None,
                default_checked=S.when == "later",
                on_change=S.choose_when("later"),
            ),
            label="When it is sent",
        ),
        rx.cond(S.when == "later", fields),
    )


def from_section() -> rx.Component:
    connected = rx.el.span(
        icon("circle_check", 14),
        rx.cond(
            ShellState.simulated,
            "Simulated, " + S.sender_rate,
            "Connected, " + S.sender_rate,
        ),
        class_name="mark good",
    )
    return form_section(
        "From",
        "Replies go to this number.",
        rx.cond(
            S.senders.length() > 0,
            row(
                rx.el.div(
                    select(
                        S.senders,
                        field_id="sender",
                        default_value=S.sender_id,
                        on_change=S.choose_sender,
                        aria_label="Send from",
                    ),
                    class_name="sender-select",
                ),
                connected,
                gap=12,
                wrap=True,
            ),
            callout("No sending number is set up. Add one in Settings.", tone="warn"),
        ),
    )
