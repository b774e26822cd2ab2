"""What every table shares: ids, times, ownership and the naming of constraints."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

from mbs_app.domain.clock import utc_now

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> UUID:
    """A UUIDv7: unique everywhere, and in order of time, so that it pages and indexes well."""
    return uuid7()


def first_id_at(moment: datetime) -> UUID:
    """The least id that :func:`new_id` could have made at ``moment``, for walks through rows by time."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment. Goes in with a zone, comes out in UTC with its zone, on SQLite too."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = sa.JSON().with_variant(JSONB(), "postgresql")


def one_of(column: str, words: type[StrEnum]) -> sa.CheckConstraint:
    """A CHECK that keeps ``column`` within a closed set of words."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def moment(**options: Any) -> Any:
    """A nullable time column."""
    return Field(default=None, sa_type=UtcDateTime, **options)


def made_now(**options: Any) -> Any:
    """A time column that says when the row was made."""
    return Field(default_factory=utc_now, sa_type=UtcDateTime, nullable=False, **options)


class Identified(SQLModel):
    id: UUID = Field(default_factory=new_id, primary_key=True)


class Owned(SQLModel):
    """A row that belongs to one user. Every query on it is narrowed to the actor's own rows."""

    user_id: UUID = Field(foreign_key="user_profiles.id", ondelete="CASCADE", nullable=False)


class OwnedOrShared(SQLModel):
    """A row of one user, or of the whole workspace where ``user_id`` is empty."""

    user_id: UUID | None = Field(
        default=None, foreign_key="user_profiles.id", ondelete="CASCADE", nullable=True
    )
