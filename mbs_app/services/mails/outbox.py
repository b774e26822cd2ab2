"""Putting a mail into the outbox, in the transaction of what it tells of."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from mbs_app.domain.vocabulary import MailKind
from mbs_app.models import OutgoingMail, UserProfile
from mbs_app.services.mails import writing

ZONE_OF_NOBODY = "UTC"


def queue(
    session: Session,
    kind: MailKind,
    to: str,
    *,
    user_id: UUID | None = None,
    expires_at: datetime | None = None,
    about_id: UUID | None = None,
    **facts: Any,
) -> OutgoingMail:
    """A mail of ``kind`` to the address ``to``; it leaves once the transaction is committed.

    ``facts`` are what the kind's text speaks of (see :mod:`mbs_app.services.mails.writing`). ``user_id`` is
    the account it is about; times are in that user's zone, without one in that of who sends it. After
    ``expires_at`` the mail is no longer sent; ``about_id`` is the invitation or the link it carries, with which it
    is called off (:func:`mbs_app.services.mails.call_off`).

    Raises TypeError where ``facts`` are not those of the kind.
    """
    if kind is MailKind.INVITATION:
        facts["expires_at"] = expires_at  # its text says until when the code works
    zone = _zone_of(session, user_id)
    subject, text, html = writing.write(session, kind, facts, to=to, zone=zone)
    mail = OutgoingMail(
        kind=kind,
        to_email=to,
        user_id=user_id,
        about_id=about_id,
        subject=subject,
        text=text,
        html=html,
        expires_at=expires_at,
    )
    session.add(mail)
    return mail


def _zone_of(session: Session, user_id: UUID | None) -> str:
    for one in (user_id, session.info["actor"].user_id):
        if one is not None and (user := session.get(UserProfile, one)) is not None:
            return user.time_zone
    return ZONE_OF_NOBODY
