"""The top of a campaign's page: figures, the ledger that adds up, the funnel, why texts failed."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.campaign.list_state import MessageListState
from mbs_app.ui.campaign.state import CampaignState
from mbs_app.ui.components.buttons import text_link
from mbs_app.ui.components.figures import bar_list, stat, stats
from mbs_app.ui.components.funnel import funnel
from mbs_app.ui.components.layout import caption, regions, section_head
from mbs_app.ui.components.ledger import ledger_bar, ledger_columns, ruler
from mbs_app.ui.components.sparkline import sparkline
from mbs_app.ui.components.wording import commas
from mbs_app.ui.live.indicator import live_since

_figures = CampaignState.figures
_ledger = CampaignState.ledger


def ledger_panel() -> rx.Component:
    """The boxed ledger. On a phone the three lesser figures stand under the columns."""
    figures = stats(
        stat(_figures.time, _figures.time_under, large=True),
        stat(_figures.rate, _figures.rate_under, beside=_spark()),
        stat(_figures.share, _figures.share_under),
        stat(_figures.cost, _figures.cost_under),
        end=live_since(CampaignState.beat, CampaignState.zone),
    )
    return rx.el.section(
        rx.el.h2("Ledger", class_name="visually-hidden"),
        figures,
        ledger_bar(_ledger, size=32),
        ruler(_ledger.audience),
        ledger_columns(
            _ledger,
            _ledger.audience,
            chosen=MessageListState.outcome,
            on_choose=MessageListState.choose,
        ),
        class_name="panel",
    )


def _spark() -> rx.Component:
    return rx.cond(
        CampaignState.spark != "",
        sparkline(CampaignState.spark, label="Texts a second over the last 40 seconds"),
    )


def ways_and_reasons() -> rx.Component:
    """From audience to phone, and beside it why some never arrived."""
    return regions(
        rx.el.section(
            section_head("From audience to phone"),
            funnel(
                CampaignState.funnel,
                moving=CampaignState.per_second > 0,
                per_second=CampaignState.per_second,
            ),
        ),
        rx.el.section(_failures()),
    )


def _failures() -> rx.Component:
    some = rx.fragment(
        section_head(
            rx.fragment("Why ", commas(_ledger.failed), " failed"),
            text_link(
                "Download list",
                href="/api/campaigns/" + CampaignState.key + "/failures.csv",
                external=True,
            ),
        ),
        bar_list(CampaignState.reasons, top=CampaignState.most, label="Why texts failed"),
    )
    none = rx.fragment(
        section_head("Why texts failed"), rx.el.p("Nothing failed so far.", class_name="ink-2")
    )
    return rx.fragment(
        rx.cond(_ledger.failed > 0, some, none),
        rx.cond(
            CampaignState.left_out != "",
            rx.el.p(caption(CampaignState.left_out), class_name="left-out"),
        ),
    )
