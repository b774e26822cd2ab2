"""The nine panels of parts and their states."""

import reflex as rx

from mbs_app.ui.components.buttons import button, icon_button, text_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.choices import checkbox, radio, segmented, switch
from mbs_app.ui.components.expressions import inline_style
from mbs_app.ui.components.fields import select_field, text_field
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.marks import (
    OUTCOMES,
    campaign_badge,
    chips,
    count_chip,
    filter_chip,
    group_chip,
    live_indicator,
    outcome,
    swatch,
    unset_chip,
)
from mbs_app.ui.components.placeholders import empty_state, skeleton, skeleton_rows
from mbs_app.ui.gallery.state import GalleryState

_GROUPS = [
    ("Loyalty", "teal"),
    ("VIP", "amber"),
    ("Juniper & Oak", "brown"),
    ("Lakeline Dental", "blue"),
    ("Night Market", "pink"),
    ("Workshops", "olive"),
]
_SURFACES = [
    ("bg", "--bg"),
    ("sunken", "--bg-sunken"),
    ("hover", "--bg-hover"),
    ("active", "--bg-active"),
    ("line", "--line"),
    ("line 2", "--line-strong"),
    ("control", "--control"),
    ("ink 3", "--ink-3"),
    ("ink 2", "--ink-2"),
    ("ink", "--ink"),
    ("accent 3", "--teal-3"),
    ("accent 9", "--teal-9"),
]


def panels() -> list[rx.Component]:
    """The panels in the order of the reference sheet."""
    return [
        _panel("Buttons", *_buttons()),
        _panel("Fields", *_fields()),
        _panel("Outcomes: swatch, icon and word together", _outcomes()),
        _panel("Chips and badges", *_chips()),
        _panel("Dialog: name the thing and the number", _dialog()),
        _panel("Toasts and callouts", *_notes()),
        _panel("Loading: skeleton in the shape of the row", _loading()),
        _panel("Empty: say why, offer one next step", _empty()),
        _panel("Surfaces and ink", _surfaces()),
    ]


def _panel(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(title), *content, class_name="gallery-panel")


def _buttons() -> list[rx.Component]:
    return [
        _line(
            "Primary",
            button("New campaign", kind="primary", icon="plus"),
            button("Hover", kind="primary", data_show="hover"),
            button("Focus", kind="primary", data_show="focus"),
        ),
        _line(
            "Secondary",
            button("Pause", icon="pause"),
            button("Hover", data_show="hover"),
            button("Focus", data_show="focus"),
            button("Disabled", disabled=True),
        ),
        _line(
            "Danger",
            button("Cancel campaign", kind="danger", icon="circle_x"),
            button("Cancel 5,310 texts", kind="danger-solid"),
        ),
        _line(
            "Ghost",
            button("Clear", kind="ghost"),
            icon_button("ellipsis", "More", kind="ghost"),
            text_link("Text link"),
        ),
        _line(
            "Busy",
            button("Import 12,406", kind="primary", busy=True, busy_label="Importing 12,406…"),
        ),
        _line(
            "40, 32, 28",
            button("Large", size="lg"),
            button("Default"),
            button("Small", size="sm"),
        ),
    ]


def _line(words: str, *parts: rx.Component) -> rx.Component:
    return rx.el.div(rx.el.span(words, class_name="caption"), *parts, class_name="gallery-line")


def _fields() -> list[rx.Component]:
    return [
        rx.el.div(
            text_field("Name", field_id="g-name", placeholder="Placeholder"),
            text_field(
                "Focused", field_id="g-focus", default_value="Double points", data_show="focus"
            ),
            text_field(
                "With an error",
                field_id="g-error",
                default_value="(512) 555-01",
                error="8 digits, needs 10",
            ),
            select_field(
                "Select", ["7 days", "30 days"], field_id="g-select", hint="Oct 23, 10:06 AM"
            ),
            class_name="gallery-fields",
        ),
        rx.el.div(
            checkbox("Checked", default_checked=True),
            checkbox("Off"),
            radio("Chosen", name="g-radio", value="1", checked=True, read_only=True),
            switch("On", checked=GalleryState.on, on_change=GalleryState.switch),
            switch(
                "Off", checked=~GalleryState.on, on_change=GalleryState.switch(~GalleryState.on)
            ),
            class_name="gallery-choices",
        ),
        segmented(
            [("7", "7 days"), ("30", "30 days"), ("90", "90 days")],
            value=GalleryState.span,
            on_select=GalleryState.choose_span,
            label="Span",
        ),
    ]


def _outcomes() -> rx.Component:
    rows = [
        rx.el.li(swatch(key, wide=True), outcome(key), rx.el.span(meaning, class_name="ink-2"))
        for key, (_, _, meaning) in OUTCOMES.items()
    ]
    return rx.el.ul(*rows, class_name="gallery-outcomes")


def _chips() -> list[rx.Component]:
    states = ("draft", "scheduled", "sending", "paused", "sent", "cancelled")
    return [
        chips(
            filter_chip("Status is", "Active", on_remove=rx.noop()),
            unset_chip("Group"),
            count_chip("Used up", "2"),
            loose=True,
        ),
        chips(*(group_chip(name, color) for name, color in _GROUPS), loose=True),
        chips(*(campaign_badge(state) for state in states)),
        rx.el.div(
            live_indicator(),
            live_indicator(age_seconds=4),
            live_indicator(offline_since="10:02 AM"),
            class_name="row gap-24 wrap",
        ),
    ]


def _dialog() -> rx.Component:
    return rx.el.div(
        rx.el.h3("Cancel “Fall clearance: early access”?", class_name="dialog-title"),
        rx.el.p(
            "5,310 people will not get it. 13,132 texts have already left or were skipped, and "
            "stay as they are. You can’t undo this.",
            class_name="dialog-text",
        ),
        rx.el.div(
            button("Keep sending"),
            button("Cancel 5,310 texts", kind="danger-solid"),
            class_name="dialog-actions",
        ),
        class_name="dialog gallery-dialog",
    )


def _notes() -> list[rx.Component]:
    toast = rx.el.div(
        rx.el.span("3 customers added to VIP", class_name="grow"),
        rx.el.button("Undo", type="button", custom_attrs={"data-button": "true"}),
        rx.el.button(
            icon("x"), type="button", aria_label="Close", custom_attrs={"data-close-button": "true"}
        ),
        class_name="toast",
    )
    return [
        toast,
        callout(rx.el.b("412 people roll to tomorrow 9:00 AM."), tone="warn", icon="moon"),
        rx.el.div(
            icon("circle_x"),
            rx.el.div(rx.el.b("Sending paused: 20 texts refused. "), text_link("See why")),
            class_name="callout vermilion",
        ),
    ]


def _loading() -> rx.Component:
    return rx.el.div(skeleton_rows(3), skeleton(height="8px"), class_name="stack gap-8")


def _empty() -> rx.Component:
    return empty_state(
        "No customers match these filters",
        "State is TX, OK or NM leaves out 56,757 people.",
        button("Clear the state filter"),
    )


def _surfaces() -> rx.Component:
    squares = [
        rx.el.div(
            rx.el.i(**inline_style(background=f"var({variable})")),
            rx.el.span(name, class_name="caption"),
        )
        for name, variable in _SURFACES
    ]
    return rx.el.div(*squares, class_name="gallery-surfaces")
