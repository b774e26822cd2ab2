"""The whole engine against the simulator over HTTP, and what is left of a campaign when it is killed."""

from __future__ import annotations

import json
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from mbs_app import db
from mbs_app.delivery import launch
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import CampaignStatus, Role
from mbs_app.models import Beat, Campaign, CampaignMessage, MessageEvent, ScheduledMessage
from mbs_app.providers import factory
from mbs_app.providers.simulator import credentials
from mbs_app.providers.simulator.config import SimulatorConfig
from mbs_app.providers.simulator.faults import Faults
from mbs_app.providers.simulator.server import (
    ThreadedSimulator,
    options_of,
    start_in_thread,
    start_process,
)
from mbs_app.services import team
from mbs_app.settings import get_settings, read_settings
from mbs_app.worker import Worker
from tests.support.accounts import SYSTEM, make_actor
from tests.support.sending import (
    books,
    load,
    make_campaign,
    make_customers,
    messages_of,
    phone_number,
    suppress,
)
from tests.support.webhook_door import webhook_door
from tests.support.worker_process import QUICK, start_worker


@pytest.fixture
def maya(database: str) -> Actor:
    return make_actor()


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[ThreadedSimulator]:
    running = start_in_thread(
        SimulatorConfig(
            latency=(0.0, 0.01),
            receipt_scale=0.02,
            ledger=tmp_path / "ledger.jsonl",
            auth_token=credentials.auth_token_of(get_settings()),
        )
    )
    yield running
    running.stop()


@contextmanager
def working(simulator: ThreadedSimulator, public_url: str, rate: float = 500.0) -> Iterator[Worker]:
    settings = read_settings(
        _env_file=None,
        twilio_api_base_url=simulator.url,
        public_base_url=public_url,
        texts_per_second=rate,
    )
    worker = Worker(settings, factory.text_provider(settings), pace=QUICK)
    thread = worker.start_in_thread()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(20)
    assert not thread.is_alive()


def until(holds: Callable[[], bool], within: float = 60.0) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "it didn’t come about"
        time.sleep(0.05)


def launched(maya: Actor, count: int) -> UUID:
    with db.transaction(SYSTEM) as session:
        make_customers(session, maya, count)
        draft = make_campaign(session, maya).id
    until(lambda: bool(beats()))  # the worker has set the sender up
    with db.transaction(maya) as session:
        launch.launch(session, maya, draft)
    return draft


def beats() -> int:
    with db.transaction(SYSTEM, read_only=True) as session:
        return session.execute(sa.select(sa.func.count()).select_from(Beat)).scalar_one()


def accepted_in(ledger: Path | None) -> dict[str, list[str]]:
    """The provider's ids of the texts it took, by number."""
    assert ledger is not None
    taken: dict[str, list[str]] = {}
    for line in ledger.read_text().splitlines():
        entry = json.loads(line)
        if entry["event"] == "accepted":
            taken.setdefault(entry["to"], []).append(entry["sid"])
    return taken


def is_still_moving(campaign_id: UUID) -> bool:
    return bool({"pending", "sending", "sent", "unknown"} & set(count_rows(campaign_id)))


def count_rows(campaign_id: UUID) -> Counter[str]:
    with db.transaction(SYSTEM, read_only=True) as session:
        return Counter(
            session.execute(
                sa.select(CampaignMessage.status).where(CampaignMessage.campaign_id == campaign_id)
            ).scalars()
        )


def test_a_worker_begins_once_the_database_is_there(
    maya: Actor, simulator: ThreadedSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []
    begin = Worker._begin

    def away_at_first(worker: Worker, session: Session) -> None:
        tries.append(worker)
        if len(tries) == 1:
            raise sa.exc.OperationalError("SELECT 1", {}, Exception("the server is starting"))
        begin(worker, session)

    monkeypatch.setattr(Worker, "_begin", away_at_first)
    with working(simulator, "http://127.0.0.1:9"):
        until(lambda: bool(beats()))
    assert len(tries) == 2


def test_a_campaign_that_can_not_start_keeps_no_other_from_starting(
    maya: Actor, simulator: ThreadedSimulator
) -> None:
    with db.transaction(SYSTEM) as session:
        nobody = {"mode": "selection", "customer_ids": ["not an id"]}
        broken = make_campaign(session, maya, audience=nobody, status=CampaignStatus.SENDING).id
    with webhook_door() as door, working(simulator, door):
        campaign = launched(maya, 2)
        until(lambda: load(campaign).status == "sent")
    assert set(accepted_in(simulator.config.ledger)) == {phone_number(0), phone_number(1)}
    assert load(broken).launched_at is None


def test_a_campaign_arrives_and_its_receipts_come_in(
    maya: Actor, simulator: ThreadedSimulator
) -> None:
    with webhook_door() as door, working(simulator, door):
        campaign = launched(maya, 60)
        until(lambda: load(campaign).sent_at is not None)
        until(lambda: not {"pending", "sending"} & set(count_rows(campaign)))
        until(lambda: count_rows(campaign)["sent"] <= 1)  # a few phones never answer
    taken = accepted_in(simulator.config.ledger)
    assert {row.phone_number: [row.twilio_sid] for row in messages_of(campaign)} == taken
    assert {row.message_body for row in messages_of(campaign)} == {
        f"Hi Ann{nth}, we open at nine." for nth in range(60)
    }
    assert sum(books(campaign).values()) == 60
    assert load(campaign).segments_sent == 60


def test_lost_callbacks_are_asked_for(maya: Actor, simulator: ThreadedSimulator) -> None:
    simulator.config.faults = Faults.parse({"callback_lost": 1.0})
    with working(simulator, "http://127.0.0.1:9"):
        campaign = launched(maya, 12)
        until(lambda: count_rows(campaign)["delivered"] >= 10)
    assert sum(books(campaign).values()) == 12
    with db.transaction(SYSTEM, read_only=True) as session:
        (payload, *_) = session.execute(sa.select(MessageEvent.payload)).scalars()
    assert payload["source"] == "look-up"


def test_texts_in_doubt_are_found_or_stay_in_doubt_and_are_never_sent_again(
    maya: Actor, simulator: ThreadedSimulator
) -> None:
    simulator.config.faults = Faults.parse(
        {"500_after": 0.3, "500_before": 0.2, "malformed_body": 0.2, "429": 0.1}
    )
    with webhook_door() as door, working(simulator, door):
        campaign = launched(maya, 40)
        until(lambda: load(campaign).sent_at is not None)
        until(lambda: no_more_looks(campaign))
    taken = accepted_in(simulator.config.ledger)
    assert all(len(sids) == 1 for sids in taken.values())
    for row in messages_of(campaign):
        assert (row.status == "unknown") == (row.phone_number not in taken)
    assert 0 < books(campaign)["unknown"] < 20


def no_more_looks(campaign_id: UUID) -> bool:
    return all(row.next_look_at is None for row in messages_of(campaign_id))


def test_a_stop_between_launch_and_claim_is_obeyed(
    maya: Actor, simulator: ThreadedSimulator
) -> None:
    with webhook_door() as door, working(simulator, door, rate=20.0):
        campaign = launched(maya, 30)
        until(lambda: count_rows(campaign)["sent"] + count_rows(campaign)["delivered"] > 2)
        suppress(phone_number(29))
        until(lambda: load(campaign).status == "sent")
    assert messages_of(campaign)[29].skip_reason == "opted_out"
    assert phone_number(29) not in accepted_in(simulator.config.ledger)


def test_pause_holds_resume_goes_on_and_cancel_accounts_for_the_rest(
    maya: Actor, simulator: ThreadedSimulator
) -> None:
    with webhook_door() as door, working(simulator, door, rate=25.0):
        campaign = launched(maya, 60)
        until(lambda: len(accepted_in(simulator.config.ledger)) > 4)
        with db.transaction(maya) as session:
            launch.pause(session, maya, campaign)
        until(lambda: not count_rows(campaign)["sending"])
        paused = count_rows(campaign)
        time.sleep(0.7)
        assert count_rows(campaign)["pending"] == paused["pending"] > 0
        with db.transaction(maya) as session:
            launch.resume(session, maya, campaign)
        until(lambda: count_rows(campaign)["pending"] < paused["pending"])
        with db.transaction(maya) as session:
            launch.cancel(session, maya, campaign)
        until(lambda: not {"pending", "sending"} & set(count_rows(campaign)))
    taken = accepted_in(simulator.config.ledger)
    rows = messages_of(campaign)
    assert {row.phone_number for row in rows if row.status != "skipped"} == set(taken)
    assert {row.skip_reason for row in rows if row.status == "skipped"} == {"cancelled"}
    assert load(campaign).status == "cancelled"
    assert sum(books(campaign).values()) == 60


def test_what_falls_due_is_sent_and_what_is_long_overdue_asks_first(
    maya: Actor, simulator: ThreadedSimulator
) -> None:
    with webhook_door() as door, working(simulator, door):
        until(lambda: bool(beats()))
        with db.transaction(SYSTEM) as session:
            (one,) = make_customers(session, maya, 1)
        with db.transaction(maya) as session:
            due, late = (make_campaign(session, maya, name=name).id for name in ("due", "late"))
            for campaign in (due, late):
                launch.launch(session, maya, campaign, at=utc_now() + timedelta(days=1))
        with db.transaction(SYSTEM) as session:
            for campaign, ago in ((due, timedelta(minutes=59)), (late, timedelta(minutes=61))):
                session.execute(
                    sa.update(Campaign)
                    .where(Campaign.id == campaign)
                    .values(scheduled_at=utc_now() - ago)
                )
        with db.transaction(maya) as session:
            message = launch.schedule_message(session, maya, body="Hello", customer_id=one)
        until(lambda: load(due).status == "sent" and load(late).late_since is not None)
        until(lambda: direct_of(message.id) is not None)
        until(lambda: load(direct_of(message.id)).status == "sent")
        assert load(late).status == "scheduled"
        with db.transaction(maya) as session:
            launch.confirm_late(session, maya, late, send=True)
            launch.send_test(session, maya, phone="+15005550110", body="{{test}} {first_name|you}")
        until(lambda: load(late).status == "sent")
        until(lambda: "+15005550110" in accepted_in(simulator.config.ledger))
    assert len(accepted_in(simulator.config.ledger)[phone_number(0)]) == 3


def direct_of(message_id: UUID) -> UUID | None:
    with db.transaction(SYSTEM, read_only=True) as session:
        return session.execute(
            sa.select(ScheduledMessage.campaign_id).where(ScheduledMessage.id == message_id)
        ).scalar_one()


def test_a_campaign_whose_sender_is_gone_is_paused_and_says_so(
    maya: Actor, simulator: ThreadedSimulator
) -> None:
    with working(simulator, "http://127.0.0.1:9", rate=5.0):
        campaign = launched(maya, 30)
        with db.transaction(SYSTEM) as session:
            session.execute(sa.text("UPDATE senders SET is_active = false"))
        until(lambda: load(campaign).status == "paused")
    assert "no longer set up" in load(campaign).pause_reason


def test_nothing_leaves_in_the_name_of_who_is_suspended_until_they_are_let_in_again(
    maya: Actor, simulator: ThreadedSimulator
) -> None:
    assert maya.user_id is not None
    admin = make_actor("root@example.com", role=Role.ADMIN).administrating()
    with webhook_door() as door, working(simulator, door, rate=25.0):
        running = launched(maya, 60)
        with db.transaction(maya) as session:
            due = make_campaign(session, maya, name="due").id
            launch.launch(session, maya, due, at=utc_now() + timedelta(days=1))
        until(lambda: len(accepted_in(simulator.config.ledger)) > 4)
        with db.transaction(admin) as session:
            team.suspend(session, admin, maya.user_id, reason="The laptop was stolen.")
        until(lambda: not count_rows(running)["sending"])
        left = accepted_in(simulator.config.ledger)
        with db.transaction(SYSTEM) as session:
            # What falls due, and what was begun in the moment of the suspension.
            due_now = sa.update(Campaign).where(Campaign.id == due)
            session.execute(due_now.values(scheduled_at=utc_now() - timedelta(seconds=1)))
            session.execute(
                sa.update(Campaign).where(Campaign.id == running).values(status="sending")
            )
        until(lambda: load(running).status == "paused")
        time.sleep(0.7)
        assert accepted_in(simulator.config.ledger) == left
        assert load(due).status == "scheduled"
        assert "isn’t approved" in load(running).pause_reason
        with db.transaction(admin) as session:
            team.restore(session, admin, maya.user_id)
        with db.transaction(maya) as session:
            launch.resume(session, maya, running)
        until(lambda: load(due).status == load(running).status == "sent")
    assert sum(books(running).values()) == 60


@pytest.mark.parametrize("seed", [20261123])
def test_killed_at_many_points_of_a_campaign_nobody_gets_it_twice_and_nobody_is_missing(
    maya: Actor, database: str, tmp_path: Path, seed: int
) -> None:
    people, kills = 600, 10
    chance = random.Random(seed)
    ledger = tmp_path / "ledger.jsonl"
    simulator = start_process(
        "--latency", "0.01-0.06", "--receipt-scale", "0.1", "--seed", str(seed),
        "--ledger", str(ledger),
        *options_of({
            "429": 0.02, "500_after": 0.01, "reset": 0.01, "500_before": 0.01, "reset_before": 0.01,
            "callback_lost": 0.03, "callback_doubled": 0.05, "callback_reordered": 0.05,
        }),
        environment=credentials.environment_of(get_settings()),
    )  # fmt: skip
    try:
        with webhook_door() as door:
            campaign = sent_by_workers_that_die(
                maya, database, simulator.url, door, people, kills, chance
            )
    finally:
        simulator.stop()

    taken = accepted_in(ledger)
    rows = {row.phone_number: row for row in messages_of(campaign)}
    assert set(rows) == {phone_number(nth) for nth in range(people)}  # each is accounted for
    assert {len(sids) for sids in taken.values()} == {1}  # nobody got it twice
    assert set(taken) <= set(rows)
    for phone, row in rows.items():
        if phone in taken:
            assert row.twilio_sid == taken[phone][0]
            assert row.status in ("sent", "delivered", "failed")
        else:
            assert row.status == "unknown"  # and was not sent: it says so, and isn't sent blindly
    counted = books(campaign)
    assert sum(counted.values()) == people
    assert counted["delivered"] > people / 2
    print(f"{db.engine().dialect.name}: {kills} kills, {dict(counted)}")


def sent_by_workers_that_die(
    maya: Actor,
    database: str,
    simulator_url: str,
    door: str,
    people: int,
    kills: int,
    chance: random.Random,
) -> UUID:
    worker = start_worker(database, simulator_url, door)
    try:
        campaign = launched(maya, people)
        for nth in range(kills):
            # Somewhere within the next part of the campaign: between any two of its steps.
            until(lambda: left_the_queue(campaign) >= people * nth // (kills + 2))  # noqa: B023
            time.sleep(chance.uniform(0.0, 0.25))
            assert worker.is_alive()
            worker.kill()
            worker.join()
            assert worker.exitcode == -signal.SIGKILL
            worker = start_worker(database, simulator_url, door)
        until(lambda: load(campaign).sent_at is not None)
        until(lambda: no_more_looks(campaign), within=90)
        worker.terminate()
        worker.join(20)
        assert worker.exitcode == 0
    finally:
        worker.kill()
    return campaign


def left_the_queue(campaign_id: UUID) -> int:
    counted = count_rows(campaign_id)
    return counted.total() - counted["pending"] - counted["sending"]
