"""Mails of the product itself: the outbox, and what the mail service reported."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from mbs_app.domain.vocabulary import MailKind, MailStatus
from mbs_app.models.base import Identified, Json, made_now, moment, one_of


class OutgoingMail(Identified, table=True):
    """One mail, frozen as it will be sent; its id is the idempotency key.

    ``subject``, ``html`` and ``text`` are emptied once the mail is over: they may hold a link that signs
    somebody in. A mail isn't sent after ``expires_at``, when its link is dead.
    """

    __tablename__ = "outgoing_mails"
    __table_args__ = (
        one_of("kind", MailKind),
        one_of("status", MailStatus),
        sa.Index(
            "ix_outgoing_mails_due",
            "next_attempt_at",
            "id",
            sqlite_where=sa.text("status IN ('pending', 'sending')"),
            postgresql_where=sa.text("status IN ('pending', 'sending')"),
        ),
        sa.Index("ix_outgoing_mails_provider_id", "provider_id"),
        sa.Index("ix_outgoing_mails_user_id", "user_id"),
        sa.Index(
            "ix_outgoing_mails_about_id",
            "about_id",
            sqlite_where=sa.text("about_id IS NOT NULL"),
            postgresql_where=sa.text("about_id IS NOT NULL"),
        ),
    )

    kind: str = Field(max_length=20)
    to_email: str = Field(max_length=254)
    user_id: UUID | None = Field(default=None, foreign_key="user_profiles.id", ondelete="SET NULL")
    # The invitation or the link it carries, with which it is called off; no foreign key, since there are two kinds.
    about_id: UUID | None = None
    subject: str = Field(default="", max_length=200)
    html: str = ""
    text: str = ""
    status: str = Field(default=MailStatus.PENDING, max_length=10)
    attempts: int = 0
    next_attempt_at: datetime = made_now()
    lease_expires_at: datetime | None = moment()
    # The first call whose answer isn't known. From then on only the key keeps a repeat from being a second mail.
    doubt_since: datetime | None = moment()
    expires_at: datetime | None = moment()
    provider_id: str | None = Field(default=None, max_length=64)
    problem: str = Field(default="", max_length=300)  # in plain words, why it failed or waits
    sent_at: datetime | None = moment()
    delivered_at: datetime | None = moment()
    created_at: datetime = made_now()


class MailEvent(Identified, table=True):
    """An event the mail service reported, as received. ``event_id`` is svix's, which repeats are known by."""

    __tablename__ = "mail_events"
    __table_args__ = (sa.Index("ix_mail_events_provider_id", "provider_id"),)

    event_id: str = Field(max_length=64, unique=True)
    kind: str = Field(max_length=40)  # "email.bounced"
    provider_id: str = Field(default="", max_length=64)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    received_at: datetime = made_now()
