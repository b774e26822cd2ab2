"""Choosing a file, and what was imported before."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.el.elements.forms import Input

from mbs_app.ui.components.buttons import button, icon_button, row_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.dialog import confirm_dialog
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.layout import section
from mbs_app.ui.components.marks import mark
from mbs_app.ui.components.placeholders import skeleton_rows
from mbs_app.ui.components.progress import progress
from mbs_app.ui.components.stepper import stepper
from mbs_app.ui.components.table import (
    Column,
    card,
    card_line,
    card_name,
    cell,
    data_table,
    table_row,
)
from mbs_app.ui.components.wording import commas, counted
from mbs_app.ui.imports.upload_state import UPLOAD_ID, UploadState
from mbs_app.ui.imports.views import ListRow
from mbs_app.ui.shell import ShellState, shell

ROUTE = "/import"
TITLE = "Import customers"
ON_LOAD = [ShellState.load, UploadState.load]
STEPS = ("Choose file", "Check", "Import")
_LARGEST = 50 * 1024 * 1024


def page() -> rx.Component:
    state = UploadState
    return shell(
        rx.el.div(
            rx.cond(state.problem != "", callout(state.problem, tone="bad"), None),
            rx.cond(state.is_uploading, _uploading(), None),
            rx.el.div(_drop_zone(), class_name=rx.cond(state.is_uploading, "visually-hidden", "")),
            class_name="import-choose",
        ),
        _earlier(),
        confirm_dialog(
            open=state.discarding_id != "",
            title=rx.fragment("Take “", state.discarding_name, "” off the list?"),
            text="The file and its refused rows are deleted. Customers that came from it stay.",
            keep="Keep it",
            confirm="Take it off the list",
            on_keep=state.keep,
            on_confirm=state.discard,
        ),
        title="Import customers",
        active="customers",
        crumbs=[("Customers", "/customers"), "Import"],
        actions=[stepper(STEPS, 1)],
    )


def _drop_zone() -> rx.Component:
    zone = rx.upload.root(
        icon("upload", 20),
        rx.el.p("Drop a CSV file here", class_name="drop-title"),
        button("Choose a file", kind="primary"),
        rx.el.p(
            "One row for each customer, in any column order and language, up to 50 MB. "
            "Nothing is saved until you have seen what would happen.",
            class_name="caption",
        ),
        id=UPLOAD_ID,
        multiple=False,
        max_size=_LARGEST,
        no_keyboard=True,  # the button inside takes the keyboard
        on_drop=UploadState.receive(
            rx.upload_files_chunk(upload_id=UPLOAD_ID, on_upload_progress=UploadState.note_progress)
        ),
        on_drop_rejected=UploadState.refuse_file,
        class_name="drop-zone",
    )
    _name_the_field(zone)
    return zone


def _name_the_field(zone: rx.Component) -> None:
    """Give the file field that rx.upload makes, and hides from sight only, its name for screen readers."""
    (field,) = (part for part in zone.children[0].children if isinstance(part, Input))
    field.custom_attrs["aria-label"] = "CSV file"


def _uploading() -> rx.Component:
    state = UploadState
    return progress("Uploading, percent", state.percent, 100, on_stop=state.cancel)


def _earlier() -> rx.Component:
    state = UploadState
    table = data_table(
        [
            Column("File"),
            Column("When"),
            Column("How it stands"),
            Column("Rows", end=True),
            Column("Discard", hidden_heading=True),
        ],
        rx.foreach(state.rows, _row),
        cards=rx.foreach(state.rows, _card),
        label="Earlier imports",
    )
    return rx.cond(
        state.is_loaded,
        rx.cond(state.rows.length() > 0, section("Earlier imports", table), None),
        skeleton_rows(4),
    )


def _row(row: ListRow) -> rx.Component:
    return table_row(
        cell(row_link(row.file_name, href=f"/import/{row.id}"), kind="name"),
        cell(row.when, kind="num"),
        cell(_status(row)),
        cell(commas(row.rows), kind="end"),
        cell(_discard(row), kind="end fit"),
    )


def _card(row: ListRow) -> rx.Component:
    return card(
        card_name(row_link(row.file_name, href=f"/import/{row.id}")),
        card_line(rx.el.span(row.when), rx.el.span(counted(row.rows, "row", "rows"))),
        card_line(_status(row)),
        end=_discard(row),
    )


def _discard(row: ListRow) -> rx.Component:
    return rx.cond(
        row.can_discard,
        icon_button(
            "trash_2",
            f"Take {row.file_name} off the list",
            on_click=UploadState.ask_to_discard(row.id, row.file_name),
        ),
        None,
    )


def _status(row: ListRow) -> rx.Component:
    done = rx.fragment(
        commas(row.imported),
        " imported",
        rx.cond(row.refused > 0, rx.fragment(", ", commas(row.refused), " refused"), None),
    )
    return rx.match(
        row.status,
        ("uploaded", mark("Waiting for you to match columns", icon="circle_dashed")),
        ("checking", mark("Being checked", icon="loader")),
        ("checked", mark("Checked, nothing saved yet", icon="circle_dashed")),
        ("importing", mark("Being imported", icon="loader")),
        ("done", mark(done, icon="check", tone="good")),
        ("stopped", mark(rx.fragment("Stopped, ", done), icon="circle_slash", tone="warn")),
        mark(rx.fragment("Failed, ", done), icon="circle_x", tone="bad"),
    )
