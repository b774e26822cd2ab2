"""How a mail ends, and what is known of it afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

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
