"""How many segments a text takes: filled = the shown customer, bracket = shortest to longest."""

import dataclasses
from typing import Any

import reflex as rx

from mbs_app.ui.components.expressions import Content, inline_style, js


@dataclasses.dataclass(frozen=True, slots=True)
class MeterCell:
    """One segment of the meter: its share of the width and how much of it is filled, in percent."""

    width: float
    filled: float
    words: str


@dataclasses.dataclass(frozen=True, slots=True)
class MeterShape:
    """The meter's cells and the bracket from the shortest to the longest text, in percent."""

    cells: list[MeterCell]
    bracket_left: float
    bracket_width: float
    shortest: int
    longest: int
    words_at: str = "sides"
    """Where the bracket's two numbers find room: at its sides, after, before or under it."""


def meter_shape(
    used: int, *, shortest: int, longest: int, single: int = 160, joined: int = 153
) -> MeterShape:
    """The meter for a text of `used` units, where texts go from `shortest` to `longest`.

    `single` is what fits one segment (160 GSM-7, 70 UCS-2), `joined` what fits each of several
    (153, 67). At least two segments are drawn.
    """
    ends = [single]
    while ends[-1] < max(used, longest) or len(ends) < 2:
        ends.append(joined * (len(ends) + 1))
    whole = ends[-1]
    starts = [0, *ends[:-1]]
    cells = [
        MeterCell(
            width=round((end - start) * 100 / whole, 2),
            filled=round(min(1.0, max(0.0, (used - start) / (end - start))) * 100, 2),
            words="1 segment" if number == 1 else f"{number} segments",
        )
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    ]
    return MeterShape(
        cells=cells,
        bracket_left=round(shortest * 100 / whole, 2),
        bracket_width=round(max(0, longest - shortest) * 100 / whole, 2),
        shortest=shortest,
        longest=longest,
        words_at=_where_words_fit(shortest * 100 / whole, longest * 100 / whole),
    )


def segment_meter(
    shape: "MeterShape | rx.Var[MeterShape]", *, label: Content | None = None
) -> rx.Component:
    """The meter for a `meter_shape(…)`; `label` is read aloud in its place."""
    meter: Any = shape if isinstance(shape, rx.Var) else rx.Var.create(shape)
    bracket = rx.cond(
        meter.bracket_width > 0,
        rx.el.div(
            rx.match(
                meter.words_at,
                (
                    "sides",
                    rx.fragment(
                        rx.el.span("shortest ", meter.shortest, class_name="shortest"),
                        rx.el.span("longest ", meter.longest, class_name="longest"),
                    ),
                ),
                ("after", _both(meter, "longest")),
                ("before", _both(meter, "shortest")),
                _both(meter, "under"),
            ),
            class_name="meter-bracket",
            **inline_style(
                left=js("$0 + '%'", meter.bracket_left), width=js("$0 + '%'", meter.bracket_width)
            ),
        ),
    )
    return rx.el.div(
        rx.el.div(rx.foreach(meter.cells, _cell), class_name="meter-cells"),
        rx.el.div(
            rx.foreach(meter.cells, _cell_words),
            bracket,
            class_name="meter-words",
            aria_hidden="true",
        ),
        role="img",
        aria_label=label if label is not None else "Length of the text in segments",
        class_name="meter",
    )


def _both(meter: Any, place: str) -> rx.Component:
    return rx.el.span("shortest ", meter.shortest, ", longest ", meter.longest, class_name=place)


def _where_words_fit(start: float, end: float) -> str:
    """By where the bracket starts and ends, in percent: the words "1 segment" and the border of the
    page leave about a fifth of the width to each side."""
    if start >= 22 and end <= 78:
        return "sides"
    if end <= 62:
        return "after"
    return "before" if start >= 44 else "under"


def _cell(cell: Any) -> rx.Component:
    return rx.el.div(
        rx.el.i(**inline_style(width=js("$0 + '%'", cell.filled))),
        **inline_style(flexGrow=cell.width),
    )


def _cell_words(cell: Any) -> rx.Component:
    return rx.el.span(cell.words, **inline_style(flexGrow=cell.width))
