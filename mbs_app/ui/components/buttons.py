"""Buttons and links. One primary button per page; its words are a verb and, on commits, a number."""

from typing import Any, Literal, TypeAlias

import reflex as rx

from mbs_app.ui.components.expressions import Content, Flag, Text, classes
from mbs_app.ui.components.icons import icon as draw_icon
from mbs_app.ui.components.links import anchor

Kind: TypeAlias = Literal["primary", "secondary", "ghost", "danger", "danger-solid"]
Size: TypeAlias = Literal["sm", "md", "lg"]


def button(
    label: Content,
    *,
    kind: Kind = "secondary",
    size: Size = "md",
    icon: str | None = None,
    icon_after: str | None = None,
    busy: Flag | None = None,
    busy_label: Text | None = None,
    disabled: Flag = False,
    wide: bool = False,
    type: Literal["button", "submit"] = "button",
    **props: Any,
) -> rx.Component:
    """A button 32 px high (`sm` 28, `lg` 40 for commits; 44 on phones).

    While `busy` holds the button keeps its width, shows a loader and `busy_label` (a verb, such
    as "Importing 12,406…") and takes no clicks. `danger` is vermilion words; `danger-solid`
    belongs inside a confirming dialog only.
    """
    faces = [_face(label, icon, icon_after)]
    if busy is not None:
        faces.append(_busy_face(label if busy_label is None else busy_label))
        props["aria_busy"] = busy
        disabled = busy | disabled if isinstance(busy, rx.Var) else busy or disabled
        props["aria_disabled"] = disabled
    else:
        props["disabled"] = disabled
    return rx.el.button(*faces, type=type, class_name=_names(kind, size, wide), **props)


def link_button(
    label: Content,
    *,
    href: Text,
    kind: Kind = "secondary",
    size: Size = "md",
    icon: str | None = None,
    icon_after: str | None = None,
    wide: bool = False,
    external: bool = False,
    **props: Any,
) -> rx.Component:
    """A link that looks like a button: it goes somewhere, it does nothing else.

    `external` makes an ordinary link for addresses outside the pages: downloads, API docs.
    """
    return anchor(
        _face(label, icon, icon_after),
        href=href,
        external=external,
        class_name=_names(kind, size, wide),
        **props,
    )


def icon_button(
    name: str, label: Text, *, kind: Kind = "secondary", size: Size = "md", **props: Any
) -> rx.Component:
    """A square button with an icon; `label` is what it does, for screen readers and on hover."""
    return rx.el.button(
        draw_icon(name),
        type="button",
        aria_label=label,
        title=label,
        class_name=f"{_names(kind, size, False)} icon",
        **props,
    )


def text_link(
    label: Content, *, href: Text | None = None, external: bool = False, **props: Any
) -> rx.Component:
    """An underlined link; without `href`, a button that looks like one (give `on_click`)."""
    if href is None:
        return rx.el.button(label, type="button", class_name="link", **props)
    return anchor(label, href=href, external=external, class_name="link", **props)


def row_link(label: Content, *, href: Text, **props: Any) -> rx.Component:
    """The name in a table row, leading to its page."""
    return anchor(label, href=href, class_name="row-link", **props)


def button_row(*buttons: rx.Component) -> rx.Component:
    """Buttons beside each other, 8 px apart."""
    return rx.el.div(*buttons, class_name="btn-row")


def _face(label: Content, icon: str | None, icon_after: str | None) -> rx.Component:
    return rx.el.span(
        draw_icon(icon) if icon else None,
        rx.el.span(label, class_name="btn-label"),
        draw_icon(icon_after) if icon_after else None,
        class_name="face",
    )


def _busy_face(label: Content) -> rx.Component:
    return rx.el.span(draw_icon("loader"), rx.el.span(label), class_name="face busy-face")


def _names(kind: Kind, size: Size, wide: bool) -> str:
    return classes("btn", kind != "secondary" and kind, size != "md" and size, wide and "wide")
