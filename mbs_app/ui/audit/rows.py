"""Events of the log as lines and as what unfolds under one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from mbs_app.domain.time_words import (
    clock_time,
    day_and_time,
    day_words,
    weekday_words,
    zone_abbreviation,
)
from mbs_app.services.audit import GROUP_WORDS, AuditLine, detail_words


@dataclass(frozen=True)
class Piece:
    """A part of a sentence; names are strong."""

    words: str
    strong: bool


@dataclass(frozen=True)
class AuditRow:
    id: str
    time: str
    pieces: list[Piece]
    sentence: str
    group: str
    group_words: str
    code: str
    ip: str


@dataclass(frozen=True)
class Detail:
    label: str
    value: str


@dataclass(frozen=True)
class OpenedEvent:
    """The one row that is unfolded; ``id`` is empty while none is.

    ``person_id`` and ``subject_id`` are set where more can be looked up about them.
    """

    id: str = ""
    details: list[Detail] = field(default_factory=list)
    person_id: str = ""
    person: str = ""
    subject_id: str = ""
    subject: str = ""
    ip: str = ""


def row_of(line: AuditLine, now: datetime, zone: str) -> AuditRow:
    return AuditRow(
        id=str(line.id),
        time=f"{day_words(line.at, now, zone)} {clock_time(line.at, zone)}",
        pieces=[Piece(part.words, part.strong) for part in line.parts],
        sentence=line.sentence,
        group=line.group.value,
        group_words=GROUP_WORDS[line.group],
        code=line.action,
        ip=line.ip,
    )


def opened_event(line: AuditLine, now: datetime, zone: str) -> OpenedEvent:
    return OpenedEvent(
        id=str(line.id),
        details=[Detail(label, value) for label, value in _told(line, now, zone)],
        person_id=str(line.actor_id or ""),
        person=line.who,
        subject_id=line.subject_id if line.subject else "",
        subject=line.subject,
        ip=line.ip,
    )


def _told(line: AuditLine, now: datetime, zone: str) -> list[tuple[str, str]]:
    exact = (
        f"{weekday_words(line.at, now, zone)}, {clock_time(line.at, zone, seconds=True)} "
        f"{zone_abbreviation(zone, line.at)}"
    )
    return [
        ("When", exact),
        *([("Where from", line.ip)] if line.ip else []),
        *detail_words(line.details, lambda at: day_and_time(at, now, zone, with_zone=True)),
        ("Code", line.action),
    ]


def range_words(first: int, last: int, total: int | None, most: int) -> str:
    """ "12 events", "Rows 1–50 of 312", "Rows 1–50 of more than 1,000", or "Rows 1–50" where counting would
    take too long."""
    rows = f"Rows {first:,}–{last:,}"
    if total is None:
        return rows
    if total > most:
        return f"{rows} of more than {most:,}"
    if first == 1 and last == total:
        return "1 event" if total == 1 else f"{total:,} events"
    return f"{rows} of {total:,}"
