"""The overview's slower half: why texts failed in 30 days, who opted out, how receipts come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.carrier_codes import explain
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import CampaignKind, CampaignStatus, ConsentKind, MessageStatus
from mbs_app.models import Campaign, CampaignMessage, ConsentEvent, Customer
from mbs_app.services.audiences import Reach, reach
from mbs_app.services.messages import Reason, merged
from mbs_app.services.overview import DAYS, first_day, start_of

MOST_REASONS = 5
MOST_PLANNED = 10


@dataclass(frozen=True, slots=True)
class OptOuts:
    """``by_day`` has one number for each of the last 30 days, today last."""

    total: int
    by_day: list[int]


@dataclass(frozen=True, slots=True)
class Recent:
    """What is counted over many texts, and changes slowly.

    ``receipts_after`` is how many seconds lie between hand-over and receipt, of the latest texts; None
    where there are none. ``reach`` says how many people each campaign that is planned would go to now.
    """

    failures: list[Reason]
    opt_outs: OptOuts
    set_aside: int
    receipts_after: float | None
    reach: dict[UUID, Reach]


def read_recent(session: Session, actor: Actor, zone: str) -> Recent:
    """``zone`` is the user's (IANA), and says where days begin."""
    now = utc_now()
    local = ZoneInfo(zone)
    today = now.astimezone(local).date()
    since = start_of(first_day(today), local)
    return Recent(
        failures=failures_since(session, since)[:MOST_REASONS],
        opt_outs=_opt_outs(session, since, today, local),
        set_aside=_set_aside(session, now),
        receipts_after=_receipts_after(session),
        reach=_reach(session, actor),
    )


def failures_since(session: Session, since: datetime) -> list[Reason]:
    """Why texts of campaigns that started since failed, of what the actor may see; the most frequent first."""
    recent = select(Campaign.id).where(
        col(Campaign.launched_at) >= since, Campaign.failed_count > 0
    )
    rows = session.exec(
        select(CampaignMessage.error_code, func.count())
        .where(
            col(CampaignMessage.campaign_id).in_(recent),
            CampaignMessage.status == MessageStatus.FAILED,
        )
        .group_by(col(CampaignMessage.error_code))
    ).all()
    return merged(Reason(explain(code).words, count, code) for code, count in rows)


def _opt_outs(session: Session, since: datetime, today: date, zone: ZoneInfo) -> OptOuts:
    """Opt-outs of the actor's own customers: a reply is shared, but whose customer it was is not."""
    mine = select(Customer.phone)
    moments = session.exec(
        select(ConsentEvent.at).where(
            ConsentEvent.kind == ConsentKind.OPTED_OUT,
            col(ConsentEvent.at) >= since,
            col(ConsentEvent.address).in_(mine),
        )
    ).all()
    by_day = [0] * DAYS
    for moment in moments:
        back = (today - moment.astimezone(zone).date()).days
        if 0 <= back < DAYS:
            by_day[DAYS - 1 - back] += 1
    return OptOuts(sum(by_day), by_day)


def _set_aside(session: Session, now: datetime) -> int:
    running = select(Campaign.id).where(Campaign.status == CampaignStatus.SENDING)
    return session.exec(
        select(func.count()).where(
            col(CampaignMessage.campaign_id).in_(running),
            CampaignMessage.status == MessageStatus.PENDING,
            col(CampaignMessage.next_attempt_at) > now,
        )
    ).one()


def _receipts_after(session: Session) -> float | None:
    """The median over the latest texts of the campaign that started last."""
    newest = session.exec(
        select(Campaign.id)
        .where(Campaign.delivered_count > 0)
        .order_by(col(Campaign.launched_at).desc())
        .limit(1)
    ).first()
    if newest is None:
        return None
    moments = session.exec(
        select(CampaignMessage.sent_at, CampaignMessage.delivered_at)
        .where(
            CampaignMessage.campaign_id == newest,
            CampaignMessage.status == MessageStatus.DELIVERED,
        )
        .order_by(col(CampaignMessage.updated_at).desc())
        .limit(100)
    ).all()
    took = [(delivered - sent).total_seconds() for sent, delivered in moments if sent and delivered]
    return max(0.0, median(took)) if took else None


def _reach(session: Session, actor: Actor) -> dict[UUID, Reach]:
    planned = session.exec(
        select(Campaign)
        .where(Campaign.kind == CampaignKind.CAMPAIGN, Campaign.status == CampaignStatus.SCHEDULED)
        .order_by(col(Campaign.scheduled_at))
        .limit(MOST_PLANNED)
    ).all()
    return {row.id: reach(session, actor, row.audience) for row in planned}
