"""A check put in the words and shapes that the page shows. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from mbs_app.domain.money import format_money, format_price
from mbs_app.domain.phones import display_phone
from mbs_app.domain.time_words import (
    clock_time,
    day_and_time,
    day_words,
    duration_words,
    zone_abbreviation,
)
from mbs_app.services.preflight import BlankField, Preflight, SampleText
from mbs_app.ui.components.phone import TextPart, parts_of
from mbs_app.ui.components.small_bars import SmallBar

KIND_WORDS = {
    "longest": "Longest",
    "shortest": "Shortest",
    "blank": "Blank field",
    "unicode": "Unicode letter",
    "typical": "Typical",
}


@dataclass(frozen=True, slots=True)
class ReasonLine:
    reason: str
    words: str
    people: int


@dataclass(frozen=True, slots=True)
class SegmentRow:
    segments: int
    words: str
    about: str
    people: int
    look: str  # now, later, unicode


@dataclass(frozen=True, slots=True)
class BlankLine:
    field: str
    words: str
    people: int


@dataclass(frozen=True, slots=True)
class TextRow:
    kind: str
    name: str
    parts: list[TextPart]
    size: str


@dataclass(frozen=True, slots=True)
class NoticeLine:
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class ProblemLine:
    field: str
    words: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """Everything on the page. Numbers that add up stay integers; the rest is words."""

    checked_words: str = ""
    audience_words: str = ""
    name: str = ""
    sender_words: str = ""
    start_words: str = ""
    matching: int = 0
    will_get: int = 0
    left_out_total: int = 0
    left_out: list[ReasonLine] = field(default_factory=list)
    bars: list[SmallBar] = field(default_factory=list)
    has_border: bool = False
    border_at: float = 0.0
    shortest: int = 0
    longest: int = 0
    segments: list[SegmentRow] = field(default_factory=list)
    blank_total: int = 0
    blanks: list[BlankLine] = field(default_factory=list)
    texts: list[TextRow] = field(default_factory=list)
    segments_words: str = ""
    price_words: str = ""
    cost_words: str = ""
    starts_words: str = ""
    done_words: str = ""
    button_words: str = ""
    problems: list[ProblemLine] = field(default_factory=list)
    notices: list[NoticeLine] = field(default_factory=list)
    notices_words: str = ""
    passed: list[str] = field(default_factory=list)


def build(found: Preflight, now: datetime, own_zone: str) -> CheckView:
    """``found`` in words, at ``now`` (aware), for a user in ``own_zone``."""
    zone = found.schedule_time_zone or own_zone
    start = found.scheduled_at or now
    price = Decimal(found.sender.price_per_segment_micros if found.sender else 0) / 1_000_000
    histogram = found.histogram
    border = histogram.border
    return CheckView(
        checked_words=f"{_all(found.matching)} checked one by one, {_took(found.took_seconds)}",
        audience_words=found.audience_words,
        name=found.name,
        sender_words=f"from {display_phone(found.sender.address)}" if found.sender else "",
        start_words=_start(found, now, zone, own_zone),
        matching=found.matching,
        will_get=found.will_get,
        left_out_total=found.left_out_total,
        left_out=[ReasonLine(one.reason, one.words, one.people) for one in found.left_out],
        bars=_bars(found),
        has_border=border is not None,
        border_at=round(100 * border / len(histogram.bars), 2) if border is not None else 0.0,
        shortest=histogram.shortest,
        longest=histogram.longest,
        segments=_segments(found),
        blank_total=found.blank_people,
        blanks=[BlankLine(one.field, _blank(one), one.people) for one in found.blanks],
        texts=[text_row(one) for one in found.samples],
        segments_words=f"{found.total_segments:,}",
        price_words=format_price(price),
        cost_words=format_money(Decimal(found.cost_micros) / 1_000_000),
        starts_words=day_and_time(start, now, zone, with_zone=True)
        if found.scheduled_at
        else "When you press Send",
        done_words=_done(found, now, zone),
        button_words=_button(found, now, zone, own_zone),
        problems=[ProblemLine(one.field, one.message) for one in found.problems],
        notices=[NoticeLine(one.kind, one.message) for one in found.notices],
        notices_words=_things(len(found.notices)),
        passed=_passed(found),
    )


def text_row(one: SampleText) -> TextRow:
    """One person's text with its filled-in places, and its size."""
    return TextRow(
        kind=KIND_WORDS.get(one.kind, ""),
        name=one.name,
        parts=parts_of(one.text, one.filled),
        size=f"{one.units:,}, {_counted(one.segments, 'segment')}",
    )


def _bars(found: Preflight) -> list[SmallBar]:
    tallest = found.histogram.tallest
    bars = []
    for bar in found.histogram.bars:
        look = "peak" if bar.unicode > bar.people / 2 else "later" if bar.more > bar.one else "now"
        span = f"{bar.low}" if bar.low == bar.high else f"{bar.low}–{bar.high}"
        height = max(2.0, round(100 * bar.people / tallest, 1)) if bar.people else 0.0
        bars.append(SmallBar(height, look, f"{span} characters: {_people(bar.people)}"))
    return bars


def _segments(found: Preflight) -> list[SegmentRow]:
    letters = " ".join(one.letter for one in found.letters[:3])
    rows = []
    for line in found.segments:
        about = ""
        if line.unicode_people:
            who = "" if line.unicode_people == line.people else f"{line.unicode_people:,} of them: "
            about = f"{who}letters like {letters} need Unicode"
        mostly_unicode = line.unicode_people * 2 > line.people
        look = "unicode" if mostly_unicode else "now" if line.segments == 1 else "later"
        rows.append(
            SegmentRow(line.segments, _counted(line.segments, "segment"), about, line.people, look)
        )
    return rows


def _blank(one: BlankField) -> str:
    if one.fallback:
        return f"{one.label}: “{one.fallback}”"
    return f"{one.label}: left empty"


def _start(found: Preflight, now: datetime, zone: str, own_zone: str) -> str:
    if found.scheduled_at is None:
        return "Now"
    day = day_words(found.scheduled_at, now, zone)
    return f"{day} at {_clock(found.scheduled_at, zone, own_zone)}"


def _done(found: Preflight, now: datetime, zone: str) -> str:
    if found.sender is None:
        return "–"
    if found.scheduled_at is None:
        seconds = found.seconds_to_send
        return "in a few seconds" if seconds < 10 else f"in about {duration_words(seconds)}"
    end = found.scheduled_at + timedelta(seconds=found.seconds_to_send)
    words = day_and_time(end, now, zone, with_zone=True)
    day = day_words(end, now, zone)
    return f"by {words.replace(day, day.lower(), 1) if day in ('Today', 'Tomorrow') else words}"


def _button(found: Preflight, now: datetime, zone: str, own_zone: str) -> str:
    who = f"Send to {_people(found.will_get)}"
    if found.scheduled_at is None:
        return f"{who} now"
    day = day_words(found.scheduled_at, now, zone)
    on = "" if day == "Today" else f" {day.lower() if day == 'Tomorrow' else f'on {day}'}"
    return f"{who}{on} at {_clock(found.scheduled_at, zone, own_zone)}"


def _clock(at: datetime, zone: str, own_zone: str) -> str:
    """With the zone where it isn't the user's own."""
    words = clock_time(at, zone)
    there, here = (zone_abbreviation(one, at) for one in (zone, own_zone))
    return words if there == here else f"{words} {there}"


def _passed(found: Preflight) -> list[str]:
    blocked = {one.field for one in found.problems}
    kinds = {one.kind for one in found.notices}
    lines = []
    if found.says_how_to_opt_out:
        lines.append("Opt-out line is in the text")
    if found.sender is not None:
        lines.append("Sending number is set up")
    if "message_body" not in blocked and found.message_body.strip():
        lines.append("Every field is one your customers have")
    if "too_long" not in kinds and found.will_get:
        lines.append("Every text is short enough")
    if found.will_get:
        lines.append("Nobody gets it twice")
    return lines


def _things(count: int) -> str:
    words = {1: "One thing", 2: "Two things", 3: "Three things", 4: "Four things"}
    return f"{words.get(count, f'{count} things')} to know"


def _all(count: int) -> str:
    return "1 person" if count == 1 else f"All {count:,} people"


def _took(seconds: float) -> str:
    return "in under a second" if seconds < 1 else f"{seconds:.1f} s"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
