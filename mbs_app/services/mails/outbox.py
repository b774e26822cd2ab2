"""Putting a mail into the outbox, in the transaction of what it tells of."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from mbs_app.domain.vocabulary import MailKind
from mbs_app.models import OutgoingMail
from mbs_app.services.mails import writing


def queue(
    session: Session,
    kind: MailKind,
    to: str,
    *,
    user_id: UUID | None = None,
    expires_at: datetime | None = None,
    **facts: Any,
) -> OutgoingMail:
    """A mail of ``kind`` to the address ``to``; it leaves once the transaction is committed.

    ``facts`` are what the kind's text speaks of (see :mod:`mbs_app.services.mails.writing`). After
    ``expires_at`` the mail is no longer sent.
    """
    subject, text, html = writing.write(session, kind, facts)
    mail = OutgoingMail(
        kind=kind,
        to_email=to,
        user_id=user_id,
        subject=subject,
        text=text,
        html=html,
        expires_at=expires_at,
    )
    session.add(mail)
    return mail
