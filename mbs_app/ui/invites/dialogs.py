"""What is asked before an invite is mailed or revoked, and who joined with one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button, link_button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.dialog import confirm_dialog, form_dialog
from mbs_app.ui.components.fields import text_field
from mbs_app.ui.components.links import anchor
from mbs_app.ui.components.wording import people
from mbs_app.ui.invites.state import InvitesState

S = InvitesState


def dialogs() -> rx.Component:
    return rx.cond(S.about, rx.fragment(_send(S.about), _revoke(S.about), _who(S.about)))


def _send(one: Any) -> rx.Component:
    is_fixed = (one.address != "") & ~one.address.startswith("@")
    return form_dialog(
        rx.cond(S.problem != "", callout(S.problem, tone="bad")),
        text_field(
            "Email",
            field_id="send-invite-to",
            name="email",
            default_value=rx.cond(is_fixed, one.address, ""),
            read_only=is_fixed,
            input_mode="email",
            auto_focus=True,
            hint=rx.cond(
                is_fixed,
                "The code works for this address only.",
                rx.cond(
                    one.address != "",
                    f"The code works for addresses ending in {one.address}.",
                    "One address. Send it again for the next.",
                ),
            ),
            error=S.field_problems.get("email", ""),
        ),
        open=S.dialog == "send",
        title=rx.cond(one.was_mailed, "Send the invite again", "Send the invite by email"),
        text=rx.fragment("They get the code and its link. It works for ", people(one.left), "."),
        on_close=S.close_dialog,
        on_submit=S.send,
        actions=(
            button("Cancel", on_click=S.close_dialog),
            button(
                "Send invite", kind="primary", type="submit", busy=S.is_busy, busy_label="Sending…"
            ),
        ),
    )


def _revoke(one: Any) -> rx.Component:
    return confirm_dialog(
        open=S.dialog == "revoke",
        title=f"Revoke {one.code}?",
        text=rx.fragment(
            "Nobody can join with it any more: it was good for ",
            people(one.left),
            rx.cond(one.uses > 0, " yet. ", ". "),
            rx.cond(
                one.uses > 0,
                rx.fragment(people(one.uses), " who already joined stay. "),
            ),
            "You can’t undo this.",
        ),
        keep="Keep it",
        confirm="Revoke code",
        on_keep=S.close_dialog,
        on_confirm=S.revoke,
        busy=S.is_busy,
        busy_label="Revoking…",
        extra=rx.cond(S.problem != "", callout(S.problem, tone="bad")),
    )


def _who(one: Any) -> rx.Component:
    return form_dialog(
        rx.cond(
            S.people.length() > 0,
            rx.el.ul(rx.foreach(S.people, _person), class_name="lines who-joined"),
            rx.el.p("Nobody yet.", class_name="ink-2"),
        ),
        rx.cond(S.has_more_people, button("Show more", on_click=S.more_people)),
        open=S.dialog == "who",
        title=rx.fragment("Who joined with ", rx.el.span(one.code, class_name="nowrap")),
        on_close=S.close_dialog,
        actions=(
            link_button("All people", href="/team"),
            button("Close", on_click=S.close_dialog),
        ),
    )


def _person(person: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            anchor(person.name, href=f"/team?person={person.id}", class_name="row-link"),
            rx.el.span(person.email, class_name="caption"),
            class_name="stack",
        ),
        rx.el.span(person.when, class_name="caption num"),
    )
