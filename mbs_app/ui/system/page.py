"""How the installation stands: what is well, what isn't, and what to do about it."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.marks import badge
from mbs_app.ui.live.indicator import live_since
from mbs_app.ui.shell import ShellState, shell
from mbs_app.ui.system import parts
from mbs_app.ui.system.state import ROUTE as ROUTE
from mbs_app.ui.system.state import SystemState

TITLE = "System"
ON_LOAD = [ShellState.load, SystemState.load]

S = SystemState


def page() -> rx.Component:
    return shell(
        rx.cond(S.problem != "", callout(S.problem, tone="bad")),
        rx.el.div(
            parts.attention(),
            parts.texts(),
            parts.people_and_queue(),
            parts.mail_and_storage(),
            parts.settings(),
            class_name="system-parts",
        ),
        title="System",
        active="system",
        caption="Admin",
        state=_standing(),
        actions=[live_since(S.beat, S.zone)],
        ruled=False,
    )


def _standing() -> rx.Component:
    return rx.el.span(
        rx.match(
            S.standing.state,
            ("healthy", badge(S.standing.words, icon="circle_check", tone="live")),
            ("look", badge(S.standing.words, icon="triangle_alert", tone="warn")),
            ("broken", badge(S.standing.words, icon="circle_x", tone="bad")),
            rx.fragment(),
        ),
        aria_live="polite",
    )
