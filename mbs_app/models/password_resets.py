"""Resets of a password: the tokens, and the record of those an admin asked for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from mbs_app.domain.vocabulary import AdminResetStatus, ResetType
from mbs_app.models.base import Identified, made_now, moment, one_of


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
