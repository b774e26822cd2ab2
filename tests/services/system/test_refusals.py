"""Refused webhooks are counted by the hour, and no flood of them fills the disk."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.clock import utc_now
from mbs_app.models import RefusedCallback
from mbs_app.services.system import refusals
from mbs_app.webhooks import refusals as counting
from tests.support.accounts import SYSTEM


def _rows() -> list[tuple[str, int]]:
    with db.transaction(SYSTEM, read_only=True) as session:
        rows = session.exec(select(RefusedCallback)).all()
        return sorted((row.kind, row.count) for row in rows)


def test_counts_of_an_hour_add_up_in_one_row_each(database: str) -> None:
    for refused in ({"twilio": 3}, {"twilio": 2, "resend": 1}):
        with db.transaction(SYSTEM) as session:
            refusals.count(session, SYSTEM, refused)
    assert _rows() == [("resend", 1), ("twilio", 5)]
    with db.transaction(SYSTEM, read_only=True) as session:
        lately = refusals.refused_since(session, "twilio", utc_now() - timedelta(days=1))
        assert lately.times == 5 and lately.last_at is not None
        assert refusals.refused_since(session, "twilio", utc_now() + timedelta(hours=1)).times == 0
        assert refusals.refused_since(session, "other", utc_now() - timedelta(days=1)) == (0, None)


def test_hours_that_are_long_over_are_thrown_away(database: str) -> None:
    old = (utc_now() - timedelta(days=40)).replace(minute=0, second=0, microsecond=0)
    with db.transaction(SYSTEM) as session:
        session.add(RefusedCallback(hour=old, kind="twilio", count=9, last_at=old))
    with db.transaction(SYSTEM) as session:
        refusals.count(session, SYSTEM, {"twilio": 1})
    assert _rows() == [("twilio", 1)]


def test_a_flood_costs_one_write(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "GATHER", 0.05)
    written: list[int] = []
    count = refusals.count

    def counted(session: object, actor: object, refused: dict[str, int]) -> None:
        written.append(sum(refused.values()))
        count(session, actor, refused)

    monkeypatch.setattr(refusals, "count", counted)

    async def flood() -> None:
        counter = counting.RefusalCounter()
        for _ in range(2_000):
            counter.note("twilio")
        assert counter._writing is not None
        await counter._writing

    asyncio.run(flood())
    assert written == [2_000]
    assert _rows() == [("twilio", 2_000)]


def test_a_database_that_is_away_breaks_nothing(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "GATHER", 0.01)

    def fails(*_: object) -> None:
        raise OSError("away")

    async def one() -> None:
        counter = counting.RefusalCounter()
        monkeypatch.setattr(refusals, "count", fails)
        counter.note("twilio")
        assert counter._writing is not None
        await counter._writing
        monkeypatch.undo()
        counter.note("twilio")
        await counter._writing

    asyncio.run(one())
