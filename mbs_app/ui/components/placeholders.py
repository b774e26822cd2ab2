"""What stands where data will be: empty states and skeletons."""

import reflex as rx

from mbs_app.ui.components.buttons import link_button
from mbs_app.ui.components.expressions import Content, inline_style


def empty_state(title: Content, why: Content, *actions: rx.Component) -> rx.Component:
    """Says why there is nothing, and offers one next step."""
    return rx.el.div(
        rx.el.h2(title),
        rx.el.p(why),
        rx.el.div(*actions, class_name="btn-row") if actions else None,
        class_name="empty",
    )


def missing(what: str, *, back_to: str, href: str) -> rx.Component:
    """For an address that leads to nothing of one's own: "No such campaign"."""
    return empty_state(
        f"No such {what}",
        "It may have been deleted, or it belongs to somebody else.",
        link_button(back_to, href=href),
    )


def skeleton(width: str = "100%", height: str = "12px") -> rx.Component:
    """A grey bar in the shape of what is being loaded."""
    return rx.el.span(class_name="skeleton", **inline_style(width=width, height=height))


def skeleton_rows(count: int = 8) -> rx.Component:
    """Rows in the shape of a table's, while it loads."""
    widths = (84, 112, 70, 96, 128, 78)
    rows = [
        rx.el.div(
            rx.el.span(class_name="skeleton"),
            skeleton(f"{widths[index % len(widths)]}px"),
            rx.el.span(skeleton("92px"), class_name="push"),
            skeleton("46px"),
            class_name="skeleton-row",
        )
        for index in range(count)
    ]
    return rx.el.div(
        *rows,
        rx.el.span("Loading", class_name="visually-hidden"),
        role="status",
        class_name="skeletons",
    )
