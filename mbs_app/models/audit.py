"""The audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from mbs_app.models.base import Identified, Json, made_now


class AuditEvent(Identified, table=True):
    """Who did what to what, when, from where. Append-only: triggers refuse changes."""

    __tablename__ = "audit_events"
    __table_args__ = (
        # Each ends in the id, which is in order of time: pages are walks down one of them.
        sa.Index("ix_audit_events_actor_id_id", "actor_id", "id"),
        sa.Index("ix_audit_events_actor_id_action_id", "actor_id", "action", "id"),
        sa.Index("ix_audit_events_action_id", "action", "id"),
        sa.Index("ix_audit_events_subject_id_id", "subject_id", "id"),
        sa.Index("ix_audit_events_ip_id", "ip", "id"),
    )

    at: datetime = made_now()
    # No foreign keys: what happened stays on record when the user it happened to is gone.
    actor_id: UUID | None = None
    actor_label: str = Field(default="", max_length=120)
    action: str = Field(max_length=60)
    subject_type: str = Field(default="", max_length=40)
    subject_id: str = Field(default="", max_length=64)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    ip: str = Field(default="", max_length=45)
