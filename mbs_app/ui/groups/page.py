"""Groups of customers."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.domain.palette import GROUP_COLORS
from mbs_app.ui.components.buttons import button, icon_button, row_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.dialog import confirm_dialog, form_actions, form_dialog
from mbs_app.ui.components.fields import search_field, text_area, text_field
from mbs_app.ui.components.marks import color_square
from mbs_app.ui.components.menu import menu, menu_item, menu_link, menu_rule
from mbs_app.ui.components.placeholders import empty_state
from mbs_app.ui.components.table import (
    Column,
    card,
    card_line,
    card_name,
    cell,
    data_table,
    table_row,
    toolbar,
)
from mbs_app.ui.components.wording import commas, counted, people
from mbs_app.ui.groups.state import GroupsState
from mbs_app.ui.named_list import add_button, named_list_page
from mbs_app.ui.shell import ShellState

ROUTE = "/groups"
TITLE = "Groups"
ON_LOAD = [ShellState.load, GroupsState.load]

S = GroupsState


def page() -> rx.Component:
    return named_list_page(
        S, _form(), _delete_dialog(), title=TITLE, shown=_list(), none_yet=_none_yet(), height=6
    )


def _list() -> rx.Component:
    return rx.fragment(
        toolbar(
            search_field(
                "Name or description",
                field_id="group-search",
                value=S.search,
                on_change=S.search_for,
            )
        ),
        rx.cond(
            S.shown.length() > 0,
            data_table(
                [
                    Column("Name"),
                    Column("Description"),
                    Column("Members", end=True),
                    Column("Made", end=True, width="160px"),
                    Column("Actions", width="44px", hidden_heading=True),
                ],
                rx.foreach(S.shown, _row),
                cards=rx.foreach(S.shown, _card),
                label="Groups",
                shape="airy",
                bleed=True,
            ),
            empty_state(
                f"No group is called “{S.search}”",
                "Search for a part of its name or description.",
                button("Clear the search", on_click=S.search_for("")),
            ),
        ),
    )


def _none_yet() -> rx.Component:
    return empty_state(
        "No groups yet",
        "A group keeps customers together, such as regulars or one shop’s, so that a text can go to them.",
        add_button(S),
    )


def _row(row: Any) -> rx.Component:
    return table_row(
        cell(_name(row), kind="name"),
        cell(row.description),
        cell(commas(row.members), kind="end"),
        cell(row.added, kind="end num"),
        cell(_menu(row)),
        key=row.id,
    )


def _card(row: Any) -> rx.Component:
    return card(
        card_name(_name(row)),
        rx.cond(row.description != "", rx.el.div(row.description)),
        card_line(people(row.members), rx.el.span("Made ", row.added)),
        end=_menu(row),
        key=row.id,
    )


def _name(row: Any) -> rx.Component:
    return rx.el.span(
        color_square(row.color),
        row_link(row.name, href=f"/customers?group={row.id}"),
        class_name="group-name",
    )


def _menu(row: Any) -> rx.Component:
    return menu(
        icon_button("ellipsis", f"Actions for {row.name}"),
        menu_link("See members", href=f"/customers?group={row.id}", icon="users"),
        menu_item("Write a campaign", icon="send", on_select=S.write_to(row.id)),
        menu_item("Edit", icon="pencil", on_select=S.edit(row.id)),
        menu_item("Duplicate", icon="copy", on_select=S.duplicate(row.id)),
        menu_rule(),
        menu_item("Delete group", icon="trash_2", danger=True, on_select=S.ask_to_delete(row.id)),
    )


def _form() -> rx.Component:
    return form_dialog(
        text_field(
            "Name",
            field_id="group-name",
            name="name",
            default_value=S.name,
            max_length=80,
            error=S.field_problems.get("name", ""),
        ),
        rx.el.fieldset(
            rx.el.legend("Color", class_name="field-label"),
            rx.el.div(
                *(_color(one.name, one.label) for one in GROUP_COLORS), class_name="color-picker"
            ),
            class_name="field",
        ),
        text_area(
            "Description",
            field_id="group-description",
            name="description",
            default_value=S.description,
            note="optional",
            error=S.field_problems.get("description", ""),
        ),
        open=S.form_open,
        title=rx.cond(S.is_new, "New group", f"Edit {S.name}"),
        on_close=S.close_form,
        on_submit=S.save,
        actions=form_actions(
            rx.cond(S.is_new, "Make group", "Save"), on_close=S.close_form, busy=S.is_saving
        ),
    )


def _color(name: str, label: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="color",
            value=name,
            checked=S.color == name,
            on_change=S.choose_color(name),
            aria_label=label,
        ),
        color_square(name),
        title=label,
    )


def _delete_dialog() -> rx.Component:
    return confirm_dialog(
        open=S.deleting_id != "",
        title=f"Delete the group “{S.deleting_name}”?",
        text=rx.cond(
            S.deleting_members > 0,
            rx.fragment(
                "Its ",
                counted(S.deleting_members, "member", "members"),
                " stay among your customers. Campaigns that went to it keep their record. You can’t undo this.",
            ),
            "It has no members. You can’t undo this.",
        ),
        keep="Keep",
        confirm="Delete group",
        on_keep=S.keep,
        on_confirm=S.delete,
        extra=rx.cond(S.delete_problem != "", callout(S.delete_problem, tone="bad")),
    )
