"""The overview before the first campaign: three steps, and what the seven outcomes mean."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import button, link_button
from mbs_app.ui.components.layout import caption, line, lines, regions, section_head
from mbs_app.ui.components.ledger import parts_bar
from mbs_app.ui.components.marks import outcome_swatch
from mbs_app.ui.components.stepper import big_step, big_steps
from mbs_app.ui.overview.state import OverviewState
from mbs_app.ui.shell import ShellState

_steps = OverviewState.steps
_SAMPLE = [
    ("k-delivered", 62),
    ("k-sent", 19),
    ("k-sending", 8),
    ("k-pending", 27),
    ("k-unknown", 6),
    ("k-failed", 7),
    ("k-skipped", 7),
]
_MEANINGS = {
    "delivered": "The phone confirmed it",
    "sent": "The carrier has it, no receipt yet",
    "sending": "Being handed to the carrier",
    "pending": "Waiting its turn",
    "unknown": "The carrier never said",
    "failed": "It will not arrive, and you see why",
    "skipped": "Left out on purpose, and you see why",
}


def first_run() -> rx.Component:
    return regions(_three_steps(), _how_it_counts())


def _three_steps() -> rx.Component:
    connected = rx.cond(
        ShellState.simulated,
        rx.fragment(_steps.sender, " is simulated: no text leaves this machine"),
        rx.fragment(_steps.sender, " is connected, up to ", _steps.rate, " texts a second"),
    )
    return rx.el.section(
        section_head("Three steps to your first campaign", caption(_steps.done, " of 3 done")),
        big_steps(
            big_step(
                1,
                "Connect a sending number",
                rx.cond(
                    _steps.has_sender, connected, "Name your Twilio number in the configuration"
                ),
                link_button("Change", href="/settings", kind="ghost"),
                done=_steps.has_sender,
            ),
            big_step(
                2,
                "Import your customers",
                "A CSV file. You see what will change before anything is saved.",
                rx.cond(
                    _steps.has_customers,
                    link_button("See them", href="/customers", kind="ghost"),
                    link_button("Import customers", href="/import", kind="primary", icon="upload"),
                ),
                done=_steps.has_customers,
            ),
            big_step(
                3,
                "Write a text and send it to yourself",
                rx.cond(
                    _steps.own_phone != "",
                    rx.fragment("Your number is ", _steps.own_phone, ". It costs one segment."),
                    "Add your number in Settings first. It costs one segment.",
                ),
                rx.cond(
                    _steps.has_customers,
                    button(
                        "Write a test",
                        kind="primary",
                        icon="smartphone",
                        on_click=OverviewState.new_campaign,
                    ),
                    button("Write a test", icon="smartphone", on_click=OverviewState.new_campaign),
                ),
                done=_steps.has_texted,
            ),
        ),
    )


def _how_it_counts() -> rx.Component:
    return rx.el.section(
        section_head("How MBS counts"),
        rx.el.p(
            "Every person in a campaign is in exactly one of seven places, and the seven always "
            "add up.",
            class_name="ink-2",
        ),
        parts_bar(*_SAMPLE, label="An example of the seven places"),
        lines(
            *(line(outcome_swatch(name), rx.el.span(words)) for name, words in _MEANINGS.items()),
            class_name="meanings",
        ),
        class_name="how-it-counts",
    )
