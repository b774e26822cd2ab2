"""One customer."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button, icon_button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.dialog import confirm_dialog
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.layout import caption, section_head
from mbs_app.ui.components.links import anchor
from mbs_app.ui.components.marks import chips, group_chip, outcome
from mbs_app.ui.components.menu import menu, menu_item, menu_rule
from mbs_app.ui.components.phone import bubble, day_line
from mbs_app.ui.components.placeholders import missing, skeleton_rows
from mbs_app.ui.components.timeline import timeline
from mbs_app.ui.components.wording import commas
from mbs_app.ui.customer.state import ROUTE, CustomerState
from mbs_app.ui.customers.form import customer_form
from mbs_app.ui.customers.form_state import CustomerFormState
from mbs_app.ui.customers.table import consent_mark
from mbs_app.ui.shell import ShellState, shell

TITLE = "Customer"
ON_LOAD = [ShellState.load, CustomerState.load]

__all__ = ["ON_LOAD", "ROUTE", "TITLE", "page"]

S = CustomerState


def page() -> rx.Component:
    return rx.cond(S.is_missing, _missing(), _found())


def _missing() -> rx.Component:
    return shell(
        missing("customer", back_to="All customers", href="/customers"),
        title="Customer",
        active="customers",
        crumbs=[("Customers", "/customers")],
    )


def _found() -> rx.Component:
    return shell(
        rx.cond(
            S.is_loaded,
            rx.el.div(_profile(), _talk(), class_name="person"),
            skeleton_rows(10),
        ),
        customer_form(),
        _dialogs(),
        title=rx.cond(S.name != "", S.name, "Customer"),
        active="customers",
        crumbs=[("Customers", "/customers"), S.place],
        state=rx.fragment(
            consent_mark(S.consent, S.consent_words),
            chips(rx.foreach(S.chips, lambda chip: group_chip(chip.name, chip.color))),
        ),
        actions=[
            button("Edit", icon="pencil", on_click=CustomerFormState.edit(S.id)),
            rx.cond(
                S.consent == "opted_out",
                rx.cond(
                    S.can_undo,
                    button("Undo opt-out", icon="undo_2", on_click=S.undo_opt_out),
                ),
                button("Record opt-out", icon="ban", on_click=S.ask("opt_out")),
            ),
            _menu(),
        ],
        aside=_ends(),
    )


def _menu() -> rx.Component:
    return menu(
        icon_button("ellipsis", "More"),
        menu_item(
            "Copy number",
            icon="copy",
            on_select=rx.set_clipboard(S.e164),
        ),
        rx.cond(
            S.consent != "opted_out",
            menu_item("Record opt-in", icon="circle_check", on_select=S.ask("opt_in")),
        ),
        menu_rule(),
        menu_item("Delete customer", icon="trash_2", danger=True, on_select=S.ask("delete")),
    )


def _profile() -> rx.Component:
    return rx.el.div(
        section_head("Profile"),
        rx.el.dl(rx.foreach(S.facts, _fact), class_name="facts"),
        rx.el.div(
            section_head("Consent"),
            rx.cond(
                S.history.length() > 0,
                timeline(S.history),
                rx.el.p("Nobody recorded whether they agreed to get texts.", class_name="ink-2"),
            ),
            class_name="person-consent",
        ),
        class_name="person-profile",
    )


def _fact(fact: Any) -> rx.Component:
    return rx.fragment(
        rx.el.dt(fact.name),
        rx.el.dd(fact.value, rx.el.wbr(), fact.rest),
    )


def _talk() -> rx.Component:
    return rx.el.div(
        section_head("Conversation", caption(S.talk_words)),
        rx.cond(
            S.bubbles.length() > 0,
            rx.el.div(
                rx.el.div(rx.foreach(S.bubbles, _bubble), class_name="conversation"),
                role="region",
                aria_label="Texts, the newest last",
                tab_index=0,
                class_name="talk-scroll",
            ),
            rx.el.p(
                f"No text yet. Write to {S.first_name} below, or put them into a group for a campaign.",
                class_name="empty-talk",
            ),
        ),
        _write(),
        class_name="person-talk",
    )


def _bubble(one: Any) -> rx.Component:
    ours = bubble(
        one.text,
        look="out",
        below=rx.fragment(rx.el.span(one.label), outcome(one.status, words=one.status_words)),
    )
    theirs = bubble(one.text, look="reply", below=one.time)
    return rx.fragment(
        rx.cond(one.day != "", day_line(one.day)), rx.cond(one.is_ours, ours, theirs)
    )


def _write() -> rx.Component:
    blocked = (S.consent == "opted_out") | (S.consent == "cannot_receive")
    box = rx.el.div(
        rx.debounce_input(
            rx.el.textarea(
                id="write",
                rows="1",
                placeholder=f"Write to {S.first_name}",
                aria_label=f"Write to {S.first_name}",
                aria_describedby="write-facts",
                aria_invalid=S.text_problem != "",
                value=S.text,
                on_change=S.write,
                class_name="textarea",
            ),
            debounce_timeout=250,
        ),
        button(
            "Send text",
            kind="primary",
            size="lg",
            icon="send",
            busy=S.is_sending,
            busy_label="Sending…",
            on_click=S.send,
        ),
        class_name="talk-row",
    )
    below = rx.cond(
        S.text_problem != "",
        rx.el.span(icon("circle_x", 12), " ", S.text_problem, class_name="field-error"),
        rx.el.span(S.text_facts),
    )
    return rx.el.div(
        rx.cond(
            blocked,
            callout(
                rx.el.b(f"{S.first_name} gets no texts. "),
                S.blocked_words,
                ". ",
                rx.cond(
                    S.consent == "opted_out",
                    rx.cond(
                        S.can_undo,
                        "Undo the opt-out if it was a mistake.",
                        "Only they can opt in again, by texting START.",
                    ),
                    "Ask for a mobile number.",
                ),
                tone="warn",
            ),
            rx.fragment(
                box, rx.el.div(below, id="write-facts", aria_live="polite", class_name="talk-facts")
            ),
        ),
        class_name="talk-form",
    )


def _ends() -> rx.Component:
    return rx.fragment(
        section_head(
            "Last campaigns",
            rx.cond(S.ends_total > 0, caption(commas(S.ends_total), " in all")),
        ),
        rx.cond(
            S.ends.length() > 0,
            rx.el.ul(rx.foreach(S.ends, _end), class_name="lines"),
            rx.el.p("In no campaign yet.", class_name="ink-2"),
        ),
    )


def _end(one: Any) -> rx.Component:
    return rx.el.li(
        anchor(one.name, href=f"/campaigns/{one.campaign_id}", class_name="row-link"),
        outcome(one.status, words=rx.el.span(one.words, class_name="reason", title=one.words)),
        rx.el.span(one.day, class_name="caption num"),
        class_name="campaign-line",
    )


def _dialogs() -> rx.Component:
    return rx.fragment(
        confirm_dialog(
            open=S.dialog == "opt_out",
            title=f"Record that {S.name} opted out?",
            text="They get no more of your texts, whatever campaign they are in. You can undo it.",
            keep="Cancel",
            confirm="Record opt-out",
            on_keep=S.close_dialog,
            on_confirm=S.record_opt_out,
            danger=False,
        ),
        confirm_dialog(
            open=S.dialog == "opt_in",
            title=f"Record that {S.name} agreed to get texts?",
            text="It is kept with the day and your name, as your record of consent.",
            keep="Cancel",
            confirm="Record opt-in",
            on_keep=S.close_dialog,
            on_confirm=S.record_opt_in,
            danger=False,
        ),
        confirm_dialog(
            open=S.dialog == "delete",
            title=f"Delete {S.name}?",
            text=(
                "What they were sent stays on record, and an opt-out stays in force. "
                "Texts still waiting for them are not sent. You can’t undo this."
            ),
            keep="Keep",
            confirm="Delete customer",
            on_keep=S.close_dialog,
            on_confirm=S.delete,
        ),
    )
