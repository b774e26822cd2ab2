"""One campaign: what it does now, or did, or will do."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.campaign.ledger_panel import ledger_panel, ways_and_reasons
from mbs_app.ui.campaign.list_state import MessageListState
from mbs_app.ui.campaign.message_list import message_list
from mbs_app.ui.campaign.planned import draft, late_question, planned
from mbs_app.ui.campaign.state import ROUTE as ROUTE
from mbs_app.ui.campaign.state import CampaignState
from mbs_app.ui.components.buttons import button, icon_button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.dialog import confirm_dialog
from mbs_app.ui.components.expressions import js
from mbs_app.ui.components.marks import campaign_badge
from mbs_app.ui.components.menu import menu, menu_item
from mbs_app.ui.components.placeholders import missing, skeleton_rows
from mbs_app.ui.components.wording import counted
from mbs_app.ui.live.indicator import live_since
from mbs_app.ui.shell import ShellState, shell

TITLE = "Campaign"
ON_LOAD = [ShellState.load, CampaignState.load, MessageListState.load]

_status = CampaignState.status
_ledger = CampaignState.ledger


def page() -> rx.Component:
    return shell(
        rx.cond(
            CampaignState.is_loaded,
            rx.cond(
                CampaignState.is_missing,
                missing("campaign", back_to="All campaigns", href="/campaigns"),
                _body(),
            ),
            skeleton_rows(6),
        ),
        _cancel_dialog(),
        rx.el.div(CampaignState.said, aria_live="polite", class_name="visually-hidden"),
        title=rx.cond(CampaignState.name != "", CampaignState.name, "Campaign"),
        active="campaigns",
        crumbs=[("Campaigns", "/campaigns"), CampaignState.crumb],
        state=rx.el.span(campaign_badge(_status), class_name="campaign-state"),
        note=CampaignState.note,
        actions=[_actions()],
        ruled=False,
        phone_end=live_since(CampaignState.beat, CampaignState.zone),
    )


def _body() -> rx.Component:
    live = rx.fragment(ledger_panel(), ways_and_reasons(), message_list())
    return rx.fragment(
        rx.cond(CampaignState.problem != "", callout(CampaignState.problem, tone="bad")),
        rx.cond(CampaignState.is_late, late_question()),
        rx.cond((_status == "paused") & (CampaignState.pause_reason != ""), _why_paused()),
        rx.match(_status, ("draft", draft()), ("scheduled", planned()), live),
    )


def _why_paused() -> rx.Component:
    return callout(
        rx.el.b("Paused by the carrier’s answers. "), CampaignState.pause_reason, tone="bad"
    )


def _actions() -> rx.Component:
    return rx.match(
        _status,
        ("sending", rx.fragment(_pause(), _cancel("Cancel campaign"), _more(_duplicate_item()))),
        ("paused", rx.fragment(_resume(), _cancel("Cancel campaign"), _more(_duplicate_item()))),
        (
            "scheduled",
            rx.fragment(_edit(), _cancel("Cancel campaign"), _more(_duplicate_item())),
        ),
        ("draft", rx.fragment()),
        ("", rx.fragment()),
        button("Duplicate", icon="copy", on_click=CampaignState.duplicate),
    )


def _pause() -> rx.Component:
    return button(
        "Pause",
        icon="pause",
        busy=CampaignState.busy == "pause",
        busy_label="Pausing…",
        on_click=CampaignState.pause,
    )


def _resume() -> rx.Component:
    return button(
        "Resume",
        kind="primary",
        icon="play",
        busy=CampaignState.busy == "resume",
        busy_label="Resuming…",
        on_click=CampaignState.resume,
    )


def _edit() -> rx.Component:
    return button(
        "Edit",
        icon="pencil",
        busy=CampaignState.busy == "edit",
        busy_label="Opening…",
        on_click=CampaignState.edit,
    )


def _cancel(words: str) -> rx.Component:
    return button(words, kind="danger", icon="circle_x", on_click=CampaignState.ask_to_cancel)


def _more(*items: Any) -> rx.Component:
    return menu(icon_button("ellipsis", "More"), *items)


def _duplicate_item() -> rx.Component:
    return menu_item("Duplicate as a draft", icon="copy", on_select=CampaignState.duplicate)


def _cancel_dialog() -> rx.Component:
    """Names the campaign and the number; keeping on is the first choice."""
    gone = _ledger.audience - _ledger.pending
    is_planned = _status == "scheduled"
    text = rx.cond(
        is_planned,
        js(
            "$0.toLocaleString('en-US') + ($0 === 1 ? ' person' : ' people')"
            " + ' will not get it. You can’t undo this; to change it, edit it instead.'",
            CampaignState.plan.will_get,
        ),
        js(
            "$0.toLocaleString('en-US') + ($0 === 1 ? ' person' : ' people')"
            " + ' will not get it. ' + $1.toLocaleString('en-US')"
            " + ($1 === 1 ? ' text has' : ' texts have')"
            " + ' already left or been skipped, and stay as they are. You can’t undo this.'",
            _ledger.pending,
            gone,
        ),
    )
    return confirm_dialog(
        open=CampaignState.asks_to_cancel,
        title=rx.fragment("Cancel “", CampaignState.name, "”?"),
        text=text,
        keep=rx.match(
            _status, ("scheduled", "Keep it"), ("paused", "Keep it paused"), "Keep sending"
        ),
        confirm=rx.cond(
            is_planned,
            "Cancel campaign",
            "Cancel " + counted(_ledger.pending, "text", "texts").to(str),
        ),
        on_keep=CampaignState.keep_going,
        on_confirm=CampaignState.cancel,
        busy=CampaignState.busy == "cancel",
        busy_label="Canceling…",
    )
