"""The overview's present: what runs, what is next, how the days went, whether anything sends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, func, or_, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import (
    CampaignKind,
    CampaignStatus,
)
from mbs_app.models import (
    Beat,
    Campaign,
    Customer,
    Sender,
    UserProfile,
)
from mbs_app.queries import receipts
from mbs_app.services.audiences import describe
from mbs_app.services.live import Ledger

DAYS = 30
MOST_TODAY = 10
MOST_COMING_UP = 4
MOST_REASONS = 5
WORKER_IS_ALIVE = timedelta(seconds=30)
IS_LATE = timedelta(seconds=10)  # for a receipt to be taken up; it mostly takes less than one


@dataclass(frozen=True, slots=True)
class CampaignLine:
    id: UUID
    name: str
    status: str
    pause_reason: str
    ledger: Ledger
    scheduled_at: datetime | None
    launched_at: datetime | None
    sent_at: datetime | None
    late_since: datetime | None
    audience_words: str


@dataclass(frozen=True, slots=True)
class Day:
    """The texts of the campaigns that started on one day, in the user's zone."""

    day: date
    delivered: int = 0
    failed: int = 0
    unknown: int = 0
    under_way: int = 0


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """``campaigns`` counts what was sent or scheduled, test texts included."""

    sender_address: str
    segments_per_second: float
    customers: int
    campaigns: int
    own_phone: str


@dataclass(frozen=True, slots=True)
class Now:
    """What changes from second to second, and is cheap to read."""

    today: list[CampaignLine]
    coming_up: list[CampaignLine]
    days: list[Day]
    waiting: int
    workers: int
    is_catching_up: bool  # with receipts that came and aren't in the numbers yet
    first_steps: FirstSteps


def read_now(session: Session, actor: Actor, zone: str) -> Now:
    """``zone`` is the user's (IANA), and says where days begin."""
    now = utc_now()
    local = ZoneInfo(zone)
    today = now.astimezone(local).date()
    workers, is_catching_up = _senders_at_work(session, now)
    return Now(
        today=_today(session, start_of(today, local), start_of(today + timedelta(1), local)),
        coming_up=_coming_up(session, start_of(today + timedelta(1), local)),
        days=days_since(session, start_of(first_day(today), local), today, local),
        waiting=_waiting(session),
        workers=workers,
        is_catching_up=is_catching_up,
        first_steps=_first_steps(session, actor),
    )


def first_day(today: date) -> date:
    """The first of the thirty days that end with ``today``."""
    return today - timedelta(days=DAYS - 1)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Midnight at the beginning of ``day``, in ``zone``."""
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
        .order_by(col(Campaign.updated_at).desc())
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
    return _lines(session, rows[:MOST_TODAY])


def _coming_up(session: Session, tomorrow: datetime) -> list[CampaignLine]:
    """What is planned from tomorrow on; today's plans stand under today."""
    rows = session.exec(
        select(Campaign)
        .where(
            Campaign.kind == CampaignKind.CAMPAIGN,
            Campaign.status == CampaignStatus.SCHEDULED,
            col(Campaign.scheduled_at) >= tomorrow,
        )
        .order_by(col(Campaign.scheduled_at))
        .limit(MOST_COMING_UP)
    ).all()
    return _lines(session, rows)


def _lines(session: Session, rows: Sequence[Campaign]) -> list[CampaignLine]:
    words = describe(session, [row.audience for row in rows])
    return [
        CampaignLine(
            id=row.id,
            name=row.name,
            status=row.status,
            pause_reason=row.pause_reason,
            ledger=Ledger.of(row),
            scheduled_at=row.scheduled_at,
            launched_at=row.launched_at,
            sent_at=row.sent_at,
            late_since=row.late_since,
            audience_words=audience_words,
        )
        for row, audience_words in zip(rows, words, strict=True)
    ]


def days_since(session: Session, since: datetime, today: date, zone: ZoneInfo) -> list[Day]:
    """The thirty days from ``since`` to ``today``, of what the actor may see.

    A text counts on the day its campaign started: campaigns are few, texts are many.
    """
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


def _waiting(session: Session) -> int:
    waiting = session.exec(
        select(func.coalesce(func.sum(Campaign.pending_count), 0)).where(
            Campaign.status == CampaignStatus.SENDING
        )
    ).one()
    return int(waiting)


def _senders_at_work(session: Session, now: datetime) -> tuple[int, bool]:
    """Worker processes that live, and whether they are behind with the receipts.

    Those wait in one line for everybody, and whose they are shows only when they are taken up.
    """
    workers = session.exec(
        select(func.count()).select_from(Beat).where(col(Beat.seen_at) > now - WORKER_IS_ALIVE)
    ).one()
    oldest = receipts.oldest_unapplied(session)
    return workers, oldest is not None and oldest < now - IS_LATE


def _first_steps(session: Session, actor: Actor) -> FirstSteps:
    sender = session.exec(select(Sender).where(col(Sender.is_active)).limit(1)).first()
    # Whether there is one is all the page asks; a count over a million would be slow.
    customers = session.exec(
        select(func.count()).select_from(select(Customer.id).limit(1_000).subquery())
    ).one()
    campaigns = session.exec(
        select(func.count()).where(
            Campaign.status != CampaignStatus.DRAFT, Campaign.kind != CampaignKind.DIRECT
        )
    ).one()
    profile = session.get(UserProfile, actor.user_id)
    return FirstSteps(
        sender_address=sender.address if sender else "",
        segments_per_second=sender.segments_per_second if sender else 0.0,
        customers=customers,
        campaigns=campaigns,
        own_phone=(profile.phone or "") if profile else "",
    )
