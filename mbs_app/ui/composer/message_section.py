"""The text: editor, fields to insert, how long it gets, and what would mend it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.browser import insert_at_caret
from mbs_app.ui.components.buttons import button, text_link
from mbs_app.ui.components.editor import (
    insert_button,
    insert_row,
    message_editor,
)
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.layout import form_section
from mbs_app.ui.components.marks import badge
from mbs_app.ui.components.menu import menu, menu_item
from mbs_app.ui.components.segment_meter import segment_meter
from mbs_app.ui.composer.state import ComposerState

EDITOR = "message"
S = ComposerState


def message_section() -> rx.Component:
    error = rx.cond(
        S.field_problems.contains("message_body"),
        S.field_problems["message_body"],
        S.drawing.error,
    )
    return form_section(
        "Message",
        "Fields in braces fill in for each person.",
        message_editor(
            field_id=EDITOR,
            value=S.body,
            on_change=S.write,
            label="Message",
            known_fields=S.known_fields,
            placeholder="Hi {first_name|there}, …",
            tools=_tools(),
            error=error,
            wait_ms=200,
        ),
        rx.el.div(_error_or_help(error), id=f"{EDITOR}-hint", aria_live="polite"),
        rx.el.div(
            segment_meter(S.drawing.meter, label=_spoken_length()),
            rx.el.div(
                rx.el.span(rx.el.b(S.drawing.units_words), S.drawing.room_words),
                rx.el.span(S.drawing.share_words),
                rx.cond(
                    S.drawing.needs_unicode,
                    badge(S.drawing.encoding_words, tone="warn"),
                    badge(S.drawing.encoding_words),
                ),
                class_name="meter-facts",
            ),
        ),
        rx.cond(
            S.drawing.hints.length() > 0,
            rx.el.ul(rx.foreach(S.drawing.hints, _hint), class_name="hint-list"),
        ),
    )


def _tools() -> rx.Component:
    more = menu(
        button("More fields", size="sm", icon_after="chevron_down"),
        rx.foreach(
            S.more_fields,
            lambda field: menu_item(field.words, on_select=insert_at_caret(EDITOR, field.text)),
        ),
        align="start",
    )
    return insert_row(
        rx.foreach(
            S.field_buttons,
            lambda field: insert_button(field.words, into=EDITOR, field_text=field.text),
        ),
        rx.cond(S.more_fields.length() > 0, more),
    )


def _error_or_help(error: Any) -> rx.Component:
    help_words = rx.el.p(
        "Write ",
        rx.el.code("{first_name|there}"),
        " to say “there” where the name is missing.",
        class_name="field-hint",
    )
    wrong = rx.el.p(icon("circle_x", 12), rx.el.span(error), class_name="field-error")
    return rx.cond(error != "", wrong, help_words)


def _hint(hint: Any) -> rx.Component:
    actions = {
        "opt_out": S.add_opt_out_line,
        "plain": S.use_plain_letters,
        "fallback": S.add_fallback(hint.field),
    }
    link = rx.match(
        hint.kind,
        *((kind, text_link(hint.action, on_click=event)) for kind, event in actions.items()),
        rx.fragment(),
    )
    return rx.el.li(icon("info", 14), rx.el.span(hint.words, " ", link))


def _spoken_length() -> Any:
    return f"{S.drawing.units_words}{S.drawing.room_words}, {S.drawing.segments_words}"
