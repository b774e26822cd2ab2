"""What the check page shows."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button, link_button, text_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.layout import section_head
from mbs_app.ui.components.ledger import plan_bar, plan_columns
from mbs_app.ui.components.phone import filled_text
from mbs_app.ui.components.placeholders import empty_state, missing, skeleton_rows
from mbs_app.ui.components.progress import progress
from mbs_app.ui.components.small_bars import marked_bars, small_bars
from mbs_app.ui.components.wording import commas, counted, percent
from mbs_app.ui.preflight.dialogs import list_dialog
from mbs_app.ui.preflight.slip import slip_column
from mbs_app.ui.preflight.state import PreflightState
from mbs_app.ui.shell import ShellState, shell

ROUTE = "/campaigns/[campaign_id]/check"
TITLE = "Check before sending"
ON_LOAD = [ShellState.load, PreflightState.load]

S = PreflightState


def page() -> rx.Component:
    return rx.fragment(
        shell(
            rx.cond(
                S.is_missing,
                missing("campaign", back_to="All campaigns", href="/campaigns"),
                _body(),
            ),
            title="Check before sending",
            active="campaigns",
            crumbs=[
                ("Campaigns", "/campaigns"),
                (rx.cond(S.name != "", S.name, "Campaign"), f"/campaigns/{S.draft_id}/edit"),
                "Check",
            ],
            note=rx.cond(
                S.is_checked & ~S.is_checking,
                rx.el.span(icon("circle_check", 14), S.check.checked_words, class_name="mark good"),
            ),
            actions=[
                link_button("Edit campaign", icon="pencil", href=f"/campaigns/{S.draft_id}/edit"),
                button(
                    "Check again", icon="refresh_cw", on_click=S.check_again, disabled=S.is_checking
                ),
            ],
            aside=rx.cond(S.is_checked, slip_column(), rx.fragment()),
        ),
        list_dialog(),
    )


def _body() -> rx.Component:
    stopped = rx.cond(
        (S.problem != "") & ~S.is_checked,
        callout(
            S.problem,
            tone="bad",
            action=button("Check again", size="sm", on_click=S.check_again),
        ),
    )
    return rx.fragment(
        stopped,
        rx.cond(
            S.is_checking & (S.total > 0),
            rx.el.div(
                progress(
                    "Filling in every text",
                    S.done,
                    S.total,
                    on_stop=S.stop,
                    stopping=S.is_stopping,
                ),
                class_name="section",
            ),
        ),
        rx.cond(
            S.is_checked,
            rx.fragment(_who(), _details(), _texts()),
            rx.cond(S.is_checking, skeleton_rows(8)),
        ),
    )


def _who() -> rx.Component:
    check = S.check
    return rx.el.section(
        section_head("Who gets it", rx.el.span(check.audience_words, class_name="caption")),
        rx.cond(
            check.matching > 0,
            _plan(),
            empty_state(
                "Nobody is in this audience",
                "Choose other groups or states, or import customers.",
                link_button("Change the audience", href=f"/campaigns/{S.draft_id}/edit"),
            ),
        ),
        class_name="section",
    )


def _plan() -> rx.Component:
    """The bar and its sum."""
    check = S.check
    return rx.el.div(
        plan_bar(check.will_get, 0, check.left_out_total),
        plan_columns(
            ("now", check.start_words, check.will_get),
            ("skipped", "Left out", check.left_out_total),
            total_words="Audience",
            total=check.matching,
        ),
        class_name="plan-box",
    )


def _details() -> rx.Component:
    return rx.el.div(_lengths(), _exceptions(), class_name="check-regions")


def _lengths() -> rx.Component:
    check = S.check
    with_border = marked_bars(
        check.bars,
        label="People by characters",
        mark_at=check.border_at,
        mark_words="longer than 160: a second segment",
        start=commas(check.shortest),
        mark="160",
        end=commas(check.longest),
    )
    plain = rx.el.div(
        small_bars(check.bars, label="People by characters", height=104),
        rx.el.div(
            rx.el.span(commas(check.shortest)),
            rx.cond(check.longest > check.shortest, rx.el.span(commas(check.longest))),
            class_name="bar-axis",
        ),
        class_name="marked-bars",
    )
    return rx.el.section(
        section_head("Text length", rx.el.span("people by characters", class_name="caption")),
        rx.cond(
            check.will_get > 0,
            rx.fragment(
                rx.cond(check.has_border, with_border, plain),
                rx.el.ul(rx.foreach(check.segments, _segment_line), class_name="segment-lines"),
            ),
            rx.el.p("No text would leave.", class_name="field-hint"),
        ),
    )


def _segment_line(line: Any) -> rx.Component:
    mark = rx.match(
        line.look,
        ("now", rx.el.i(class_name="swatch p-now", aria_hidden="true")),
        ("later", rx.el.i(class_name="swatch p-later", aria_hidden="true")),
        rx.el.i(class_name="swatch k-unknown", aria_hidden="true"),
    )
    return rx.el.li(
        mark,
        rx.el.span(line.words),
        rx.el.span(line.about, class_name="about"),
        _number_button(
            commas(line.people), S.show_segments(line.segments), f"List those who get {line.words}"
        ),
        rx.el.span(percent(line.people, S.check.will_get), class_name="share"),
    )


def _exceptions() -> rx.Component:
    check = S.check
    return rx.el.div(
        rx.el.section(
            section_head(
                rx.fragment(commas(check.left_out_total), " left out"),
                rx.cond(
                    check.left_out_total > 0,
                    text_link(
                        "Download list",
                        href=f"/api/campaigns/{S.draft_id}/left-out.csv",
                        external=True,
                        download=True,
                    ),
                ),
            ),
            rx.cond(
                check.left_out_total > 0,
                rx.el.ul(rx.foreach(check.left_out, _reason_line), class_name="lines"),
                rx.el.p("Everyone who matches gets it.", class_name="field-hint"),
            ),
        ),
        rx.el.section(
            section_head(
                counted(check.blank_total, "blank field", "blank fields"),
                rx.cond(
                    check.blank_total > 0,
                    text_link("Change", href=f"/campaigns/{S.draft_id}/edit"),
                ),
            ),
            rx.cond(
                check.blank_total > 0,
                rx.el.ul(rx.foreach(check.blanks, _blank_line), class_name="lines"),
                rx.el.p("Every field is filled in for everyone.", class_name="field-hint"),
            ),
        ),
    )


def _reason_line(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(line.words),
        _number_button(commas(line.people), S.show_left_out(line.reason), f"List: {line.words}"),
    )


def _blank_line(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(line.words),
        _number_button(commas(line.people), S.show_blank(line.field), f"List: {line.words}"),
    )


def _number_button(words: Any, on_click: Any, label: Any) -> rx.Component:
    """A number that opens the list behind it."""
    return rx.el.button(
        words,
        rx.el.span(label, class_name="visually-hidden"),
        type="button",
        on_click=on_click,
        class_name="number-link",
    )


def _texts() -> rx.Component:
    return rx.cond(
        S.check.texts.length() > 0,
        rx.el.section(
            section_head("Texts to read first", text_link("Read more", on_click=S.show_texts)),
            rx.el.ul(rx.foreach(S.check.texts, _text_line), class_name="sample-texts"),
            class_name="section",
        ),
    )


def _text_line(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(line.kind, class_name="ink-3"),
        filled_text(line.parts),
        rx.el.span(line.size, class_name="num ink-2"),
    )
