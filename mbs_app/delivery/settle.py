"""Step 5: what the provider answered, written into the books. Many answers, one short transaction."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from mbs_app.delivery.consequences import Consequences, words_for
from mbs_app.delivery.pace import Pace
from mbs_app.domain import pacing
from mbs_app.domain.carrier_codes import explain
from mbs_app.domain.lifecycle import advance
from mbs_app.domain.vocabulary import MessageStatus
from mbs_app.providers.base import (
    Accepted,
    InDoubt,
    NotProcessed,
    Rejected,
    SenderRefused,
    SendOutcome,
)
from mbs_app.queries import clock
from mbs_app.queries.settle import Books, Row

_log = logging.getLogger(__name__)

UNREACHABLE_ATTEMPTS = 40
"""Tries while the provider can't be reached at all, which says nothing about the text: about seven hours."""


@dataclass(frozen=True, slots=True)
class Result:
    """The end of one call. ``attempt`` counts from 1; ``took_ms`` is the call's own time."""

    message_id: UUID
    attempt: int
    outcome: SendOutcome
    took_ms: int


def settle(
    session: Session, results: Sequence[Result], pace: Pace, *, carefully: bool = False
) -> list[UUID]:
    """Write ``results`` into the books. Settling one twice changes nothing.

    A receipt may have been faster than the answer: what it said is never taken back. Returns the ids of
    the campaigns that changed.

    Raises IntegrityError where a look-up has given a provider's id to the wrong message before its answer
    came; settled again ``carefully``, the id goes to the right one.
    """
    now = clock.db_now(session)
    books, consequences = Books(session), Consequences()
    rows = books.lock(result.message_id for result in results)
    if carefully:
        _undo_wrong_adoptions(books, results, now, pace)
    for result in results:
        if row := rows.get(result.message_id):
            apply(row, result, now, pace, consequences)
    consequences.before_saving(session, now)
    changed = books.save(now)
    consequences.after_saving(session, now)
    return changed


def apply(row: Row, result: Result, now: datetime, pace: Pace, consequences: Consequences) -> None:
    """Change one row by one answer."""
    outcome = result.outcome
    if isinstance(outcome, Accepted):
        _accept(row, outcome, result.took_ms, now, pace)
        return
    # The other answers speak of this one try, and only while nothing more is known of it.
    undecided = row.status in (MessageStatus.SENDING, MessageStatus.UNKNOWN)
    if not undecided or row.attempts != result.attempt or row.twilio_sid is not None:
        return
    if isinstance(outcome, NotProcessed):
        _try_again(row, outcome, now, consequences)
    elif isinstance(outcome, Rejected):
        _fail(row, outcome.code, outcome.words or outcome.message)
        consequences.of_failure(row)
    elif isinstance(outcome, SenderRefused):
        row.back_to_the_queue(None)
        consequences.refuse(row.campaign_id, _in_words(outcome))
    elif isinstance(outcome, InDoubt) and row.status is MessageStatus.SENDING:
        row.doubt(pace.first_doubt_look(now))
        row.error_message = outcome.reason[:300]


def _undo_wrong_adoptions(
    books: Books, results: Sequence[Result], now: datetime, pace: Pace
) -> None:
    """The answer to the call itself says for certain whose a provider's id is.

    Of two texts to one number with the same words, a look-up may have given the id to the wrong one.
    """
    owners = {
        result.outcome.provider_id: result.message_id
        for result in results
        if isinstance(result.outcome, Accepted)
    }
    for sid, row in books.lock_by_sid(owners).items():
        if owners.get(sid, row.id) != row.id:
            _log.warning("%s is not of message %s after all", sid, row.id)
            books.take_sid_away(row)
            row.doubt(pace.first_doubt_look(now))
            row.sent_at = row.delivered_at = row.error_code = None


def _accept(row: Row, outcome: Accepted, took_ms: int, now: datetime, pace: Pace) -> None:
    if row.twilio_sid not in (None, outcome.provider_id):
        _log.error("message %s was taken twice: %s", row.id, outcome.provider_id)
        return
    row.twilio_sid = outcome.provider_id
    row.segments = outcome.segments or row.segments
    row.accepted_in_ms = took_ms
    row.sent_at = row.sent_at or now
    row.provider_status = row.provider_status or outcome.status[:24]
    if advance(row.status, MessageStatus.SENT) is not row.status:
        row.become(MessageStatus.SENT)
        row.error_message = ""
        row.next_look_at, row.looks = pace.first_receipt_look(now), 0


def _try_again(row: Row, outcome: NotProcessed, now: datetime, consequences: Consequences) -> None:
    most = UNREACHABLE_ATTEMPTS if outcome.code is None else pacing.MAX_ATTEMPTS
    if outcome.code is not None:
        consequences.slow_down(row.campaign_id, outcome.retry_after)
    if row.attempts >= most:
        _fail(row, outcome.code, outcome.words)
        return
    row.error_message = outcome.words[:300]
    row.back_to_the_queue(now + pacing.backoff(row.attempts, outcome.retry_after, random.random()))


def _fail(row: Row, code: int | None, words: str) -> None:
    row.become(MessageStatus.FAILED)
    row.error_code = code
    row.error_message = words_for(explain(code), words)


def _in_words(outcome: SenderRefused) -> str:
    meaning = explain(outcome.code)
    return outcome.words or f"{meaning.words}. {meaning.advice}"
