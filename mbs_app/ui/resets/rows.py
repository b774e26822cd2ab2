"""Resets in the words the list shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mbs_app.domain.time_words import day_and_time, mid_sentence
from mbs_app.domain.vocabulary import AdminResetStatus, ResetType
from mbs_app.services.password_resets import ResetRow

STATUS_WORDS = {
    AdminResetStatus.PENDING: "Waiting",
    AdminResetStatus.COMPLETED: "Completed",
    AdminResetStatus.EXPIRED: "Expired",
    AdminResetStatus.CANCELLED: "Canceled",
}
SAID_BY_STATUS = "Canceled "
SELF_ASKED = "Asked for it themselves"
SENDER_GONE = "an admin whose account is gone"


@dataclass(frozen=True, slots=True)
class ResetLine:
    """One link. ``reset_id`` is empty where it can't be canceled; ``ends`` reads "until today 4:15 PM"."""

    id: str
    reset_id: str
    person_id: str
    person: str
    email: str
    how: str
    reason: str
    status: str
    status_words: str
    ends: str
    sent: str


def line_of(row: ResetRow, now: datetime, zone: str) -> ResetLine:
    by_admin = row.kind is ResetType.ADMIN
    is_open = row.status is AdminResetStatus.PENDING
    return ResetLine(
        id=str(row.id),
        reset_id=str(row.reset_id) if is_open and row.reset_id else "",
        person_id=str(row.person_id),
        person=row.person,
        email=row.email,
        how=f"Sent by {row.sender or SENDER_GONE}" if by_admin else SELF_ASKED,
        reason=row.reason,
        status=row.status.value,
        status_words=STATUS_WORDS[row.status],
        ends=_ends(row, now, zone),
        sent=day_and_time(row.created_at, now, zone),
    )


def _ends(row: ResetRow, now: datetime, zone: str) -> str:
    if row.status is AdminResetStatus.CANCELLED:
        return row.note.removeprefix(SAID_BY_STATUS)
    if row.status is AdminResetStatus.COMPLETED and row.completed_at is not None:
        return mid_sentence(day_and_time(row.completed_at, now, zone))
    when = mid_sentence(day_and_time(row.expires_at, now, zone))
    return f"until {when}" if row.status is AdminResetStatus.PENDING else when
