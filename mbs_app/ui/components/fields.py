"""Text fields, text areas, selects, dates and times, each with its label, hint and error."""

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import reflex as rx

from mbs_app.ui.browser import reveal
from mbs_app.ui.components.expressions import Content, Text
from mbs_app.ui.components.icons import icon as draw_icon

Options: TypeAlias = Sequence[str | tuple[str, str]] | rx.Var[Any]
"""Choices as words, as (value, words) pairs, or a Var holding a list of either."""


def field(
    label: Content,
    control: rx.Component,
    *,
    field_id: str,
    hint: Content | None = None,
    error: Text = "",
    note: Text | None = None,
    label_end: rx.Component | None = None,
) -> rx.Component:
    """A control under its label; `error`, when not empty, takes the place of the hint.

    `note` is a quiet word after the label ("optional"); `label_end` stands at its right end.
    """
    head = rx.el.div(
        rx.el.label(label, html_for=field_id),
        rx.el.span(note, class_name="note") if note is not None else None,
        rx.el.span(label_end, class_name="push") if label_end is not None else None,
        class_name="field-label",
    )
    below = rx.el.div(_error_or_hint(hint, error), id=f"{field_id}-hint", aria_live="polite")
    return rx.el.div(head, control, below, class_name="field")


def text_field(
    label: Content,
    *,
    field_id: str,
    value: Text | None = None,
    on_change: Any = None,
    hint: Content | None = None,
    error: Text = "",
    note: Text | None = None,
    label_end: rx.Component | None = None,
    icon: str | None = None,
    size: Literal["md", "lg"] = "md",
    debounce_ms: int = 300,
    **props: Any,
) -> rx.Component:
    """A labelled one-line text field (32 px, `lg` 40, on phones 44 with 16 px type).

    With `value` and `on_change` it is controlled and sends changes `debounce_ms` after the last
    key; with `name` inside a form it needs neither. For numbers give `input_mode="numeric"`.
    """
    control = text_input(
        field_id=field_id,
        value=value,
        on_change=on_change,
        error=error,
        icon=icon,
        size=size,
        debounce_ms=debounce_ms,
        **props,
    )
    return field(
        label,
        control,
        field_id=field_id,
        hint=hint,
        error=error,
        note=note,
        label_end=label_end,
    )


def text_input(
    *,
    field_id: str,
    value: Text | None = None,
    on_change: Any = None,
    error: Text = "",
    icon: str | None = None,
    size: Literal["md", "lg"] = "md",
    debounce_ms: int = 300,
    **props: Any,
) -> rx.Component:
    """A text field without its label: give `aria_label`, or put it in a `field`."""
    props.setdefault("type", "text")
    props.setdefault("auto_complete", "off")
    element = rx.el.input(
        id=field_id,
        class_name="input lg" if size == "lg" else "input",
        **_described(field_id, error),
        **_controlled(value, on_change),
        **props,
    )
    control = _debounced(element, value, on_change, debounce_ms)
    if icon is None:
        return control
    return rx.el.div(draw_icon(icon), control, class_name="input-box")


def search_field(
    placeholder: Text, *, field_id: str, value: Text, on_change: Any, **props: Any
) -> rx.Component:
    """A search box; the placeholder names what is searched ("Name, number or email")."""
    box = text_input(
        field_id=field_id,
        value=value,
        on_change=on_change,
        icon="search",
        type="search",
        placeholder=placeholder,
        aria_label=placeholder,
        **props,
    )
    return rx.el.div(box, class_name="search", role="search")


def password_field(
    label: Content,
    *,
    field_id: str,
    error: Text = "",
    hint: Content | None = None,
    label_end: rx.Component | None = None,
    size: Literal["md", "lg"] = "lg",
    **props: Any,
) -> rx.Component:
    """A password field with a button that shows what was typed (all in the browser)."""
    props.setdefault("auto_complete", "current-password")
    element = rx.el.input(
        id=field_id,
        type="password",
        class_name="input lg" if size == "lg" else "input",
        **_described(field_id, error),
        **props,
    )
    eye = rx.el.button(
        draw_icon("eye"),
        type="button",
        class_name="btn icon reveal",
        aria_label="Show password",
        aria_pressed="false",
        on_click=reveal(field_id),
    )
    return field(
        label,
        rx.el.div(element, eye, class_name="input-box"),
        field_id=field_id,
        hint=hint,
        error=error,
        label_end=label_end,
    )


def text_area(
    label: Content,
    *,
    field_id: str,
    value: Text | None = None,
    on_change: Any = None,
    hint: Content | None = None,
    error: Text = "",
    note: Text | None = None,
    rows: int = 3,
    debounce_ms: int = 300,
    **props: Any,
) -> rx.Component:
    """A labelled text field of several lines."""
    element = rx.el.textarea(
        id=field_id,
        rows=str(rows),
        class_name="textarea",
        **_described(field_id, error),
        **_controlled(value, on_change),
        **props,
    )
    control = _debounced(element, value, on_change, debounce_ms)
    return field(label, control, field_id=field_id, hint=hint, error=error, note=note)


def select_field(
    label: Content,
    options: Options,
    *,
    field_id: str,
    value: Text | None = None,
    on_change: Any = None,
    placeholder: Text | None = None,
    hint: Content | None = None,
    error: Text = "",
    note: Text | None = None,
    **props: Any,
) -> rx.Component:
    """A labelled choice of one from a list (the system's own list, best on phones)."""
    control = select(
        options,
        field_id=field_id,
        value=value,
        on_change=on_change,
        placeholder=placeholder,
        error=error,
        **props,
    )
    return field(label, control, field_id=field_id, hint=hint, error=error, note=note)


def select(
    options: Options,
    *,
    field_id: str,
    value: Text | None = None,
    on_change: Any = None,
    placeholder: Text | None = None,
    error: Text = "",
    **props: Any,
) -> rx.Component:
    """A select without its label: give `aria_label`, or put it in a `field`."""
    first = None
    if placeholder is not None:
        first = rx.el.option(placeholder, value="")
    return rx.el.select(
        first,
        *option_list(options),
        id=field_id,
        class_name="select",
        **_described(field_id, error),
        **_controlled(value, on_change),
        **props,
    )


def option_list(options: Options) -> list[rx.Component]:
    """`<option>` elements for the choices."""
    if isinstance(options, rx.Var):
        return [rx.foreach(options, _option_from_var)]
    pairs = [(item, item) if isinstance(item, str) else item for item in options]
    return [rx.el.option(words, value=value) for value, words in pairs]


def date_field(label: Content, *, field_id: str, **props: Any) -> rx.Component:
    """A labelled date (the browser's own picker); its value is ISO, "2026-11-23"."""
    return _native_field(label, "date", field_id, props)


def time_field(label: Content, *, field_id: str, **props: Any) -> rx.Component:
    """A labelled time of day (the browser's own picker); its value is "20:15"."""
    return _native_field(label, "time", field_id, props)


def _native_field(
    label: Content, kind: Literal["date", "time"], field_id: str, props: dict[str, Any]
) -> rx.Component:
    around = {
        name: props.pop(name) for name in ("hint", "error", "note", "label_end") if name in props
    }
    control = rx.el.input(
        id=field_id,
        type=kind,
        class_name="input native-picker",
        **_described(field_id, around.get("error", "")),
        **props,
    )
    return field(label, control, field_id=field_id, **around)


def _option_from_var(item: rx.Var[Any]) -> rx.Component:
    is_pair: rx.Var[bool] = rx.Var(f"Array.isArray({item!s})", _var_data=item._get_all_var_data())
    pair = item.to(list)
    return rx.cond(
        is_pair,
        rx.el.option(pair[1], value=pair[0]),
        rx.el.option(item, value=item.to(str)),
    )


def _error_or_hint(hint: Content | None, error: Text) -> rx.Component:
    quiet = rx.el.p(hint, class_name="field-hint") if hint is not None else rx.fragment()
    if isinstance(error, rx.Var):
        return rx.cond(error, _error(error), quiet)
    return _error(error) if error else quiet


def _error(words: Text) -> rx.Component:
    return rx.el.p(draw_icon("circle_x", 12), rx.el.span(words), class_name="field-error")


def _described(field_id: str, error: Text) -> dict[str, Any]:
    invalid = error.bool() if isinstance(error, rx.Var) else bool(error)
    return {"aria_describedby": f"{field_id}-hint", "aria_invalid": invalid}


def _controlled(value: Text | None, on_change: Any) -> dict[str, Any]:
    props: dict[str, Any] = {}
    if value is not None:
        props["value"] = value
    if on_change is not None:
        props["on_change"] = on_change
    return props


def _debounced(
    element: rx.Component, value: Text | None, on_change: Any, debounce_ms: int
) -> rx.Component:
    if value is None or on_change is None:
        return element
    return rx.debounce_input(element, debounce_timeout=debounce_ms)
