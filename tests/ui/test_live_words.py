"""What live screens say of time, rate and money."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from mbs_app.domain.vocabulary import CampaignKind, CampaignStatus
from mbs_app.services.live import AboutCampaign, Ledger, LiveCampaign
from mbs_app.services.messages import Reason
from mbs_app.ui.campaign.figures import figures_of, left_out_words, note_of, text_parts
from mbs_app.ui.live.hub import Sight
from mbs_app.ui.live.words import about_money, money, timing, when

ZONE = "America/Chicago"
NOW = datetime(2026, 10, 16, 15, 6, 14, tzinfo=UTC)  # 10:06:14 AM there
BOOKS = Ledger(11_204, 1_318, 42, 5_310, 18, 236, 314, 18_442)


def campaign(status: str = CampaignStatus.SENDING, **values: Any) -> LiveCampaign:
    given: dict[str, Any] = {
        "id": UUID(int=1),
        "user_id": UUID(int=2),
        "version": 1,
        "name": "Fall clearance",
        "status": status,
        "pause_reason": "",
        "ledger": BOOKS,
        "segments_sent": 12_776,
        "price_per_segment_micros": 11_750,
        "launched_at": NOW - timedelta(minutes=5),
        "sent_at": None,
        "scheduled_at": None,
        "late_since": None,
        **values,
    }
    return LiveCampaign(**given)


ABOUT = AboutCampaign(
    user_id=UUID(int=2),
    owner_name="Maya Okafor",
    time_zone=ZONE,
    region="US",
    kind=CampaignKind.CAMPAIGN,
    message_body="Hi {first_name|there}",
    audience={"mode": "all"},
    audience_words="Everyone active",
    sender_address="+15125550142",
    sender_label="",
    segments_per_second=45.0,
    price_per_segment_micros=11_750,
    schedule_time_zone=ZONE,
)


@pytest.mark.parametrize(
    ("per_second", "words", "under"),
    [
        (41.8, "About 2 min left", "Ends near 10:08 AM"),
        (200.0, "Less than a minute left", "Ends near 10:06 AM"),
        (0.0, "Waiting", "Nothing went out in the last 10 s"),
        (None, "Sending", "5,352 texts to go"),
    ],
)
def test_the_time_left_follows_from_the_rate(
    per_second: float | None, words: str, under: str
) -> None:
    assert timing(campaign(), per_second, NOW, ZONE) == (words, under)


@pytest.mark.parametrize(
    ("status", "values", "words", "under"),
    [
        (CampaignStatus.SENDING, {"launched_at": None}, "Getting ready", "Taking down who gets it"),
        (CampaignStatus.PAUSED, {}, "Paused", "5,310 texts wait"),
        (CampaignStatus.SENT, {"sent_at": NOW + timedelta(minutes=1)}, "Took 6 min", "Finished 10:07 AM"),
        (CampaignStatus.CANCELLED, {}, "Canceled", "12,776 texts had left"),
        (
            CampaignStatus.SCHEDULED,
            {"scheduled_at": NOW + timedelta(hours=6, minutes=24)},
            "4:30 PM",
            "in 6 h 24 min",
        ),
    ],
)  # fmt: skip
def test_every_state_has_its_words(
    status: str, values: dict[str, Any], words: str, under: str
) -> None:
    assert timing(campaign(status, **values), 0.0, NOW, ZONE) == (words, under)


def test_figures_say_what_was_reached_at_what_cost() -> None:
    figures = figures_of(Sight(campaign(), 41.8, ()), ABOUT, NOW)
    assert (figures.rate, figures.rate_under) == ("41.8 a second", "Limit for this number: 45")
    assert (figures.share, figures.share_under) == (
        "97.9% delivered",
        "of 11,440 with a final answer",
    )
    assert (figures.cost, figures.cost_under) == ("$150.12", "of about $213 in all")


def test_without_an_answer_no_share_is_claimed() -> None:
    none_yet = Ledger(0, 10, 0, 0, 0, 0, 0, 10)
    figures = figures_of(Sight(campaign(ledger=none_yet), 1.0, ()), ABOUT, NOW)
    assert figures.share == "No receipts yet"


def test_the_note_says_who_started_it_and_from_where() -> None:
    assert (
        note_of(campaign(), ABOUT, NOW) == "Started 10:01 AM by Maya Okafor · from (512) 555-0142"
    )


def test_another_day_is_named_in_small_letters_inside_a_sentence() -> None:
    assert when(NOW + timedelta(days=1), NOW, ZONE) == "tomorrow 10:06 AM"
    assert when(NOW + timedelta(days=3), NOW, ZONE) == "Oct 19, 10:06 AM"


def test_estimates_have_no_cents_from_ten_dollars_on() -> None:
    assert (money(150_140_000), about_money(213_200_000), about_money(6_160_000)) == (
        "$150.14",
        "about $213",
        "about $6.16",
    )


def test_everybody_left_out_is_accounted_for_by_reason() -> None:
    reasons = [Reason("Opted out", 210), Reason("Can’t get texts", 104)]
    assert left_out_words(reasons) == "314 left out: 210 opted out, 104 can’t get texts."
    assert left_out_words([]) == ""


def test_a_text_that_has_not_left_names_its_fields() -> None:
    parts = [(part.words, part.filled) for part in text_parts("Hi {first_name|there}, hello")]
    assert parts == [("Hi ", False), ("First name", True), (", hello", False)]
