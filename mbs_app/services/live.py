"""What a live screen shows of campaigns: the ledger's counts, as they are now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, or_, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import CampaignKind, CampaignStatus, MessageStatus
from mbs_app.models import Campaign, CampaignMessage, Sender, UserProfile
from mbs_app.services.audiences import describe
from mbs_app.services.lookup import must_get

LIVE = (CampaignStatus.SENDING, CampaignStatus.PAUSED)
RECEIPTS_COME_FOR = timedelta(days=1)
"""Receipts later than this after the start are rare; screens learn of them when they are opened."""


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
    scheduled_at: datetime | None
    late_since: datetime | None

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
            scheduled_at=campaign.scheduled_at,
            late_since=campaign.late_since,
        )

    @property
    def is_sending(self) -> bool:
        return self.status == CampaignStatus.SENDING

    @property
    def spent_micros(self) -> int:
        return self.segments_sent * self.price_per_segment_micros

    @property
    def expected_micros(self) -> int:
        """What it will have cost once everybody has it, from what it cost so far; 0 while nobody has it."""
        handed_over = self.ledger.handed_over
        return self.spent_micros * self.ledger.can_receive // handed_over if handed_over else 0


@dataclass(frozen=True, slots=True)
class AboutCampaign:
    """What doesn't change while a campaign runs. ``segments_per_second`` is the limit of its sender."""

    user_id: UUID
    owner_name: str
    time_zone: str
    region: str
    kind: str
    message_body: str
    audience: dict[str, object]
    audience_words: str
    sender_address: str
    sender_label: str
    segments_per_second: float
    price_per_segment_micros: int
    schedule_time_zone: str


def read_campaign(session: Session, actor: Actor, campaign_id: UUID) -> LiveCampaign:
    """Raises NotFound when it isn't among the actor's campaigns."""
    return LiveCampaign.of(must_get(session, Campaign, campaign_id, "campaign"))


def about_campaign(session: Session, actor: Actor, campaign_id: UUID) -> AboutCampaign:
    """Raises NotFound when it isn't among the actor's campaigns."""
    campaign = must_get(session, Campaign, campaign_id, "campaign")
    owner = session.get(UserProfile, campaign.user_id)
    sender = session.get(Sender, campaign.sender_id) if campaign.sender_id else None
    return AboutCampaign(
        user_id=campaign.user_id,
        owner_name=owner.name if owner else "",
        time_zone=owner.time_zone if owner else "UTC",
        region=owner.default_region if owner else "US",
        kind=campaign.kind,
        message_body=campaign.message_body,
        audience=dict(campaign.audience),
        audience_words=describe(session, [campaign.audience])[0],
        sender_address=sender.address if sender else "",
        sender_label=sender.label if sender else "",
        segments_per_second=sender.segments_per_second if sender else 0.0,
        price_per_segment_micros=campaign.price_per_segment_micros
        or (sender.price_per_segment_micros if sender else 0),
        schedule_time_zone=campaign.schedule_time_zone or (owner.time_zone if owner else "UTC"),
    )


def recent_pace(
    session: Session, actor: Actor, campaign_id: UUID, now: datetime, seconds: int
) -> list[int]:
    """Texts handed to the carrier in each of the last ``seconds`` seconds, the oldest first."""
    since = now - timedelta(seconds=seconds)
    moments = session.exec(
        select(CampaignMessage.sent_at).where(
            CampaignMessage.campaign_id == campaign_id,
            # A text is touched when it is handed over or later: this is what the index is on.
            col(CampaignMessage.updated_at) > since,
            col(CampaignMessage.sent_at) > since,
        )
    ).all()
    by_second = [0] * seconds
    for moment in moments:
        if moment is not None and moment <= now:
            by_second[min(seconds - 1, int((moment - since).total_seconds()))] += 1
    return by_second


def read_watched(
    session: Session, actor: Actor, campaign_ids: Collection[UUID], owner_ids: Collection[UUID]
) -> list[LiveCampaign]:
    """The campaigns of a process's open screens: those named, and of the owners named those that run or
    still wait for receipts."""
    waits_for_receipts = (col(Campaign.launched_at) > utc_now() - RECEIPTS_COME_FOR) & (
        col(Campaign.sent_count) > 0
    )
    statement = select(Campaign).where(
        or_(
            col(Campaign.id).in_(campaign_ids),
            col(Campaign.user_id).in_(owner_ids)
            & (Campaign.kind == CampaignKind.CAMPAIGN)
            & or_(col(Campaign.status).in_(LIVE), waits_for_receipts),
        )
    )
    return [LiveCampaign.of(campaign) for campaign in session.exec(statement)]
