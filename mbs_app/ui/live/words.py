"""What live screens say of time, rate and money. Pure: campaign, pace and the moment in, words out."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from mbs_app.domain.money import format_money
from mbs_app.domain.time_words import (
    clock_time,
    day_words,
    duration_words,
    time_left_words,
)
from mbs_app.domain.vocabulary import CampaignStatus
from mbs_app.services.live import LiveCampaign

JUST_STARTED = 15  # seconds in which no rate is known yet


class Timing(NamedTuple):
    """A figure and what stands under it: "About 2 min left", "Ends near 10:08 AM"."""

    words: str
    under: str


def timing(campaign: LiveCampaign, per_second: float | None, now: datetime, zone: str) -> Timing:
    """How long it will take, takes or took; ``zone`` is IANA, a rate of None isn't known yet."""
    match campaign.status:
        case CampaignStatus.SENDING:
            return _while_sending(campaign, per_second, now, zone)
        case CampaignStatus.PAUSED:
            waiting = campaign.ledger.pending
            return Timing("Paused", f"{waiting:,} {_texts(waiting)} wait" if waiting else "")
        case CampaignStatus.SCHEDULED if campaign.scheduled_at:
            return Timing(when(campaign.scheduled_at, now, zone), until(campaign.scheduled_at, now))
        case CampaignStatus.SENT:
            return _when_over(campaign, now, zone, "Took", "Finished")
        case CampaignStatus.CANCELLED:
            handed_over = campaign.ledger.handed_over
            return Timing("Canceled", f"{handed_over:,} {_texts(handed_over)} had left")
        case CampaignStatus.FAILED:
            return Timing("Not sent", "")
    return Timing("Draft", "")


def _while_sending(
    campaign: LiveCampaign, per_second: float | None, now: datetime, zone: str
) -> Timing:
    ledger = campaign.ledger
    if campaign.launched_at is None:
        return Timing("Getting ready", "Taking down who gets it")
    left = ledger.pending + ledger.sending
    if not left:
        return Timing("Almost done", "The last texts are with the carrier")
    if per_second:
        seconds = left / per_second
        ends = datetime.fromtimestamp(now.timestamp() + seconds, now.tzinfo)
        return Timing(time_left_words(seconds), f"Ends near {when(ends, now, zone)}")
    if per_second is None or (now - campaign.launched_at).total_seconds() < JUST_STARTED:
        return Timing("Sending", f"{left:,} {_texts(left)} to go")
    return Timing("Waiting", "Nothing went out in the last 10 s")


def _when_over(
    campaign: LiveCampaign, now: datetime, zone: str, took: str, finished: str
) -> Timing:
    if campaign.launched_at is None or campaign.sent_at is None:
        return Timing(finished, "")
    seconds = (campaign.sent_at - campaign.launched_at).total_seconds()
    return Timing(
        f"{took} {duration_words(max(1, seconds))}",
        f"{finished} {when(campaign.sent_at, now, zone)}",
    )


def when(moment: datetime, now: datetime, zone: str) -> str:
    """Within a sentence: "10:08 AM" today, else "tomorrow 10:08 AM", "Oct 14, 10:08 AM"."""
    day, clock = day_words(moment, now, zone), clock_time(moment, zone)
    if day == "Today":
        return clock
    return f"{day.lower()} {clock}" if day in _NEAR else f"{day}, {clock}"


_NEAR = ("Yesterday", "Tomorrow")


def capital(words: str) -> str:
    """The same words at the start of a line."""
    return words[:1].upper() + words[1:]


def until(moment: datetime, now: datetime) -> str:
    """ "in 6 h 24 min", or "now" once it is due."""
    seconds = (moment - now).total_seconds()
    return f"in {duration_words(seconds)}" if seconds >= 1 else "now"


def money(micros: int) -> str:
    """Millionths of a dollar as "$150.14"."""
    return format_money(Decimal(micros) / 1_000_000)


def about_money(micros: int) -> str:
    """An estimate has no cents from ten dollars on: "about $213"."""
    amount = Decimal(micros) / 1_000_000
    return f"about {format_money(amount, places=0 if amount >= 10 else 2)}"


def per_second_words(rate: float) -> str:
    """ "41.8", and "3" rather than "3.0" for a limit somebody set."""
    return f"{rate:,.1f}".removesuffix(".0")


def _texts(count: int) -> str:
    return "text" if count == 1 else "texts"
