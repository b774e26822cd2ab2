"""The right column: the slip with the button, what blocks, what to know, what was checked."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button, text_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.slip import send_slip
from mbs_app.ui.components.wording import commas
from mbs_app.ui.preflight.state import PreflightState
from mbs_app.ui.shell import ShellState

S = PreflightState


def slip_column() -> rx.Component:
    check = S.check
    return rx.el.div(
        rx.cond(
            S.problem != "",
            callout(
                S.problem,
                tone="bad",
                action=button("Check again", size="sm", on_click=S.check_again),
            ),
        ),
        rx.foreach(check.problems, _problem),
        send_slip(
            check.name,
            check.sender_words,
            [
                ("People", commas(check.will_get)),
                ("Segments", check.segments_words),
                ("Price per segment", check.price_words),
                ("Starts", check.starts_words),
                ("Most have it", check.done_words),
            ],
            total=("Cost", check.cost_words),
            button=button(
                check.button_words,
                kind="primary",
                size="lg",
                wide=True,
                busy=S.is_sending,
                busy_label="Handing over…",
                disabled=(check.problems.length() > 0) | S.is_checking | (S.problem != ""),
                on_click=S.send,
            ),
            note=rx.cond(
                ShellState.simulated,
                "Simulated: no text leaves this machine.",
                "You can cancel until the last text has left.",
            ),
        ),
        rx.cond(
            check.notices.length() > 0,
            rx.el.section(
                rx.el.h2(check.notices_words),
                rx.foreach(check.notices, _notice),
                class_name="know stack gap-8",
            ),
        ),
        rx.el.ul(
            rx.foreach(check.passed, lambda words: rx.el.li(icon("check", 14), rx.el.span(words))),
            class_name="checks",
        ),
        class_name="stack gap-16",
    )


def _problem(problem: Any) -> rx.Component:
    place = rx.match(
        problem.field,
        ("sender_id", text_link("Open settings", href="/settings")),
        text_link("Mend it", href=f"/campaigns/{S.draft_id}/edit"),
    )
    return callout(problem.words, tone="bad", action=place)


def _notice(notice: Any) -> rx.Component:
    action = rx.match(
        notice.kind,
        ("plain_letters", text_link("Use plain letters instead", on_click=S.use_plain_letters)),
        ("opt_out", text_link("Add the line", on_click=S.add_opt_out_line)),
        ("blanks", text_link("Change the text", href=f"/campaigns/{S.draft_id}/edit")),
        ("too_long", text_link("Shorten it", href=f"/campaigns/{S.draft_id}/edit")),
        rx.fragment(),
    )
    return callout(notice.words, tone="warn", action=action)
