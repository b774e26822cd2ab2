"""The users of the product and how they get in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from mbs_app.domain.vocabulary import Appearance, Role, UserStatus
from mbs_app.models.base import Identified, Owned, made_now, moment, one_of


class UserProfile(Identified, table=True):
    """Somebody with an account. An empty ``password_hash`` means that another provider signs them in."""

    __tablename__ = "user_profiles"
    __table_args__ = (
        one_of("role", Role),
        one_of("status", UserStatus),
        one_of("appearance", Appearance),
        sa.CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        sa.Index("ix_user_profiles_status_id", "status", "id"),
        sa.Index("ix_user_profiles_invite_code", "invite_code"),
    )

    email: str = Field(max_length=254, unique=True)
    password_hash: str = Field(default="", max_length=255)
    password_changed_at: datetime | None = moment()
    name: str = Field(max_length=120)
    role: str = Field(default=Role.USER, max_length=10)
    status: str = Field(default=UserStatus.PENDING, max_length=10)
    status_reason: str = Field(default="", max_length=500)  # why rejected or suspended
    status_changed_at: datetime | None = moment()
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


class InviteCode(Identified, table=True):
    """A code people join with. ``email`` is one address, or "@example.com" for any address there."""

    __tablename__ = "invite_codes"
    __table_args__ = (
        one_of("role", Role),
        sa.CheckConstraint("max_uses > 0", name="max_uses_positive"),
        sa.CheckConstraint("uses >= 0 AND uses <= max_uses", name="uses_within_max"),
        sa.Index("ix_invite_codes_created_by", "created_by"),
    )

    code: str = Field(max_length=40, unique=True)
    role: str = Field(default=Role.USER, max_length=10)
    created_by: UUID | None = Field(
        default=None, foreign_key="user_profiles.id", ondelete="SET NULL"
    )
    email: str | None = Field(default=None, max_length=254)
    expires_at: datetime | None = moment()
    max_uses: int = 1
    uses: int = 0
    revoked_at: datetime | None = moment()
    mailed_at: datetime | None = moment()
    notes: str = Field(default="", max_length=500)
    created_at: datetime = made_now()


class ExternalIdentity(Identified, Owned, table=True):
    """A user as an OpenID provider knows them: ``subject`` never changes, addresses do."""

    __tablename__ = "external_identities"
    __table_args__ = (
        sa.UniqueConstraint("issuer", "subject"),
        sa.Index("ix_external_identities_user_id", "user_id"),
    )

    issuer: str = Field(max_length=255)
    subject: str = Field(max_length=255)
    email: str = Field(default="", max_length=254)  # as the provider gave it last
    last_used_at: datetime | None = moment()
    created_at: datetime = made_now()


class EmailChange(Identified, Owned, table=True):
    """A new address that waits for the click in the mail sent to it."""

    __tablename__ = "email_changes"
    __table_args__ = (sa.Index("ix_email_changes_user_id", "user_id"),)

    new_email: str = Field(max_length=254)
    token_hash: str = Field(max_length=64, unique=True)
    expires_at: datetime = made_now()
    used_at: datetime | None = moment()
    created_at: datetime = made_now()
