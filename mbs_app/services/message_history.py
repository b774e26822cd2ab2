"""What happened to one text, from the queue to the phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.carrier_codes import CodeAction, explain
from mbs_app.domain.pacing import MAX_ATTEMPTS
from mbs_app.domain.reasons import skip_words
from mbs_app.domain.vocabulary import MessageStatus
from mbs_app.models import CampaignMessage, MessageEvent
from mbs_app.services.lookup import must_get


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened to a text. ``tone`` is "", "good", "bad" or "warn"."""

    at: datetime
    words: str
    detail: str = ""
    code: int | None = None
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class MessageHistory:
    """``body`` is the text as sent; None for one that has not left, or never will."""

    lines: list[HistoryLine]
    body: str | None
    customer_id: UUID | None


def history(session: Session, actor: Actor, message_id: UUID) -> MessageHistory:
    """Everything known of one text, the oldest first.

    Raises:
        NotFound: it isn't among the actor's texts.
    """
    message = must_get(session, CampaignMessage, message_id, "text")
    events = session.exec(
        select(MessageEvent)
        .where(MessageEvent.message_id == message_id)
        .order_by(col(MessageEvent.id))
    ).all()
    queued, *later = [*_our_side(message), *_told_by_the_carrier(events)]
    if not any(line.tone for line in later):
        later += _outcome(message)
    later.sort(key=lambda line: line.at)
    return MessageHistory([queued, *later], message.message_body, message.customer_id)


def _our_side(message: CampaignMessage) -> list[HistoryLine]:
    """From the queue to the hand-over, as the row itself remembers it."""
    if message.skip_reason:
        words = skip_words(message.skip_reason)
        return [HistoryLine(message.updated_at, f"Left out: {_lower_first(words)}")]
    lines = [HistoryLine(message.created_at, f"Queued at place {message.position:,}")]
    attempt = f"attempt {message.attempts} of {max(MAX_ATTEMPTS, message.attempts)}"
    if message.sent_at:
        took = message.accepted_in_ms
        detail = attempt if took is None else f"in {took / 1000:.2f} s, {attempt}"
        lines.append(HistoryLine(message.sent_at, "Handed to carrier, accepted", detail))
    elif message.status == MessageStatus.PENDING and message.attempts:
        again = message.next_attempt_at or message.updated_at
        lines.append(HistoryLine(again, "Next try", f"after attempt {message.attempts}"))
    elif message.attempting_at:
        lines.append(HistoryLine(message.attempting_at, "Handed to carrier", attempt))
    return lines


_EVENT_WORDS = {
    "accepted": ("Accepted by Twilio", ""),
    "queued": ("Queued at Twilio", ""),
    "scheduled": ("Scheduled at Twilio", ""),
    "sending": ("On its way to the carrier", ""),
    "sent": ("Carrier has it", ""),
    "delivered": ("Phone confirmed receipt", "good"),
    "read": ("Opened on the phone", "good"),
}
_BAD_NEWS = ("failed", "undelivered", "canceled")


def _told_by_the_carrier(events: list[MessageEvent]) -> list[HistoryLine]:
    """Each thing once: providers repeat themselves, and say "sent" after "delivered"."""
    lines: list[HistoryLine] = []
    told: set[tuple[str, int | None]] = set()
    for event in events:
        if (event.status, event.error_code) in told:
            continue
        told.add((event.status, event.error_code))
        if event.status in _BAD_NEWS:
            lines.append(_bad_news("Not delivered", event.received_at, event.error_code))
        else:
            words, tone = _EVENT_WORDS.get(event.status, (event.status.capitalize(), ""))
            lines.append(HistoryLine(event.received_at, words, code=event.error_code, tone=tone))
    return lines


def _outcome(message: CampaignMessage) -> list[HistoryLine]:
    """The outcome itself, where no event of the carrier tells it."""
    match message.status:
        case MessageStatus.FAILED:
            return [_bad_news("Not sent", message.updated_at, message.error_code)]
        case MessageStatus.UNKNOWN:
            return [
                HistoryLine(
                    message.updated_at,
                    "Carrier never said whether it has it",
                    note="We keep asking. It is never sent again by itself, so nobody gets it twice."
                    if message.next_look_at
                    else "It is never sent again by itself, so nobody gets it twice.",
                    tone="warn",
                )
            ]
        case MessageStatus.DELIVERED if message.delivered_at:
            return [HistoryLine(message.delivered_at, "Phone confirmed receipt", tone="good")]
    return []


def _bad_news(what: str, at: datetime, code: int | None) -> HistoryLine:
    meaning = explain(code)
    match meaning.action:
        case CodeAction.SUPPRESS_NUMBER:
            note = "Marked “can’t receive texts”. Later campaigns skip this number."
        case CodeAction.SUPPRESS_OPT_OUT:
            note = "Marked as opted out. Nothing more is sent to this number."
        case _:
            note = meaning.advice
    return HistoryLine(
        at, f"{what}: {_lower_first(meaning.words)}", code=code, note=note, tone="bad"
    )


def _lower_first(words: str) -> str:
    """For use after a colon; names such as Twilio keep their capital."""
    first = words.split(" ", 1)[0]
    return words if first == "Twilio" else f"{words[:1].lower()}{words[1:]}"
