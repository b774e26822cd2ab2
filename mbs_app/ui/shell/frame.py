"""The frame of every signed-in page: sidebar, header, body, right column, bottom bar."""

from collections.abc import Sequence
from typing import Literal

import reflex as rx

from mbs_app.ui.browser import sign_out
from mbs_app.ui.components.expressions import Content, Text, classes
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.links import anchor
from mbs_app.ui.shell.appearance import follows_account
from mbs_app.ui.shell.navigation import tab_bar
from mbs_app.ui.shell.sidebar import sidebar
from mbs_app.ui.shell.state import ShellState

Crumb = Text | tuple[Text, str]
"""Words, or words and the address they lead to."""


def shell(
    *body: rx.Component,
    title: Content,
    active: str,
    crumbs: Sequence[Crumb] = (),
    caption: Content | None = None,
    state: Content | None = None,
    note: Content | None = None,
    actions: Sequence[rx.Component] = (),
    aside: rx.Component | None = None,
    aside_plain: bool = False,
    bottom_bar: rx.Component | None = None,
    ruled: bool = True,
    phone_end: rx.Component | None = None,
) -> rx.Component:
    """A whole page.

    `active` is the key of the place it belongs to. With `crumbs` (the way here, one of them the page to
    go back to) it is a detail page; without, a list page whose header becomes the phone's top bar
    and may carry a `caption` ("241,077 people"). `state` (a badge) and `note` stand beside the
    title; at most one of `actions` is primary. `aside` is the 388 px right column (`aside_plain`
    leaves it white); `bottom_bar` (see `page_bar`) sticks to the foot. `phone_end` stands at the
    right of the phone's top bar.
    """
    grid = rx.el.div(
        rx.el.div(*body, class_name="page-body"),
        rx.el.div(aside, class_name=classes("page-aside", aside_plain and "plain"))
        if aside is not None
        else None,
        class_name=classes("page-grid", aside is not None and "with-aside"),
    )
    page = rx.el.main(
        _simulator_notice(),
        _header(title, crumbs, caption, state, note, actions, ruled, phone_end),
        grid,
        bottom_bar,
        id="main",
        tab_index=-1,
        class_name="main",
    )
    return rx.fragment(
        rx.el.a("Skip to the page", href="#main", class_name="skip-link"),
        rx.el.div(sidebar(active, sign_out()), page, class_name="shell"),
        tab_bar(active, sign_out()),
        follows_account(),
    )


def page_bar(
    facts: Sequence[rx.Component] = (),
    *buttons: rx.Component,
    note: Content | None = None,
    start: rx.Component | None = None,
) -> rx.Component:
    """The sticky bar at the foot: facts left (see `bar_fact`), a note and the buttons right."""
    return rx.el.div(
        start,
        rx.el.div(*facts, class_name="bar-facts") if facts else None,
        rx.el.div(
            rx.el.span(note, class_name="bar-note") if note is not None else None,
            *buttons,
            class_name="btn-row",
        ),
        role="region",
        aria_label="Summary and next step",
        class_name="bottom-bar",
    )


def bar_fact(value: Content, words: Content) -> rx.Component:
    """One fact of the bar: "23,916 people" over "24,618 match"."""
    return rx.el.div(rx.el.b(value), rx.el.span(words), class_name="bar-fact")


def _header(
    title: Content,
    crumbs: Sequence[Crumb],
    caption: Content | None,
    state: Content | None,
    note: Content | None,
    actions: Sequence[rx.Component],
    ruled: bool,
    phone_end: rx.Component | None,
) -> rx.Component:
    kind: Literal["detail", "list"] = "detail" if crumbs else "list"
    above = _crumb_trail(crumbs, phone_end) if crumbs else _caption(caption)
    title_line = rx.el.div(
        rx.el.h1(title),
        state,
        rx.el.div(note, class_name="title-note") if note is not None else None,
        class_name="title-line",
    )
    return rx.el.header(
        rx.el.div(above, title_line, class_name="page-title"),
        rx.el.div(*actions, class_name="page-actions") if actions else None,
        class_name=classes("page-head", kind, ruled and "ruled"),
    )


def _caption(caption: Content | None) -> rx.Component | None:
    return rx.el.div(caption, class_name="crumbs") if caption is not None else None


def _crumb_trail(crumbs: Sequence[Crumb], phone_end: rx.Component | None) -> rx.Component:
    # On a phone only the last step back is shown.
    back_words, back_href = [one for one in map(_parts, crumbs) if one[1]][-1]
    items = []
    for crumb in crumbs:
        words, href = _parts(crumb)
        items.append(rx.el.li(anchor(words, href=href) if href else words))
    return rx.el.nav(
        anchor(
            icon("chevron_left", 20),
            back_words,
            href=back_href or "/",
            class_name="back",
        ),
        rx.el.ol(*items),
        rx.el.span(phone_end, class_name="only-phone push") if phone_end is not None else None,
        aria_label="The way here",
        class_name="crumbs",
    )


def _parts(crumb: Crumb) -> tuple[Text, str]:
    return crumb if isinstance(crumb, tuple) else (crumb, "")


def _simulator_notice() -> rx.Component:
    return rx.cond(
        ShellState.simulated,
        rx.el.div(
            icon("info"),
            rx.el.span("Simulated: no text leaves this machine."),
            rx.cond(
                ShellState.simulator_url != "",
                anchor(
                    "See sent texts",
                    href=ShellState.simulator_url,
                    external=True,
                    target="_blank",
                    rel="noopener",
                    class_name="link",
                ),
            ),
            role="note",
            class_name="simulated",
        ),
    )
