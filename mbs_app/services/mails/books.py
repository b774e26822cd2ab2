"""How a mail ends, and what is known of it afterwards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, update

from mbs_app.domain.clock import utc_now
from mbs_app.domain.mail_lifecycle import advance
from mbs_app.domain.vocabulary import MailStatus
from mbs_app.models import OutgoingMail

TAG = "mbs_mail"
"""Under this name a mail's id goes out with it and comes back with each report."""


def end(mail: OutgoingMail, status: MailStatus, problem: str = "") -> None:
    """No more tries. What it said goes: it may hold a link that lets somebody in."""
    mail.status = status
    mail.problem = problem[:300]
    mail.lease_expires_at = None
    mail.subject = mail.html = mail.text = ""


def call_off(session: Session, about: Collection[UUID], why: str) -> None:
    """End the mails that wait with what was taken back; ``about`` are ids of invitations or links.

    ``why`` begins the sentence that admins read ("Its invitation was revoked"). One that is being handed over at
    this moment goes on, but isn't tried again: whoever claims a mail, and whoever calls it off, waits for the
    other's row.
    """
    mail = OutgoingMail
    waits, in_doubt = col(mail.status) == MailStatus.PENDING, col(mail.doubt_since).is_not(None)
    words = {
        False: f"{why} before the mail left.",
        True: f"{why}. Whether the last try was sent isn’t known.",
    }
    session.exec(
        update(mail)
        .where(
            col(mail.about_id).in_(about),
            col(mail.status).in_([MailStatus.PENDING, MailStatus.SENDING]),
        )
        .values(
            status=sa.case((waits, MailStatus.CANCELLED.value), else_=col(mail.status)),
            problem=sa.case(
                (~waits, col(mail.problem)), (in_doubt, words[True]), else_=words[False]
            ),
            subject=sa.case((waits, ""), else_=col(mail.subject)),
            html=sa.case((waits, ""), else_=col(mail.html)),
            text=sa.case((waits, ""), else_=col(mail.text)),
            expires_at=sa.case((waits, col(mail.expires_at)), else_=utc_now()),
        )
        .execution_options(synchronize_session=False)
    )


def note_accepted(session: Session, mail: OutgoingMail, provider_id: str, now: datetime) -> None:
    """The service has it, under its own id."""
    if mail.provider_id not in (None, provider_id):
        return
    reached = advance(
        MailStatus(mail.status), MailStatus.SENT, is_known=mail.provider_id is not None
    )
    mail.provider_id = provider_id[:64]
    mail.sent_at = mail.sent_at or now
    if reached != mail.status:
        end(mail, reached)
    session.add(mail)
