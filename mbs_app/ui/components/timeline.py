"""What happened, in order: a text's events, a customer's consent."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import reflex as rx

from mbs_app.ui.components.expressions import Content


@dataclasses.dataclass(frozen=True, slots=True)
class HistoryItem:
    """One event. `tone` is "", "good", "bad" or "warn"; `rest`, `code` and `note` may be empty."""

    time: str
    words: str
    rest: str = ""
    code: str = ""
    note: str = ""
    tone: str = ""


def history(items: "Sequence[HistoryItem] | rx.Var[list[HistoryItem]]") -> rx.Component:
    """A text's events: time, dot, plain words, the code last and grey; a note under the words."""
    return _list(items, _event, "history")


def timeline(items: "Sequence[HistoryItem] | rx.Var[list[HistoryItem]]") -> rx.Component:
    """Events under each other with their words first and the time last, as for consent."""
    return _list(items, _moment, "timeline")


def side_title(words: Content) -> rx.Component:
    """The caption over the text at the right of an opened row ("Text as sent")."""
    return rx.el.div(words, class_name="caption side-title")


def _list(items: Any, draw: Any, name: str) -> rx.Component:
    if isinstance(items, rx.Var):
        return rx.el.ol(rx.foreach(items, draw), class_name=name)
    return rx.el.ol(rx.foreach(rx.Var.create(list(items)), draw), class_name=name)


def _event(item: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(item.time, class_name="when"),
        rx.el.i(aria_hidden="true"),
        rx.el.div(
            rx.el.span(item.words, class_name="what"),
            rx.cond(item.rest != "", rx.el.span(" ", item.rest, class_name="ink-3")),
            rx.cond(item.code != "", rx.el.span(" code ", item.code, class_name="ink-3")),
            rx.cond(item.note != "", rx.el.div(item.note, class_name="ink-2")),
        ),
        class_name=f"tone-{item.tone}",
    )


def _moment(item: Any) -> rx.Component:
    return rx.el.li(
        rx.el.i(aria_hidden="true"),
        rx.el.div(
            rx.el.div(item.words, class_name="what medium"),
            rx.cond(item.rest != "", rx.el.div(item.rest, class_name="ink-2")),
            rx.el.div(item.time, class_name="caption"),
        ),
        class_name=f"tone-{item.tone}",
    )
