"""Asking the provider: for texts of which nobody knows whether they left, and for receipts that never came.

A text in doubt is looked up in the provider's list and adopted when it is there; it is never sent again.
What is found goes the same way as a receipt.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.delivery.pace import Pace
from mbs_app.domain.vocabulary import MessageStatus
from mbs_app.models import CampaignMessage
from mbs_app.providers.base import ProviderMessage, ProviderUnavailable, TextProvider
from mbs_app.queries import clock
from mbs_app.queries.bulk import any_of, update_rows
from mbs_app.queries.receipts import Event

_messages: Any = CampaignMessage.__table__
_log = logging.getLogger(__name__)

CLOCKS_APART = timedelta(seconds=30)
"""How far the provider's clock may be behind the database's."""
MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Question:
    """One text to ask about. ``since``: when it was about to leave, at the earliest."""

    message_id: UUID
    in_doubt: bool
    phone_number: str
    body: str
    twilio_sid: str | None
    provider_status: str
    since: datetime


def due_questions(session: Session, pace: Pace, *, limit: int = MOST_AT_ONCE) -> list[Question]:
    """Texts whose look is due. The next look is set at once, so that no other worker asks too."""
    now = clock.db_now(session)
    found = (
        session.connection()
        .execute(
            sa.select(
                _messages.c.id,
                _messages.c.status,
                _messages.c.looks,
                _messages.c.phone_number,
                _messages.c.message_body,
                _messages.c.twilio_sid,
                _messages.c.provider_status,
                _messages.c.attempting_at,
                _messages.c.created_at,
            )
            .where(_messages.c.next_look_at <= now)
            .order_by(_messages.c.next_look_at)
            .limit(limit)
            .with_for_update(skip_locked=True, key_share=True)
        )
        .all()
    )
    update_rows(
        session,
        _messages,
        [
            {
                "id": row.id,
                "looks": row.looks + 1,
                "next_look_at": pace.next_look(
                    row.looks + 1, now, in_doubt=row.status == MessageStatus.UNKNOWN
                ),
            }
            for row in found
        ],
    )
    return [
        Question(
            row.id,
            row.status == MessageStatus.UNKNOWN,
            row.phone_number,
            row.message_body or "",
            row.twilio_sid,
            row.provider_status,
            row.attempting_at or row.created_at,
        )
        for row in found
        if row.status in (MessageStatus.UNKNOWN, MessageStatus.SENT)
    ]


async def ask(provider: TextProvider, question: Question) -> list[ProviderMessage]:
    """What the provider has on it: for a text in doubt perhaps several, oldest first."""
    try:
        if question.twilio_sid is not None:
            known = await provider.fetch(question.twilio_sid)
            return [known] if known else []
        listed = await provider.find(question.phone_number, since=question.since - CLOCKS_APART)
    except ProviderUnavailable as problem:
        _log.info("message %s: %s", question.message_id, problem)
        return []
    return [one for one in reversed(listed) if _is_the_text(one, question)]


def _is_the_text(listed: ProviderMessage, question: Question) -> bool:
    # A trial account puts a sentence of its own in front.
    return listed.body.strip().endswith(question.body.strip())


def findings(
    session: Session, answers: Sequence[tuple[Question, Sequence[ProviderMessage]]]
) -> list[Event]:
    """The events to store: each text found is given to one message only, and never one already in the books."""
    taken = _in_the_books(session, (one.provider_id for _, found in answers for one in found))
    events: list[Event] = []
    for question, found in answers:
        for one in found:
            known = question.twilio_sid == one.provider_id
            if not known and one.provider_id in taken:
                continue
            taken.add(one.provider_id)
            if not known or one.status != question.provider_status:
                events.append(_event(question, one))
            break
    return events


def _in_the_books(session: Session, sids: Iterable[str]) -> set[str]:
    wanted = sorted(set(sids))
    if not wanted:
        return set()
    return set(
        session.connection().scalars(
            sa.select(_messages.c.twilio_sid).where(any_of(_messages.c.twilio_sid, wanted))
        )
    )


def _event(question: Question, found: ProviderMessage) -> Event:
    return Event(
        provider_id=found.provider_id,
        status=found.status,
        message_id=question.message_id,
        error_code=found.error_code,
        payload={
            "source": "look-up",
            "status": found.status,
            "date_created": found.date_created.isoformat(),
        },
    )
