"""The users of the product, how they get in, and what they did."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from mbs_app.domain.vocabulary import (
    AdminResetStatus,
    Appearance,
    ResetType,
    Role,
    UserStatus,
)
from mbs_app.models.base import Identified, Json, made_now, moment, one_of


class UserProfile(Identified, table=True):
    __tablename__ = "user_profiles"
    __table_args__ = (
        one_of("role", Role),
        one_of("status", UserStatus),
        one_of("appearance", Appearance),
        sa.CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        sa.Index("ix_user_profiles_status_id", "status", "id"),
    )

    email: str = Field(max_length=254, unique=True)
    password_hash: str = Field(max_length=255)
    name: str = Field(max_length=120)
    role: str = Field(default=Role.USER, max_length=10)
    status: str = Field(default=UserStatus.PENDING, max_length=10)
    phone: str | None = Field(default=None, max_length=16)  # for a test text to oneself, E.164
    time_zone: str = Field(default="America/Chicago", max_length=64)
    default_region: str = Field(default="US", max_length=2)
    appearance: str = Field(default=Appearance.SYSTEM, max_length=10)
    invited_by: UUID | None = Field(
        default=None, foreign_key="user_profiles.id", ondelete="SET NULL"
    )
    invite_code: str | None = Field(default=None, max_length=40)
    invited_at: datetime | None = moment()
    approved_at: datetime | None = moment()
    last_login_at: datetime | None = moment()
    created_at: datetime = made_now()


class UserSession(Identified, table=True):
    """One signed-in browser or program. The token itself is never stored, only its SHA-256."""

    __tablename__ = "sessions"
    __table_args__ = (
        sa.Index("ix_sessions_user_id", "user_id"),
        sa.Index("ix_sessions_expires_at", "expires_at"),
    )

    user_id: UUID = Field(foreign_key="user_profiles.id", ondelete="CASCADE")
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = made_now()
    last_used_at: datetime = made_now()
    expires_at: datetime = made_now()
    ended_at: datetime | None = moment()
    ip: str = Field(default="", max_length=45)
    user_agent: str = Field(default="", max_length=300)


class SignInAttempt(Identified, table=True):
    """A failed sign-in, kept for as long as it counts against its account or address.

    ``subject`` is a hash, so that the table doesn’t spell out who was tried.
    """

    __tablename__ = "sign_in_attempts"
    __table_args__ = (sa.Index("ix_sign_in_attempts_subject_at", "subject", "at"),)

    subject: str = Field(max_length=64)
    at: datetime = made_now()


class InviteCode(Identified, table=True):
    __tablename__ = "invite_codes"
    __table_args__ = (
        sa.CheckConstraint("max_uses > 0", name="max_uses_positive"),
        sa.CheckConstraint("uses >= 0 AND uses <= max_uses", name="uses_within_max"),
        sa.Index("ix_invite_codes_created_by", "created_by"),
    )

    code: str = Field(max_length=40, unique=True)
    created_by: UUID | None = Field(
        default=None, foreign_key="user_profiles.id", ondelete="SET NULL"
    )
    email: str | None = Field(default=None, max_length=254)
    expires_at: datetime | None = moment()
    max_uses: int = 1
    uses: int = 0
    revoked_at: datetime | None = moment()
    notes: str = Field(default="", max_length=500)
    created_at: datetime = made_now()


class PasswordResetToken(Identified, table=True):
    __tablename__ = "password_reset_tokens"
    __table_args__ = (
        one_of("reset_type", ResetType),
        sa.Index("ix_password_reset_tokens_user_id", "user_id"),
    )

    token_hash: str = Field(max_length=64, unique=True)
    user_id: UUID = Field(foreign_key="user_profiles.id", ondelete="CASCADE")
    email: str = Field(max_length=254)
    expires_at: datetime = made_now()
    used_at: datetime | None = moment()
    created_by: UUID | None = Field(
        default=None, foreign_key="user_profiles.id", ondelete="SET NULL"
    )
    reset_type: str = Field(default=ResetType.USER, max_length=10)
    notes: str = Field(default="", max_length=500)
    created_at: datetime = made_now()


class AdminPasswordReset(Identified, table=True):
    __tablename__ = "admin_password_resets"
    __table_args__ = (
        one_of("status", AdminResetStatus),
        sa.Index("ix_admin_password_resets_user_id", "user_id"),
        sa.Index("ix_admin_password_resets_status_id", "status", "id"),
    )

    user_id: UUID = Field(foreign_key="user_profiles.id", ondelete="CASCADE")
    admin_id: UUID | None = Field(default=None, foreign_key="user_profiles.id", ondelete="SET NULL")
    reset_token_id: UUID | None = Field(
        default=None, foreign_key="password_reset_tokens.id", ondelete="SET NULL"
    )
    reason: str = Field(max_length=500)
    status: str = Field(default=AdminResetStatus.PENDING, max_length=10)
    completed_at: datetime | None = moment()
    created_at: datetime = made_now()


class ApiKey(Identified, table=True):
    __tablename__ = "api_keys"
    __table_args__ = (sa.Index("ix_api_keys_user_id", "user_id"),)

    user_id: UUID = Field(foreign_key="user_profiles.id", ondelete="CASCADE")
    name: str = Field(max_length=120)
    key_hash: str = Field(max_length=64, unique=True)
    scopes: list[str] = Field(default_factory=list, sa_type=Json)
    expires_at: datetime | None = moment()
    last_used_at: datetime | None = moment()
    last_used_ip: str = Field(default="", max_length=45)
    revoked_at: datetime | None = moment()
    created_at: datetime = made_now()


class AuditEvent(Identified, table=True):
    """Who did what to what, when, from where. Append-only: triggers refuse changes."""

    __tablename__ = "audit_events"
    __table_args__ = (
        sa.Index("ix_audit_events_at_id", "at", "id"),
        sa.Index("ix_audit_events_actor_id_at", "actor_id", "at"),
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
