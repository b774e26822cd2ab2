"""One customer in the words and shapes the page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from mbs_app.domain.consent_state import STATE_WORDS, ConsentState
from mbs_app.domain.names import field_label
from mbs_app.domain.phones import display_phone
from mbs_app.domain.reasons import suppression_words
from mbs_app.domain.time_words import (
    clock_time,
    day_words,
    weekday_words,
    zone_abbreviation,
)
from mbs_app.domain.vocabulary import CampaignKind, ConsentKind, CustomerStatus, MessageStatus
from mbs_app.models import ConsentEvent, Customer
from mbs_app.services.customers import Bubble, CampaignLine, CustomerProfile
from mbs_app.ui.components.timeline import HistoryItem
from mbs_app.ui.customers.rows import reason_words

_SOURCES = {
    "manual": "by hand",
    "import": "by import",
    "api": "by API",
    "inbound": "from a text they sent",
}
_METHODS = {
    "recorded": "Recorded by your team",
    "import": "From an imported file",
    "api": "From another program",
    "carrier": "Told the carrier",
}
_MOVING = (MessageStatus.PENDING, MessageStatus.SENDING)


@dataclass(frozen=True, slots=True)
class Fact:
    """``rest`` may stand on a line of its own where both don't fit."""

    name: str
    value: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class BubbleLine:
    """One text; ``day`` is set where a new day begins. ``status_words`` say how ours ended, and when."""

    id: str
    is_ours: bool
    text: str
    day: str
    time: str
    label: str
    status: str
    status_words: str


@dataclass(frozen=True, slots=True)
class EndLine:
    campaign_id: str
    name: str
    status: str
    words: str
    day: str


def facts_of(profile: CustomerProfile, region: str, zone: str, now: datetime) -> list[Fact]:
    one = profile.customer
    phone = display_phone(one.phone, region)
    added = f"{day_words(one.created_at, now, zone)}, {_SOURCES.get(one.source, 'by hand')}"
    local = (
        f"{clock_time(now, profile.local_zone)} {zone_abbreviation(profile.local_zone, now)}"
        if profile.local_zone
        else ""
    )
    standard = [
        Fact("Mobile", phone),
        Fact("Line", line_words(profile.blocked_by)),
        Fact(
            "Status", "" if one.status == CustomerStatus.ACTIVE else "Inactive, gets no campaigns"
        ),
        _email(one.email),
        Fact("City", ", ".join(part for part in (one.city, one.state) if part)),
        Fact("Local time", local),
        *(Fact(field_label(key), str(value)) for key, value in sorted(one.attributes.items())),
        Fact("Notes", one.notes),
        Fact("Added", added),
    ]
    return [fact for fact in standard if fact.value]


def _email(address: str) -> Fact:
    person, at, host = address.partition("@")
    return Fact("Email", person + at, host)


def line_words(blocked_by: Sequence[str]) -> str:
    if ConsentState.CANNOT_RECEIVE.value in blocked_by:
        return "Can’t get texts"
    return "Can get texts"


def consent_words(profile: CustomerProfile) -> str:
    return STATE_WORDS[profile.consent]


def why_blocked(profile: CustomerProfile) -> str:
    """ "Replied STOP", where something holds texts back."""
    return ". ".join(dict.fromkeys(suppression_words(reason) for reason in profile.blocked_by))


def history_of(events: Sequence[ConsentEvent], zone: str, now: datetime) -> list[HistoryItem]:
    """Newest first; the newest is filled, an opt-out is vermilion."""
    items = []
    for place, event in enumerate(events):
        earlier = [one.kind for one in events[place + 1 :]]
        out = event.kind == ConsentKind.OPTED_OUT
        items.append(
            HistoryItem(
                time=f"{day_words(event.at, now, zone)}, {clock_time(event.at, zone)}",
                words=_event_words(event.kind, ConsentKind.OPTED_OUT in earlier),
                rest=_method_words(event),
                tone="bad" if out else "good" if place == 0 else "",
            )
        )
    return items


def bubbles_of(bubbles: Sequence[Bubble], zone: str, now: datetime) -> list[BubbleLine]:
    lines: list[BubbleLine] = []
    last_day = ""
    for one in bubbles:
        day = _day(one.at, zone, now)
        time = clock_time(one.at, zone)
        lines.append(
            BubbleLine(
                id=str(one.id),
                is_ours=one.is_ours,
                text=one.text or "(no words)",
                day=day if day != last_day else "",
                time=time,
                label=_label(one),
                status=one.status,
                status_words=_ended(one, time) if one.is_ours else "",
            )
        )
        last_day = day
    return lines


def ends_of(lines: Sequence[CampaignLine], zone: str, now: datetime) -> list[EndLine]:
    return [
        EndLine(
            campaign_id=str(one.campaign_id),
            name=one.name,
            status=one.status,
            words=reason_words(one.status, one.skip_reason, one.error_code)
            or str(one.status).capitalize(),
            day=day_words(one.at, now, zone),
        )
        for one in lines
    ]


def is_moving(bubbles: Sequence[Bubble]) -> bool:
    """Whether a text is still on its way, so that looking again is worth it."""
    return any(one.status in _MOVING or one.status == MessageStatus.SENT for one in bubbles[-3:])


def talk_words(profile: CustomerProfile, zone: str) -> str:
    """ "31 out, 4 in since Mar 2024"."""
    if profile.since is None:
        return ""
    since = profile.since.astimezone(ZoneInfo(zone))
    return f"{profile.texts_out:,} out, {profile.texts_in:,} in since {since:%b %Y}"


def first_name_of(customer: Customer) -> str:
    return customer.first_name or customer.last_name or "them"


def _day(at: datetime, zone: str, now: datetime) -> str:
    near = day_words(at, now, zone)
    return near if near in ("Today", "Yesterday") else weekday_words(at, now, zone)


def _label(one: Bubble) -> str:
    if not one.is_ours:
        return ""
    return {CampaignKind.DIRECT.value: "Written to them alone"}.get(one.kind, one.campaign_name)


def _ended(one: Bubble, time: str) -> str:
    reason = reason_words(one.status, one.skip_reason, one.error_code)
    word = str(one.status).capitalize()
    if reason:
        return f"{word}: {reason[:1].lower()}{reason[1:]}"
    return word if one.status in _MOVING else f"{word} {time}"


def _event_words(kind: str, was_out: bool) -> str:
    if kind == ConsentKind.OPTED_IN:
        return "Opted in again" if was_out else "Opted in"
    return "Opted out" if kind == ConsentKind.OPTED_OUT else "Opt-out taken back"


def _method_words(event: ConsentEvent) -> str:
    if event.method == "reply":
        said = " ".join(event.wording.split())
        return f"Replied “{said[:60]}{'…' if len(said) > 60 else ''}”"
    return event.wording or _METHODS.get(event.method, "")
