"""The figures above a campaign's ledger, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from mbs_app.domain import merge
from mbs_app.domain.names import field_label
from mbs_app.domain.phones import display_phone
from mbs_app.domain.time_words import day_and_time, zone_abbreviation
from mbs_app.domain.vocabulary import CampaignStatus
from mbs_app.services.audiences import Reach
from mbs_app.services.live import AboutCampaign, LiveCampaign
from mbs_app.services.messages import Reason
from mbs_app.ui.components.phone import TextPart
from mbs_app.ui.live.hub import Sight
from mbs_app.ui.live.words import about_money, capital, money, per_second_words, timing, until, when


@dataclass(frozen=True)
class Figures:
    """Four figures, each with what stands under it."""

    time: str = ""
    time_under: str = ""
    rate: str = ""
    rate_under: str = ""
    share: str = ""
    share_under: str = ""
    cost: str = ""
    cost_under: str = ""


@dataclass(frozen=True)
class Plan:
    """What a scheduled campaign will do, as things are now."""

    when: str = ""
    countdown: str = ""
    due: str = ""
    will_get: int = 0
    left_out: int = 0
    matching: int = 0
    cost: str = ""
    audience: str = ""
    sender: str = ""
    text: list[TextPart] = field(default_factory=list)


@dataclass(frozen=True)
class ReasonRow:
    words: str
    count: int


def figures_of(sight: Sight, about: AboutCampaign, now: datetime) -> Figures:
    campaign, ledger = sight.campaign, sight.campaign.ledger
    time_words, under = timing(campaign, sight.per_second, now, about.time_zone)
    rate, rate_under = _rate(campaign, sight.per_second, about)
    share = f"{ledger.delivered * 100 / ledger.final:.1f}% delivered" if ledger.final else ""
    return Figures(
        time=time_words,
        time_under=under,
        rate=rate,
        rate_under=rate_under,
        share=share or "No receipts yet",
        share_under=f"of {ledger.final:,} with a final answer"
        if share
        else "Phones confirm each text",
        cost=money(campaign.spent_micros),
        cost_under=_cost_under(campaign),
    )


def _rate(
    campaign: LiveCampaign, per_second: float | None, about: AboutCampaign
) -> tuple[str, str]:
    if campaign.status in (CampaignStatus.SENDING, CampaignStatus.PAUSED):
        limit = per_second_words(about.segments_per_second)
        rate = "–" if per_second is None else f"{per_second:,.1f}" if per_second else "0"
        return f"{rate} a second", f"Limit for this number: {limit}"
    handed_over = campaign.ledger.handed_over
    if not (campaign.launched_at and campaign.sent_at and handed_over):
        return f"{handed_over:,} handed over", "to the carrier"
    seconds = max(1.0, (campaign.sent_at - campaign.launched_at).total_seconds())
    return f"{handed_over / seconds:,.1f} a second", "on average"


def _cost_under(campaign: LiveCampaign) -> str:
    if campaign.status in (CampaignStatus.SENDING, CampaignStatus.PAUSED):
        expected = campaign.expected_micros
        return f"of {about_money(expected)} in all" if expected else "so far"
    segments = campaign.segments_sent
    return f"for {segments:,} {'segment' if segments == 1 else 'segments'}"


def crumb_of(campaign: LiveCampaign) -> str:
    """The place in the list: "Running", "Scheduled", "Finished"."""
    return {
        CampaignStatus.DRAFT: "Drafts",
        CampaignStatus.SCHEDULED: "Scheduled",
        CampaignStatus.SENDING: "Running",
        CampaignStatus.PAUSED: "Running",
        CampaignStatus.SENT: "Finished",
        CampaignStatus.CANCELLED: "Stopped",
        CampaignStatus.FAILED: "Stopped",
    }[CampaignStatus(campaign.status)]


def note_of(campaign: LiveCampaign, about: AboutCampaign, now: datetime) -> str:
    """ "Started 10:01 AM by Maya Okafor · from (512) 555-0142"."""
    sender = sender_words(about)
    parts = [f"from {sender}"] if sender else []
    if campaign.launched_at:
        started = when(campaign.launched_at, now, about.time_zone)
        parts.insert(0, f"Started {started} by {about.owner_name}")
    elif campaign.status == CampaignStatus.DRAFT:
        parts = []
    elif about.owner_name:
        parts.insert(0, f"By {about.owner_name}")
    return " · ".join(parts)


def sender_words(about: AboutCampaign) -> str:
    """The number as people write it; a messaging service by its label."""
    if about.sender_address.startswith("+"):
        return display_phone(about.sender_address, about.region)
    return about.sender_label or about.sender_address


def plan_of(
    campaign: LiveCampaign, about: AboutCampaign, reach: Reach, segments: int, now: datetime
) -> Plan:
    """``reach`` and ``segments`` are counted now; the audience itself is taken down when sending begins."""
    at, zone = campaign.scheduled_at or now, about.schedule_time_zone
    return Plan(
        when=day_and_time(at, now, zone, with_zone=True),
        countdown=capital(until(at, now)),
        due=f"{when(at, now, zone)} {zone_abbreviation(zone, at)}",
        will_get=reach.will_get,
        left_out=reach.left_out_total,
        matching=reach.matching,
        cost=capital(about_money(segments * about.price_per_segment_micros)),
        audience=about.audience_words,
        sender=sender_words(about),
        text=text_parts(about.message_body),
    )


def text_parts(body: str) -> list[TextPart]:
    """The text with the names of its fields where each person's values will stand."""
    return [
        TextPart(part) if isinstance(part, str) else TextPart(field_label(part.name), filled=True)
        for part in merge.parse(body).parts
    ]


def left_out_words(reasons: list[Reason]) -> str:
    """ "314 left out: 210 opted out, 104 can’t get texts"."""
    total = sum(reason.count for reason in reasons)
    if not total:
        return ""
    listed = ", ".join(
        f"{reason.count:,} {reason.words[:1].lower()}{reason.words[1:]}" for reason in reasons
    )
    return f"{total:,} left out: {listed}."


def spoken(sight: Sight) -> str:
    """The totals as a screen reader is told them every so often."""
    ledger = sight.campaign.ledger
    return (
        f"{ledger.delivered:,} of {ledger.audience:,} delivered, {ledger.failed:,} failed, "
        f"{ledger.pending + ledger.sending:,} to go"
    )
