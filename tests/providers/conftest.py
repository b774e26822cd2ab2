"""A running simulator, and a tiny server that stands where the product's webhooks would."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from mbs_app.providers.simulator.config import SimulatorConfig
from mbs_app.providers.simulator.server import ThreadedSimulator, start_in_thread
from tests.providers.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture
def simulate() -> Iterator[Callable[..., ThreadedSimulator]]:
    """Starts a quick simulator: ``simulate(faults=…, inbound_url=…)``; it ends with the test."""
    running: list[ThreadedSimulator] = []

    def start(**options: object) -> ThreadedSimulator:
        quick: dict[str, object] = {
            "latency": (0.0, 0.0),
            "receipt_scale": 0.05,
            "late_seconds": 0.4,
            "hang_seconds": 30.0,
            "slow_seconds": 0.2,
            "callback_retries": (0.1, 0.2),
            "mails_per_second": 0,
        }
        running.append(start_in_thread(SimulatorConfig(**{**quick, **options})))
        return running[-1]

    yield start
    for simulator in running:
        simulator.stop()
