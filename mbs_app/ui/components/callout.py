"""A sentence that matters, in a box: amber = know this, vermilion = broken."""

from typing import Literal, TypeAlias

import reflex as rx

from mbs_app.ui.components.expressions import Content
from mbs_app.ui.components.icons import icon as draw_icon

Tone: TypeAlias = Literal["note", "warn", "bad", "good"]

_LOOKS: dict[str, tuple[str, str]] = {
    "note": ("", "info"),
    "warn": ("amber", "triangle_alert"),
    "bad": ("vermilion", "circle_x"),
    "good": ("green", "shield_check"),
}


def callout(
    *words: Content,
    tone: Tone = "note",
    icon: str | None = None,
    action: rx.Component | None = None,
) -> rx.Component:
    """Words in a toned box, with an optional link or button at the end.

    "bad" is announced at once, the others are read in their place.
    """
    name, own_icon = _LOOKS[tone]
    return rx.el.div(
        draw_icon(icon or own_icon),
        rx.el.div(*words, " " if action is not None else None, action, class_name="callout-text"),
        role="alert" if tone == "bad" else "note",
        class_name=f"callout {name}".strip(),
    )
