"""What proves who somebody is: sessions, tokens of programs, API keys, and guesses that failed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from mbs_app.domain.vocabulary import SessionKind, SignInStepKind
from mbs_app.models.base import Identified, Json, Owned, made_now, moment, one_of


class UserSession(Identified, Owned, table=True):
    """One signed-in browser or program. The token itself is never stored, only its SHA-256.

    ``expires_at`` is the absolute end; the idle end follows from ``last_used_at``. A program's token lives
    until ``access_expires_at`` and is replaced with a refresh token.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        one_of("kind", SessionKind),
        sa.Index("ix_sessions_user_id", "user_id"),
        sa.Index("ix_sessions_expires_at", "expires_at"),
    )

    token_hash: str = Field(max_length=64, unique=True)
    kind: str = Field(default=SessionKind.BROWSER, max_length=10)
    keep: bool = False  # "Keep me signed in"
    # A privilege changed: the next request of a browser gets a new token.
    must_renew: bool = False
    second_factor_at: datetime | None = moment()  # when a second factor was shown in this session
    confirmed_at: datetime | None = moment()  # when its holder last showed that it is them
    created_at: datetime = made_now()
    last_used_at: datetime = made_now()
    expires_at: datetime = made_now()
    access_expires_at: datetime | None = moment()
    ended_at: datetime | None = moment()
    ip: str = Field(default="", max_length=45)
    user_agent: str = Field(default="", max_length=300)


class RefreshToken(Identified, Owned, table=True):
    """One link in a program's chain of refresh tokens: all of one session are one family."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        sa.Index("ix_refresh_tokens_session_id", "session_id"),
        sa.Index("ix_refresh_tokens_user_id", "user_id"),
    )

    session_id: UUID = Field(foreign_key="sessions.id", ondelete="CASCADE")
    token_hash: str = Field(max_length=64, unique=True)
    expires_at: datetime = made_now()
    used_at: datetime | None = moment()
    created_at: datetime = made_now()


class KnownDevice(Identified, Owned, table=True):
    """A browser that signed in before, known by a cookie of its own; a new one is worth a mail."""

    __tablename__ = "known_devices"
    __table_args__ = (
        sa.Index("ix_known_devices_token_hash", "token_hash"),
        sa.Index("ix_known_devices_user_id", "user_id"),
    )

    token_hash: str = Field(max_length=64)
    user_agent: str = Field(default="", max_length=300)
    ip: str = Field(default="", max_length=45)
    last_seen_at: datetime = made_now()
    created_at: datetime = made_now()


class SignInStep(Identified, table=True):
    """Something begun that only its beginner may finish: a second factor, a passkey, another provider.

    The token is at the browser, its SHA-256 here. ``user_id`` is empty while nobody has said who they are.
    ``data`` holds what the end must match (a WebAuthn challenge, an OpenID state), never a secret of a person.
    """

    __tablename__ = "sign_in_steps"
    __table_args__ = (
        one_of("kind", SignInStepKind),
        sa.Index("ix_sign_in_steps_expires_at", "expires_at"),
        sa.Index("ix_sign_in_steps_user_id", "user_id"),
    )

    token_hash: str = Field(max_length=64, unique=True)
    kind: str = Field(max_length=20)
    user_id: UUID | None = Field(default=None, foreign_key="user_profiles.id", ondelete="CASCADE")
    keep: bool = False
    attempts: int = 0
    data: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    ip: str = Field(default="", max_length=45)
    expires_at: datetime = made_now()
    used_at: datetime | None = moment()
    created_at: datetime = made_now()


class SignInAttempt(Identified, table=True):
    """A failed sign-in, kept for as long as it counts against its account or address.

    ``subject`` is a hash, so that the table doesn’t spell out who was tried.
    """

    __tablename__ = "sign_in_attempts"
    __table_args__ = (sa.Index("ix_sign_in_attempts_subject_at", "subject", "at"),)

    subject: str = Field(max_length=64)
    at: datetime = made_now()


class ApiKey(Identified, Owned, table=True):
    """A program's key: shown once as ``mbs_<id>_<secret>``, kept as the SHA-256 of its secret."""

    __tablename__ = "api_keys"
    __table_args__ = (sa.Index("ix_api_keys_user_id", "user_id"),)

    name: str = Field(max_length=120)
    key_hash: str = Field(max_length=64, unique=True)
    scopes: list[str] = Field(default_factory=list, sa_type=Json)
    expires_at: datetime | None = moment()
    last_used_at: datetime | None = moment()
    last_used_ip: str = Field(default="", max_length=45)
    revoked_at: datetime | None = moment()
    created_at: datetime = made_now()
