"""Stacks, rows, sections and regions: how a page is ruled."""

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import reflex as rx

from mbs_app.ui.components.expressions import Content, Text, classes

Gap: TypeAlias = Literal[4, 8, 12, 16, 24, 32]


def stack(*children: Content, gap: Gap = 12, class_name: str = "", **props: Any) -> rx.Component:
    """Children under each other."""
    return rx.el.div(*children, class_name=classes("stack", f"gap-{gap}", class_name), **props)


def row(
    *children: Content,
    gap: Gap = 8,
    wrap: bool = False,
    between: bool = False,
    align: Literal["center", "top", "baseline"] = "center",
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """Children beside each other; `between` pushes the outer two to the edges."""
    names = classes(
        "row",
        f"gap-{gap}",
        wrap and "wrap",
        between and "between",
        align != "center" and align,
        class_name,
    )
    return rx.el.div(*children, class_name=names, **props)


def section(
    title: Content, *body: Content, aside: Content | None = None, **props: Any
) -> rx.Component:
    """A headed part of a page; consecutive sections are parted by a hairline.

    `aside` stands at the right end of the heading: a caption or a link.
    """
    head = rx.el.div(
        rx.el.h2(title),
        rx.el.div(aside, class_name="section-aside") if aside is not None else None,
        class_name="section-head",
    )
    return rx.el.section(head, *body, class_name="section", **props)


def section_head(title: Content, aside: Content | None = None) -> rx.Component:
    """The heading line of a section on its own, for use inside a region or an aside."""
    return rx.el.div(
        rx.el.h2(title),
        rx.el.div(aside, class_name="section-aside") if aside is not None else None,
        class_name="section-head",
    )


def form_section(title: Text, about: Content, *body: Content, **props: Any) -> rx.Component:
    """What a group of fields is about on the left (128 px), the fields on the right."""
    return rx.el.section(
        rx.el.div(rx.el.h2(title), rx.el.p(about), class_name="about"),
        rx.el.div(*body, class_name="stack gap-12"),
        class_name="form-section",
        **props,
    )


def field_grid(*fields: rx.Component, wide: bool = False) -> rx.Component:
    """Fields side by side while there is room: 136 px each at least, ``wide`` ones 240."""
    return rx.el.div(*fields, class_name=classes("field-grid", wide and "wide"))


def regions(
    *parts: rx.Component, shape: Literal["main-side", "halves", "thirds"] = "main-side"
) -> rx.Component:
    """Regions beside each other, parted by vertical rules; under each other below 1024 px."""
    return rx.el.div(*parts, class_name=f"regions {shape}")


def facts(pairs: Sequence[tuple[Text, Content]]) -> rx.Component:
    """A list of names and values, as on a customer's profile."""
    cells: list[rx.Component] = []
    for name, value in pairs:
        cells += [rx.el.dt(name), rx.el.dd(value)]
    return rx.el.dl(*cells, class_name="facts")


def lines(*items: Content, class_name: str = "") -> rx.Component:
    """Ruled lines; the last child of each `line` stands at the right."""
    return rx.el.ul(*items, class_name=classes("lines", class_name))


def line(*parts: Content, **props: Any) -> rx.Component:
    """One ruled line of `lines`."""
    return rx.el.li(*parts, **props)


def caption(*words: Content, **props: Any) -> rx.Component:
    """12 px, third ink."""
    return rx.el.span(*words, class_name="caption", **props)


def rule(dashed: bool = False) -> rx.Component:
    """A hairline across."""
    return rx.el.hr(class_name=classes("rule", dashed and "dashed"))
