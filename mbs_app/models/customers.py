"""Customers, their groups, and what they said about being texted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from mbs_app.domain.vocabulary import Channel, ConsentKind, CustomerStatus, SuppressionReason
from mbs_app.models.base import Identified, Json, Owned, OwnedOrShared, made_now, one_of


class Customer(Identified, Owned, table=True):
    """A person who may get texts. ``phone`` is E.164 and unique within its owner's customers."""

    __tablename__ = "customers"
    __table_args__ = (
        one_of("status", CustomerStatus),
        sa.CheckConstraint("phone LIKE '+%'", name="phone_is_e164"),
        sa.UniqueConstraint("user_id", "phone"),
        sa.Index("ix_customers_user_id_name", "user_id", "last_name", "first_name", "id"),
        sa.Index("ix_customers_user_id_city", "user_id", "city", "id"),
        sa.Index("ix_customers_user_id_created_at", "user_id", "created_at", "id"),
        sa.Index("ix_customers_user_id_state", "user_id", "state", "status", "id"),
    )

    phone: str = Field(max_length=16)
    first_name: str = Field(default="", max_length=100)
    last_name: str = Field(default="", max_length=100)
    email: str = Field(default="", max_length=254)
    city: str = Field(default="", max_length=100)
    state: str = Field(default="", max_length=60)
    status: str = Field(default=CustomerStatus.ACTIVE, max_length=10)
    notes: str = Field(default="", max_length=5000)
    time_zone: str | None = Field(default=None, max_length=64)
    attributes: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)
    source: str = Field(default="manual", max_length=20)  # manual, import, api, inbound
    created_at: datetime = made_now()
    updated_at: datetime = made_now()


class Group(Identified, Owned, table=True):
    __tablename__ = "groups"
    __table_args__ = (sa.UniqueConstraint("user_id", "name"),)

    name: str = Field(max_length=80)
    color: str = Field(default="teal", max_length=20)  # one of domain.palette.GROUP_COLORS
    description: str = Field(default="", max_length=500)
    created_at: datetime = made_now()
    updated_at: datetime = made_now()


class GroupMembership(Owned, table=True):
    __tablename__ = "group_memberships"
    __table_args__ = (
        sa.Index("ix_group_memberships_customer_id", "customer_id"),
        sa.Index("ix_group_memberships_user_id", "user_id"),
    )

    group_id: UUID = Field(foreign_key="groups.id", ondelete="CASCADE", primary_key=True)
    customer_id: UUID = Field(foreign_key="customers.id", ondelete="CASCADE", primary_key=True)
    created_at: datetime = made_now()


class Suppression(Identified, OwnedOrShared, table=True):
    """An address that must not be sent to. A reply of STOP holds for the whole workspace."""

    __tablename__ = "suppressions"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("reason", SuppressionReason),
        sa.Index(
            "uq_suppressions_shared",
            "channel",
            "address",
            unique=True,
            sqlite_where=sa.text("user_id IS NULL"),
            postgresql_where=sa.text("user_id IS NULL"),
        ),
        sa.Index(
            "uq_suppressions_owned",
            "user_id",
            "channel",
            "address",
            unique=True,
            sqlite_where=sa.text("user_id IS NOT NULL"),
            postgresql_where=sa.text("user_id IS NOT NULL"),
        ),
        sa.Index("ix_suppressions_address", "address"),
    )

    channel: str = Field(default=Channel.SMS, max_length=10)
    address: str = Field(max_length=254)
    reason: str = Field(max_length=20)
    note: str = Field(default="", max_length=200)
    created_at: datetime = made_now()


class ConsentEvent(Identified, OwnedOrShared, table=True):
    """What a person said about being texted, and how we know. Append-only: triggers refuse changes."""

    __tablename__ = "consent_events"
    __table_args__ = (
        one_of("kind", ConsentKind),
        one_of("channel", Channel),
        sa.Index("ix_consent_events_address_at", "address", "at"),
        sa.Index("ix_consent_events_kind_at", "kind", "at"),
    )

    at: datetime = made_now()
    channel: str = Field(default=Channel.SMS, max_length=10)
    address: str = Field(max_length=254)
    kind: str = Field(max_length=20)
    method: str = Field(max_length=40)  # reply, recorded, import, api, carrier, new number
    wording: str = Field(default="", max_length=1600)  # the person's own words, or the form's text
    wording_version: str = Field(default="", max_length=40)
    source: str = Field(default="", max_length=120)
    ip: str = Field(default="", max_length=45)
    actor_id: UUID | None = None
