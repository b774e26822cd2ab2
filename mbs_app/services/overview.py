"""The overview: what runs, what is next, the last 30 days, why texts failed, who opted out, the queue."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, func, or_, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.carrier_codes import explain
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import (
    CampaignKind,
    CampaignStatus,
    ConsentKind,
    MessageStatus,
)
from mbs_app.models import (
    Beat,
    Campaign,
    CampaignMessage,
    ConsentEvent,
    Customer,
    MessageEvent,
    Sender,
)
from mbs_app.services.live import Ledger

DAYS = 30
WORKER_IS_ALIVE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class CampaignLine:
    id: UUID
    name: str
    status: str
    ledger: Ledger
    scheduled_at: datetime | None
    launched_at: datetime | None
    sent_at: datetime | None
    late_since: datetime | None
    audience: dict[str, object]


@dataclass(frozen=True, slots=True)
class Day:
    """The texts of the campaigns that started on one day, in the user's zone."""

    day: date
    delivered: int = 0
    failed: int = 0
    unknown: int = 0
    under_way: int = 0


@dataclass(frozen=True, slots=True)
class FailureLine:
    code: int | None
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class OptOuts:
    total: int
    by_day: list[int]
    delivered: int


@dataclass(frozen=True, slots=True)
class QueueHealth:
    waiting: int
    set_aside: int
    receipts_to_apply: int
    workers: int

    @property
    def is_healthy(self) -> bool:
        return self.workers > 0


@dataclass(frozen=True, slots=True)
class FirstSteps:
    sender: Sender | None
    customers: int
    campaigns: int


@dataclass(frozen=True, slots=True)
class Overview:
    today: list[CampaignLine]
    coming_up: list[CampaignLine]
    days: list[Day]
    failures: list[FailureLine]
    opt_outs: OptOuts
    queue: QueueHealth
    first_steps: FirstSteps


def read_overview(session: Session, actor: Actor, zone: str) -> Overview:
    """Everything on the overview page; ``zone`` is the user's, and says where days begin."""
    now = utc_now()
    local = ZoneInfo(zone)
    today = now.astimezone(local).date()
    since = _start_of(today - timedelta(days=DAYS - 1), local)
    days = _days(session, since, today, local)
    return Overview(
        today=_today(session, _start_of(today, local), _start_of(today + timedelta(1), local)),
        coming_up=_coming_up(session, now),
        days=days,
        failures=_failures(session, since),
        opt_outs=_opt_outs(session, since, today, local, sum(day.delivered for day in days)),
        queue=_queue(session, now),
        first_steps=_first_steps(session),
    )


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _today(session: Session, start: datetime, end: datetime) -> list[CampaignLine]:
    """What is under way, then what is planned for today, then what finished today."""
    rows = session.exec(
        select(Campaign)
        .where(
            Campaign.kind == CampaignKind.CAMPAIGN,
            or_(
                col(Campaign.status).in_([CampaignStatus.SENDING, CampaignStatus.PAUSED]),
                (col(Campaign.status) == CampaignStatus.SCHEDULED)
                & (col(Campaign.scheduled_at) < end),
                col(Campaign.sent_at) >= start,
            ),
        )
        .limit(50)
    ).all()
    order = {CampaignStatus.SENDING: 0, CampaignStatus.PAUSED: 1, CampaignStatus.SCHEDULED: 2}
    far = start - timedelta(days=36_500)
    rows = sorted(
        rows,
        key=lambda row: (
            order.get(CampaignStatus(row.status), 3),
            (row.scheduled_at or far) if row.status == CampaignStatus.SCHEDULED else far,
            -(row.sent_at or row.launched_at or far).timestamp(),
        ),
    )
    return [_line(row) for row in rows[:10]]


def _coming_up(session: Session, now: datetime) -> list[CampaignLine]:
    rows = session.exec(
        select(Campaign)
        .where(Campaign.kind == CampaignKind.CAMPAIGN, Campaign.status == CampaignStatus.SCHEDULED)
        .order_by(col(Campaign.scheduled_at))
        .limit(5)
    )
    return [_line(row) for row in rows]


def _line(row: Campaign) -> CampaignLine:
    return CampaignLine(
        id=row.id,
        name=row.name,
        status=row.status,
        ledger=Ledger.of(row),
        scheduled_at=row.scheduled_at,
        launched_at=row.launched_at,
        sent_at=row.sent_at,
        late_since=row.late_since,
        audience=row.audience,
    )


def _days(session: Session, since: datetime, today: date, zone: ZoneInfo) -> list[Day]:
    """A text counts on the day its campaign started: campaigns are few, texts are many."""
    sums: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    rows = session.execute(
        sa.select(
            col(Campaign.launched_at),
            col(Campaign.delivered_count),
            col(Campaign.failed_count),
            col(Campaign.unknown_count),
            (col(Campaign.pending_count) + col(Campaign.sending_count) + col(Campaign.sent_count)),
        ).where(col(Campaign.launched_at) >= since)
    )
    for launched_at, *counts in rows:
        if launched_at is not None:
            day = sums[launched_at.astimezone(zone).date()]
            day[:] = [total + count for total, count in zip(day, counts, strict=True)]
    spread = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    return [Day(day, *sums[day]) for day in spread]


def _failures(session: Session, since: datetime) -> list[FailureLine]:
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
    by_words: dict[str, FailureLine] = {}
    for code, count in rows:
        words = explain(code).words
        earlier = by_words.get(words)
        by_words[words] = FailureLine(code, words, count + (earlier.count if earlier else 0))
    return sorted(by_words.values(), key=lambda line: -line.count)[:5]


def _opt_outs(
    session: Session, since: datetime, today: date, zone: ZoneInfo, delivered: int
) -> OptOuts:
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
    return OptOuts(len(moments), by_day, delivered)


def _queue(session: Session, now: datetime) -> QueueHealth:
    waiting = session.exec(
        select(func.coalesce(func.sum(Campaign.pending_count), 0)).where(
            Campaign.status == CampaignStatus.SENDING
        )
    ).one()
    running = select(Campaign.id).where(Campaign.status == CampaignStatus.SENDING)
    set_aside = session.exec(
        select(func.count()).where(
            col(CampaignMessage.campaign_id).in_(running),
            CampaignMessage.status == MessageStatus.PENDING,
            col(CampaignMessage.next_attempt_at) > now,
        )
    ).one()
    to_apply = session.exec(
        select(func.count()).where(
            col(MessageEvent.applied_at).is_(None), col(MessageEvent.user_id).is_not(None)
        )
    ).one()
    workers = session.exec(
        select(func.count()).select_from(Beat).where(col(Beat.seen_at) > now - WORKER_IS_ALIVE)
    ).one()
    return QueueHealth(int(waiting), set_aside, to_apply, workers)


def _first_steps(session: Session) -> FirstSteps:
    sender = session.exec(select(Sender).where(col(Sender.is_active)).limit(1)).first()
    customers = session.exec(select(func.count()).select_from(Customer)).one()
    campaigns = session.exec(
        select(func.count()).where(
            Campaign.status != CampaignStatus.DRAFT, Campaign.kind != CampaignKind.DIRECT
        )
    ).one()
    return FirstSteps(sender, customers, campaigns)
