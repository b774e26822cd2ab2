"""The simulator's own addresses, and what its page is given to show."""

from __future__ import annotations

import pytest
import requests

from tests.providers.talking import ANN, Simulate, a_text, send


def get(url: str, path: str) -> dict[str, object]:
    answer: dict[str, object] = requests.get(url + path, timeout=5).json()
    return answer


def test_only_this_machines_own_names_are_answered_to(simulate: Simulate) -> None:
    url = simulate().url
    for host, status in (("localhost", 200), ("127.0.0.1:9", 200), ("rebound.example", 400)):
        answer = requests.get(f"{url}/simulator/mails", headers={"Host": host}, timeout=5)
        assert answer.status_code == status, host


def test_conversations_come_newest_first_and_can_be_searched(simulate: Simulate) -> None:
    url = simulate().url
    numbers = [f"+1512555{n:04d}" for n in range(60)]
    for number in numbers:
        send(url, a_text(number))
    send(url, a_text(numbers[3], body="Latest"))
    listed = get(url, "/simulator/conversations")
    assert listed["total"] == 60
    shown = listed["conversations"]
    assert isinstance(shown, list)
    assert len(shown) == 50
    assert (shown[0]["number"], shown[0]["last"]["body"]) == (numbers[3], "Latest")
    found = get(url, "/simulator/conversations?q=555-0007")["conversations"]
    assert [c["number"] for c in found] == ["+15125550007"]


def test_an_unknown_number_has_an_empty_conversation(simulate: Simulate) -> None:
    conversation = get(simulate().url, "/simulator/conversations/+15125559999")
    assert conversation["texts"] == []


@pytest.mark.parametrize("path", ["faults", "inbound", "reset"])
def test_other_sites_cannot_post_to_it(simulate: Simulate, path: str) -> None:
    url = simulate().url
    send(url, a_text(ANN))
    answer = requests.post(
        f"{url}/simulator/{path}",
        data='{"from": "+1"}',
        headers={"Content-Type": "text/plain"},
        timeout=5,
    )
    assert answer.status_code == 400
    assert get(url, "/simulator/ledger?counts=1")["accepted"] == 1


def test_the_page_loads_nothing_from_elsewhere(simulate: Simulate) -> None:
    url = simulate().url
    for path in ("/", "/page.css", "/page.js"):
        answer = requests.get(url + path, timeout=5)
        assert answer.status_code == 200
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "http://" not in answer.text.replace("http://www.w3.org/", "")
        assert "https://" not in answer.text


def test_every_special_number_is_on_the_page(simulate: Simulate) -> None:
    listed = get(simulate().url, "/simulator/special-numbers")
    assert len(listed["numbers"]) >= 24
    assert {"address", "words"} == set(listed["addresses"][0])
