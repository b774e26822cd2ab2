"""What a live screen shows of campaigns: the ledger's counts, as they are now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import NotFound
from mbs_app.domain.vocabulary import CampaignKind, CampaignStatus, MessageStatus
from mbs_app.models import Campaign

LIVE = (CampaignStatus.SENDING, CampaignStatus.PAUSED)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The seven disjoint counts of people, and the audience they add up to."""

    delivered: int
    sent: int
    sending: int
    pending: int
    unknown: int
    failed: int
    skipped: int
    audience: int

    @classmethod
    def of(cls, campaign: Campaign) -> Ledger:
        counts = {
            status.value: getattr(campaign, f"{status.value}_count") for status in MessageStatus
        }
        return cls(**counts, audience=campaign.total_recipients)

    @property
    def handed_over(self) -> int:
        """People whose text the carrier has, or had."""
        return self.delivered + self.sent + self.failed + self.unknown

    @property
    def can_receive(self) -> int:
        return self.audience - self.skipped

    @property
    def final(self) -> int:
        """People with a final answer from the carrier."""
        return self.delivered + self.failed

    @property
    def difference(self) -> int:
        """Zero, always: the database holds it. Shown all the same, because a ledger shows its sum."""
        seven = (
            self.delivered + self.sent + self.sending + self.pending + self.unknown + self.failed
        ) + self.skipped
        return self.audience - seven


@dataclass(frozen=True, slots=True)
class LiveCampaign:
    """One campaign at one version. Money is in millionths of a US dollar."""

    id: UUID
    user_id: UUID
    version: int
    name: str
    status: str
    pause_reason: str
    ledger: Ledger
    segments_sent: int
    price_per_segment_micros: int
    launched_at: datetime | None
    sent_at: datetime | None

    @classmethod
    def of(cls, campaign: Campaign) -> LiveCampaign:
        return cls(
            id=campaign.id,
            user_id=campaign.user_id,
            version=campaign.version,
            name=campaign.name,
            status=campaign.status,
            pause_reason=campaign.pause_reason,
            ledger=Ledger.of(campaign),
            segments_sent=campaign.segments_sent,
            price_per_segment_micros=campaign.price_per_segment_micros,
            launched_at=campaign.launched_at,
            sent_at=campaign.sent_at,
        )

    @property
    def spent_micros(self) -> int:
        return self.segments_sent * self.price_per_segment_micros


def read_campaign(session: Session, actor: Actor, campaign_id: UUID) -> LiveCampaign:
    """Raises NotFound when it isn't among the actor's campaigns."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound("campaign")
    return LiveCampaign.of(campaign)


def read_watched(
    session: Session, actor: Actor, campaign_ids: Collection[UUID], owner_ids: Collection[UUID]
) -> list[LiveCampaign]:
    """The campaigns of a process's open screens: those named, and those that run for the owners named."""
    statement = select(Campaign).where(
        or_(
            col(Campaign.id).in_(campaign_ids),
            col(Campaign.user_id).in_(owner_ids)
            & col(Campaign.status).in_(LIVE)
            & (Campaign.kind == CampaignKind.CAMPAIGN),
        )
    )
    return [LiveCampaign.of(campaign) for campaign in session.exec(statement)]
