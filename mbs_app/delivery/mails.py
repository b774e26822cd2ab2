"""The outbox: mails of the product leave as soon as what they tell of is committed.

::

    claim ──> call ──> settle
    (thread) (asyncio) (thread)

Unlike a text, a mail may be handed over again: its id is the idempotency key, under which the service takes it
once. The key is kept for a day. So a mail is tried until an answer comes, always with the same content, and
given up before the key is forgotten; after a worker's end its lease runs out, and another goes on with it.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import object_session
from sqlmodel import Session

from mbs_app.delivery import signals
from mbs_app.delivery.dispatch import Database
from mbs_app.delivery.pace import Pace
from mbs_app.domain import pacing
from mbs_app.domain.vocabulary import MailStatus
from mbs_app.models import OutgoingMail
from mbs_app.providers import base
from mbs_app.providers.base import (
    MailAccepted,
    MailNotAnswered,
    MailOutcome,
    MailProvider,
    MailRejected,
    MailSenderRefused,
    MailTakenBefore,
)
from mbs_app.queries import clock
from mbs_app.queries import mails as queue
from mbs_app.services import mails

_log = logging.getLogger(__name__)

AT_ONCE = 4
KEY_HOLDS = timedelta(hours=23)  # Resend keeps a key for 24 hours
REFUSED_UNTIL = timedelta(days=7)
_SLOWER_WHEN_REFUSED = 5  # doublings: from about a minute on
_MOST_SETTLE_TRIES = 8

NOT_ANSWERED_IN_TIME = (
    "The mail service didn’t answer for 23 hours. Whether it was sent isn’t known."
)
EXPIRED = "Its link was dead before the mail could be sent."
EXPIRED_IN_DOUBT = "Its link is dead by now. Whether the last try was sent isn’t known."


@dataclass(frozen=True, slots=True)
class ClaimedMail:
    """One mail under lease. ``attempt`` counts from 1; ``is_first_doubt``: no earlier call may have been taken."""

    mail: base.OutgoingMail
    id: UUID
    attempt: int
    is_first_doubt: bool


class Mailer:
    """Sends what is due. ``provider`` belongs to the event loop in which :meth:`run` runs."""

    def __init__(self, provider: MailProvider, database: Database, pace: Pace) -> None:
        self._provider, self._database, self._pace = provider, database, pace
        self._calls: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def run(self) -> None:
        """Work until :meth:`stop`; then wait for the calls under way."""
        idle = self._pace.shortest_poll
        try:
            with signals.mails.listening() as bell:
                while not self._stopping:
                    if await self._begin_calls():
                        idle = self._pace.shortest_poll
                    await bell.wait(idle)
                    idle = min(idle * 1.5, self._pace.longest_poll)
            await asyncio.gather(*self._calls)
        finally:
            for call in self._calls:
                call.cancel()

    def stop(self) -> None:
        self._stopping = True
        signals.mails.ring()

    async def _begin_calls(self) -> bool:
        room = AT_ONCE - len(self._calls)
        if not room or not await self._database(queue.any_due, read_only=True):
            return False
        claimed = await self._database(claim, room, self._pace)
        for one in claimed:
            call = asyncio.create_task(self._deliver(one))
            self._calls.add(call)
            call.add_done_callback(self._call_ended)
        return bool(claimed)

    def _call_ended(self, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        signals.mails.ring()

    async def _deliver(self, claimed: ClaimedMail) -> None:
        try:
            outcome = await self._provider.send(claimed.mail)
        except Exception:
            # A fault of ours: whether it happened before or after the mail left isn't known.
            _log.exception("handing over mail %s failed", claimed.id)
            outcome = MailNotAnswered(None, "The call ended in an error of the program.")
        pause = 0.2
        for _ in range(_MOST_SETTLE_TRIES):
            try:
                await self._database(settle, claimed, outcome)
                return
            except Exception:
                # A lost database comes back.
                _log.exception("the answer for mail %s can’t be written; trying again", claimed.id)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)
        # Its lease runs out, and the same key brings the same answer.


def claim(session: Session, limit: int, pace: Pace) -> Sequence[ClaimedMail]:
    """Lease at most ``limit`` mails that are due. Those that must not be sent any more end here."""
    now = clock.db_now(session)
    due = queue.lock_due(session, now, limit)
    aside = queue.set_aside(session, (mail.to_email.lower() for mail in due)) if due else {}
    claimed = []
    for mail in due:
        if (why := _why_not(mail, now, aside.get(mail.to_email.lower()))) is not None:
            status, words = why
            mails.end(mail, status, words)
            continue
        claimed.append(
            ClaimedMail(_frozen(mail), mail.id, mail.attempts + 1, mail.doubt_since is None)
        )
        mail.status = MailStatus.SENDING
        mail.attempts += 1
        mail.doubt_since = mail.doubt_since or now
        mail.lease_expires_at = mail.next_attempt_at = now + timedelta(seconds=pace.lease)
    return claimed


def _why_not(mail: OutgoingMail, now: datetime, aside: Any) -> tuple[MailStatus, str] | None:
    in_doubt = mail.doubt_since is not None
    if mail.expires_at is not None and mail.expires_at <= now:
        return MailStatus.EXPIRED, EXPIRED_IN_DOUBT if in_doubt else EXPIRED
    if mail.doubt_since is not None and now - mail.doubt_since >= KEY_HOLDS:
        return MailStatus.FAILED, NOT_ANSWERED_IN_TIME
    if not in_doubt and mail.attempts and now - mail.created_at >= REFUSED_UNTIL:
        return MailStatus.FAILED, mail.problem
    if aside is not None:
        return MailStatus.FAILED, mails.why_set_aside(aside)
    return None


def _frozen(mail: OutgoingMail) -> base.OutgoingMail:
    """The same at every try: with the same key, other content would be refused."""
    return base.OutgoingMail(
        idempotency_key=str(mail.id),
        to=mail.to_email,
        subject=mail.subject,
        html=mail.html,
        text=mail.text,
        headers={
            "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office replies, please
            "X-Entity-Ref-ID": str(mail.id),  # keeps mail clients from folding two into one
        },
        tags={mails.TAG: str(mail.id)},
    )


def settle(session: Session, claimed: ClaimedMail, outcome: MailOutcome) -> None:
    """Write down the end of one call. Settling one twice changes nothing.

    A report may have been faster than the answer: what it said is never taken back.
    """
    mail = session.get(OutgoingMail, claimed.id, with_for_update=True)
    if mail is None:
        return
    now = clock.db_now(session)
    if isinstance(outcome, MailAccepted):
        mails.note_accepted(session, mail, outcome.provider_id, now)
        return
    # The other answers speak of this one try, and only while nothing more is known.
    if mail.status != MailStatus.SENDING or mail.attempts != claimed.attempt:
        return
    if isinstance(outcome, MailTakenBefore):
        mail.sent_at = now
        mails.end(mail, MailStatus.SENT, outcome.words)
    elif isinstance(outcome, MailRejected):
        mails.end(mail, MailStatus.FAILED, f"{outcome.words} It said: {outcome.message}")
    elif isinstance(outcome, MailSenderRefused):
        if claimed.is_first_doubt:
            mail.doubt_since = None
        _try_again(mail, outcome.words, now, pacing.backoff(mail.attempts + _SLOWER_WHEN_REFUSED))
    elif isinstance(outcome, MailNotAnswered):
        wait = pacing.backoff(mail.attempts, outcome.retry_after, random.random())
        _try_again(mail, outcome.words, now, wait)


def _try_again(mail: OutgoingMail, problem: str, now: datetime, wait: timedelta) -> None:
    mail.status = MailStatus.PENDING
    mail.problem = problem[:300]
    mail.lease_expires_at = None
    mail.next_attempt_at = now + wait


@event.listens_for(OutgoingMail, "after_insert")
def _ring_when_committed(_mapper: Any, _connection: Any, mail: OutgoingMail) -> None:
    """Whoever queues a mail need not know that somebody in this process may be waiting for it."""
    if (session := object_session(mail)) is not None:
        signals.mails.ring_after_commit(session)
