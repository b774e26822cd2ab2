"""Leases and schedules go by one clock: the database's."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.domain.clock import utc_now
from mbs_app.models.base import UtcDateTime


def db_now(session: Session) -> datetime:
    """The time at the database, this very moment (not at the start of the transaction).

    SQLite runs inside this process, so its clock is ours.
    """
    if session.get_bind().dialect.name == "sqlite":
        return utc_now()
    asked = sa.select(sa.func.clock_timestamp(type_=UtcDateTime()))
    now: datetime = session.connection().execute(asked).scalar_one()
    return now
