"""Checkbox, radio, switch, segmented control: native inputs where there is one."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from mbs_app.ui.components.expressions import Content, Flag, Text
from mbs_app.ui.components.icons import icon as draw_icon


def checkbox(
    label: Content,
    *,
    checked: Flag | None = None,
    mixed: Flag = False,
    about: Content | None = None,
    **props: Any,
) -> rx.Component:
    """A checkbox with its words; `mixed` shows the dash of a partly chosen list."""
    return _check(label, "checkbox", about, checked=checked, data_mixed=_words(mixed), **props)


def row_checkbox(label: Text, *, checked: Flag, mixed: Flag = False, **props: Any) -> rx.Component:
    """A checkbox in a table row; `label` ("Select Rosa Delgado") is read, not shown."""
    hidden = rx.el.span(label, class_name="visually-hidden")
    return _check(hidden, "checkbox", None, checked=checked, data_mixed=_words(mixed), **props)


def radio(
    label: Content,
    *,
    name: str,
    value: str,
    checked: Flag,
    about: Content | None = None,
    **props: Any,
) -> rx.Component:
    """One choice of several that share `name`."""
    return _check(label, "radio", about, name=name, value=value, checked=checked, **props)


def radio_row(*radios: rx.Component, label: Text) -> rx.Component:
    """Radios beside each other, named together."""
    return rx.el.div(*radios, role="radiogroup", aria_label=label, class_name="choice-row")


def radio_card(
    label: Text, about: Content, *, name: str, value: str, checked: Flag, **props: Any
) -> rx.Component:
    """A boxed choice with a line of explanation."""
    inner = _check(label, "radio", about, name=name, value=value, checked=checked, **props)
    return rx.el.div(inner, class_name="choice-card")


def switch(label: Content, *, checked: Flag, **props: Any) -> rx.Component:
    """On or off, taking effect at once."""
    return _check(
        label,
        "checkbox",
        None,
        extra_class="switch",
        role="switch",
        checked=checked,
        **props,
    )


def segmented(
    options: Sequence[tuple[str, Text]],
    *,
    value: Text,
    on_select: Any,
    label: Text,
    icons: dict[str, str] | None = None,
) -> rx.Component:
    """A few choices side by side. `on_select` takes a value: `State.set_range` or a lambda."""
    return rx.el.div(
        *(
            rx.el.button(
                draw_icon(icons[key]) if icons and key in icons else None,
                words,
                type="button",
                aria_pressed=_words(value == key),
                on_click=on_select(key),
            )
            for key, words in options
        ),
        role="group",
        aria_label=label,
        class_name="segmented",
    )


def _check(
    label: Content,
    kind: str,
    about: Content | None,
    *,
    extra_class: str = "",
    checked: Flag | None = None,
    field_id: str | None = None,
    **props: Any,
) -> rx.Component:
    if checked is not None:
        props["checked"] = checked
    if field_id is not None:
        props["id"] = field_id
    words: list[Content] = [label]
    if about is not None:
        words.append(rx.el.span(about, class_name="about"))
    return rx.el.label(
        rx.el.input(type=kind, **props),
        rx.el.span(*words),
        class_name=f"check {extra_class}".strip(),
    )


def _words(flag: Flag) -> Text:
    """ARIA and data attributes want the words "true" and "false"."""
    if isinstance(flag, rx.Var):
        return rx.cond(flag, "true", "false")
    return "true" if flag else "false"
