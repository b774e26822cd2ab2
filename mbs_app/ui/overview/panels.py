"""The overview's regions: the days, the reasons, what comes, opt-outs, the queue."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import row_link
from mbs_app.ui.components.day_chart import day_chart, day_legend
from mbs_app.ui.components.figures import bar_list
from mbs_app.ui.components.layout import line, lines, regions, section_head
from mbs_app.ui.components.marks import mark
from mbs_app.ui.components.placeholders import skeleton
from mbs_app.ui.components.small_bars import small_bars
from mbs_app.ui.components.wording import commas
from mbs_app.ui.overview.state import OverviewState

_queue = OverviewState.queue


def last_days() -> rx.Component:
    chart = rx.el.section(
        section_head("Last 30 days", day_legend(OverviewState.totals)),
        day_chart(
            OverviewState.days, OverviewState.axis, totals=None, label="Texts by day, last 30 days"
        ),
    )
    reasons = rx.el.section(
        section_head("Why texts failed, 30 days"),
        _once_counted(
            rx.cond(
                OverviewState.failures.length() > 0,
                bar_list(OverviewState.failures, top=OverviewState.most, label="Why texts failed"),
                rx.el.p("Nothing failed.", class_name="ink-2"),
            ),
            5,
        ),
    )
    return regions(chart, reasons)


def next_and_health() -> rx.Component:
    return regions(_coming_up(), _opt_outs(), _queue_health(), shape="thirds")


def _coming_up() -> rx.Component:
    plans = lines(rx.foreach(OverviewState.coming, _plan), class_name="coming-up")
    none = rx.el.p("Nothing is scheduled after today.", class_name="ink-2")
    return rx.el.section(
        section_head("Coming up"), rx.cond(OverviewState.coming.length() > 0, plans, none)
    )


def _plan(plan: Any) -> rx.Component:
    return line(
        rx.el.span(plan.when),
        rx.el.span(
            row_link(plan.name, href="/campaigns/" + plan.id.to(str)), class_name="ink truncate"
        ),
        rx.el.span(plan.people),
    )


def _opt_outs() -> rx.Component:
    figures = rx.el.div(
        rx.el.div(
            rx.el.span(commas(OverviewState.opt_outs), class_name="figure"),
            rx.el.span(OverviewState.opt_out_share, class_name="caption"),
            class_name="row gap-8 baseline",
        ),
        rx.cond(
            OverviewState.opt_outs > 0,
            small_bars(OverviewState.opt_out_bars, label="Opt-outs by day"),
        ),
        rx.el.p(OverviewState.opt_out_peak, class_name="caption"),
        class_name="stack gap-8",
    )
    return rx.el.section(section_head("Opt-outs, 30 days"), _once_counted(figures, 3))


def _queue_health() -> rx.Component:
    health = rx.cond(
        _queue.workers == 0,
        mark("Not running", icon="circle_x", tone="bad"),
        rx.cond(
            _queue.is_catching_up,
            mark("Catching up", icon="clock", tone="warn"),
            rx.el.span(mark("Healthy", icon="circle_check", tone="good"), class_name="good"),
        ),
    )
    return rx.el.section(
        section_head("Queue", health),
        lines(
            line(rx.el.span("Waiting to send"), rx.el.span(commas(_queue.waiting))),
            line(rx.el.span("Receipts arrive after"), rx.el.span(_queue.receipts)),
            line(rx.el.span("Set aside for a retry"), rx.el.span(commas(_queue.set_aside))),
            line(rx.el.span("Senders running"), rx.el.span(commas(_queue.workers))),
            class_name="queue-lines",
        ),
        rx.cond(
            _queue.workers == 0,
            rx.el.p(
                "No sender is running, so texts wait. Start MBS again, or a worker.",
                class_name="caption",
            ),
            rx.cond(
                _queue.is_catching_up,
                rx.el.p(
                    "More receipts came than could be taken up at once, so the numbers are a little late.",
                    class_name="caption",
                ),
            ),
        ),
    )


def _once_counted(content: rx.Component, rows: int) -> rx.Component:
    waiting = rx.el.div(
        *(skeleton(f"{90 - 9 * number}%") for number in range(rows)), class_name="stack gap-16"
    )
    return rx.cond(OverviewState.has_recent, content, waiting)
