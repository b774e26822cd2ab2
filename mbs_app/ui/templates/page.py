"""Templates."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.domain.default_templates import OPT_OUT_LINE
from mbs_app.ui.components.buttons import button, icon_button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.choices import checkbox
from mbs_app.ui.components.dialog import form_actions, form_dialog
from mbs_app.ui.components.editor import insert_button, insert_row, message_editor
from mbs_app.ui.components.fields import field, search_field, select_field, text_field
from mbs_app.ui.components.layout import field_grid, section, stack
from mbs_app.ui.components.marks import badge, count_chip
from mbs_app.ui.components.menu import menu, menu_item, menu_rule
from mbs_app.ui.components.phone import bubble, filled_text, phone_preview
from mbs_app.ui.components.placeholders import empty_state
from mbs_app.ui.components.table import toolbar
from mbs_app.ui.named_list import add_button, named_list_page
from mbs_app.ui.shell import ShellState
from mbs_app.ui.templates.state import CATEGORIES, TemplatesState

ROUTE = "/templates"
TITLE = "Templates"
ON_LOAD = [ShellState.load, TemplatesState.load]

S = TemplatesState


def page() -> rx.Component:
    return named_list_page(S, _editor(), title=TITLE, shown=_list(), none_yet=_none_yet(), height=8)


def _list() -> rx.Component:
    return rx.fragment(
        toolbar(
            search_field(
                "Name or text",
                field_id="template-search",
                value=S.search,
                on_change=S.search_for,
            ),
            count_chip("All", chosen=S.category == "", on_click=S.choose_category("")),
            *(
                count_chip(words, chosen=S.category == key, on_click=S.choose_category(key))
                for key, words in CATEGORIES
            ),
        ),
        *(_category(key, words) for key, words in CATEGORIES),
        rx.cond(
            S.shown.length() == 0,
            empty_state(
                "No template matches",
                "Search for other words, or look into all categories.",
                button("Show all templates", on_click=[S.search_for(""), S.choose_category("")]),
            ),
        ),
    )


def _category(key: str, words: str) -> rx.Component:
    def draw(row: Any) -> rx.Component:
        return rx.cond(row.category == key, _cell(row))

    has_any: rx.Var[bool] = rx.Var(
        f"({S.shown!s}.some((row) => row.category === '{key}'))",
        _var_type=bool,
        _var_data=S.shown._get_all_var_data(),
    )
    return rx.cond(
        has_any,
        section(words, rx.el.div(rx.foreach(S.shown, draw), class_name="template-grid")),
    )


def _none_yet() -> rx.Component:
    return empty_state(
        "No templates yet",
        "Keep a text here once, and start any campaign with it.",
        add_button(S),
    )


def _cell(row: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.button(row.name, type="button", class_name="row-link", on_click=S.edit(row.id)),
            rx.cond(row.is_default, badge("Default")),
            rx.el.span(_menu(row), class_name="push"),
            class_name="template-head",
        ),
        rx.el.p(row.body),
        rx.el.span(row.size, class_name="caption num"),
        class_name="template-cell",
    )


def _menu(row: Any) -> rx.Component:
    return menu(
        icon_button("ellipsis", f"Actions for {row.name}"),
        menu_item("Start a campaign", icon="send", on_select=S.use(row.id)),
        menu_item("Edit", icon="pencil", on_select=S.edit(row.id)),
        menu_item("Duplicate", icon="copy", on_select=S.duplicate(row.id)),
        menu_item(
            rx.cond(row.is_default, "No longer a default", "Make it a default"),
            icon="star",
            on_select=S.make_default(row.id, ~row.is_default),
        ),
        menu_rule(),
        menu_item("Delete template", icon="trash_2", danger=True, on_select=S.delete(row.id)),
    )


def _editor() -> rx.Component:
    return form_dialog(
        rx.el.div(_fields(), _preview(), class_name="template-editor"),
        open=S.form_open,
        title=rx.cond(S.is_new, "New template", "Edit template"),
        on_close=S.close_form,
        wide=True,
        actions=form_actions(
            "Save template", on_close=S.close_form, on_click=S.save, busy=S.is_saving
        ),
    )


def _fields() -> rx.Component:
    return stack(
        field_grid(
            text_field(
                "Name",
                field_id="template-name",
                value=S.name,
                on_change=S.write_name,
                max_length=120,
                error=S.field_problems.get("name", ""),
            ),
            select_field(
                "Category",
                CATEGORIES,
                field_id="template-category",
                value=S.kind,
                on_change=S.choose_kind,
                error=S.field_problems.get("category", ""),
            ),
        ),
        field(
            "Text",
            message_editor(
                field_id="template-body",
                value=S.body,
                on_change=S.write_body,
                label="Text",
                known_fields=S.fields,
                placeholder="Hi {first_name|there}, …",
                error=S.field_problems.get("message_body", ""),
                rows=6,
                tools=insert_row(
                    insert_button(
                        "First name", into="template-body", field_text="{first_name|there}"
                    ),
                    insert_button("City", into="template-body", field_text="{city|your city}"),
                    insert_button(
                        "How to opt out", into="template-body", field_text=f" {OPT_OUT_LINE}"
                    ),
                ),
            ),
            field_id="template-body",
            hint=S.size_words,
            error=S.field_problems.get("message_body", ""),
        ),
        rx.foreach(S.warnings, lambda words: callout(words, tone="warn")),
        checkbox(
            "Default template",
            about="Marked in the list, and first when a campaign is started.",
            checked=S.is_default,
            on_change=S.set_default,
        ),
        gap=16,
    )


def _preview() -> rx.Component:
    return phone_preview(
        rx.cond(ShellState.workspace_name != "", ShellState.workspace_name, "You"),
        f"As {S.shown_for} reads it",
        rx.cond(S.parts.length() > 0, bubble(filled_text(S.parts))),
    )
