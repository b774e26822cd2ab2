"""A phone as an outline, with texts as a customer reads them."""

import dataclasses
from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx

from mbs_app.ui.components.expressions import Content, Text


@dataclasses.dataclass(frozen=True, slots=True)
class TextPart:
    """A piece of a filled-in text; `filled` pieces came from the customer's fields."""

    words: str
    filled: bool = False


def parts_of(text: str, filled: Sequence[tuple[int, int]]) -> list[TextPart]:
    """``text`` cut where filled-in values begin and end."""
    parts: list[TextPart] = []
    position = 0
    for start, end in filled:
        if start > position:
            parts.append(TextPart(text[position:start]))
        parts.append(TextPart(text[start:end], True))
        position = end
    if position < len(text):
        parts.append(TextPart(text[position:]))
    return parts


def phone_preview(
    sender: Content, number: Content, *bubbles: rx.Component, foot: rx.Component | None = None
) -> rx.Component:
    """The outline with who it is from, and `bubble`s and `day_line`s inside."""
    return rx.el.div(
        rx.el.div(
            rx.el.div(rx.el.b(sender), rx.el.span(number), class_name="phone-head"),
            rx.el.div(*bubbles, class_name="phone-texts"),
            rx.el.div("Text message", aria_hidden="true", class_name="phone-foot"),
            class_name="phone-screen",
        ),
        foot,
        class_name="phone",
    )


def phone_facts(*facts: Content) -> rx.Component:
    """Captions under the phone: characters, segments, price."""
    return rx.el.div(*(rx.el.span(fact) for fact in facts), class_name="phone-facts")


def bubble(
    *content: Content,
    look: Literal["in", "out", "old", "reply"] = "in",
    below: Content | None = None,
) -> rx.Component:
    """One text. In the phone "in" is ours and "old" an earlier one; in a conversation "out" is
    ours (right, tinted) and "reply" the customer's."""
    return rx.el.div(
        rx.el.div(*content, class_name="bubble-text"),
        rx.el.div(below, class_name="bubble-below") if below is not None else None,
        class_name=f"bubble {look}",
    )


def filled_text(parts: "list[TextPart] | rx.Var[list[TextPart]]") -> rx.Component:
    """A text whose filled-in values are underlined in tint."""
    parts_var = parts if isinstance(parts, rx.Var) else rx.Var.create(parts)
    return rx.el.span(rx.foreach(parts_var, _part), class_name="filled-text")


def day_line(words: Text) -> rx.Component:
    """The date between texts."""
    return rx.el.div(words, class_name="day-line")


def _part(part: Any) -> rx.Component:
    return rx.cond(part.filled, rx.el.span(part.words, class_name="filled"), rx.el.span(part.words))
