"""Who gets it: the choice, and how many that is.

Boxes and radios keep their own state in the browser, so that a slow line never seems to refuse a press.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.choices import checkbox, radio, radio_row
from mbs_app.ui.components.fields import search_field
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.layout import form_section
from mbs_app.ui.components.ledger import plan_bar
from mbs_app.ui.components.marks import chips, color_square, filter_chip
from mbs_app.ui.components.pick_menu import pick_menu
from mbs_app.ui.components.wording import commas, counted
from mbs_app.ui.composer.state import ComposerState

S = ComposerState


def audience_section() -> rx.Component:
    return form_section(
        "Audience",
        "Opted-out people are always left out.",
        radio_row(
            _mode("all", "Everyone active"),
            _mode("rules", "Groups and states"),
            _mode("selection", "Chosen people"),
            label="Who gets it",
        ),
        rx.match(S.mode, ("rules", _rules()), ("selection", _selection()), rx.fragment()),
        rx.cond(
            S.field_problems.contains("audience"),
            callout(S.field_problems["audience"], tone="bad"),
        ),
        _reach(),
    )


def _mode(value: str, words: str) -> rx.Component:
    return radio(
        words,
        name="audience-mode",
        value=value,
        checked=None,
        default_checked=S.mode == value,
        on_change=S.choose_mode(value),
    )


def _rules() -> rx.Component:
    return chips(
        rx.cond(
            S.groups_words != "",
            filter_chip(
                "Group is",
                S.groups_words,
                on_remove=S.clear_groups,
                remove_label="Remove the groups",
            ),
        ),
        rx.cond(
            (S.groups_words != "") & (S.states_words != ""), rx.el.span("and", class_name="caption")
        ),
        rx.cond(
            S.states_words != "",
            filter_chip(
                "State is",
                S.states_words,
                on_remove=S.clear_states,
                remove_label="Remove the states",
            ),
        ),
        _picker(
            rx.cond(S.groups_words != "", "Change groups", "Group"),
            "Groups",
            rx.foreach(S.groups, _group_choice),
            S.groups.length() > 0,
            "No groups yet. Make one under Groups.",
        ),
        _picker(
            rx.cond(S.states_words != "", "Change states", "State"),
            "States",
            rx.foreach(S.states, _state_choice),
            S.states.length() > 0,
            "None of your customers has a state.",
        ),
        loose=True,
    )


def _picker(words: Any, label: str, choices: Any, has_any: Any, why_empty: str) -> rx.Component:
    chosen = rx.el.div(choices, role="group", aria_label=label, class_name="pick-list")
    return pick_menu(
        words,
        rx.cond(has_any, chosen, rx.el.p(why_empty, class_name="field-hint")),
        label=label,
    )


def _group_choice(group: Any) -> rx.Component:
    return rx.el.div(
        checkbox(
            rx.fragment(color_square(group.color), " ", group.name),
            default_checked=group.chosen,
            on_change=lambda chosen: S.choose_group(group.id, chosen),
        ),
        rx.el.span(commas(group.people), class_name="caption num"),
    )


def _state_choice(state: Any) -> rx.Component:
    return rx.el.div(
        checkbox(
            state.words,
            default_checked=state.chosen,
            on_change=lambda chosen: S.choose_state(state.code, chosen),
        ),
        rx.el.span(commas(state.people), class_name="caption num"),
    )


def _selection() -> rx.Component:
    return rx.el.div(
        rx.cond(
            S.picked.length() > 0,
            chips(
                rx.foreach(S.picked, _picked),
                rx.cond(
                    S.picked_total > S.picked.length(),
                    rx.el.span(
                        "and ",
                        commas(S.picked_total - S.picked.length()),
                        " more",
                        class_name="caption",
                    ),
                ),
                loose=True,
            ),
        ),
        search_field(
            "Name, number or email",
            field_id="find-people",
            value=S.person_search,
            on_change=S.find_people,
        ),
        rx.cond(
            S.person_search != "",
            rx.cond(
                S.found.length() > 0,
                rx.el.ul(rx.foreach(S.found, _found), class_name="find-list"),
                rx.el.p("Nobody matches. Try another part of the name.", class_name="field-hint"),
            ),
        ),
        class_name="stack gap-8",
    )


def _picked(person: Any) -> rx.Component:
    return filter_chip(
        person.name,
        person.phone,
        on_remove=S.unpick(person.id),
        remove_label=f"Remove {person.name}",
    )


def _found(person: Any) -> rx.Component:
    mark = rx.cond(person.chosen, icon("check", 14), icon("plus", 14))
    return rx.el.li(
        rx.el.button(
            mark,
            rx.el.span(person.name, class_name="medium"),
            rx.el.span(person.phone, class_name="caption num"),
            type="button",
            aria_pressed=rx.cond(person.chosen, "true", "false"),
            on_click=S.pick(person.id),
        )
    )


def _reach() -> rx.Component:
    left_out = S.matching - S.will_get
    return rx.el.div(
        rx.el.div(
            rx.el.b(commas(S.will_get), class_name="figure-lg"),
            rx.el.span("will get it"),
            class_name="reach-figure",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.span("of ", counted(S.matching, "person who matches", "who match")),
                rx.el.span(
                    rx.el.i(),
                    rx.cond(S.is_counting, "Counting…", "Counting live"),
                    class_name=rx.cond(S.is_counting, "live-dot late", "live-dot on"),
                ),
            ),
            plan_bar(S.will_get, 0, left_out, size=12),
            rx.el.span(
                rx.cond(S.left_out_words != "", S.left_out_words, "Nobody is left out"),
            ),
            class_name="reach-words",
        ),
        aria_live="polite",
        class_name="reach",
    )
