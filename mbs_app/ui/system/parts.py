"""The parts of the system overview: checks as ruled lines, and the figures beside them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import row_link
from mbs_app.ui.components.day_chart import day_chart, day_legend
from mbs_app.ui.components.figures import usage
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.layout import line, lines, regions, section_head
from mbs_app.ui.components.links import anchor
from mbs_app.ui.components.marks import mark
from mbs_app.ui.components.placeholders import skeleton
from mbs_app.ui.components.wording import commas
from mbs_app.ui.system.state import SystemState

S = SystemState


def attention() -> rx.Component:
    """What isn't healthy, first of all and with what to do."""
    healthy = rx.el.p(
        mark("Everything is healthy.", icon="circle_check", tone="good"), class_name="all-healthy"
    )
    listed = rx.el.ul(rx.foreach(S.attention, _to_look_at), class_name="attention")
    return rx.el.section(
        rx.cond(
            S.attention.length() > 0,
            listed,
            rx.cond(S.standing.state == "", _waiting(2), healthy),
        ),
        aria_label="What to look at",
        class_name="attention-box",
    )


def texts() -> rx.Component:
    chart = rx.el.section(
        section_head("Texts of everybody, 30 days", day_legend(S.totals)),
        _once_read(
            "texts",
            rx.fragment(
                day_chart(S.days, S.axis, totals=None, label="Texts by day, last 30 days"),
                _checks("texts"),
            ),
            7,
        ),
    )
    reasons = rx.el.section(
        section_head("Why texts failed, 30 days"),
        _once_read(
            "texts",
            rx.cond(
                S.failures.length() > 0,
                rx.el.ul(rx.foreach(S.failures, _failure), class_name="bar-list failure-list"),
                rx.el.p("Nothing failed.", class_name="ink-2"),
            ),
            5,
        ),
    )
    return regions(chart, reasons)


def people_and_queue() -> rx.Component:
    statuses = lines(rx.foreach(S.statuses, _status), class_name="queue-lines")
    return regions(
        _part("queue", "Queue"),
        _part("callbacks", "Twilio’s callbacks"),
        _part("people", "People", before=statuses),
        shape="thirds",
    )


def mail_and_storage() -> rx.Component:
    rows = lines(rx.foreach(S.tables, _table), class_name="queue-lines")
    all_mails = rx.el.p(anchor("See all mails", href="/system/mails", class_name="link"))
    return regions(
        _part("mail", "Mail", all_mails),
        _part("storage", "Storage", rx.el.div(rx.el.h3("Rows, about"), rows, class_name="sub")),
        rx.el.div(
            _part("workers", "Workers"),
            _part("version", "Version"),
            class_name="stack gap-24",
        ),
        shape="thirds",
    )


def settings() -> rx.Component:
    named = rx.el.ul(rx.foreach(S.settings, _setting), class_name="setting-list")
    return rx.el.section(
        section_head("Settings", "Which are set, never their values"),
        _once_read("setup", rx.fragment(_checks("setup"), named), 4),
        class_name="section settings-part",
    )


def _part(
    name: str, title: str, *more: rx.Component, before: rx.Component | None = None
) -> rx.Component:
    body = rx.fragment(before, _checks(name), *more)
    return rx.el.section(section_head(title, _state_mark(name)), _once_read(name, body, 5))


def _state_mark(name: str) -> rx.Component:
    return rx.match(
        S.states[name],
        ("healthy", mark("Healthy", icon="circle_check", tone="good")),
        ("look", mark("Look at this", icon="triangle_alert", tone="warn")),
        ("broken", mark("Broken", icon="circle_x", tone="bad")),
        rx.fragment(),
    )


def _checks(name: str) -> rx.Component:
    return rx.el.ul(rx.foreach(S.checks[name], _check), class_name="check-lines")


def _check(check: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(check.label, class_name="check-label"),
            rx.el.span(_state_icon(check.state), check.value, class_name="check-value"),
        ),
        class_name=rx.match(
            check.state, ("broken", "is-broken"), ("look", "is-look"), "is-healthy"
        ),
    )


def _state_icon(state: Any) -> rx.Component:
    def named(words: str, drawn: str) -> rx.Component:
        return rx.fragment(rx.el.span(words, class_name="visually-hidden"), icon(drawn, 14))

    return rx.match(
        state,
        ("broken", named("Broken: ", "circle_x")),
        ("look", named("Look at this: ", "triangle_alert")),
        rx.el.span("Healthy: ", class_name="visually-hidden"),
    )


def _to_look_at(check: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(check.state == "broken", icon("circle_x"), icon("triangle_alert")),
        rx.el.div(
            rx.el.b(check.part, ": ", check.label), " ", rx.el.span(check.value), class_name="what"
        ),
        rx.el.p(check.advice),
        class_name=rx.cond(check.state == "broken", "is-broken", "is-look"),
    )


def _failure(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(row.words, " ", rx.el.span(row.code, class_name="code-last")),
        usage(row.count, S.most, failed=True),
        rx.el.b(commas(row.count)),
        rx.el.span(row.share, class_name="share"),
    )


def _status(row: Any) -> rx.Component:
    return line(
        row_link(row.words, href="/team?status=" + row.status.to(str)),
        rx.el.span(commas(row.count)),
    )


def _table(row: Any) -> rx.Component:
    return line(rx.el.span(row.words), rx.el.span(commas(row.rows)))


def _setting(row: Any) -> rx.Component:
    is_set = rx.cond(
        row.is_set,
        mark("Set", icon="check", tone="good"),
        rx.el.span("Not set", class_name="ink-3"),
    )
    return rx.el.li(
        rx.el.div(rx.el.span(row.words), rx.el.span(row.name, class_name="mono code-word")), is_set
    )


def _once_read(name: str, content: rx.Component, count: int) -> rx.Component:
    return rx.cond(S.checks.contains(name), content, _waiting(count))


def _waiting(count: int) -> rx.Component:
    return rx.el.div(
        *(skeleton(f"{92 - 11 * number}%") for number in range(count)), class_name="stack gap-16"
    )
