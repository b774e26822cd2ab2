"""A dashed chip that opens a small list of choices: how a filter is set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import reflex as rx

from mbs_app.ui.components.choices import radio
from mbs_app.ui.components.expressions import Content, Text
from mbs_app.ui.components.marks import unset_chip


def pick_menu(
    words: Content, *choices: rx.Component, label: Text = "Choose", **props: Any
) -> rx.Component:
    """The chip says ``words``; ``choices`` stand in what it opens, which is named
    ``label`` aloud. ``props`` go to the popover's root."""
    return rx.popover.root(
        rx.popover.trigger(unset_chip(words)),
        rx.popover.content(*choices, aria_label=label, align="start", class_name="menu pick-menu"),
        **props,
    )


def pick_one(
    name: str, choices: Mapping[str, str], *, value: Text, on_pick: Any, label: Text
) -> rx.Component:
    """One of a few, as radios; ``on_pick`` takes the key. ``name`` is the radios' own on the page."""
    return rx.el.div(
        *(
            rx.el.div(
                radio(said, name=name, value=key, checked=value == key, on_change=on_pick(key))
            )
            for key, said in choices.items()
        ),
        role="radiogroup",
        aria_label=label,
        class_name="pick-list",
    )
