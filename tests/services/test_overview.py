"""The overview's figures, from the rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import CampaignStatus, MessageStatus
from mbs_app.models import Beat, CampaignMessage, ConsentEvent, Customer, new_id
from mbs_app.queries import receipts
from mbs_app.queries.receipts import Event
from mbs_app.services.overview import DAYS, read_now
from mbs_app.services.overview_recent import read_recent
from tests.support.accounts import SYSTEM, make_actor
from tests.support.campaigns import make_campaign, make_customers

ZONE = "America/Chicago"


@pytest.fixture
def actor(database: str) -> Actor:
    return make_actor()


def test_a_new_workspace_has_thirty_empty_days_and_no_worker(actor: Actor) -> None:
    with db.transaction(actor, read_only=True) as session:
        overview = read_now(session, actor, ZONE)
    assert len(overview.days) == DAYS
    assert sum(day.delivered + day.failed + day.under_way for day in overview.days) == 0
    assert overview.today == [] and overview.coming_up == []
    assert overview.first_steps.customers == 0
    assert overview.workers == 0


def test_what_runs_comes_before_what_is_planned_and_what_is_over(actor: Actor) -> None:
    with db.transaction(actor) as session:
        make_campaign(session, actor, {}, name="Over", status=CampaignStatus.SENT)
        make_campaign(
            session,
            actor,
            {},
            name="Planned",
            status=CampaignStatus.SCHEDULED,
            scheduled_at=utc_now() + timedelta(seconds=1),
        )
        make_campaign(session, actor, {MessageStatus.PENDING: 7}, name="Running")
        overview = read_now(session, actor, ZONE)
    names = [line.name for line in overview.today]
    # "Planned" falls out of today when the test runs in the day's last second.
    assert [name for name in names if name != "Planned"] == ["Running", "Over"]
    assert overview.waiting == 7


def test_days_and_reasons_add_up_to_the_texts(actor: Actor) -> None:
    outcomes = {
        MessageStatus.DELIVERED: 5,
        MessageStatus.FAILED: 2,
        MessageStatus.UNKNOWN: 1,
        MessageStatus.SENT: 3,
    }
    with db.transaction(actor) as session:
        make_campaign(session, actor, outcomes)
        overview = read_now(session, actor, ZONE)
        recent = read_recent(session, actor, ZONE)
    today = overview.days[-1]
    assert (today.delivered, today.failed, today.unknown, today.under_way) == (5, 2, 1, 3)
    assert [(line.words, line.count) for line in recent.failures] == [
        ("Number no longer in service", 2)
    ]


def test_opt_outs_of_other_peoples_customers_are_not_counted(actor: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        session.add(Customer(user_id=actor.user_id, phone="+15125550101"))
        for phone in ("+15125550101", "+15125550999"):
            session.add(ConsentEvent(user_id=None, address=phone, kind="opted_out", method="reply"))
        session.add(Beat(worker_id=new_id()))
    with db.transaction(actor, read_only=True) as session:
        recent = read_recent(session, actor, ZONE)
        overview = read_now(session, actor, ZONE)
    assert recent.opt_outs.total == 1
    assert recent.opt_outs.by_day[-1] == 1
    assert overview.workers == 1


@pytest.mark.parametrize(
    ("waits", "applied", "late"),
    [
        (timedelta(seconds=9), False, False),
        (timedelta(seconds=11), False, True),
        (timedelta(hours=1), True, False),
    ],
)
def test_an_ordinary_user_sees_when_receipts_wait(
    actor: Actor, waits: timedelta, applied: bool, late: bool
) -> None:
    """As they come from the provider: nobody's yet."""
    with db.transaction(SYSTEM) as session:
        receipts.store(session, [Event("SM1", "delivered")] * 3, utc_now() - waits)
        if applied:
            waiting = receipts.lock_unapplied(session, 10)
            receipts.mark_applied(session, [(one.id, None, None) for one in waiting], utc_now())
    with db.transaction(actor, read_only=True) as session:
        assert read_now(session, actor, ZONE).is_catching_up is late


def test_of_all_waiting_receipts_the_index_gives_the_oldest(database: str) -> None:
    """However many there are: one row is read, and nothing sorted."""
    read: list[str] = []
    sa.event.listen(db.engine(), "before_cursor_execute", lambda *given: read.append(given[2]))
    with db.transaction(SYSTEM, read_only=True) as session:
        receipts.oldest_unapplied(session)
        statement = read[-1].replace("?", "1").replace("%(param_1)s", "1")
        if db.is_sqlite():
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
        else:  # which reads a table this small as a whole, if it may
            session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
            session.connection().exec_driver_sql("SET LOCAL enable_bitmapscan = off")
            plan = session.connection().exec_driver_sql(f"EXPLAIN {statement}")
        steps = "\n".join(str(step) for step in plan)
    assert "ix_message_events_to_apply" in steps and "sort" not in steps.lower(), steps


def test_plans_from_tomorrow_on_come_up_with_the_people_they_reach(actor: Actor) -> None:
    with db.transaction(actor) as session:
        make_customers(session, actor, 3)
        planned = make_campaign(
            session,
            actor,
            {},
            name="Planned",
            status=CampaignStatus.SCHEDULED,
            launched_at=None,
            scheduled_at=utc_now() + timedelta(days=2),
            audience={"mode": "all"},
        )
        overview = read_now(session, actor, ZONE)
        recent = read_recent(session, actor, ZONE)
    assert [line.name for line in overview.coming_up] == ["Planned"]
    assert overview.today == []
    assert recent.reach[planned.id].will_get == 3


def test_receipts_are_timed_on_the_latest_texts(actor: Actor) -> None:
    with db.transaction(actor) as session:
        make_campaign(session, actor, {MessageStatus.DELIVERED: 3})
        for message in session.exec(select(CampaignMessage)):
            assert message.sent_at is not None
            message.delivered_at = message.sent_at + timedelta(seconds=2)
        session.flush()
        assert read_recent(session, actor, ZONE).receipts_after == 2.0
