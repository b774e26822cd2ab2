"""A text as a line of the list, and its history, in the words of the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from mbs_app.domain.clock import utc_now
from mbs_app.domain.phones import display_phone
from mbs_app.domain.time_words import clock_time, day_words
from mbs_app.services.message_history import MessageHistory
from mbs_app.services.messages import MessageLine
from mbs_app.ui.components.timeline import HistoryItem


@dataclass(frozen=True)
class MessageRow:
    id: str
    name: str
    number: str
    phone: str  # E.164, what is copied
    place: str
    status: str
    last: str
    segments: int
    time: str


@dataclass(frozen=True)
class OpenedText:
    """The one row that is unfolded; `id` is empty while none is."""

    id: str = ""
    events: list[HistoryItem] = field(default_factory=list)
    body: str = ""
    customer_id: str = ""


def row_of(line: MessageLine, zone: str, region: str) -> MessageRow:
    return MessageRow(
        id=str(line.id),
        name=line.name,
        number=display_phone(line.phone, region),
        phone=line.phone,
        place=line.place,
        status=line.status,
        last=line.last,
        segments=line.segments,
        time=time_words(line.at, zone),
    )


def opened_text(message_id: str, told: MessageHistory, zone: str) -> OpenedText:
    return OpenedText(
        id=message_id,
        events=[
            HistoryItem(
                time=time_words(line.at, zone),
                words=line.words,
                rest=line.detail,
                code="" if line.code is None else str(line.code),
                note=line.note,
                tone=line.tone,
            )
            for line in told.lines
        ],
        body=told.body or "",
        customer_id=str(told.customer_id or ""),
    )


def time_words(at: datetime, zone: str) -> str:
    """ "10:06:14 AM" today, "Oct 14 10:06 AM" on another day."""
    day = day_words(at, utc_now(), zone)
    if day == "Today":
        return clock_time(at, zone, seconds=True)
    return f"{day}, {clock_time(at, zone)}"
