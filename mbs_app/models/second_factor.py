"""What somebody shows beside a password: a code from an app, a passkey, a recovery code."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from mbs_app.models.base import Identified, Json, Owned, made_now, moment


class Authenticator(Identified, Owned, table=True):
    """An app that makes codes (TOTP, RFC 6238). It counts once ``confirmed_at`` is set.

    ``secret`` is encrypted with the installation's key. ``last_step`` is the newest time step a code was taken
    of, so that no code works twice.
    """

    __tablename__ = "authenticators"
    __table_args__ = (sa.UniqueConstraint("user_id"),)

    secret: str = Field(max_length=255)
    confirmed_at: datetime | None = moment()
    last_step: int = 0
    created_at: datetime = made_now()


class Passkey(Identified, Owned, table=True):
    """A WebAuthn credential. ``credential_id`` and ``public_key`` are base64url without padding."""

    __tablename__ = "passkeys"
    __table_args__ = (sa.Index("ix_passkeys_user_id", "user_id"),)

    credential_id: str = Field(max_length=1400, unique=True)
    public_key: str = Field(max_length=2000)
    sign_count: int = 0
    name: str = Field(default="", max_length=120)
    transports: list[str] = Field(default_factory=list, sa_type=Json)
    aaguid: str = Field(default="", max_length=36)
    is_backed_up: bool = False
    last_used_at: datetime | None = moment()
    created_at: datetime = made_now()


class RecoveryCode(Identified, Owned, table=True):
    """One of the codes for the day the phone is lost; kept as an Argon2id hash, works once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (sa.UniqueConstraint("user_id", "code_hash"),)

    code_hash: str = Field(max_length=64)
    used_at: datetime | None = moment()
    created_at: datetime = made_now()
