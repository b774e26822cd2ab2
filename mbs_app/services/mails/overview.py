"""The outbox as an admin sees it: how many mails are where, what waits, what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.mail_lifecycle import WAITING
from mbs_app.domain.vocabulary import MailKind, MailStatus
from mbs_app.models import MailEvent, OutgoingMail
from mbs_app.services.mails.setting_aside import must_administrate

MOST = 50


class MailShow(StrEnum):
    """Which mails to list."""

    ALL = "all"
    WAITING = "waiting"
    SENT = "sent"
    PROBLEMS = "problems"  # with something to say of what went wrong


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
class MailPage:
    rows: Sequence[MailLine]
    counts: dict[MailShow, int]


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
    waiting = select(OutgoingMail).where(*_shown(MailShow.WAITING)).order_by(col(OutgoingMail.id))
    oldest = session.exec(waiting.limit(1)).first()
    stuck = session.exec(waiting.where(OutgoingMail.problem != "").limit(1)).first()
    troubled = mails_after(session, actor, MailShow.PROBLEMS, limit=1)
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


def list_mails(
    session: Session, actor: Actor, show: MailShow, *, offset: int = 0, limit: int = MOST
) -> MailPage:
    """A page of the outbox, the newest first, and how many there are of each choice.

    Raises:
        NotAllowed: the actor isn't administrating.
    """
    must_administrate(actor)
    chosen = _newest(show).offset(max(0, offset)).limit(min(limit, MOST))
    counts = {one: session.exec(_count(one)).one() for one in MailShow}
    return MailPage([_line(mail) for mail in session.exec(chosen)], counts)


def mails_after(
    session: Session,
    actor: Actor,
    show: MailShow = MailShow.ALL,
    *,
    after: UUID | None = None,
    limit: int = MOST,
) -> Sequence[MailLine]:
    """The newest mails first; ``after`` is the id of the last one of the page before.

    Raises:
        NotAllowed: the actor isn't administrating.
    """
    must_administrate(actor)
    chosen = _newest(show).limit(min(limit, MOST))
    if after is not None:
        chosen = chosen.where(OutgoingMail.id < after)
    return [_line(mail) for mail in session.exec(chosen)]


def _newest(show: MailShow) -> Any:
    return select(OutgoingMail).where(*_shown(show)).order_by(col(OutgoingMail.id).desc())


def _count(show: MailShow) -> Any:
    return select(sa.func.count()).select_from(OutgoingMail).where(*_shown(show))


def _shown(show: MailShow) -> tuple[Any, ...]:
    if show is MailShow.WAITING:
        return (col(OutgoingMail.status).in_(WAITING),)
    if show is MailShow.SENT:
        return (col(OutgoingMail.status).in_((MailStatus.SENT, MailStatus.DELIVERED)),)
    if show is MailShow.PROBLEMS:
        # What an admin took back says why, too, and is none.
        return (OutgoingMail.problem != "", OutgoingMail.status != MailStatus.CANCELLED)
    return ()


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
