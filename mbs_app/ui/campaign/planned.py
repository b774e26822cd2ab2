"""A campaign that has not begun: what it will do, and the question when it is late."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.campaign.state import CampaignState
from mbs_app.ui.components.buttons import button, link_button
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.figures import stat, stats
from mbs_app.ui.components.layout import facts, regions, section_head
from mbs_app.ui.components.ledger import plan_bar, plan_columns
from mbs_app.ui.components.phone import bubble, day_line, filled_text, phone_preview
from mbs_app.ui.components.placeholders import empty_state
from mbs_app.ui.components.wording import people
from mbs_app.ui.live.indicator import live_since
from mbs_app.ui.shell import ShellState

_plan = CampaignState.plan


def late_question() -> rx.Component:
    """It fell due while nothing ran: too late to send unasked."""
    return callout(
        rx.el.b("This campaign fell due ", _plan.due, " while the program was down. "),
        "Nothing was sent. Send it now, or keep it as a draft?",
        rx.el.div(
            button(
                rx.fragment("Send now to ", people(_plan.will_get)),
                kind="primary",
                icon="send",
                busy=CampaignState.busy == "send",
                busy_label="Sending…",
                on_click=CampaignState.send_late,
            ),
            button(
                "Don’t send",
                busy=CampaignState.busy == "drop",
                busy_label="Keeping…",
                on_click=CampaignState.drop_late,
            ),
            class_name="btn-row callout-buttons",
        ),
        tone="warn",
        icon="clock",
    )


def planned() -> rx.Component:
    """When, to how many, at about what cost, and the text."""
    figures = stats(
        rx.cond(
            CampaignState.is_late,
            stat("Waiting for you", rx.fragment("Was due ", _plan.due), large=True),
            stat(_plan.countdown, _plan.when, large=True),
        ),
        stat(people(_plan.will_get), "if it began now"),
        stat(_plan.cost, "estimated"),
        end=live_since(CampaignState.beat, CampaignState.zone),
    )
    panel = rx.el.section(
        rx.el.h2("Plan", class_name="visually-hidden"),
        figures,
        plan_bar(0, _plan.will_get, _plan.left_out),
        plan_columns(
            ("later", "Will get it", _plan.will_get),
            ("skipped", "Left out", _plan.left_out),
            total_words="Audience",
            total=_plan.matching,
        ),
        class_name="panel",
    )
    about = rx.el.section(
        section_head("What goes out"),
        facts(
            [
                ("To", _plan.audience),
                ("From", _plan.sender),
                ("At", _plan.when),
            ]
        ),
        rx.el.p(
            "Who gets it is counted again when it begins: people who opt out until then are left out.",
            class_name="caption plan-note",
        ),
    )
    text = rx.el.section(
        section_head("The text"),
        phone_preview(
            ShellState.workspace_name,
            _plan.sender,
            day_line(_plan.when),
            bubble(filled_text(_plan.text)),
        ),
    )
    return rx.fragment(panel, regions(about, text))


def draft() -> rx.Component:
    """Nothing to watch yet."""
    return empty_state(
        "This campaign is a draft",
        "Once it is sent or scheduled, its counts move here.",
        link_button(
            "Continue writing",
            href="/campaigns/" + CampaignState.key + "/edit",
            kind="primary",
            icon="pencil",
        ),
    )
