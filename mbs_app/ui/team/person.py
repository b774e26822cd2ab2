"""The drawer that shows one person: what is known of them, and what was done about them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button, text_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.drawer import drawer
from mbs_app.ui.components.layout import section_head
from mbs_app.ui.components.timeline import timeline
from mbs_app.ui.team.deciding import DecidingState
from mbs_app.ui.team.state import DRAWER, TeamState
from mbs_app.ui.team.status import status_mark

S = TeamState
D = DecidingState


def person_drawer() -> rx.Component:
    return rx.cond(S.shown, _drawer(S.shown))


def _drawer(one: Any) -> rx.Component:
    return drawer(
        rx.el.div(
            status_mark(one.status, one.status_words),
            rx.cond(one.reason != "", rx.el.blockquote(one.reason, class_name="reason-quote")),
            class_name="stack gap-8",
        ),
        rx.cond(one.is_me, callout("This is you.")),
        rx.el.dl(rx.foreach(S.facts, _fact), class_name="facts"),
        rx.el.div(
            section_head(
                "History",
                text_link("In the audit log", href=f"/audit?subject={one.id}"),
            ),
            rx.cond(
                S.history.length() > 0,
                timeline(S.history),
                rx.el.p("Nothing is on record yet.", class_name="ink-2"),
            ),
        ),
        open=True,
        title=one.name,
        drawer_id=DRAWER,
        on_close=S.close,
        foot=_decisions(one),
    )


def _fact(fact: Any) -> rx.Component:
    return rx.fragment(rx.el.dt(fact.name), rx.el.dd(fact.value))


def _decisions(one: Any) -> rx.Component:
    reject = button("Reject", kind="danger", size="lg", on_click=D.ask("reject", one.id))
    role = button(
        rx.cond(one.role == "admin", "Make marketer", "Make admin"),
        size="lg",
        on_click=D.ask("role", one.id),
    )
    return rx.match(
        one.status,
        ("pending", rx.fragment(_approve(one), reject)),
        ("rejected", _approve(one)),
        (
            "suspended",
            button("Restore", kind="primary", size="lg", on_click=D.restore(one.id)),
        ),
        (
            "approved",
            rx.fragment(
                role,
                button("Suspend", kind="danger", size="lg", on_click=D.ask("suspend", one.id)),
            ),
        ),
        rx.fragment(),
    )


def _approve(one: Any) -> rx.Component:
    return button("Approve", kind="primary", size="lg", on_click=D.approve(one.id))
