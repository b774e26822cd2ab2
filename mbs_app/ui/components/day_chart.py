"""Texts by day: stacked bars with the outcomes' patterns, totals in the legend."""

import dataclasses
import math
from typing import Any

import reflex as rx

from mbs_app.ui.components.expressions import Count, Text, inline_style, js
from mbs_app.ui.components.marks import outcome_word, swatch
from mbs_app.ui.components.wording import commas

_SHOWN = ("delivered", "failed", "unknown")


@dataclasses.dataclass(frozen=True, slots=True)
class DayBar:
    """One day. `tick` is the word under the axis, mostly empty; `rest` is still to come today."""

    words: str
    tick: str
    delivered: int
    failed: int
    unknown: int
    rest: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Axis:
    """The top of the axis, and the words at one, two and three steps of it."""

    top: int
    step: int
    low: str
    middle: str
    high: str


def axis_for(peak: int) -> Axis:
    """An axis of three round steps that holds `peak` (62,000 → 20k, 40k, 60k and a little more)."""
    step = _round_step(max(peak, 3) / 3)
    return Axis(max(step * 3, peak), step, *(_short(step * times) for times in (1, 2, 3)))


def day_chart(
    days: "list[DayBar] | rx.Var[list[DayBar]]",
    axis: "Axis | rx.Var[Axis]",
    *,
    totals: Any,
    label: Text,
) -> rx.Component:
    """Bars for the days; hover or focus shows a day's numbers. `totals` has `.delivered`,
    `.failed`, `.unknown` for the legend (see `day_legend`, which may also stand in the heading).
    """
    axis_var = axis if isinstance(axis, rx.Var) else rx.Var.create(axis)
    days_var = days if isinstance(days, rx.Var) else rx.Var.create(days)
    grid = [
        _grid_line(axis_var.high, _from_top(axis_var, 3)),
        _grid_line(axis_var.middle, _from_top(axis_var, 2)),
        _grid_line(axis_var.low, _from_top(axis_var, 1)),
        _grid_line("0", "100%"),
    ]
    return rx.el.figure(
        rx.el.div(
            rx.el.div(*grid, class_name="day-grid", aria_hidden="true"),
            rx.el.ol(
                rx.foreach(days_var, lambda day: _day(day, axis_var.top)), class_name="day-bars"
            ),
            class_name="day-plot",
        ),
        day_legend(totals) if totals is not None else None,
        aria_label=label,
        class_name="day-chart",
    )


def day_legend(totals: Any) -> rx.Component:
    """Swatch, word and total of each outcome shown."""
    return rx.el.div(
        *(
            rx.el.span(
                swatch(name),
                outcome_word(name),
                " ",
                commas(getattr(totals, name)),
                class_name="mark",
            )
            for name in _SHOWN
        ),
        class_name="day-legend",
    )


def _day(day: Any, top: Count) -> rx.Component:
    numbers = [
        rx.el.span(
            swatch(name),
            outcome_word(name),
            rx.el.b(commas(getattr(day, name))),
            class_name="day-number",
        )
        for name in _SHOWN
    ]
    return rx.el.li(
        # No button: there is nothing to press, and thirty targets would be too narrow to be hit.
        rx.el.div(
            _part("k-pending", day.rest, top),
            _part("k-unknown", day.unknown, top),
            _part("k-failed", day.failed, top),
            _part("k-delivered", day.delivered, top),
            rx.el.span(
                js(
                    "$0 + ': ' + $1 + ' delivered, ' + $2 + ' failed, ' + $3 + ' unknown'",
                    day.words,
                    day.delivered,
                    day.failed,
                    day.unknown,
                ),
                class_name="visually-hidden",
            ),
            tab_index=0,
            class_name="day-stack",
        ),
        rx.el.div(
            rx.el.span(day.words, class_name="medium"),
            *numbers,
            class_name="day-tip",
            aria_hidden="true",
        ),
        rx.el.span(day.tick, class_name="day-tick", aria_hidden="true"),
    )


def _part(pattern: str, number: Count, top: Count) -> rx.Component:
    share = js("$1 > 0 && $0 > 0 ? Math.max(0.7, $0 * 100 / $1) + '%' : '0%'", number, top)
    return rx.el.i(class_name=pattern, **inline_style(height=share))


def _grid_line(words: Text, top: str) -> rx.Component:
    return rx.el.div(rx.el.span(words), **inline_style(top=top))


def _from_top(axis: Any, steps: int) -> Text:
    return js(f"(100 - $0 * {steps} * 100 / $1) + '%'", axis.step, axis.top)


def _round_step(at_least: float) -> int:
    power = 10 ** math.floor(math.log10(at_least))
    for factor in (1, 1.5, 2, 2.5, 5, 10):
        if factor * power >= at_least * 0.94:
            return max(1, round(factor * power))
    return 10 * power


def _short(number: int) -> str:
    """20000 → "20k"; 1500 → "1.5k"."""
    if number < 1000:
        return str(number)
    unit, letter = (1_000_000, "M") if number >= 1_000_000 else (1000, "k")
    return f"{number / unit:.1f}".removesuffix(".0") + letter
