"""The audit log as a CSV file, piece by piece, so that no transaction lasts as long as a download."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC
from uuid import UUID

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.csv_dialect import csv_text, guard_cell
from mbs_app.services.audit import words
from mbs_app.services.audit.listing import AuditFilter, AuditLine, list_events
from mbs_app.services.audit.recording import record

PIECE = 1_000
HEAD = (
    "Time (UTC)", "Who", "What happened", "Kind", "Code", "Subject", "Subject type", "Subject id",
    "Details", "Address",
)  # fmt: skip


def csv_piece(
    session: Session, actor: Actor, chosen: AuditFilter, *, after: UUID | None
) -> tuple[str, UUID | None]:
    """The next thousand events that match as CSV lines, and where to go on; None when that was all.

    The first piece begins with the headings. Cells that a spreadsheet would run as a formula get an apostrophe
    before them. Admins only.
    """
    page = list_events(session, actor, chosen, after=after, limit=PIECE)
    head = [HEAD] if after is None else []
    return csv_text([*head, *map(_cells, page.lines)]), page.after


def note_export(session: Session, actor: Actor, chosen: AuditFilter) -> None:
    """Put on record that an admin takes the log, or this part of it, out of the program."""
    record(session, actor, "audit.export", **dict(_told(chosen)))


def _told(chosen: AuditFilter) -> Iterator[tuple[str, str]]:
    for part in fields(chosen):
        if value := getattr(chosen, part.name):
            yield part.name, str(value)


def _cells(line: AuditLine) -> tuple[str, ...]:
    details = "; ".join(f"{label}: {value}" for label, value in words.detail_words(line.details))
    cells = (
        line.who,
        line.sentence,
        words.GROUP_WORDS[line.group],
        line.action,
        line.subject,
        line.subject_type,
        line.subject_id,
        details,
        line.ip,
    )
    at = line.at.astimezone(UTC).isoformat(timespec="seconds")
    return (at, *map(guard_cell, cells))
