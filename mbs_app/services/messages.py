"""A campaign's texts, one by one: pages filtered by outcome, why some failed, and the history of each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.carrier_codes import explain
from mbs_app.domain.errors import NotFound
from mbs_app.domain.reasons import skip_words
from mbs_app.domain.vocabulary import MessageStatus
from mbs_app.models import Campaign, CampaignMessage, Customer, MessageEvent

PAGE = 50


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One text in a list."""

    id: UUID
    customer_id: UUID | None
    name: str
    phone: str
    place: str
    status: str
    last: str
    segments: int
    at: datetime


@dataclass(frozen=True, slots=True)
class MessagePage:
    lines: list[MessageLine]
    total: int
    newer: int


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened to a text. ``tone`` is "", "good", "bad" or "doubt"."""

    at: datetime
    words: str
    detail: str = ""
    code: int | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class MessageHistory:
    lines: list[HistoryLine]
    body: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Failure:
    code: int | None
    words: str
    count: int


def page_of_messages(
    session: Session,
    actor: Actor,
    campaign_id: UUID,
    *,
    as_of: datetime,
    status: str | None = None,
    search: str = "",
    page: int = 1,
) -> MessagePage:
    """Fifty texts, the last touched first, as the list stood at ``as_of``.

    What was touched since doesn't push its way in: it is counted in ``newer``.
    """
    wanted: list[ColumnElement[bool]] = [col(CampaignMessage.campaign_id) == campaign_id]
    if status:
        wanted.append(col(CampaignMessage.status) == status)
    if search.strip():
        wanted.append(_matches(search.strip()))
    base = select(CampaignMessage, Customer).outerjoin(
        Customer, col(Customer.id) == CampaignMessage.customer_id
    )
    rows = session.exec(
        base.where(*wanted, col(CampaignMessage.updated_at) <= as_of)
        .order_by(col(CampaignMessage.updated_at).desc(), col(CampaignMessage.id).desc())
        .limit(PAGE)
        .offset((max(page, 1) - 1) * PAGE)
    ).all()
    counted = (
        select(
            func.count(),
            func.count().filter(col(CampaignMessage.updated_at) > as_of),
        )
        .select_from(CampaignMessage)
        .outerjoin(Customer, col(Customer.id) == CampaignMessage.customer_id)
        .where(*wanted)
    )
    total, newer = session.exec(counted).one()
    return MessagePage([_line(message, customer) for message, customer in rows], total, newer)


def failures(session: Session, actor: Actor, campaign_id: UUID) -> list[Failure]:
    """Why texts of a campaign failed, the most frequent reason first."""
    rows = session.exec(
        select(CampaignMessage.error_code, func.count())
        .where(
            CampaignMessage.campaign_id == campaign_id,
            CampaignMessage.status == MessageStatus.FAILED,
        )
        .group_by(col(CampaignMessage.error_code))
        .order_by(func.count().desc())
    ).all()
    return [Failure(code, explain(code).words, count) for code, count in rows]


def history(session: Session, actor: Actor, message_id: UUID) -> MessageHistory:
    """Everything known of one text, the oldest first.

    Raises:
        NotFound: it isn't among the actor's texts.
    """
    message = session.get(CampaignMessage, message_id)
    if message is None:
        raise NotFound("text")
    events = session.exec(
        select(MessageEvent)
        .where(MessageEvent.message_id == message_id)
        .order_by(col(MessageEvent.id))
    ).all()
    lines = [HistoryLine(message.created_at, f"Queued at place {message.position:,}")]
    if message.skip_reason:
        lines.append(
            HistoryLine(message.updated_at, f"Left out: {skip_words(message.skip_reason)}")
        )
    if message.attempting_at and not message.sent_at:
        lines.append(
            HistoryLine(message.attempting_at, "Handed to carrier", f"attempt {message.attempts}")
        )
    if message.sent_at:
        took = (
            "" if message.accepted_in_ms is None else f"in {message.accepted_in_ms / 1000:.2f} s, "
        )
        lines.append(
            HistoryLine(
                message.sent_at, "Handed to carrier, accepted", f"{took}attempt {message.attempts}"
            )
        )
    lines += [_event_line(event) for event in events]
    if not any(line.tone for line in lines):
        lines += _outcome_line(message)
    lines.sort(key=lambda line: line.at)
    return MessageHistory(lines, message.message_body, _note(message))


def failures_csv(session: Session, actor: Actor, campaign_id: UUID) -> Iterator[str]:
    """The texts that failed, as CSV lines with a reason in plain words."""
    if session.get(Campaign, campaign_id) is None:
        raise NotFound("campaign")
    yield _csv_line("Name", "Number", "Reason", "Code", "Time (UTC)")
    rows = session.exec(
        select(CampaignMessage, Customer)
        .outerjoin(Customer, col(Customer.id) == CampaignMessage.customer_id)
        .where(
            CampaignMessage.campaign_id == campaign_id,
            CampaignMessage.status == MessageStatus.FAILED,
        )
        .order_by(col(CampaignMessage.id))
        .execution_options(yield_per=500)
    )
    for message, customer in rows:
        yield _csv_line(
            _name(customer),
            message.phone_number,
            explain(message.error_code).words,
            str(message.error_code or ""),
            message.updated_at.isoformat(timespec="seconds"),
        )


def _matches(search: str) -> ColumnElement[bool]:
    digits = "".join(letter for letter in search if letter.isdigit())
    pattern = f"%{search}%"
    names = or_(
        col(Customer.first_name).ilike(pattern),
        col(Customer.last_name).ilike(pattern),
        (col(Customer.first_name) + " " + col(Customer.last_name)).ilike(pattern),
    )
    is_number = len(digits) >= 3 and not any(letter.isalpha() for letter in search)
    if is_number:
        return or_(names, col(CampaignMessage.phone_number).like(f"%{digits}%"))
    return names


def _line(message: CampaignMessage, customer: Customer | None) -> MessageLine:
    return MessageLine(
        id=message.id,
        customer_id=message.customer_id,
        name=_name(customer),
        phone=message.phone_number,
        place=", ".join(part for part in (customer.city, customer.state) if part)
        if customer
        else "",
        status=message.status,
        last=_what_happened_last(message),
        segments=message.segments,
        at=message.updated_at,
    )


def _name(customer: Customer | None) -> str:
    if customer is None:
        return ""
    return f"{customer.first_name} {customer.last_name}".strip()


def _what_happened_last(message: CampaignMessage) -> str:
    match message.status:
        case MessageStatus.PENDING if message.attempts:
            return "Set aside, will be tried again"
        case MessageStatus.PENDING:
            return f"Queued at place {message.position:,}"
        case MessageStatus.SENDING:
            return "Being handed to the carrier"
        case MessageStatus.SENT:
            return "Carrier has it, no receipt yet"
        case MessageStatus.DELIVERED:
            return "Phone confirmed receipt"
        case MessageStatus.SKIPPED:
            return f"Left out: {skip_words(message.skip_reason)}"
        case MessageStatus.UNKNOWN:
            return "Carrier never said" + ("; we keep asking" if message.next_look_at else "")
        case _:
            return explain(message.error_code).words


_EVENT_WORDS = {
    "accepted": ("Accepted by Twilio", ""),
    "queued": ("Queued at Twilio", ""),
    "scheduled": ("Scheduled at Twilio", ""),
    "sending": ("Twilio is handing it to the carrier", ""),
    "sent": ("Carrier has it", ""),
    "delivered": ("Phone confirmed receipt", "good"),
    "read": ("Opened on the phone", "good"),
}


def _event_line(event: MessageEvent) -> HistoryLine:
    if event.status in ("failed", "undelivered", "canceled"):
        words = explain(event.error_code).words
        return HistoryLine(
            event.received_at,
            f"Not delivered: {words[:1].lower()}{words[1:]}",
            code=event.error_code,
            tone="bad",
        )
    words, tone = _EVENT_WORDS.get(event.status, (event.status.capitalize(), ""))
    return HistoryLine(event.received_at, words, code=event.error_code, tone=tone)


def _outcome_line(message: CampaignMessage) -> list[HistoryLine]:
    """The outcome itself, where no event of the carrier tells it."""
    if message.status == MessageStatus.FAILED:
        words = explain(message.error_code).words
        return [
            HistoryLine(
                message.updated_at,
                f"Not sent: {words[:1].lower()}{words[1:]}",
                code=message.error_code,
                tone="bad",
            )
        ]
    if message.status == MessageStatus.UNKNOWN:
        return [
            HistoryLine(
                message.updated_at,
                "Carrier never said whether it has it",
                "never sent again by the program",
                tone="doubt",
            )
        ]
    if message.status == MessageStatus.DELIVERED and message.delivered_at:
        return [HistoryLine(message.delivered_at, "Phone confirmed receipt", tone="good")]
    return []


def _note(message: CampaignMessage) -> str:
    if message.status == MessageStatus.FAILED:
        return explain(message.error_code).advice
    return ""


def _csv_line(*cells: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
