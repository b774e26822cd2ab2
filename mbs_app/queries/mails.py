"""The outbox as a queue: which mails are due, and taking them under a lease.

Of a mail under way, ``next_attempt_at`` is the end of its lease, so that one column says when to look again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from mbs_app.domain.mail_lifecycle import WAITING
from mbs_app.domain.vocabulary import Channel, SuppressionReason
from mbs_app.models import OutgoingMail, Suppression
from mbs_app.queries import clock
from mbs_app.queries.bulk import any_of


def any_due(session: Session) -> bool:
    """A cheap look before a claim takes its locks."""
    due = select(OutgoingMail.id).where(*_due(clock.db_now(session))).limit(1)
    return session.exec(due).first() is not None


def lock_due(session: Session, now: datetime, limit: int) -> Sequence[OutgoingMail]:
    """The mails that have waited longest, locked; those that another worker holds are passed over."""
    return session.exec(
        select(OutgoingMail)
        .where(*_due(now))
        .order_by(col(OutgoingMail.next_attempt_at), col(OutgoingMail.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def set_aside(session: Session, addresses: Iterable[str]) -> dict[str, SuppressionReason]:
    """Which of ``addresses`` (in lower case) get no mail, and why."""
    found = session.exec(
        select(Suppression.address, Suppression.reason).where(
            Suppression.channel == Channel.EMAIL,
            col(Suppression.user_id).is_(None),
            any_of(Suppression.address, addresses),
        )
    )
    return {address: SuppressionReason(reason) for address, reason in found}


def _due(now: datetime) -> tuple[Any, ...]:
    # As the index has it, word for word: a planner takes a partial index for the same words only.
    waiting = ", ".join(f"'{status.value}'" for status in WAITING)
    return sa.text(f"status IN ({waiting})"), col(OutgoingMail.next_attempt_at) <= now
