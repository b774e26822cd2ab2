"""The drawer in which an invite is made, and which then shows its code and link."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button, icon_button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.choices import radio_card
from mbs_app.ui.components.drawer import drawer
from mbs_app.ui.components.expressions import js
from mbs_app.ui.components.fields import date_field, select_field, text_field
from mbs_app.ui.components.layout import caption, field_grid, stack
from mbs_app.ui.components.wording import people
from mbs_app.ui.invites.new_state import DRAWER, LIVES, ON_A_DATE, NewInviteState
from mbs_app.ui.invites.state import InvitesState
from mbs_app.ui.roles import ROLES

N = NewInviteState
MOST_DIGITS = 3


def new_invite() -> rx.Component:
    return rx.fragment(
        drawer(
            rx.cond(N.problem != "", callout(N.problem, tone="bad")),
            _role(),
            field_grid(_people(), _life()),
            rx.cond(
                N.life == ON_A_DATE,
                date_field(
                    "Last day",
                    field_id="invite-until",
                    value=N.until,
                    on_change=N.set_until,
                    min=N.first_day,
                    error=_error("expires_at"),
                ),
            ),
            text_field(
                "Note",
                field_id="invite-note",
                name="note",
                key=f"note-{N.turn}",
                note="only admins see it",
                max_length=120,
                error=_error("note"),
            ),
            text_field(
                "Only for this address or ending",
                field_id="invite-email",
                name="email",
                key=f"email-{N.turn}",
                note="optional",
                placeholder="@example.com",
                input_mode="email",
                max_length=254,
                error=_error("email"),
            ),
            callout(
                "The code works right away. You can revoke it any time; people who already joined stay."
            ),
            open=N.is_open & ~N.made,
            title="New invite",
            drawer_id=DRAWER,
            on_close=N.close,
            on_submit=N.create,
            foot=rx.fragment(
                button(
                    rx.fragment("Create invite for ", people(_number())),
                    kind="primary",
                    size="lg",
                    type="submit",
                    busy=N.is_saving,
                    busy_label="Creating…",
                ),
                button("Close", size="lg", on_click=N.close),
            ),
        ),
        rx.cond(N.made, _made(N.made)),
    )


def _made(made: Any) -> rx.Component:
    return drawer(
        stack(
            rx.el.span("Code", class_name="field-label"),
            _copyable(made.code, "Copy code", InvitesState.copy_code(made.code), big=True),
            gap=4,
        ),
        stack(
            rx.el.span("Link", class_name="field-label"),
            _copyable(made.link, "Copy link", InvitesState.copy_link(made.link)),
            caption("Opens the page to join, with the code filled in."),
            gap=4,
        ),
        callout(
            rx.cond(
                made.expires_more != "",
                f"Works until {made.expires}, {made.expires_more}. ",
                "Works until you revoke it. ",
            ),
            rx.cond(
                made.address != "",
                rx.cond(
                    made.address.startswith("@"),
                    f"Only for addresses ending in {made.address}. ",
                    f"Only for {made.address}. ",
                ),
                "",
            ),
            "Whoever joins waits until an admin approves them.",
        ),
        rx.el.div(
            button("Send by email", icon="mail", on_click=InvitesState.ask("send", made.id)),
            button("Make another", kind="ghost", on_click=N.another),
            class_name="btn-row",
        ),
        open=N.is_open,
        title=rx.fragment("Invite for ", people(made.left)),
        drawer_id=DRAWER,
        on_close=N.close,
        foot=rx.fragment(
            button(
                "Copy link",
                kind="primary",
                size="lg",
                icon="copy",
                on_click=InvitesState.copy_link(made.link),
            ),
            button("Done", size="lg", on_click=N.close),
        ),
    )


def _role() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Role", class_name="field-label"),
        *(
            radio_card(
                words,
                about,
                name="role",
                value=key,
                checked=N.role == key,
                on_change=N.choose_role(key),
            )
            for key, words, about in ROLES
        ),
        class_name="role-cards",
    )


def _people() -> rx.Component:
    return text_field(
        "How many people",
        field_id="invite-people",
        value=N.people,
        on_change=N.set_people,
        debounce_ms=150,
        hint="1 to 100",
        input_mode="numeric",
        max_length=MOST_DIGITS,
        error=_error("max_uses"),
    )


def _life() -> rx.Component:
    return select_field(
        "Expires after",
        LIVES,
        field_id="invite-life",
        value=N.life,
        on_change=N.choose_life,
        hint=N.expires_words,
    )


def _copyable(words: Any, label: str, on_click: Any, *, big: bool = False) -> rx.Component:
    return rx.el.div(
        rx.el.span(words),
        icon_button("copy", label, kind="ghost", size="sm", on_click=on_click),
        class_name="made-code big" if big else "made-code",
    )


def _number() -> Any:
    return js("Math.max(1, parseInt($0, 10) || 1)", N.people, returns=int)


def _error(name: str) -> Any:
    return N.field_problems.get(name, "")
