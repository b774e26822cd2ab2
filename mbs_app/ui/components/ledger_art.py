"""The picture beside the sign-in form: a ledger of made-up bars. Static, and never real numbers."""

import reflex as rx

from mbs_app.ui.components.counts import ORDER
from mbs_app.ui.components.expressions import inline_style

# Width in percent of the line, then the parts in `ORDER`, as drawn.
_ROWS: list[tuple[float, tuple[int, ...]]] = [
    (27.5, (207, 0, 0, 0, 0, 4, 3)),
    (47.8, (358, 0, 0, 0, 0, 8, 8)),
    (22.0, (169, 0, 0, 0, 0, 0, 4)),
    (68.1, (521, 0, 0, 0, 0, 7, 6)),
    (37.7, (287, 0, 0, 0, 0, 4, 3)),
    (81.0, (601, 0, 0, 0, 0, 20, 14)),
    (33.1, (255, 0, 0, 0, 0, 0, 4)),
    (58.0, (434, 0, 0, 0, 0, 11, 9)),
    (87.4, (670, 0, 0, 0, 0, 8, 7)),
    (43.3, (330, 0, 0, 0, 0, 5, 6)),
    (25.8, (197, 0, 0, 0, 0, 0, 4)),
    (64.5, (482, 0, 0, 0, 0, 12, 11)),
    (75.5, (420, 54, 13, 71, 0, 13, 18)),
    (53.4, (189, 38, 9, 156, 0, 10, 13)),
    (83.7, (195, 60, 13, 352, 0, 13, 20)),
    (60.8, (0, 0, 0, 478, 0, 0, 0)),
    (35.0, (0, 0, 0, 275, 0, 0, 0)),
    (72.6, (0, 0, 0, 572, 0, 0, 0)),
    (46.1, (0, 0, 0, 363, 0, 0, 0)),
    (23.9, (0, 0, 0, 188, 0, 0, 0)),
]


def ledger_art() -> rx.Component:
    """The right side of the sign-in page; hidden where there is no room."""
    rows = [_row(width, parts) for width, parts in _ROWS]
    return rx.el.div(
        rx.el.div(*rows, class_name="art-rows"),
        rx.el.p("Every text is counted, from the queue to the phone."),
        aria_hidden="true",
        class_name="ledger-art",
    )


def _row(width: float, parts: tuple[int, ...]) -> rx.Component:
    bars = [
        rx.el.i(class_name=f"k-{name}", **inline_style(flexGrow=number))
        for name, number in zip(ORDER, parts, strict=True)
        if number
    ]
    bar = rx.el.div(*bars, class_name="ledger-bar h12", **inline_style(width=f"{width}%"))
    return rx.el.div(bar, class_name="art-row")
