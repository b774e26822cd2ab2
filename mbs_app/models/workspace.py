"""What belongs to the whole installation: its name, and the numbers it sends from."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from mbs_app.domain.vocabulary import SecondFactorFor
from mbs_app.models.base import Identified, made_now, moment, one_of


class Workspace(SQLModel, table=True):
    """One row, made with the first start."""

    __tablename__ = "workspace"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="only_one"),
        one_of("second_factor_for", SecondFactorFor),
    )

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str = Field(default="", max_length=80)
    tagline: str = Field(default="", max_length=120)
    # SHA-256 of the one-time link's token, until the first admin exists.
    setup_token_hash: str | None = Field(default=None, max_length=64)
    # Who must show a second factor.
    second_factor_for: str = Field(default=SecondFactorFor.NOBODY, max_length=10)
    created_at: datetime = made_now()


class Sender(Identified, table=True):
    """A number, or a messaging service, that texts go out from. Its rate is leased from this row.

    ``next_free_at`` is the first moment that no worker has reserved yet: workers move it forward, in
    slices of under a second, in the transaction that claims messages, so that the rate holds over all.
    """

    __tablename__ = "senders"
    __table_args__ = (
        sa.CheckConstraint("segments_per_second > 0", name="rate_positive"),
        sa.CheckConstraint("price_per_segment_micros >= 0", name="price_not_negative"),
    )

    address: str = Field(max_length=40, unique=True)  # E.164, a short code, or MG…
    label: str = Field(default="", max_length=80)
    segments_per_second: float = 10.0
    price_per_segment_micros: int = 7900  # millionths of a US dollar
    is_active: bool = True  # whether the environment still names it
    next_free_at: datetime | None = moment()
    slowed_until: datetime | None = moment()
    created_at: datetime = made_now()


class Beat(SQLModel, table=True):
    """The last sign of life of a worker process, by the database's clock."""

    __tablename__ = "worker_beats"

    worker_id: UUID = Field(primary_key=True)
    started_at: datetime = made_now()
    seen_at: datetime = made_now(index=True)
