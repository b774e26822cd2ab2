"""What the import will do or did, as a ledger that adds up; the group; and the opt-outs."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button, text_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.dialog import form_actions, form_dialog
from mbs_app.ui.components.fields import text_field
from mbs_app.ui.components.layout import section_head
from mbs_app.ui.components.ledger import adds_up, parts_bar
from mbs_app.ui.components.marks import color_square, swatch
from mbs_app.ui.components.progress import progress
from mbs_app.ui.components.wording import commas, counted, people
from mbs_app.ui.imports.state import ImportState
from mbs_app.ui.imports.views import LEFT_OUT, GroupOption


def what_will_happen() -> rx.Component:
    """Right of the columns: the check as far as it is, and once it is done what would happen."""
    view = ImportState.view
    return rx.el.section(
        section_head("What will happen", "Nothing is saved yet"),
        rx.match(
            view.status,
            ("checking", _checking()),
            ("checked", rx.fragment(plan_ledger(), _opt_outs(), group_choice(), _without_value())),
            ("failed", _failed()),
            _not_checked(),
        ),
        class_name="what-happens",
    )


def plan_ledger() -> rx.Component:
    """Five classes, and their sum beside the rows of the file."""
    view = ImportState.view
    parts = (
        ("p-now", view.to_add),
        ("p-later", view.to_update),
        ("k-pending", view.unchanged),
        ("k-skipped", view.opted_out),
        ("k-failed", view.refused),
    )
    hint = rx.cond(view.changes != "", rx.fragment(view.changes, " changed"), "details changed")
    return rx.fragment(
        parts_bar(*parts, label="What the rows of the file come to"),
        rx.el.ul(
            _line("now", "Added", "new customers", view.to_add),
            _line("later", "Updated", hint, view.to_update),
            _line("pending", "Unchanged", "already up to date", view.unchanged),
            _line("skipped", "Stay opted out", "the file can’t opt them back in", view.opted_out),
            _line("failed", "Refused", "listed below", view.refused),
            class_name="import-ledger",
        ),
        _total(
            rx.cond(view.status == "checking", "Rows so far", "Rows in the file"),
            view.checked,
            view.to_add + view.to_update + view.unchanged + view.opted_out + view.refused,
        ),
    )


def result_ledger() -> rx.Component:
    """What is saved: of a stopped import, what isn't yet too."""
    view = ImportState.view
    as_they_were = view.applied - view.added - view.updated
    waiting = view.people - view.applied
    return rx.fragment(
        parts_bar(
            ("p-now", view.added),
            ("p-later", view.updated),
            ("k-pending", as_they_were + waiting),
            ("k-failed", view.refused),
            label="What became of the rows of the file",
        ),
        rx.el.ul(
            _line("now", "Added", "new customers", view.added),
            _line("later", "Updated", "details changed", view.updated),
            _line("pending", "Unchanged", "already up to date", as_they_were),
            rx.cond(
                waiting > 0,
                rx.cond(
                    view.status == "importing",
                    _line("pending", "Still to come", "as they were before", waiting),
                    _line("pending", "Not imported", "as they were before", waiting),
                ),
                None,
            ),
            _line(
                "failed",
                "Refused",
                rx.cond(view.status == "importing", "left as they are", "listed below"),
                view.refused,
            ),
            class_name="import-ledger",
        ),
        _total("Rows in the file", view.checked, view.applied + waiting + view.refused),
        rx.cond(
            view.opted_out > 0,
            callout(
                people(view.opted_out),
                " of them opted out earlier, and stay so.",
                tone="good",
            ),
            None,
        ),
    )


def group_choice() -> rx.Component:
    """Everybody in the file into a group, those included who are customers already."""
    view = ImportState.view
    chosen = rx.foreach(
        ImportState.groups,
        lambda group: rx.cond(group.id == view.group_id, color_square(group.color), None),
    )
    return rx.el.div(
        rx.el.label("Put all ", commas(view.people), " in a group", html_for="import-group"),
        rx.el.div(
            chosen,
            rx.el.select(
                rx.el.option("No group", value=""),
                rx.foreach(ImportState.groups, _group_option),
                rx.el.option("New group…", value="new"),
                id="import-group",
                value=view.group_id,
                on_change=ImportState.pick_group,
                class_name="select",
            ),
            class_name=rx.cond(view.group_id != "", "import-group chosen", "import-group"),
        ),
        class_name="import-group-line",
    )


def group_dialog() -> rx.Component:
    state = ImportState
    return form_dialog(
        rx.cond(state.problem != "", callout(state.problem, tone="bad"), None),
        text_field(
            "Name",
            field_id="group_name",
            name="group_name",
            max_length=80,
            auto_focus=True,
            error=state.field_problems.get("name", ""),
        ),
        open=state.is_naming_group,
        title="New group",
        on_close=state.close_group,
        on_submit=state.make_group,
        actions=form_actions("Create group", on_close=state.close_group),
    )


def _checking() -> rx.Component:
    view = ImportState.view
    return rx.fragment(
        rx.el.div(
            progress(
                "Checking rows",
                view.checked,
                view.total,
                on_stop=ImportState.stop,
                stopping=view.stopping,
            ),
            class_name="import-progress",
        ),
        plan_ledger(),
    )


def _opt_outs() -> rx.Component:
    view = ImportState.view
    return rx.cond(
        view.opted_out > 0,
        callout(
            "Opt-outs always win. ",
            people(view.opted_out),
            rx.cond(view.opted_out == 1, " who opted out stays", " who opted out stay"),
            " opted out, whatever the file says. Only their details are filled in.",
            tone="good",
        ),
        None,
    )


def _without_value() -> rx.Component:
    view = ImportState.view
    return rx.cond(
        view.without_value > 0,
        callout(
            counted(view.without_value, "row comes", "rows come"),
            " in without a value that can’t be used, such as a mistyped email address.",
            action=text_link("See which", on_click=ImportState.show_reason(LEFT_OUT)),
        ),
        None,
    )


def _failed() -> rx.Component:
    return rx.el.div(
        callout(ImportState.view.error, tone="bad"),
        button("Check again", icon="rotate_cw", on_click=ImportState.check_again),
        class_name="stack gap-12",
    )


def _not_checked() -> rx.Component:
    view = ImportState.view
    return rx.cond(
        view.has_phone,
        rx.el.div(
            rx.el.p("The check was stopped before its end.", class_name="ink-2"),
            button("Check again", icon="rotate_cw", on_click=ImportState.check_again),
            class_name="stack gap-12",
        ),
        rx.el.p(
            "Once you have chosen the column with the mobile numbers, you see here who is new, who "
            "changes and which rows can’t be used.",
            class_name="ink-2",
        ),
    )


def _line(pattern: str, name: str, hint: Any, number: Any) -> rx.Component:
    return rx.el.li(
        swatch(pattern),
        rx.el.b(name),
        rx.el.span(hint, class_name="caption"),
        rx.el.span(commas(number), class_name="figure"),
    )


def _total(words: Any, total: Any, added: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(words, class_name="ink-2"),
        adds_up(total, added),
        rx.el.b(commas(total), class_name="figure total"),
        class_name="import-total",
    )


def _group_option(group: GroupOption) -> rx.Component:
    return rx.el.option(group.name, value=group.id)
