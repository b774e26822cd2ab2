"""The books: complete over a kill -9 and a restart."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import requests

from mbs_app.providers.base import Accepted, Rejected
from mbs_app.providers.simulator.config import SimulatorConfig
from mbs_app.providers.simulator.server import start_in_thread, start_process
from tests.providers.receiver import Receiver
from tests.providers.talking import ANN, BEN, Simulate, a_text, counts, send


def test_the_ledger_lists_what_was_taken_and_nothing_else(simulate: Simulate) -> None:
    url = simulate().url
    send(url, a_text(ANN, callback="http://127.0.0.1:1/s?m=7"))
    send(url, a_text("+15005550001"))
    send(url, a_text("+15005550118"))
    send(url, a_text("+15005550119"))
    lines = [
        json.loads(line)
        for line in requests.get(f"{url}/simulator/ledger", timeout=5).text.splitlines()
    ]
    assert [line["to"] for line in lines] == [ANN, "+15005550119"]
    assert lines[0]["status_callback"] == "http://127.0.0.1:1/s?m=7"
    assert counts(url) == {ANN: 1, "+15005550119": 1}


def test_the_ledger_survives_a_kill(tmp_path: Path) -> None:
    ledger = tmp_path / "books" / "simulator.jsonl"
    options = ("--latency", "0", "--receipt-scale", "100", "--ledger", str(ledger))
    first = start_process(*options)
    outcomes = [send(first.url, a_text(ANN, body=f"{n}")) for n in range(5)]
    requests.post(f"{first.url}/simulator/inbound", json={"from": BEN, "body": "STOP"}, timeout=5)
    os.kill(first.pid, signal.SIGKILL)
    first.stop()
    accepted = [json.loads(line) for line in ledger.read_text().splitlines()]
    sids = [line["sid"] for line in accepted if line["event"] == "accepted"]
    assert sids == [o.provider_id for o in outcomes if isinstance(o, Accepted)]

    ledger.write_text(ledger.read_text() + '{"event": "accepted", "sid": "SMtorn')
    second = start_process(*options)
    try:
        assert counts(second.url) == {ANN: 5}
        refused = send(second.url, a_text(BEN))
        assert isinstance(refused, Rejected)
        assert refused.code == 21610
        assert isinstance(send(second.url, a_text(ANN)), Accepted)
        assert counts(second.url) == {ANN: 6}
    finally:
        second.stop()
    third = start_process(*options)
    try:
        assert counts(third.url) == {ANN: 6}
    finally:
        third.stop()


def test_receipts_that_were_due_are_made_after_a_restart(
    tmp_path: Path, receiver: Receiver
) -> None:
    ledger = tmp_path / "simulator.jsonl"
    before = start_in_thread(SimulatorConfig(latency=(0, 0), receipt_scale=1.0, ledger=ledger))
    send(before.url, a_text("+15005550110", callback=receiver.url))
    receiver.wait_for(1)
    before.stop()
    after = start_in_thread(SimulatorConfig(latency=(0, 0), receipt_scale=0.0, ledger=ledger))
    try:
        receiver.wait_for(2)
        time.sleep(0.1)
        assert receiver.statuses == ["sent", "delivered"]
    finally:
        after.stop()


def test_a_reset_empties_the_file_too(tmp_path: Path) -> None:
    ledger = tmp_path / "simulator.jsonl"
    simulator = start_in_thread(SimulatorConfig(latency=(0, 0), ledger=ledger))
    try:
        send(simulator.url, a_text(ANN))
        assert ledger.stat().st_size
        requests.post(f"{simulator.url}/simulator/reset", json={}, timeout=5)
        assert ledger.stat().st_size == 0
        assert counts(simulator.url) == {}
        send(simulator.url, a_text(ANN))
        assert counts(simulator.url) == {ANN: 1}
    finally:
        simulator.stop()
