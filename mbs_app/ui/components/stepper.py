"""Where one is in a job of a few steps."""

from collections.abc import Sequence

import reflex as rx

from mbs_app.ui.components.expressions import Content
from mbs_app.ui.components.icons import icon as draw_icon


def stepper(steps: Sequence[str], current: int) -> rx.Component:
    """ "1 Choose file, 2 Check, 3 Import"; `current` counts from 1."""
    items = [_step(number, words, current) for number, words in enumerate(steps, start=1)]
    return rx.el.ol(*items, aria_label="Steps", class_name="steps")


def big_steps(*steps: rx.Component) -> rx.Component:
    """The first-run list: see `big_step`."""
    return rx.el.ol(*steps, class_name="big-steps")


def big_step(
    number: int,
    title: Content,
    about: Content,
    action: rx.Component | None,
    *,
    done: bool | rx.Var[bool],
) -> rx.Component:
    """One step: a number or a tick, what it is, and its button."""
    tick = rx.el.i(draw_icon("check", 14))
    circle = rx.el.i(str(number))
    is_done = rx.Var.create(done)
    return rx.el.li(
        rx.cond(is_done, tick, circle),
        rx.el.div(rx.el.b(title), rx.el.span(about, class_name="about")),
        action,
        class_name=rx.cond(is_done, "done", "open"),
    )


def _step(number: int, words: str, current: int) -> rx.Component:
    done = number < current
    return rx.el.li(
        rx.el.i(draw_icon("check", 12) if done else str(number)),
        rx.el.span(words),
        class_name="done" if done else "",
        **({"aria_current": "step"} if number == current else {}),
    )
