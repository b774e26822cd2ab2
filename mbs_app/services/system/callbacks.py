"""Whether Twilio's callbacks come in, and are taken up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.time_words import ago, duration_words
from mbs_app.domain.vocabulary import MessageStatus
from mbs_app.models import Campaign, CampaignMessage, InboundMessage, MessageEvent
from mbs_app.models.base import first_id_at
from mbs_app.queries import clock, receipts
from mbs_app.queries.bulk import any_of
from mbs_app.services.lookup import must_administrate
from mbs_app.services.system.health import Check, State, look_if, percent_words
from mbs_app.services.system.refusals import Refused, refused_since
from mbs_app.settings import Settings

DAY = timedelta(days=1)
TOO_LONG = timedelta(hours=1)  # for a receipt; most come within seconds
# For texts without a receipt; the carrier keeps quiet about older ones.
LOOKED_BACK = timedelta(days=7)
SOON = timedelta(minutes=1)  # in which a receipt is taken up
MOST = 100_000  # counted to here
CAMPAIGNS_AT_ONCE = 500  # a single text is one too, so that there may be many
MANY = 0.05  # the share without a receipt that is worth a look; a few carriers never send any

_messages: Any = CampaignMessage.__table__


@dataclass(frozen=True, slots=True)
class Callbacks:
    """Of the ``handed_over`` texts of the last week, ``overdue`` have waited for a receipt for over an hour.

    ``unmatched`` reports of the last day are about texts that aren't ours. ``to_apply`` receipts are stored and
    not yet taken up.
    """

    last_receipt_at: datetime | None
    last_reply_at: datetime | None
    refused: int
    last_refused_at: datetime | None
    overdue: int
    handed_over: int
    unmatched: int
    to_apply: int
    oldest_to_apply_at: datetime | None
    checks: list[Check]


def read_callbacks(session: Session, actor: Actor, settings: Settings) -> Callbacks:
    """Raises NotAllowed."""
    must_administrate(actor)
    now = clock.db_now(session)
    receipt = session.exec(
        select(MessageEvent.received_at).order_by(col(MessageEvent.id).desc()).limit(1)
    ).first()
    reply = session.exec(
        select(InboundMessage.received_at).order_by(col(InboundMessage.id).desc()).limit(1)
    ).first()
    refused = refused_since(session, "twilio", now - DAY)
    overdue, handed_over = _overdue(session, now)
    unmatched = _count(
        session,
        sa.select(MessageEvent.id).where(
            col(MessageEvent.applied_at).is_not(None),
            col(MessageEvent.user_id).is_(None),
            col(MessageEvent.id) >= first_id_at(now - DAY),
        ),
    )
    to_apply = _count(
        session, sa.select(MessageEvent.id).where(col(MessageEvent.applied_at).is_(None))
    )
    oldest = receipts.oldest_unapplied(session)
    return Callbacks(
        last_receipt_at=receipt,
        last_reply_at=reply,
        refused=refused.times,
        last_refused_at=refused.last_at,
        overdue=overdue,
        handed_over=handed_over,
        unmatched=unmatched,
        to_apply=to_apply,
        oldest_to_apply_at=oldest,
        checks=[
            _last_receipt(receipt, overdue, settings, now),
            Check("last_reply", "Last reply", ago(reply, now) if reply else "None yet"),
            _refused(refused, receipt, settings, now),
            _without_receipt(overdue, handed_over),
            _unmatched(unmatched),
            _to_apply(to_apply, oldest, now),
        ],
    )


def _overdue(session: Session, now: datetime) -> tuple[int, int]:
    """Texts of the last week without a receipt, and all that were handed over; by the index of their campaigns."""
    campaigns = session.execute(
        sa.select(
            Campaign.id,
            col(Campaign.sent_count),
            col(Campaign.delivered_count) + Campaign.failed_count + Campaign.unknown_count,
        ).where(col(Campaign.launched_at) > now - LOOKED_BACK)
    ).all()
    handed_over = sum(sent + final for _, sent, final in campaigns)
    waiting = [key for key, sent, _ in campaigns if sent]
    overdue = 0
    for start in range(0, len(waiting), CAMPAIGNS_AT_ONCE):
        overdue += _count(
            session,
            sa.select(_messages.c.id).where(
                any_of(_messages.c.campaign_id, waiting[start : start + CAMPAIGNS_AT_ONCE]),
                _messages.c.status == MessageStatus.SENT,
                _messages.c.updated_at < now - TOO_LONG,
            ),
        )
        if overdue >= MOST:
            return MOST, handed_over
    return overdue, handed_over


def _count(session: Session, rows: Any) -> int:
    """How many there are, counted to ``MOST``."""
    counted = sa.select(func.count()).select_from(rows.limit(MOST).subquery())
    return int(session.execute(counted).scalar_one())


def _last_receipt(
    receipt: datetime | None, overdue: int, settings: Settings, now: datetime
) -> Check:
    said = ago(receipt, now) if receipt else "None yet"
    if not settings.simulates_texts and settings.public_base_url is None:
        return Check(
            "last_receipt",
            "Last receipt",
            said,
            State.BROKEN,
            "Twilio can’t find this installation. Set PUBLIC_BASE_URL to its address on the internet.",
        )
    is_quiet = overdue > 0 and (receipt is None or now - receipt > TOO_LONG)
    return Check(
        "last_receipt",
        "Last receipt",
        said,
        *look_if(
            is_quiet,
            f"Texts wait for receipts and none comes. Twilio calls {settings.address}/webhooks/twilio/status: "
            "see in its console whether that answers.",
        ),
    )


def _refused(
    refused: Refused, receipt: datetime | None, settings: Settings, now: datetime
) -> Check:
    label = "Bad signatures, 24 h"
    if not refused.times:
        return Check("refused", label, "None")
    said = f"{refused.times:,}, the last {ago(refused.last_at or now, now).lower()}"
    good_since = receipt is not None and refused.last_at is not None and receipt >= refused.last_at
    if settings.simulates_texts or good_since or (receipt and now - receipt < TOO_LONG):
        advice = (
            "They were refused. Good ones come in as well, so somebody else calls these addresses."
        )
        return Check("refused", label, said, State.LOOK, advice)
    return Check(
        "refused",
        label,
        said,
        State.BROKEN,
        "No good one came since. TWILIO_AUTH_TOKEN must be this account’s, and PUBLIC_BASE_URL the very address "
        "that Twilio calls.",
    )


def _without_receipt(overdue: int, handed_over: int) -> Check:
    label = "No receipt for an hour"
    if not overdue:
        return Check("overdue", label, "None")
    share = overdue / max(1, handed_over)
    number = f"{overdue:,} or more" if overdue >= MOST else f"{overdue:,}"
    said = f"{number}, {percent_words(share)}"
    advice = (
        f"That many of the {handed_over:,} texts of 7 days wait for one. MBS asks Twilio about them by itself; "
        "see that Twilio’s callbacks come in."
    )
    return Check("overdue", label, said, *look_if(share > MANY, advice))


def _unmatched(count: int) -> Check:
    return Check(
        "unmatched",
        "About unknown texts, 24 h",
        f"{count:,}" if count else "None",
        *look_if(
            count > 0,
            "Does another program send with this Twilio account? Give it a callback address of its own.",
        ),
    )


def _to_apply(count: int, oldest: datetime | None, now: datetime) -> Check:
    if not count or oldest is None:
        return Check("to_apply", "Receipts to be taken up", "None")
    waits = now - oldest
    said = f"{count:,}, the oldest for {duration_words(waits.total_seconds())}"
    advice = "They pile up faster than they are taken up. One more worker helps: “make worker”."
    return Check("to_apply", "Receipts to be taken up", said, *look_if(waits > SOON, advice))
