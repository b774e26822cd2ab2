"""The phone: the text as one real person gets it."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import icon_button
from mbs_app.ui.components.fields import select
from mbs_app.ui.components.layout import caption
from mbs_app.ui.components.marks import chips, count_chip
from mbs_app.ui.components.phone import (
    bubble,
    day_line,
    filled_text,
    phone_facts,
    phone_preview,
)
from mbs_app.ui.composer.state import ComposerState
from mbs_app.ui.shell import ShellState

S = ComposerState


def preview() -> rx.Component:
    drawing = S.drawing
    real = drawing.person_id != ""
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Preview"),
            caption(
                rx.cond(
                    real, "Real values from your customers", "Made-up values: nobody gets it yet"
                )
            ),
            class_name="preview-head",
        ),
        rx.cond(
            real,
            rx.fragment(
                rx.el.div(
                    select(
                        S.shown_people,
                        field_id="preview-person",
                        value=drawing.person_id,
                        on_change=S.show_person,
                        aria_label="Show the text for",
                    ),
                    icon_button("chevron_left", "Previous person", on_click=S.show_next(-1)),
                    icon_button("chevron_right", "Next person", on_click=S.show_next(1)),
                    class_name="preview-person",
                ),
                chips(
                    _kind("typical", "Typical"),
                    _kind("shortest", "Shortest"),
                    _kind("longest", "Longest"),
                    rx.cond(drawing.has_no_name, _kind("no_name", "No first name")),
                ),
            ),
        ),
        phone_preview(
            rx.cond(ShellState.workspace_name != "", ShellState.workspace_name, "Your business"),
            S.sender_number,
            day_line(S.arrives_words),
            rx.cond(
                S.body.strip() != "",
                bubble(filled_text(drawing.parts)),
                bubble(rx.el.span("Your text appears here", class_name="ink-3"), look="old"),
            ),
            foot=phone_facts(
                rx.fragment(drawing.units_words, " characters"),
                drawing.segments_words,
                S.price_words,
            ),
        ),
        aria_label="Preview",
        class_name="sticky stack gap-12",
    )


def _kind(kind: str, words: str) -> rx.Component:
    return count_chip(words, chosen=S.shown_kind == kind, on_click=S.show_kind(kind))
