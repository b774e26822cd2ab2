"""One import: matching and checking, then watching it, then what came of it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button, link_button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.layout import regions, section_head
from mbs_app.ui.components.placeholders import empty_state, skeleton_rows
from mbs_app.ui.components.progress import progress
from mbs_app.ui.components.stepper import stepper
from mbs_app.ui.components.wording import commas, counted
from mbs_app.ui.imports import state as page_state
from mbs_app.ui.imports.matching import match_columns
from mbs_app.ui.imports.outcome import group_dialog, result_ledger, what_will_happen
from mbs_app.ui.imports.refused import refused_rows
from mbs_app.ui.imports.state import ImportState
from mbs_app.ui.imports.upload_page import STEPS
from mbs_app.ui.shell import ShellState, page_bar, shell

ROUTE = page_state.ROUTE
TITLE = "Import customers"
ON_LOAD = [ShellState.load, ImportState.load]


def page() -> rx.Component:
    state = ImportState
    return shell(
        rx.cond(
            state.is_missing,
            empty_state(
                "There is no such import",
                "It may have been taken off the list.",
                link_button("Import a file", href="/import", kind="primary"),
            ),
            rx.cond(state.is_loaded, _body(), skeleton_rows(9)),
        ),
        group_dialog(),
        title=rx.cond(state.is_loaded, _title(), "Import customers"),
        active="customers",
        crumbs=[("Customers", "/customers"), ("Import", "/import")],
        note=rx.cond(state.is_loaded, _file(), None),
        actions=[_steps()],
        bottom_bar=rx.cond(state.is_loaded & ~state.is_missing, _bar(), None),
        ruled=True,
    )


def _body() -> rx.Component:
    return rx.match(
        ImportState.view.status,
        ("importing", _importing()),
        ("done", _result()),
        ("stopped", _result()),
        rx.cond(_failed_on_the_way(), _result(), _check()),
    )


def _check() -> rx.Component:
    return rx.fragment(
        rx.el.div(regions(match_columns(), what_will_happen()), class_name="import-check"),
        rx.cond(_is_checked(), refused_rows(), None),
    )


def _importing() -> rx.Component:
    view = ImportState.view
    return rx.el.div(
        progress(
            "Importing customers",
            view.applied,
            view.people,
            on_stop=ImportState.stop,
            stopping=view.stopping,
        ),
        rx.el.p(
            "You can leave this page; the import goes on. If you stop it, the rows so far stay "
            "imported and the others stay as they were.",
            class_name="caption",
        ),
        rx.el.div(section_head("So far"), result_ledger()),
        class_name="import-result",
    )


def _result() -> rx.Component:
    view = ImportState.view
    return rx.fragment(
        rx.el.div(
            rx.match(
                view.status,
                (
                    "stopped",
                    callout(
                        "Stopped. ",
                        commas(view.applied),
                        " of ",
                        commas(view.people),
                        " rows are imported; the others are as they were.",
                        tone="warn",
                    ),
                ),
                ("failed", callout(view.error, tone="bad")),
                rx.fragment(),
            ),
            rx.el.div(section_head("What happened"), result_ledger()),
            rx.cond(
                view.group_id != "",
                rx.el.p(
                    "Everybody imported is in the group ",
                    rx.foreach(
                        ImportState.groups,
                        lambda group: rx.cond(group.id == view.group_id, rx.el.b(group.name), None),
                    ),
                    ".",
                    class_name="ink-2",
                ),
                None,
            ),
            class_name="import-result",
        ),
        refused_rows(),
    )


def _bar() -> rx.Component:
    view = ImportState.view
    another = _to_files("Choose another file")
    customers = link_button("See customers", href="/customers", size="lg")
    return rx.match(
        view.status,
        (
            "done",
            page_bar(
                [],
                customers,
                link_button("Write a campaign", href="/campaigns", size="lg", kind="primary"),
                start=_to_files("Import another file"),
            ),
        ),
        (
            "stopped",
            page_bar([], customers, _go_on("Import the rest"), start=another),
        ),
        ("importing", page_bar([], customers)),
        rx.cond(
            _failed_on_the_way(),
            page_bar([], customers, _go_on("Try again"), start=another),
            page_bar([], _import_button(), start=another, note=_why_not()),
        ),
    )


def _to_files(words: str) -> rx.Component:
    return rx.el.div(
        link_button(words, href="/import", icon="chevron_left"), class_name="import-start"
    )


def _import_button() -> rx.Component:
    view = ImportState.view
    only_group = (view.to_write == 0) & (view.people > 0) & (view.group_id != "")
    words = rx.cond(
        ~_is_checked(),
        "Import customers",
        rx.cond(
            only_group,
            rx.fragment("Add ", counted(view.people, "customer", "customers"), " to the group"),
            rx.fragment("Import ", counted(view.to_write, "customer", "customers")),
        ),
    )
    has_work = (view.to_write > 0) | only_group | (view.opted_out > 0)
    return button(
        words,
        kind="primary",
        size="lg",
        disabled=~(_is_checked() & has_work),
        on_click=ImportState.start,
    )


def _why_not() -> rx.Component:
    """Why the button can't be pressed, once the check is done."""
    view = ImportState.view
    return rx.cond(
        _is_checked() & (view.to_write == 0) & (view.group_id == "") & (view.opted_out == 0),
        rx.cond(
            view.people > 0,
            "Everybody in this file is up to date already.",
            "No row of this file can be imported.",
        ),
        "",
    )


def _go_on(words: str) -> rx.Component:
    return button(words, kind="primary", size="lg", on_click=ImportState.start)


def _title() -> Any:
    view = ImportState.view
    return rx.match(
        view.status,
        ("checking", "Checking your file"),
        ("importing", "Importing"),
        ("done", "Import finished"),
        ("stopped", "Import stopped"),
        ("failed", "Import failed"),
        "Check your import",
    )


def _file() -> rx.Component:
    view = ImportState.view
    return rx.fragment(
        icon("file_text"),
        rx.el.span(view.file_name, class_name="file-name"),
        rx.el.span(
            rx.cond(view.status == "checking", "about ", ""),
            counted(view.total, "row", "rows"),
            ", ",
            view.size,
        ),
    )


def _steps() -> rx.Component:
    view = ImportState.view
    return rx.match(
        view.status,
        ("importing", stepper(STEPS, 3)),
        ("stopped", stepper(STEPS, 3)),
        ("done", stepper(STEPS, 4)),
        rx.cond(_failed_on_the_way(), stepper(STEPS, 3), stepper(STEPS, 2)),
    )


def _is_checked() -> Any:
    return ImportState.view.status == "checked"


def _failed_on_the_way() -> Any:
    """Failed while it was applied; a failed check is mended where the columns are."""
    view = ImportState.view
    return (view.status == "failed") & (view.checked > 0)
