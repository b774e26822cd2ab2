"""The fault script: the rates asked for, the same for the same seed, over real HTTP."""

from __future__ import annotations

import pytest
import requests

from mbs_app.providers.base import Accepted, InDoubt, NotProcessed
from mbs_app.providers.simulator.chance import fate_of, latency_of
from mbs_app.providers.simulator.faults import CallbackFault, Faults, RequestFault
from mbs_app.providers.simulator.special_numbers import SPECIAL_NUMBERS
from tests.providers.talking import Simulate, a_text, counts, send

NUMBERS = [f"+1512555{n:04d}" for n in range(4000)]


def test_a_rate_is_the_share_of_requests_it_befalls() -> None:
    faults = Faults.parse({"500_after": 0.1, "reset": 0.05, "callback_lost": 0.2})
    drawn = [faults.for_request(7, number, 0) for number in NUMBERS]
    assert 320 < drawn.count(RequestFault.ERROR_AFTER) < 480
    assert 140 < drawn.count(RequestFault.RESET) < 260
    assert drawn.count(None) > 3200
    lost = [faults.for_callbacks(7, number, 0) for number in NUMBERS]
    assert 680 < lost.count(CallbackFault.LOST) < 920


def test_the_same_seed_breaks_the_same_requests_and_another_others() -> None:
    faults = Faults.parse({"429": 0.3})
    first = [faults.for_request(1, number, 0) for number in NUMBERS]
    assert first == [faults.for_request(1, number, 0) for number in NUMBERS]
    assert first != [faults.for_request(2, number, 0) for number in NUMBERS]
    assert first != [faults.for_request(1, number, 1) for number in NUMBERS]


@pytest.mark.parametrize(
    "given", [[], "x", {"no_such": 0.1}, {"429": 2}, {"429": True}, {"429": 0.6, "reset": 0.6}]
)
def test_a_script_that_makes_no_sense_is_refused_in_words(given: object) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Faults.parse(given)


def test_fates_are_mostly_good_and_belong_to_the_number() -> None:
    fates = [fate_of(1, number, 0) for number in NUMBERS]
    delivered = sum(fate.final == "delivered" for fate in fates)
    assert 0.94 < delivered / len(fates) < 0.98
    assert {f.error_code for f in fates} == {None, 30003, 30005, 30006, 30007, 30008}
    assert any(fate.final is None for fate in fates)
    for number, fate in zip(NUMBERS, fates, strict=True):
        assert fate.sent_after is not None
        assert 0.3 <= fate.sent_after <= 1.0
        assert fate.sent_after < fate.final_after <= 6.0
        again = fate_of(1, number, 1)
        assert (again.final, again.error_code) == (fate.final, fate.error_code)


def test_latencies_stay_in_their_span() -> None:
    drawn = [latency_of(1, number, 0, (0.02, 0.15)) for number in NUMBERS]
    assert min(drawn) >= 0.02
    assert max(drawn) <= 0.15
    assert latency_of(1, NUMBERS[0], 0, (0.0, 0.0)) == 0.0


def test_special_numbers_lie_in_the_area_code_that_reaches_nobody() -> None:
    assert all(number.startswith("+1500555") for number in SPECIAL_NUMBERS)
    assert all(special.words for special in SPECIAL_NUMBERS.values())


@pytest.mark.parametrize(
    ("kind", "outcome", "taken"),
    [
        ("429", NotProcessed, 0),
        ("500_before", InDoubt, 0),
        ("500_after", InDoubt, 1),
        ("timeout_after", InDoubt, 1),
        ("reset", InDoubt, 1),
        ("reset_before", InDoubt, 0),
        ("slow_body", Accepted, 1),
        ("malformed_body", InDoubt, 1),
    ],
)
def test_each_fault_over_http(simulate: Simulate, kind: str, outcome: type, taken: int) -> None:
    url = simulate(faults=Faults.parse({kind: 1.0})).url
    assert isinstance(send(url, a_text(NUMBERS[0])), outcome)
    assert counts(url).get(NUMBERS[0], 0) == taken


def test_faults_can_be_changed_while_it_runs(simulate: Simulate) -> None:
    url = simulate().url
    assert isinstance(send(url, a_text(NUMBERS[0])), Accepted)
    changed = requests.post(f"{url}/simulator/faults", json={"429": 1.0}, timeout=5)
    assert changed.json() == {"429": 1.0}
    assert isinstance(send(url, a_text(NUMBERS[0])), NotProcessed)
    refused = requests.post(f"{url}/simulator/faults", json={"nonsense": 1}, timeout=5)
    assert refused.status_code == 400
    assert "callback_lost" in refused.text
    requests.post(f"{url}/simulator/faults", json={}, timeout=5)
    assert isinstance(send(url, a_text(NUMBERS[0])), Accepted)
