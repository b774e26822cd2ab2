"""What is asked before something is done to one customer or to many."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button, link_button
from mbs_app.ui.components.dialog import confirm_dialog, form_dialog
from mbs_app.ui.components.marks import color_square
from mbs_app.ui.components.wording import commas, counted
from mbs_app.ui.customers.state import CustomersState

S = CustomersState


def dialogs() -> rx.Component:
    return rx.fragment(_group_dialog(), _opt_out_dialog(), _delete_dialog())


def _who() -> Any:
    """ "Rosa Delgado", or "412 customers"."""
    return rx.cond(
        S.dialog_name != "", S.dialog_name, counted(S.dialog_people, "customer", "customers")
    )


def _group_dialog() -> rx.Component:
    def draw(group: Any) -> rx.Component:
        return rx.el.li(
            rx.el.button(
                color_square(group.color),
                rx.el.span(group.words, class_name="medium"),
                rx.el.span(commas(group.people), class_name="caption num push"),
                type="button",
                on_click=S.pick_group(group.key),
            )
        )

    return form_dialog(
        rx.cond(
            S.group_choices.length() > 0,
            rx.el.ul(rx.foreach(S.group_choices, draw), class_name="find-list"),
            rx.el.p("No groups yet. Make one under Groups, then come back.", class_name="ink-2"),
        ),
        open=S.dialog == "group",
        title=rx.fragment("Add ", _who(), " to a group"),
        on_close=S.close_dialog,
        actions=(
            link_button("Go to groups", href="/groups"),
            button("Cancel", on_click=S.close_dialog),
        ),
    )


def _opt_out_dialog() -> rx.Component:
    return confirm_dialog(
        open=S.dialog == "opt_out",
        title=rx.fragment("Record that ", _who(), " opted out?"),
        text="They get no more of your texts, whatever campaign they are in. You can undo it.",
        keep="Cancel",
        confirm=rx.cond(S.dialog_people > 1, f"Opt out {_count()}", "Record opt-out"),
        on_keep=S.close_dialog,
        on_confirm=S.record_opt_out,
        danger=False,
    )


def _delete_dialog() -> rx.Component:
    return confirm_dialog(
        open=S.dialog == "delete",
        title=rx.fragment("Delete ", _who(), "?"),
        text=(
            "What they were sent stays on record, and an opt-out stays in force. "
            "Texts still waiting for them are not sent. You can’t undo this."
        ),
        keep="Keep",
        confirm=rx.cond(S.dialog_people > 1, f"Delete {_count()}", "Delete customer"),
        on_keep=S.close_dialog,
        on_confirm=S.delete,
    )


def _count() -> Any:
    return counted(S.dialog_people, "customer", "customers")
