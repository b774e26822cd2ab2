"""The outbox against the simulator over HTTP, and what is left of it when the worker is killed."""

from __future__ import annotations

import json
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col, select, update

from mbs_app import db
from mbs_app.delivery import signals
from mbs_app.delivery.pace import Pace
from mbs_app.domain.vocabulary import MailKind, MailStatus
from mbs_app.models import OutgoingMail
from mbs_app.providers.simulator.config import SimulatorConfig
from mbs_app.providers.simulator.faults import Faults
from mbs_app.providers.simulator.server import (
    ThreadedSimulator,
    options_of,
    start_in_thread,
    start_process,
)
from mbs_app.services import mails
from mbs_app.settings import read_settings
from mbs_app.setup.ports import free_port
from mbs_app.worker import make_worker
from tests.support.accounts import SYSTEM
from tests.support.worker_process import QUICK, start_worker

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def simulator(database: str, tmp_path: Path) -> Iterator[ThreadedSimulator]:
    running = start_in_thread(_config(tmp_path))
    yield running
    running.stop()


def _config(folder: Path, **changes: object) -> SimulatorConfig:
    options: dict[str, object] = {
        "latency": (0.0, 0.01),
        "receipt_scale": 0.02,
        "hang_seconds": 1.0,
        "mails_per_second": 0,
        "ledger": folder / "ledger.jsonl",
    }
    return SimulatorConfig(**(options | changes))


@contextmanager
def working(url: str, *, pace: Pace = QUICK, workers: int = 1) -> Iterator[None]:
    settings = read_settings(
        _env_file=None, twilio_api_base_url=NOBODY, resend_api_base_url=url, public_base_url=NOBODY
    )
    made = [make_worker(settings, pace=pace) for _ in range(workers)]
    threads = [worker.start_in_thread() for worker in made]
    try:
        yield
    finally:
        for worker in made:
            worker.stop()
        for thread in threads:
            thread.join(20)
    assert not any(thread.is_alive() for thread in threads)


def queue(to: str = "ann@example.com") -> UUID:
    with db.transaction(SYSTEM) as session:
        return mails.queue(
            session, MailKind.APPROVED, to, name="Ann", link="http://localhost:8000/signin"
        ).id


def rows() -> dict[UUID, OutgoingMail]:
    with db.transaction(SYSTEM, read_only=True) as session:
        return {mail.id: mail for mail in session.exec(select(OutgoingMail)).all()}


def status_of(mail_id: UUID) -> str:
    return rows()[mail_id].status


def until(
    holds: Callable[[], bool], within: float = 90.0, meanwhile: Callable[[], None] | None = None
) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "it didn’t come about"
        if meanwhile is not None:
            meanwhile()
        time.sleep(0.05)


def nobody_waits() -> None:
    """The pauses before the next tries are over; leases are left alone."""
    with db.transaction(SYSTEM) as session:
        session.exec(
            update(OutgoingMail)
            .where(col(OutgoingMail.status) == MailStatus.PENDING)
            .values(next_attempt_at=OutgoingMail.created_at)
        )


def taken(ledger: Path) -> Counter[str]:
    """How many mails the service took under each key."""
    keys: Counter[str] = Counter()
    for line in ledger.read_text().splitlines():
        entry = json.loads(line)
        if entry["event"] == "mails":
            keys.update(mail["key"] for mail in entry["mails"])
    return keys


def test_a_mail_leaves_as_soon_as_it_is_committed(simulator: ThreadedSimulator) -> None:
    # So slow a poll that only the bell can have brought it.
    with working(simulator.url, pace=Pace(shortest_poll=60, longest_poll=60)):
        time.sleep(1)  # the worker has begun and waits
        began = time.monotonic()
        mail_id = queue()
        until(lambda: status_of(mail_id) == MailStatus.SENT)
        assert time.monotonic() - began < 10


def test_a_mail_queued_by_another_process_is_found(
    simulator: ThreadedSimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals.mails, "ring_after_commit", lambda session: None)
    with working(simulator.url):
        mail_id = queue()
        until(lambda: status_of(mail_id) == MailStatus.SENT)
    assert taken(tmp_path / "ledger.jsonl") == {str(mail_id): 1}


def test_a_service_that_is_down_delays_mails_and_neither_loses_nor_doubles_them(
    database: str, tmp_path: Path
) -> None:
    port = free_port()
    with working(f"http://127.0.0.1:{port}"):
        queued = [queue(f"p{nth}@example.com") for nth in range(5)]
        until(lambda: all(rows()[one].attempts >= 2 for one in queued))
        waiting = rows()
        assert {mail.status for mail in waiting.values()} <= {"pending", "sending"}
        assert any("didn’t answer" in mail.problem for mail in waiting.values())
        simulator = start_in_thread(_config(tmp_path), port=port)
        try:
            until(lambda: all(status_of(one) == MailStatus.SENT for one in queued))
        finally:
            simulator.stop()
    assert taken(tmp_path / "ledger.jsonl") == {str(one): 1 for one in queued}


def test_whatever_becomes_of_the_answer_each_mail_is_taken_once(
    simulator: ThreadedSimulator,
) -> None:
    simulator.config.faults = Faults.parse(
        {
            "mail_429": 0.05,
            "mail_500_before": 0.05,
            "mail_500_after": 0.1,
            "mail_reset": 0.1,
            "mail_reset_before": 0.05,
            "mail_timeout_after": 0.05,
        }
    )
    with working(simulator.url, workers=2):
        queued = [queue(f"p{nth}@example.com") for nth in range(40)]
        until(lambda: all(status_of(one) == MailStatus.SENT for one in queued), 150, nobody_waits)
    assert simulator.config.ledger is not None
    assert taken(simulator.config.ledger) == {str(one): 1 for one in queued}
    assert sum(mail.attempts for mail in rows().values()) > len(queued)


def test_a_refused_key_holds_mails_until_it_is_mended(simulator: ThreadedSimulator) -> None:
    right = simulator.config.resend_api_key
    simulator.config.resend_api_key = "re_another"
    with working(simulator.url):
        mail_id = queue()
        until(lambda: bool(rows()[mail_id].problem))
        assert "RESEND_API_KEY" in rows()[mail_id].problem
        simulator.config.resend_api_key = right
        with db.transaction(SYSTEM) as session:  # a minute passes
            mail = session.get(OutgoingMail, mail_id)
            assert mail is not None
            mail.next_attempt_at = mail.created_at
        until(lambda: status_of(mail_id) == MailStatus.SENT)
    assert rows()[mail_id].problem == ""


def test_a_worker_that_has_nowhere_to_send_mails_leaves_them_alone(database: str) -> None:
    settings = read_settings(_env_file=None, twilio_api_base_url=NOBODY)
    worker = make_worker(settings, pace=QUICK)
    thread = worker.start_in_thread()
    mail_id = queue()
    time.sleep(1)
    worker.stop()
    thread.join(20)
    assert (status_of(mail_id), rows()[mail_id].attempts) == (MailStatus.PENDING, 0)


@pytest.mark.parametrize("seed", [20261128])
def test_killed_at_many_points_each_mail_is_sent_exactly_once(
    database: str, tmp_path: Path, seed: int
) -> None:
    count, kills = 120, 10
    chance, ledger = random.Random(seed), tmp_path / "ledger.jsonl"
    simulator = start_process(
        "--latency", "0.02-0.2", "--mails-per-second", "0", "--seed", str(seed), "--ledger", str(ledger),
        *options_of({
            "mail_429": 0.05, "mail_500_before": 0.05, "mail_500_after": 0.1, "mail_reset": 0.1,
            "mail_reset_before": 0.05,
        }),
    )  # fmt: skip
    worker = start_worker(database, simulator.url, NOBODY)
    try:
        queued = [queue(f"p{nth}@example.com") for nth in range(count)]
        for nth in range(kills):
            until(partial(have_left, count * nth // (kills + 2)), meanwhile=nobody_waits)
            time.sleep(chance.uniform(0.0, 0.25))
            assert worker.is_alive()
            worker.kill()
            worker.join()
            assert worker.exitcode == -signal.SIGKILL
            worker = start_worker(database, simulator.url, NOBODY)
        until(lambda: left_the_queue() == count, 150, nobody_waits)
        worker.terminate()
        worker.join(20)
        assert worker.exitcode == 0
    finally:
        worker.kill()
        simulator.stop()
    assert taken(ledger) == {str(one): 1 for one in queued}  # none twice, none lost
    assert {mail.status for mail in rows().values()} == {MailStatus.SENT}
    doubtful = sum(mail.attempts > 1 for mail in rows().values())
    print(f"{db.engine().dialect.name}: {kills} kills, {doubtful} mails tried more than once")
    assert doubtful > kills


def have_left(at_least: int) -> bool:
    return left_the_queue() >= at_least


def left_the_queue() -> int:
    return sum(mail.status not in ("pending", "sending") for mail in rows().values())
