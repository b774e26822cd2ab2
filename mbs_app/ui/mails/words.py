"""A mail as a line of the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mbs_app.domain.time_words import ago, day_and_time, mid_sentence
from mbs_app.domain.vocabulary import MailKind, MailStatus
from mbs_app.services.mails import MailLine, Outbox, SetAside
from mbs_app.ui.components.marks import Tone

KINDS: dict[MailKind, str] = {
    MailKind.INVITATION: "Invitation",
    MailKind.ALREADY_JOINED: "Has an account already",
    MailKind.APPROVED: "Account approved",
    MailKind.REJECTED: "Account not approved",
    MailKind.PASSWORD_RESET: "Password reset",
    MailKind.PASSWORD_CHANGED: "Password changed",
    MailKind.NEW_DEVICE: "New sign-in",
    MailKind.EMAIL_CHANGE: "Address to confirm",
    MailKind.EMAIL_CHANGED: "Address changed",
    MailKind.SECURITY_CHANGED: "Security changed",
}

STATUSES: dict[MailStatus, tuple[str, str, Tone]] = {
    MailStatus.PENDING: ("circle_dashed", "Waiting", ""),
    MailStatus.SENDING: ("loader", "Being sent", ""),
    MailStatus.SENT: ("check", "Sent", ""),
    MailStatus.DELIVERED: ("check_check", "Delivered", "good"),
    MailStatus.BOUNCED: ("circle_x", "Came back", "bad"),
    MailStatus.COMPLAINED: ("circle_x", "Marked as spam", "bad"),
    MailStatus.FAILED: ("circle_x", "Not sent", "bad"),
    MailStatus.EXPIRED: ("clock", "Too late", "warn"),
    MailStatus.CANCELLED: ("circle_slash", "Canceled", ""),
}
"""Icon, words and tone."""


@dataclass(frozen=True, slots=True)
class MailRow:
    """``when`` is of its way into the outbox, ``then`` of what happened last or comes next."""

    id: str
    kind: str
    address: str
    status: str
    problem: str
    when: str
    then: str


@dataclass(frozen=True, slots=True)
class AsideRow:
    id: str
    address: str
    why: str
    since: str


def row_of(line: MailLine, now: datetime, zone: str) -> MailRow:
    return MailRow(
        id=str(line.id),
        kind=KINDS[line.kind],
        address=line.to_email,
        status=line.status,
        problem=line.problem,
        when=day_and_time(line.created_at, now, zone),
        then=_then(line, now, zone),
    )


def _then(line: MailLine, now: datetime, zone: str) -> str:
    if line.delivered_at is not None:
        return f"arrived {mid_sentence(day_and_time(line.delivered_at, now, zone))}"
    if line.sent_at is not None:
        return f"sent {mid_sentence(day_and_time(line.sent_at, now, zone))}"
    if line.next_attempt_at is not None and line.attempts and line.next_attempt_at > now:
        return f"next try {mid_sentence(day_and_time(line.next_attempt_at, now, zone))}"
    return ""


def aside_row(one: SetAside, now: datetime, zone: str) -> AsideRow:
    note = f" The mail service said: {one.note}" if one.note else ""
    since = f"Since {mid_sentence(day_and_time(one.since, now, zone))}"
    return AsideRow(str(one.id), one.address, one.why + note, since)


def stuck_words(outbox: Outbox, now: datetime) -> str:
    """What keeps mails from leaving; empty where nothing does."""
    if outbox.stuck is None:
        return ""
    waiting = "1 mail waits" if outbox.waiting == 1 else f"{outbox.waiting:,} mails wait"
    since = mid_sentence(ago(outbox.stuck.created_at, now))
    return f"{waiting}, the oldest written {since}. {outbox.stuck.problem}"
