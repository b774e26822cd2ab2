"""What the mail service reports is kept, and moves the mail it speaks of."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.mail_lifecycle import advance, status_said_by
from mbs_app.domain.vocabulary import MailStatus, SuppressionReason
from mbs_app.models import MailEvent, OutgoingMail, new_id
from mbs_app.providers.resend.reports import Report
from mbs_app.services.consent.ledger import insert_into
from mbs_app.services.mails.books import TAG, end
from mbs_app.services.mails.setting_aside import set_aside

DELAYED = "The receiving side doesn’t take it yet. The mail service keeps trying."
_WORDS = {
    "email.bounced": "The receiving side sent it back.",
    "email.complained": "Somebody at this address marked it as spam.",
    "email.failed": "The mail service couldn’t send it.",
    "email.suppressed": "The mail service sends nothing to this address: earlier mails bounced or were "
    "marked as spam.",
}


def take_report(session: Session, actor: Actor, event_id: str, report: Report) -> bool:
    """Keep a report and apply it; False for one that came before, which changes nothing.

    One about a mail that isn't ours, or of a kind that isn't known, is only kept.
    """
    now = utc_now()
    if not _keep(session, event_id, report, now):
        return False
    mail = _mail_of(session, report)
    if mail is not None:
        _apply(session, actor, mail, report, now)
    return True


def _keep(session: Session, event_id: str, report: Report, now: datetime) -> bool:
    put = (
        insert_into(session, MailEvent)
        .values(
            id=new_id(),
            event_id=event_id[:64],
            kind=report.kind[:40],
            provider_id=report.provider_id[:64],
            payload=report.raw,
            received_at=now,
        )
        .on_conflict_do_nothing()
        .returning(MailEvent.id)
    )
    return session.connection().execute(put).first() is not None


def _mail_of(session: Session, report: Report) -> OutgoingMail | None:
    """By the id of ours that went out with it, which is known before the service's answer has come."""
    wanted = select(OutgoingMail).with_for_update()
    if (own_id := _uuid(report.tags.get(TAG, ""))) is not None:
        found = session.exec(wanted.where(OutgoingMail.id == own_id)).first()
        if found is not None and found.provider_id in (None, report.provider_id[:64]):
            return found
    if not report.provider_id:
        return None
    return session.exec(wanted.where(OutgoingMail.provider_id == report.provider_id[:64])).first()


def _apply(
    session: Session, actor: Actor, mail: OutgoingMail, report: Report, now: datetime
) -> None:
    said = status_said_by(report.kind)
    if said is not None:
        before = MailStatus(mail.status)
        reached = advance(before, said, is_known=mail.provider_id is not None)
        mail.provider_id = mail.provider_id or report.provider_id[:64] or None
        mail.sent_at = mail.sent_at or now
        if reached is not before:
            end(mail, reached, _in_words(report))
        if said is MailStatus.DELIVERED:
            mail.delivered_at = mail.delivered_at or now
    elif report.kind == "email.delivery_delayed" and mail.status in (
        MailStatus.SENDING,
        MailStatus.SENT,
    ):
        mail.problem = DELAYED
    session.add(mail)
    if (reason := _reason_to_set_aside(report)) is not None:
        set_aside(session, actor, mail.to_email, reason, report.reason)


def _reason_to_set_aside(report: Report) -> SuppressionReason | None:
    if report.kind == "email.complained":
        return SuppressionReason.COMPLAINED
    if report.kind == "email.suppressed" or (report.kind == "email.bounced" and report.is_for_good):
        return SuppressionReason.BOUNCED
    return None


def _in_words(report: Report) -> str:
    words = _WORDS.get(report.kind, "")
    return f"{words} It said: {report.reason}" if words and report.reason else words


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
