"""Whether the product's own mails go out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.time_words import ago, duration_words
from mbs_app.domain.vocabulary import MailStatus
from mbs_app.models import OutgoingMail
from mbs_app.models.base import first_id_at
from mbs_app.services import mails
from mbs_app.services.mails import Outbox
from mbs_app.services.system.health import Check, State, broken_if, look_if
from mbs_app.services.system.refusals import Refused, refused_since
from mbs_app.settings import Settings

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
TOO_LONG = timedelta(minutes=10)  # for a mail to wait; links in them live for half an hour
_GONE_WRONG = (MailStatus.FAILED, MailStatus.BOUNCED, MailStatus.COMPLAINED)


@dataclass(frozen=True, slots=True)
class Mail:
    """``gone_wrong`` mails of the last week failed, bounced or were reported as spam."""

    waiting: int
    oldest_waiting_at: datetime | None
    gone_wrong: int
    last_problem: str
    last_problem_at: datetime | None
    last_report_at: datetime | None
    refused: int
    checks: list[Check]


def read_mail(session: Session, actor: Actor, settings: Settings) -> Mail:
    """Raises NotAllowed."""
    now = utc_now()
    outbox = mails.read_outbox(session, actor)
    gone_wrong = session.exec(
        select(func.count())
        .select_from(OutgoingMail)
        .where(
            col(OutgoingMail.id) >= first_id_at(now - WEEK),
            col(OutgoingMail.status).in_(_GONE_WRONG),
        )
    ).one()
    refused = refused_since(session, "resend", now - DAY)
    problem = outbox.last_problem
    return Mail(
        waiting=outbox.waiting,
        oldest_waiting_at=outbox.oldest_waiting_at,
        gone_wrong=gone_wrong,
        last_problem=problem.problem if problem else "",
        last_problem_at=problem.created_at if problem else None,
        last_report_at=outbox.last_report_at,
        refused=refused.times,
        checks=[
            _waiting(outbox, now),
            _gone_wrong(gone_wrong),
            _last_problem(outbox, now),
            _reports(outbox, settings, now),
            _refused(refused, now),
        ],
    )


def _waiting(outbox: Outbox, now: datetime) -> Check:
    if not outbox.waiting or outbox.oldest_waiting_at is None:
        return Check("waiting", "Mails waiting", "None")
    waits = now - outbox.oldest_waiting_at
    said = f"{outbox.waiting:,}, the oldest for {duration_words(waits.total_seconds())}"
    why = f" {outbox.stuck.problem}" if outbox.stuck else ""
    return Check(
        "waiting",
        "Mails waiting",
        said,
        *broken_if(
            waits > TOO_LONG, f"They are tried again by themselves, and none is lost.{why}".strip()
        ),
    )


def _gone_wrong(count: int) -> Check:
    return Check(
        "gone_wrong",
        "Failed or sent back, 7 days",
        f"{count:,}" if count else "None",
        *look_if(
            count > 0, "An address may be wrong. Whom it was for may wait for a link: ask them."
        ),
    )


def _last_problem(outbox: Outbox, now: datetime) -> Check:
    problem = outbox.last_problem
    if problem is None:
        return Check("last_problem", "Last problem", "None")
    return Check(
        "last_problem", "Last problem", f"{ago(problem.created_at, now)}: {problem.problem}"
    )


def _reports(outbox: Outbox, settings: Settings, now: datetime) -> Check:
    last = outbox.last_report_at
    said = ago(last, now) if last else "None yet"
    cannot = not settings.simulates_mail and settings.resend_webhook_secret is None
    return Check(
        "last_report",
        "Last report",
        said,
        *look_if(
            cannot,
            "RESEND_WEBHOOK_SECRET isn’t set, so MBS never learns of mails that were sent back.",
        ),
    )


def _refused(refused: Refused, now: datetime) -> Check:
    label = "Bad signatures, 24 h"
    if not refused.times:
        return Check("refused", label, "None")
    said = f"{refused.times:,}, the last {ago(refused.last_at or now, now).lower()}"
    advice = "They were refused. RESEND_WEBHOOK_SECRET must be that of the webhook in Resend’s dashboard."
    return Check("refused", label, said, State.LOOK, advice)
