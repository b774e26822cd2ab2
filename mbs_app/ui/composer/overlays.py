"""The composer's dialogs."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import text_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.dialog import confirm_dialog, form_actions, form_dialog
from mbs_app.ui.components.fields import search_field, text_field
from mbs_app.ui.components.marks import badge
from mbs_app.ui.components.placeholders import empty_state
from mbs_app.ui.composer.state import ComposerState
from mbs_app.ui.shell import ShellState

S = ComposerState


def overlays() -> rx.Component:
    return rx.fragment(_test(), _templates(), _rename(), _delete())


def _test() -> rx.Component:
    return form_dialog(
        rx.cond(S.problem != "", callout(S.problem, tone="bad")),
        text_field(
            "Your mobile number",
            field_id="test-phone",
            name="phone",
            type="tel",
            input_mode="tel",
            default_value=S.own_phone,
            key=S.own_phone,
            auto_focus=True,
            hint="Kept in your settings for the next test.",
            error=S.field_problems.get("phone", ""),
        ),
        rx.cond(
            ShellState.simulated,
            callout(
                "Simulated: no text leaves this machine.",
                action=text_link(
                    "See sent texts",
                    href=ShellState.simulator_url,
                    external=True,
                    target="_blank",
                    rel="noopener",
                ),
            ),
        ),
        open=S.dialog == "test",
        title="Text me a test",
        text=rx.cond(
            S.drawing.person_id != "",
            f"You get what {S.drawing.person_name} would get. It costs {S.drawing.segments_words}.",
            f"You get the text with made-up values. It costs {S.drawing.segments_words}.",
        ),
        on_close=S.close_dialog,
        on_submit=S.send_test,
        actions=form_actions(
            "Send the test",
            on_close=S.close_dialog,
            close="Close",
            busy=S.is_sending_test,
            busy_label="Sending…",
        ),
    )


def _templates() -> rx.Component:
    return form_dialog(
        search_field(
            "Name or words of a template",
            field_id="find-template",
            value=S.template_search,
            on_change=S.search_templates,
        ),
        rx.cond(
            S.template_rows.length() > 0,
            rx.el.ul(
                rx.foreach(S.template_rows, _template), class_name="template-list", tab_index=0
            ),
            empty_state("No template like this", "Try other words, or make one under Templates."),
        ),
        open=S.dialog == "templates",
        title="Start from a template",
        text=rx.cond(
            S.body != "", "Its text takes the place of yours; you can undo that.", "Pick one."
        ),
        on_close=S.close_dialog,
        wide=True,
    )


def _template(template: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(rx.el.b(template.name), badge(template.category), class_name="row gap-8"),
            rx.el.span(template.text, class_name="template-text"),
            type="button",
            on_click=S.use_template(template.id),
        )
    )


def _rename() -> rx.Component:
    return form_dialog(
        text_field(
            "Name",
            field_id="campaign-name",
            name="name",
            default_value=S.name,
            key=S.name,
            max_length=120,
            auto_focus=True,
            hint="Only your team sees it.",
            error=S.field_problems.get("name", ""),
        ),
        open=S.dialog == "rename",
        title="Rename campaign",
        on_close=S.close_dialog,
        on_submit=S.rename,
        actions=form_actions("Rename", on_close=S.close_dialog, close="Keep the name"),
    )


def _delete() -> rx.Component:
    return confirm_dialog(
        open=S.dialog == "delete",
        title=f"Delete “{S.name}”?",
        text=rx.cond(
            S.problem != "",
            S.problem,
            "The draft goes, with its text and audience. Nobody was sent anything. "
            "You can’t undo this.",
        ),
        keep="Keep the draft",
        confirm="Delete draft",
        on_keep=S.close_dialog,
        on_confirm=S.delete,
    )
