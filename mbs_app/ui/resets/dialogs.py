"""The dialogs of the list of resets: sending a link, and taking one back."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import text_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.dialog import confirm_dialog, form_actions, form_dialog
from mbs_app.ui.components.expressions import js
from mbs_app.ui.components.fields import field, text_area, text_input
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.table import two_lines
from mbs_app.ui.resets.sending import SendingState
from mbs_app.ui.resets.state import ResetsState

D = SendingState
S = ResetsState


def dialogs() -> rx.Component:
    return rx.fragment(_send(), _cancel())


def _send() -> rx.Component:
    return form_dialog(
        rx.cond(D.problem != "", callout(D.problem, tone="bad")),
        rx.cond(D.chosen, _chosen(), _find()),
        text_area(
            "Reason",
            field_id="reset-reason",
            name="reason",
            hint="Kept in this list. They don’t see it.",
            rows=2,
            max_length=500,
            error=D.field_problems.get("reason", ""),
        ),
        open=D.is_open,
        title="Send a reset link",
        text="They get a mail with a link to choose a new password. It works once, for 24 hours; their old "
        "password works until then.",
        on_close=D.close,
        on_submit=D.send,
        actions=form_actions("Send link", on_close=D.close, busy=D.is_busy, busy_label="Sending"),
    )


def _find() -> rx.Component:
    return field(
        "Person",
        rx.el.div(
            text_input(
                field_id="reset-person",
                value=D.words,
                on_change=D.find,
                icon="search",
                type="search",
                placeholder="Name or email",
                error=D.field_problems.get("person", ""),
            ),
            rx.cond(
                D.found.length() > 0,
                rx.el.ul(rx.foreach(D.found, _choice), class_name="find-list"),
                rx.el.p(
                    "Nobody like that has an account that can sign in.", class_name="field-hint"
                ),
            ),
            class_name="stack gap-8",
        ),
        field_id="reset-person",
        error=D.field_problems.get("person", ""),
    )


def _choice(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            two_lines(one.name, one.email),
            type="button",
            on_click=D.choose(one.id),
        ),
        key=one.id,
    )


def _chosen() -> rx.Component:
    return rx.el.div(
        rx.el.div("Person", class_name="field-label"),
        rx.el.div(
            icon("user"),
            two_lines(D.chosen.name, D.chosen.email),
            rx.el.span(text_link("Change", on_click=D.choose_another), class_name="push"),
            class_name="chosen-person",
        ),
        class_name="field",
    )


def _cancel() -> rx.Component:
    return confirm_dialog(
        open=js("$0 !== null", S.cancelling, returns=bool),
        title=rx.fragment("Cancel the link to ", S.cancelling.person, "?"),
        text="The link in their mail stops working. Their password stays as it is.",
        keep="Keep the link",
        confirm="Cancel the link",
        on_keep=S.keep,
        on_confirm=S.cancel,
        busy=S.is_busy,
        busy_label="Canceling",
        extra=rx.cond(S.problem != "", callout(S.problem, tone="bad")),
    )
