"""A small line of how fast it went, under its limit."""

from collections.abc import Sequence

import reflex as rx

from mbs_app.ui.components.expressions import Text

WIDTH, HEIGHT, TOP = 100.0, 24.0, 3.0


def spark_points(values: Sequence[float], limit: float) -> str:
    """The points of an SVG polyline for `values`, newest last; `limit` lies on the dashed line.

    Compute it in state whenever the values change; it is a few hundred characters.
    """
    if len(values) < 2:
        return ""
    top = max(limit, *values) or 1.0
    step = WIDTH / (len(values) - 1)
    return " ".join(
        f"{index * step:.1f},{HEIGHT - 1 - value / top * (HEIGHT - 1 - TOP):.1f}"
        for index, value in enumerate(values)
    )


def sparkline(points: Text, *, label: Text) -> rx.Component:
    """The line for `spark_points`, 96 × 24 px (as wide as its place on a phone)."""
    return rx.el.svg(
        rx.el.svg.line(x1="0", x2="100", y1="3", y2="3", class_name="spark-limit"),
        rx.el.svg.polyline(points=points, class_name="spark-line"),
        view_box="0 0 100 24",
        custom_attrs={"preserveAspectRatio": "none"},
        role="img",
        aria_label=label,
        class_name="spark",
    )
