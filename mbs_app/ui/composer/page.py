"""What the composer shows: the sections left, the phone right, the sums at the foot."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.browser import reload_page
from mbs_app.ui.components.buttons import button, icon_button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.marks import saved_mark
from mbs_app.ui.components.menu import menu, menu_item, menu_rule
from mbs_app.ui.components.placeholders import missing, skeleton_rows
from mbs_app.ui.components.wording import counted, people
from mbs_app.ui.composer.audience_section import audience_section
from mbs_app.ui.composer.message_section import message_section
from mbs_app.ui.composer.overlays import overlays
from mbs_app.ui.composer.preview import preview
from mbs_app.ui.composer.state import ComposerState
from mbs_app.ui.composer.time_sections import from_section, when_section
from mbs_app.ui.shell import ShellState, bar_fact, page_bar, shell

ROUTE = "/campaigns/[campaign_id]/edit"
TITLE = "Edit campaign"
ON_LOAD = [ShellState.load, ComposerState.load]

S = ComposerState


def page() -> rx.Component:
    return rx.fragment(
        shell(
            rx.cond(
                S.is_missing,
                missing("campaign", back_to="All campaigns", href="/campaigns"),
                rx.cond(S.is_loaded, _sections(), skeleton_rows(6)),
            ),
            title=rx.cond(S.is_loaded, S.name, "Draft"),
            active="campaigns",
            crumbs=[("Campaigns", "/campaigns"), "Draft"],
            state=rx.cond(
                S.is_loaded,
                icon_button(
                    "pencil", "Rename campaign", kind="ghost", on_click=S.open_dialog("rename")
                ),
            ),
            note=rx.el.span(_saved(), role="status"),
            actions=_actions(),
            aside=rx.cond(S.is_loaded, preview()),
            bottom_bar=rx.cond(S.is_loaded, _bar()),
        ),
        overlays(),
    )


def _sections() -> rx.Component:
    return rx.fragment(
        rx.cond(
            S.save_problem != "",
            callout(
                S.save_problem,
                tone="bad",
                action=button("Reload", size="sm", on_click=reload_page()),
            ),
        ),
        message_section(),
        audience_section(),
        when_section(),
        from_section(),
    )


def _saved() -> rx.Component:
    unsaved = rx.el.span(icon("circle_x", 14), "Not saved", class_name="mark bad")
    return rx.cond(
        S.saved_words == "Not saved",
        unsaved,
        rx.cond(
            S.is_saving,
            rx.el.span("Saving…", class_name="caption"),
            rx.cond(S.saved_words != "", saved_mark(S.saved_words)),
        ),
    )


def _actions() -> list[rx.Component]:
    more = menu(
        icon_button("ellipsis", "More"),
        menu_item("Rename", icon="pencil", on_select=S.open_dialog("rename")),
        menu_item("Duplicate", icon="copy", on_select=S.duplicate),
        menu_rule(),
        menu_item("Delete draft", icon="trash_2", danger=True, on_select=S.open_dialog("delete")),
    )
    buttons = rx.fragment(
        button("Start from a template", icon="file_text", on_click=S.open_dialog("templates")),
        button("Text me a test", icon="smartphone", on_click=S.open_dialog("test")),
        more,
    )
    return [rx.cond(S.is_missing, None, buttons)]


def _bar() -> rx.Component:
    matching: Any = rx.cond(
        S.matching == S.will_get,
        "everyone who matches",
        counted(S.matching, "matches", "match"),
    )
    return page_bar(
        [
            bar_fact(people(S.will_get), matching),
            bar_fact(S.segments_words, S.each_words),
            bar_fact(S.cost_words, "estimated cost"),
            bar_fact(S.when_words, S.done_words),
        ],
        button("Save draft", size="lg", on_click=S.save_now),
        button(
            "Check before sending",
            kind="primary",
            size="lg",
            icon_after="arrow_right",
            busy=S.is_leaving,
            busy_label="Saving…",
            on_click=S.check,
        ),
    )
