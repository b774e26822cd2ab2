"""The outbox as an admin sees it: how many mails are where, what waits, what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.mail_lifecycle import WAITING
from mbs_app.domain.vocabulary import MailKind, MailStatus
from mbs_app.models import MailEvent, OutgoingMail
from mbs_app.services.mails.setting_aside import must_administrate


@dataclass(frozen=True, slots=True)
class MailLine:
    """One mail without what it said. ``problem`` is a sentence, empty where there is none."""

    id: UUID
    kind: MailKind
    to_email: str
    status: MailStatus
    attempts: int
    problem: str
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    next_attempt_at: datetime | None  # of one that waits


@dataclass(frozen=True, slots=True)
class Outbox:
    """``counts`` has every status. ``stuck`` is the mail that has waited longest after a try that failed."""

    counts: dict[MailStatus, int]
    waiting: int
    oldest_waiting_at: datetime | None
    stuck: MailLine | None
    last_problem: MailLine | None
    last_report_at: datetime | None


def read_outbox(session: Session, actor: Actor) -> Outbox:
    """The state of the outbox.

    Raises:
        NotAllowed: the actor isn't administrating.
    """
    must_administrate(actor)
    counted = dict(
        session.exec(
            select(OutgoingMail.status, sa.func.count()).group_by(col(OutgoingMail.status))
        ).all()
    )
    counts = {status: counted.get(status.value, 0) for status in MailStatus}
    waiting = select(OutgoingMail).where(col(OutgoingMail.status).in_(WAITING))
    oldest = session.exec(waiting.order_by(col(OutgoingMail.id)).limit(1)).first()
    stuck = session.exec(
        waiting.where(OutgoingMail.problem != "").order_by(col(OutgoingMail.id)).limit(1)
    ).first()
    troubled = problems(session, actor, limit=1)
    return Outbox(
        counts=counts,
        waiting=sum(counts[status] for status in WAITING),
        oldest_waiting_at=oldest.created_at if oldest else None,
        stuck=_line(stuck) if stuck else None,
        last_problem=troubled[0] if troubled else None,
        last_report_at=session.exec(
            select(MailEvent.received_at).order_by(col(MailEvent.id).desc()).limit(1)
        ).first(),
    )


def recent(
    session: Session, actor: Actor, *, before: UUID | None = None, limit: int = 50
) -> Sequence[MailLine]:
    """The newest mails first; ``before`` is the id of the last one of the page before.

    Raises:
        NotAllowed: the actor isn't administrating.
    """
    must_administrate(actor)
    return _lines(session, before, limit)


def problems(
    session: Session, actor: Actor, *, before: UUID | None = None, limit: int = 50
) -> Sequence[MailLine]:
    """As :func:`recent`, only those with something to say of what went wrong.

    Raises:
        NotAllowed: the actor isn't administrating.
    """
    must_administrate(actor)
    return _lines(session, before, limit, OutgoingMail.problem != "")


def _lines(
    session: Session, before: UUID | None, limit: int, *wanted: object
) -> Sequence[MailLine]:
    listed = select(OutgoingMail).where(*wanted).order_by(col(OutgoingMail.id).desc()).limit(limit)
    if before is not None:
        listed = listed.where(OutgoingMail.id < before)
    return [_line(mail) for mail in session.exec(listed)]


def _line(mail: OutgoingMail) -> MailLine:
    waits = mail.status in WAITING
    return MailLine(
        id=mail.id,
        kind=MailKind(mail.kind),
        to_email=mail.to_email,
        status=MailStatus(mail.status),
        attempts=mail.attempts,
        problem=mail.problem,
        created_at=mail.created_at,
        sent_at=mail.sent_at,
        delivered_at=mail.delivered_at,
        next_attempt_at=mail.next_attempt_at if waits else None,
    )
