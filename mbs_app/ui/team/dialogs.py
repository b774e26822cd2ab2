"""What an admin is asked before somebody is rejected, suspended, given another role or a password link."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.dialog import confirm_dialog, form_dialog
from mbs_app.ui.components.fields import text_area
from mbs_app.ui.team.deciding import DecidingState

D = DecidingState


def dialogs() -> rx.Component:
    return rx.cond(
        D.about,
        rx.fragment(
            _reject(D.about),
            _suspend(D.about),
            _reset(D.about),
            _role(D.about),
            _factor(D.about),
            _sign_out(D.about),
        ),
    )


def _reject(one: Any) -> rx.Component:
    return _with_reason(
        "reject",
        title=f"Reject {one.name}?",
        text="They can’t get in, and get a mail. You can still approve them later.",
        hint="They read this in the mail.",
        confirm="Reject",
        busy="Rejecting…",
        danger=True,
    )


def _suspend(one: Any) -> rx.Component:
    return _with_reason(
        "suspend",
        title=f"Suspend {one.name}?",
        text=(
            "They are signed out everywhere at once, and their API keys stop working. Campaigns that are being "
            "sent pause. Nothing is deleted, and you can restore them."
        ),
        hint="They read this when they try to sign in.",
        confirm="Suspend",
        busy="Suspending…",
        danger=True,
    )


def _reset(one: Any) -> rx.Component:
    return _with_reason(
        "reset",
        title=f"Send {one.name} a password link?",
        text=f"They get a mail at {one.email} with a link to choose a new password. Their old one works until then.",
        hint="Kept on record. They don’t see it.",
        confirm="Send link",
        busy="Sending…",
        danger=False,
    )


def _role(one: Any) -> rx.Component:
    is_admin = one.role == "admin"
    return confirm_dialog(
        open=D.question == "role",
        title=rx.cond(is_admin, f"Make {one.name} a marketer?", f"Make {one.name} an admin?"),
        text=rx.cond(
            is_admin,
            rx.cond(
                one.is_me,
                "You lose invites, team, audit log and settings at once. Another admin can give them back.",
                "They lose invites, team, audit log and settings at once. Their own campaigns and customers stay.",
            ),
            "They can invite and shut out people, change settings, and look into everybody’s data.",
        ),
        keep="Keep as is",
        confirm=rx.cond(is_admin, "Make marketer", "Make admin"),
        on_keep=D.close,
        on_confirm=D.change_role,
        danger=False,
        busy=D.is_busy,
        busy_label="Changing…",
        extra=rx.cond(D.problem != "", callout(D.problem, tone="bad")),
    )


def _factor(one: Any) -> rx.Component:
    return confirm_dialog(
        open=D.question == "factor",
        title=f"Take the second factor off {one.name}’s account?",
        text="For somebody who lost their phone and their recovery codes: make sure that it is really them who asks. "
        "They are signed out everywhere, sign in with the password alone, and get a mail.",
        keep="Keep",
        confirm="Take it off",
        on_keep=D.close,
        on_confirm=D.take_off_factor,
        busy=D.is_busy,
        busy_label="Taking it off…",
        extra=rx.cond(D.problem != "", callout(D.problem, tone="bad")),
    )


def _sign_out(one: Any) -> rx.Component:
    return confirm_dialog(
        open=D.question == "sign_out",
        title=f"Sign {one.name} out everywhere?",
        text="Every browser and program they are signed in with is refused at once. They can sign in again. "
        "Their API keys go on working.",
        keep="Leave signed in",
        confirm="Sign out",
        on_keep=D.close,
        on_confirm=D.sign_out,
        busy=D.is_busy,
        busy_label="Signing out…",
        extra=rx.cond(D.problem != "", callout(D.problem, tone="bad")),
    )


def _with_reason(
    question: str, *, title: Any, text: Any, hint: str, confirm: str, busy: str, danger: bool
) -> rx.Component:
    return form_dialog(
        rx.cond(D.problem != "", callout(D.problem, tone="bad")),
        text_area(
            "Reason",
            field_id=f"{question}-reason",
            name="reason",
            hint=hint,
            rows=3,
            max_length=500,
            auto_focus=True,
            error=D.field_problems.get("reason", ""),
        ),
        open=D.question == question,
        title=title,
        text=text,
        on_close=D.close,
        on_submit=D.decide,
        actions=(
            button("Cancel", on_click=D.close),
            button(
                confirm,
                kind="danger-solid" if danger else "primary",
                type="submit",
                busy=D.is_busy,
                busy_label=busy,
            ),
        ),
    )
