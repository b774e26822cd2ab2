"""Campaigns, their messages, and every event of the carrier about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from mbs_app.domain.vocabulary import (
    CampaignKind,
    CampaignStatus,
    MessageStatus,
    ScheduledMessageStatus,
    SkipReason,
    TemplateCategory,
)
from mbs_app.models.base import (
    Identified,
    Json,
    Owned,
    OwnedOrShared,
    made_now,
    moment,
    one_of,
)

_SEVEN = " + ".join(f"{status.value}_count" for status in MessageStatus)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


class Campaign(Identified, Owned, table=True):
    """A text to an audience. The seven counts are disjoint, and the database holds that they add up.

    ``audience`` is ``{"mode": "all"|"rules"|"selection"|"number", "group_ids": […], "states": […],
    "customer_ids": […], "phone": "+1…"}``. ``version`` rises with every change that a screen shows.
    """

    __tablename__ = "campaigns"
    __table_args__ = (
        one_of("status", CampaignStatus),
        one_of("kind", CampaignKind),
        sa.CheckConstraint(f"total_recipients = {_SEVEN}", name="books_balance"),
        *(
            sa.CheckConstraint(f"{status.value}_count >= 0", name=f"{status.value}_not_negative")
            for status in MessageStatus
        ),
        sa.CheckConstraint(
            "status <> 'scheduled' OR scheduled_at IS NOT NULL", name="scheduled_has_a_time"
        ),
        sa.Index("ix_campaigns_user_id_updated_at", "user_id", "kind", "updated_at", "id"),
        sa.Index("ix_campaigns_user_id_launched_at", "user_id", "launched_at"),
        sa.Index("ix_campaigns_due", "scheduled_at", **_where("status = 'scheduled'")),
        sa.Index("ix_campaigns_running", "id", **_where("status = 'sending'")),
        sa.Index("ix_campaigns_sender_id", "sender_id"),
    )

    kind: str = Field(default=CampaignKind.CAMPAIGN, max_length=10)
    name: str = Field(max_length=120)
    message_body: str = Field(default="", max_length=4000)
    status: str = Field(default=CampaignStatus.DRAFT, max_length=10)
    audience: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)
    sender_id: UUID | None = Field(default=None, foreign_key="senders.id", ondelete="SET NULL")

    total_recipients: int = 0
    pending_count: int = 0
    sending_count: int = 0
    sent_count: int = 0
    delivered_count: int = 0
    failed_count: int = 0
    skipped_count: int = 0
    unknown_count: int = 0
    segments_sent: int = 0
    price_per_segment_micros: int = 0  # frozen at launch

    scheduled_at: datetime | None = moment()
    schedule_time_zone: str | None = Field(default=None, max_length=64)
    # Fell due while the program was down; asks before sending.
    late_since: datetime | None = moment()
    launched_at: datetime | None = moment()  # the audience was snapshot
    sent_at: datetime | None = moment()  # the last text left the queue
    pause_reason: str = Field(default="", max_length=300)
    resumed_at: datetime | None = moment()  # failures before this don't pause it again
    version: int = 0
    created_at: datetime = made_now()
    updated_at: datetime = made_now()


class CampaignMessage(Identified, Owned, table=True):
    """One person's text. The row is the queue entry, the ledger entry and the record of what was sent."""

    __tablename__ = "campaign_messages"
    __table_args__ = (
        one_of("status", MessageStatus),
        sa.CheckConstraint(
            "skip_reason IS NULL OR skip_reason IN ("
            + ", ".join(f"'{reason.value}'" for reason in SkipReason)
            + ")",
            name="skip_reason",
        ),
        sa.CheckConstraint(
            "(status = 'skipped') = (skip_reason IS NOT NULL)", name="skipped_says_why"
        ),
        sa.CheckConstraint(
            "(status = 'sending') = (lease_expires_at IS NOT NULL)", name="sending_has_a_lease"
        ),
        sa.CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        sa.UniqueConstraint("campaign_id", "phone_number"),
        sa.Index(
            "ix_campaign_messages_queue",
            "campaign_id",
            "id",
            **_where("status = 'pending'"),
        ),
        sa.Index("ix_campaign_messages_leases", "lease_expires_at", **_where("status = 'sending'")),
        sa.Index(
            "ix_campaign_messages_in_doubt", "next_look_at", **_where("next_look_at IS NOT NULL")
        ),
        sa.Index(
            "ix_campaign_messages_failures",
            "campaign_id",
            "error_code",
            **_where("status = 'failed'"),
        ),
        sa.Index("ix_campaign_messages_page", "campaign_id", "updated_at", "id"),
        sa.Index("ix_campaign_messages_page_status", "campaign_id", "status", "updated_at", "id"),
        sa.Index("ix_campaign_messages_customer", "customer_id", "id"),
        sa.Index("ix_campaign_messages_user_phone", "user_id", "phone_number", "id"),
        sa.Index("ix_campaign_messages_phone", "phone_number", "id"),
        sa.Index("ix_campaign_messages_twilio_sid", "twilio_sid", unique=True),
    )

    campaign_id: UUID = Field(foreign_key="campaigns.id", ondelete="CASCADE")
    customer_id: UUID | None = Field(default=None, foreign_key="customers.id", ondelete="SET NULL")
    phone_number: str = Field(max_length=16)
    position: int = 0  # place in the queue, from 1
    status: str = Field(default=MessageStatus.PENDING, max_length=10)
    skip_reason: str | None = Field(default=None, max_length=20)
    message_body: str | None = Field(default=None, max_length=4000)  # as sent; frozen at the claim
    segments: int = 0

    attempts: int = 0
    next_attempt_at: datetime | None = moment()  # not before this; set by a retry
    lease_owner: UUID | None = None
    lease_expires_at: datetime | None = moment()
    attempting_at: datetime | None = moment()  # committed before the call leaves
    next_look_at: datetime | None = moment()  # when to ask the provider about a text in doubt
    looks: int = 0

    twilio_sid: str | None = Field(default=None, max_length=40)
    provider_status: str = Field(default="", max_length=24)
    error_code: int | None = None
    error_message: str = Field(default="", max_length=300)
    accepted_in_ms: int | None = None
    sent_at: datetime | None = moment()
    delivered_at: datetime | None = moment()
    created_at: datetime = made_now()
    updated_at: datetime = made_now()


class MessageEvent(Identified, OwnedOrShared, table=True):
    """A provider's event as it came, whether or not its message is known."""

    __tablename__ = "message_events"
    __table_args__ = (
        sa.Index("ix_message_events_message_id", "message_id", "id"),
        sa.Index("ix_message_events_provider_id", "provider_id"),
        sa.Index("ix_message_events_to_apply", "id", **_where("applied_at IS NULL")),
        sa.Index(
            "ix_message_events_unmatched",
            "id",
            **_where("applied_at IS NOT NULL AND user_id IS NULL"),
        ),
    )

    # No foreign key: an event may come before, or long after, the message it speaks of.
    message_id: UUID | None = None
    provider: str = Field(default="twilio", max_length=16)
    provider_id: str = Field(default="", max_length=64)
    status: str = Field(default="", max_length=24)
    error_code: int | None = None
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)
    received_at: datetime = made_now()
    applied_at: datetime | None = moment()


class InboundMessage(Identified, OwnedOrShared, table=True):
    """A text somebody sent to us. Belongs to the workspace: a shared number has many owners."""

    __tablename__ = "inbound_messages"
    __table_args__ = (
        sa.Index("ix_inbound_messages_from_number", "from_number", "id"),
        sa.Index("ix_inbound_messages_twilio_sid", "twilio_sid", unique=True),
    )

    twilio_sid: str = Field(max_length=40)
    from_number: str = Field(max_length=16)
    to_number: str = Field(max_length=40)
    body: str = Field(default="", max_length=4000)
    keyword: str | None = Field(default=None, max_length=10)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)
    received_at: datetime = made_now()


class CampaignTemplate(Identified, Owned, table=True):
    __tablename__ = "campaign_templates"
    __table_args__ = (
        one_of("category", TemplateCategory),
        sa.UniqueConstraint("user_id", "name"),
        sa.Index("ix_campaign_templates_user_id_category", "user_id", "category", "name"),
    )

    name: str = Field(max_length=120)
    message_body: str = Field(max_length=4000)
    category: str = Field(default=TemplateCategory.GENERAL, max_length=20)
    is_default: bool = False
    created_at: datetime = made_now()
    updated_at: datetime = made_now()


class ScheduledMessage(Identified, Owned, table=True):
    """A text to one customer or to one group at a time."""

    __tablename__ = "scheduled_messages"
    __table_args__ = (
        one_of("status", ScheduledMessageStatus),
        sa.CheckConstraint(
            "(customer_id IS NULL) <> (group_id IS NULL)", name="one_customer_or_one_group"
        ),
        sa.Index("ix_scheduled_messages_due", "scheduled_at", **_where("status = 'pending'")),
        sa.Index("ix_scheduled_messages_user_id", "user_id", "scheduled_at"),
        sa.Index("ix_scheduled_messages_customer_id", "customer_id"),
        sa.Index("ix_scheduled_messages_group_id", "group_id"),
        sa.Index("ix_scheduled_messages_campaign_id", "campaign_id"),
    )

    customer_id: UUID | None = Field(default=None, foreign_key="customers.id", ondelete="CASCADE")
    group_id: UUID | None = Field(default=None, foreign_key="groups.id", ondelete="CASCADE")
    message_body: str = Field(max_length=4000)
    scheduled_at: datetime = made_now()
    status: str = Field(default=ScheduledMessageStatus.PENDING, max_length=10)
    campaign_id: UUID | None = Field(default=None, foreign_key="campaigns.id", ondelete="SET NULL")
    created_at: datetime = made_now()
