"""What an account that isn’t approved sees: what it waits for, or why it stays out."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.browser import sign_out
from mbs_app.ui.components.buttons import button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.signin_layout import signin_layout
from mbs_app.ui.waiting.state import ROUTE, WaitingState

TITLE = "Waiting for approval"
ON_LOAD = [WaitingState.load]

__all__ = ["ON_LOAD", "ROUTE", "TITLE", "page"]

S = WaitingState


def page() -> rx.Component:
    return signin_layout(
        rx.cond(S.is_loaded, _body(), rx.el.div(class_name="skeleton block", aria_busy="true")),
        title=rx.match(
            S.status,
            ("pending", "Your account waits for approval"),
            ("rejected", "Your account wasn’t approved"),
            ("suspended", "Your account is suspended"),
            "One moment",
        ),
        subtitle=rx.match(
            S.status,
            ("pending", f"An admin of {S.workspace_name} looks at each new account."),
            ("rejected", f"An admin of {S.workspace_name} looked at it."),
            ("suspended", f"An admin of {S.workspace_name} has shut it for now."),
            "Looking at your account…",
        ),
    )


def _body() -> rx.Component:
    return rx.el.div(
        rx.match(
            S.status,
            (
                "pending",
                callout(
                    f"This page goes on by itself once yours is approved. You also get a mail at {S.email}.",
                    tone="good",
                    icon="mail",
                ),
            ),
            ("rejected", _reason("This is the reason they gave:")),
            ("suspended", _reason("This is the reason they gave:")),
            rx.fragment(),
        ),
        rx.el.dl(
            *_fact("Name", S.name),
            *_fact("Email", S.email),
            *_fact("Role", S.role),
            *_fact("Joined", S.joined),
            class_name="waits-for",
        ),
        rx.match(
            S.status,
            ("rejected", _advice("Think it’s a mistake? Ask the person who invited you.")),
            ("suspended", _advice("What you were sending is paused. Ask an admin to go on.")),
            rx.fragment(),
        ),
        button("Sign out", size="lg", wide=True, icon="log_out", on_click=sign_out()),
        class_name="stack gap-16",
        aria_live="polite",
    )


def _reason(words: str) -> rx.Component:
    return rx.cond(
        S.reason != "",
        rx.el.div(
            rx.el.p(words),
            rx.el.blockquote(S.reason, class_name="reason-quote"),
            class_name="stack gap-8",
        ),
    )


def _advice(words: str) -> rx.Component:
    return rx.el.p(words, class_name="ink-2")


def _fact(name: str, value: rx.Var[str]) -> tuple[rx.Component, rx.Component]:
    return rx.el.dt(name), rx.el.dd(value)
