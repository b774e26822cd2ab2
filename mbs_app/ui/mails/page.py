"""What the page of mails shows."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.layout import line, lines, section_head
from mbs_app.ui.components.marks import mark
from mbs_app.ui.components.placeholders import empty_state, skeleton_rows
from mbs_app.ui.components.table import (
    Column,
    card,
    card_line,
    card_name,
    cell,
    data_table,
    table_row,
    toolbar,
    two_lines,
)
from mbs_app.ui.components.wording import counted
from mbs_app.ui.mails.state import MailsState
from mbs_app.ui.mails.words import STATUSES
from mbs_app.ui.paged_list import pages_of, status_chips
from mbs_app.ui.shell import ShellState, shell

ROUTE = "/system/mails"
TITLE = "Mails"
ON_LOAD = [ShellState.load, MailsState.load]

S = MailsState


def page() -> rx.Component:
    return shell(
        rx.cond(S.stuck != "", callout(S.stuck, tone="bad"), None),
        rx.cond(S.is_loaded, rx.fragment(_mails(), _aside()), skeleton_rows(8)),
        title="Mails",
        active="system",
        crumbs=[("System", "/system")],
        note=rx.cond(S.is_loaded, counted(S.every, "mail", "mails"), ""),
        ruled=False,
    )


def _mails() -> rx.Component:
    return rx.cond(
        S.every == 0,
        empty_state(
            "No mails yet",
            "Invitations, password resets and notices about accounts are listed here, with what became of them.",
        ),
        rx.fragment(
            toolbar(
                status_chips(
                    S,
                    ("all", "All", S.every),
                    ("waiting", "Waiting", S.waiting),
                    ("sent", "Sent", S.sent),
                    ("problems", "Problems", S.problems),
                    label="Which mails",
                    loose=True,
                )
            ),
            rx.cond(
                S.rows.length() > 0,
                rx.fragment(_table(), pages_of(S)),
                empty_state(
                    "None of these",
                    "",
                    button("Show all mails", on_click=S.filter_by("all")),
                ),
            ),
        ),
    )


def _table() -> rx.Component:
    return data_table(
        [
            Column("Mail"),
            Column("Status"),
            Column("What went wrong", width="40%"),
            Column("Time", end=True),
        ],
        rx.foreach(S.rows, _row),
        cards=rx.foreach(S.rows, _card),
        label="Mails",
        shape="two-line",
    )


def _row(row: Any) -> rx.Component:
    return table_row(
        cell(two_lines(row.kind, row.address), kind="name"),
        cell(_status(row), kind="fit"),
        cell(row.problem),
        cell(two_lines(row.when, row.then), kind="end"),
        key=row.id,
    )


def _card(row: Any) -> rx.Component:
    return card(
        card_name(row.kind),
        card_line(rx.el.span(row.address), _status(row)),
        rx.cond(row.problem != "", rx.el.div(row.problem)),
        card_line(rx.el.span(row.when), rx.el.span(row.then)),
        key=row.id,
    )


def _status(row: Any) -> rx.Component:
    cases = [
        (status.value, mark(words, icon=icon, tone=tone))
        for status, (icon, words, tone) in STATUSES.items()
    ]
    return rx.match(row.status, *cases, rx.fragment())


def _aside() -> rx.Component:
    return rx.el.section(
        section_head("Addresses that get no mail"),
        rx.el.p(
            "Mails to them came back for good, or somebody there marked one as spam. Not even a password reset "
            "goes out, because the mail service would not deliver it. Release an address once it is mended, at "
            "the mail service too.",
            class_name="section-about",
        ),
        rx.cond(
            S.aside.length() > 0,
            lines(rx.foreach(S.aside, _aside_line)),
            rx.el.p("None. Every address gets its mail.", class_name="caption"),
        ),
        class_name="section",
    )


def _aside_line(row: Any) -> rx.Component:
    return line(
        rx.el.div(
            rx.el.b(row.address),
            rx.el.div(row.why, class_name="ink-2"),
            rx.el.div(row.since, class_name="caption"),
        ),
        button(
            "Send again",
            size="sm",
            on_click=S.release(row.id),
            aria_label=f"Send to {row.address} again",
        ),
        key=row.id,
    )
