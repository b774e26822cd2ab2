"""The list of campaigns: by page for a screen, after a row for a program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.vocabulary import CampaignStatus
from mbs_app.models import Campaign
from mbs_app.queries import campaigns as campaign_queries
from mbs_app.services.audiences import describe
from mbs_app.services.live import Ledger
from mbs_app.services.lookup import owner_of

MAX_PAGE = 50


class StatusFilter(StrEnum):
    """What a marketer asks for; "live" is sending and paused together."""

    ALL = "all"
    LIVE = "live"
    SCHEDULED = "scheduled"
    DRAFT = "draft"
    SENT = "sent"
    STOPPED = "stopped"


_STATUSES: dict[StatusFilter, tuple[CampaignStatus, ...]] = {
    StatusFilter.ALL: (),
    StatusFilter.LIVE: (CampaignStatus.SENDING, CampaignStatus.PAUSED),
    StatusFilter.SCHEDULED: (CampaignStatus.SCHEDULED,),
    StatusFilter.DRAFT: (CampaignStatus.DRAFT,),
    StatusFilter.SENT: (CampaignStatus.SENT,),
    StatusFilter.STOPPED: (CampaignStatus.CANCELLED, CampaignStatus.FAILED),
}


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """One line of the list. ``audience_words`` reads "Loyalty in TX or OK"."""

    id: UUID
    name: str
    message_body: str
    status: str
    audience_words: str
    ledger: Ledger
    version: int
    scheduled_at: datetime | None
    schedule_time_zone: str | None
    late_since: datetime | None
    launched_at: datetime | None
    sent_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """One page; ``counts`` says how many each filter would show, under the same search."""

    rows: tuple[CampaignRow, ...]
    total: int
    counts: dict[StatusFilter, int]


def list_campaigns(
    session: Session,
    actor: Actor,
    *,
    status: StatusFilter | str = StatusFilter.ALL,
    search: str = "",
    offset: int = 0,
    limit: int = 25,
) -> CampaignPage:
    """Campaigns, the last changed first; tests and single messages are not among them.

    Raises InvalidInput for a status that isn't one.
    """
    chosen = _filter(status)
    owner = owner_of(actor)
    found = campaign_queries.count_by_status(
        session, campaign_queries.matching(session, owner, (), search)
    )
    counts = {
        each: sum(
            count for one, count in found.items() if not _STATUSES[each] or one in _STATUSES[each]
        )
        for each in StatusFilter
    }
    rows = session.exec(
        select(Campaign)
        .where(*campaign_queries.matching(session, owner, _STATUSES[chosen], search))
        .order_by(col(Campaign.updated_at).desc(), col(Campaign.id).desc())
        .offset(max(0, offset))
        .limit(min(max(1, limit), MAX_PAGE))
    ).all()
    words = describe(session, [row.audience for row in rows])
    return CampaignPage(
        tuple(_row(campaign, audience) for campaign, audience in zip(rows, words, strict=True)),
        counts[chosen],
        counts,
    )


def list_campaigns_after(
    session: Session,
    actor: Actor,
    *,
    after: UUID | None = None,
    status: str | None = None,
    limit: int = MAX_PAGE,
) -> list[Campaign]:
    """The next campaigns from the newest made to the oldest, for cursor pages: ``after`` is the last id
    seen. Order doesn't change while campaigns run. ``status`` is one of a campaign's own. At most 50."""
    query = select(Campaign).where(
        *campaign_queries.matching(
            session, owner_of(actor), (_own_status(status),) if status else (), ""
        )
    )
    if after is not None:
        query = query.where(Campaign.id < after)
    return list(session.exec(query.order_by(col(Campaign.id).desc()).limit(min(limit, MAX_PAGE))))


def _row(campaign: Campaign, audience_words: str) -> CampaignRow:
    return CampaignRow(
        id=campaign.id,
        name=campaign.name,
        message_body=campaign.message_body,
        status=campaign.status,
        audience_words=audience_words,
        ledger=Ledger.of(campaign),
        version=campaign.version,
        scheduled_at=campaign.scheduled_at,
        schedule_time_zone=campaign.schedule_time_zone,
        late_since=campaign.late_since,
        launched_at=campaign.launched_at,
        sent_at=campaign.sent_at,
        created_at=campaign.created_at,
        updated_at=campaign.updated_at,
    )


def _filter(status: StatusFilter | str) -> StatusFilter:
    try:
        return StatusFilter(status)
    except ValueError:
        raise InvalidInput(status="Choose a status from the list.") from None


def _own_status(status: str) -> CampaignStatus:
    try:
        return CampaignStatus(status)
    except ValueError:
        raise InvalidInput(status="Choose a status from the list.") from None
