"""The ledger: one bar at every scale, and its columns that add up."""

from typing import Any, Literal

import reflex as rx

from mbs_app.ui.components.counts import ORDER, AnyCounts, number_of, sum_of
from mbs_app.ui.components.expressions import Content, Count, Text, inline_style, is_var, js
from mbs_app.ui.components.icons import icon as draw_icon
from mbs_app.ui.components.marks import outcome_word, swatch
from mbs_app.ui.components.wording import commas, percent

_RULER = """((total) => {
  if (!(total > 0)) return [];
  const rough = total / 4, power = Math.pow(10, Math.floor(Math.log10(rough)));
  const step = [1, 2, 5, 10].map((f) => f * power).find((s) => s >= rough) || power * 10;
  const small = Math.max(1, step / 5), ticks = [];
  for (let at = 0; at <= total; at += small) {
    const long = Math.abs(at / step - Math.round(at / step)) < 1e-9;
    ticks.push({left: at * 100 / total + "%", words: long && (at === 0 || at < total * .97) ? at.toLocaleString("en-US") : "", long});
  }
  return ticks;
})($0)"""
"""Ticks in steps of 1, 2 or 5: about four with a number, five parts between two of them."""


def ledger_bar(
    counts: AnyCounts,
    *,
    size: Literal[32, 12, 8] = 12,
    label: Text | None = None,
    width: Text = "100%",
) -> rx.Component:
    """The bar of the seven outcomes: 32 px on the live page, 12 in rows, 8 small.

    `width` lets a bar be shorter than its line, as in the sign-in picture.
    """
    parts = [_part(f"k-{name}", number_of(counts, name)) for name in ORDER]
    return rx.el.div(
        *parts,
        role="img",
        aria_label=_spoken(counts) if label is None else label,
        class_name=f"ledger-bar h{size}",
        **inline_style(width=width),
    )


def plan_bar(
    now: Count,
    later: Count,
    skipped: Count,
    *,
    size: Literal[24, 12] = 24,
    label: Text | None = None,
) -> rx.Component:
    """What will happen: now, later, left out. A plan is never delivered green."""
    spoken = label or js("$0 + ' now, ' + $1 + ' later, ' + $2 + ' left out'", now, later, skipped)
    return rx.el.div(
        _part("p-now", now),
        _part("p-later", later),
        _part("k-skipped", skipped),
        role="img",
        aria_label=spoken,
        class_name=f"ledger-bar h{size}",
    )


def parts_bar(
    *parts: tuple[str, Count], label: Text, size: Literal[16, 12, 8] = 16
) -> rx.Component:
    """A bar of any parts, each a pattern class ("p-now", "k-failed") and a number."""
    return rx.el.div(
        *(_part(pattern, number) for pattern, number in parts),
        role="img",
        aria_label=label,
        class_name=f"ledger-bar h{size}",
    )


def ruler(total: Count) -> rx.Component:
    """Ticks under the big bar, from 0 to the audience."""
    ticks = js(_RULER, total, returns=list[dict[str, Any]])
    return rx.el.div(rx.foreach(ticks, _tick), aria_hidden="true", class_name="ruler")


def ledger_columns(
    counts: AnyCounts,
    total: Count,
    *,
    total_words: Text = "Audience",
    chosen: Text = "",
    on_choose: Any = None,
) -> rx.Component:
    """The seven numbers joined by + and =, the total double-ruled and checked.

    With `on_choose` each column is a button that filters the list below by its outcome. On a phone
    the columns become a list.
    """
    columns = [_column(counts, name, total, chosen, on_choose) for name in ORDER]
    closing = total_column(total_words, total, sum_of(counts))
    return rx.el.div(*columns, closing, class_name="ledger-columns")


def plan_columns(
    *columns: tuple[str, Content, Count], total_words: Text, total: Count
) -> rx.Component:
    """Columns of a plan: (pattern, words, number) each, then the checked total."""
    parts = [
        rx.el.div(
            rx.el.span(swatch(pattern), words, class_name="ledger-head"),
            rx.el.span(rx.el.b(commas(number)), class_name="ledger-number"),
            class_name="ledger-column",
        )
        for pattern, words, number in columns
    ]
    added: Any = columns[0][2]
    for _, _, number in columns[1:]:
        added = added + number
    return rx.el.div(
        *parts, total_column(total_words, total, added), class_name="ledger-columns plan"
    )


def total_column(words: Text, total: Count, added: Count) -> rx.Component:
    """The last column: the total over its double rule, and whether the others add up to it."""
    return rx.el.div(
        rx.el.span(words, adds_up(total, added), class_name="ledger-head"),
        rx.el.span(rx.el.b(commas(total), class_name="total"), class_name="ledger-number"),
        class_name="ledger-column closing",
    )


def adds_up(total: Count, added: Count) -> rx.Component:
    """ "Adds up", or by how much it does not, in vermilion."""
    good = rx.el.span(draw_icon("check", 14), "Adds up", class_name="mark good tinted adds-up")
    if is_var(total, added):
        off = js("Math.abs($0 - $1).toLocaleString('en-US')", total, added)
        return rx.cond(rx.Var.create(total) == added, good, _off(off))
    return good if total == added else _off(f"{abs(total - added):,}")


def _off(words: Text) -> rx.Component:
    return rx.el.span(
        draw_icon("circle_x", 14), f"Off by {words}", role="alert", class_name="mark bad adds-up"
    )


def _column(
    counts: AnyCounts, name: str, total: Count, chosen: Text, on_choose: Any
) -> rx.Component:
    number = number_of(counts, name)
    inner = [
        rx.el.span(swatch(name), rx.el.span(outcome_word(name)), class_name="ledger-head"),
        rx.el.span(
            rx.el.b(commas(number)),
            rx.el.span(percent(number, total), class_name="caption"),
            class_name="ledger-number",
        ),
    ]
    if on_choose is None:
        return rx.el.div(*inner, class_name="ledger-column")
    pressed = rx.cond(rx.Var.create(chosen) == name, "true", "false")
    return rx.el.button(
        *inner,
        type="button",
        aria_pressed=pressed,
        on_click=on_choose(name),
        class_name="ledger-column",
    )


def _part(pattern: str, number: Count) -> rx.Component:
    shown = (
        rx.cond(number > 0, "block", "none")
        if isinstance(number, rx.Var)
        else ("block" if number else "none")
    )
    return rx.el.i(class_name=pattern, **inline_style(flexGrow=number, display=shown))


def _tick(tick: rx.Var[dict[str, Any]]) -> rx.Component:
    return rx.el.i(
        tick["words"].to(str),
        class_name=rx.cond(tick["long"].to(bool), "long", ""),
        **inline_style(left=tick["left"].to(str)),
    )


def _spoken(counts: AnyCounts) -> Text:
    """The bar in words, for screen readers."""
    if isinstance(counts, rx.Var):
        numbers = [number_of(counts, name) for name in ORDER]
        template = " + ', ' + ".join(f"${index} + ' {name}'" for index, name in enumerate(ORDER))
        return js(template, *numbers)
    return ", ".join(f"{number_of(counts, name):,} {name}" for name in ORDER)
