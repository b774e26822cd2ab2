"""The client against the simulator, over real HTTP."""

from __future__ import annotations

import asyncio
import socket
from datetime import timedelta

import pytest

from mbs_app.domain.clock import utc_now
from mbs_app.providers.base import (
    Accepted,
    InDoubt,
    NotProcessed,
    ProviderUnavailable,
    Rejected,
    SenderRefused,
    SendOutcome,
)
from mbs_app.providers.simulator import credentials
from mbs_app.providers.twilio import TwilioTexts
from tests.providers.talking import ANN, BEN, Simulate, a_text, counts, run, send, with_twilio


def test_a_text_is_accepted_and_found_again(simulate: Simulate) -> None:
    url = simulate(receipt_scale=0).url
    started = utc_now()

    async def do(texts: TwilioTexts) -> None:
        outcome = await texts.send(a_text(body="Grüße & mehr 🎉 + 100 %"))
        assert isinstance(outcome, Accepted)
        assert (outcome.status, outcome.segments) == ("queued", 1)
        await texts.send(a_text(BEN))
        await asyncio.sleep(0.1)
        found = await texts.find(ANN, since=started)
        assert [m.provider_id for m in found] == [outcome.provider_id]
        fetched = await texts.fetch(outcome.provider_id)
        assert fetched == found[0]
        assert (fetched.to, fetched.from_) == (ANN, credentials.FROM_NUMBER)
        assert fetched.body == "Grüße & mehr 🎉 + 100 %"
        assert fetched.status == "delivered"
        assert fetched.date_created.tzinfo is not None
        assert fetched.date_sent is not None
        assert await texts.fetch("SM" + "0" * 32) is None
        assert await texts.find("+15125559999", since=started) == []
        assert await texts.find(ANN, since=started + timedelta(seconds=5)) == []

    with_twilio(url, do, read_timeout=5)


def test_finding_reads_every_page_newest_first(simulate: Simulate) -> None:
    async def do(texts: TwilioTexts) -> None:
        started = utc_now()
        outcomes = [await texts.send(a_text(body=f"Text {n}")) for n in range(230)]
        found = await texts.find(ANN, since=started)
        sids = [o.provider_id for o in outcomes if isinstance(o, Accepted)]
        assert len(found) == 230
        assert {m.provider_id for m in found} == set(sids)
        assert found[0].date_created >= found[-1].date_created

    with_twilio(simulate(receipt_scale=10).url, do, read_timeout=5)


@pytest.mark.parametrize(
    ("number", "kind", "taken"),
    [
        ("+15005550001", Rejected, 0),
        ("+15005550002", Rejected, 0),
        ("+15005550003", SenderRefused, 0),
        ("+15005550004", Rejected, 0),
        ("+15005550009", Rejected, 0),
        ("+15005550110", Accepted, 1),
        ("+15005550117", NotProcessed, 0),
        ("+15005550118", InDoubt, 0),
        ("+15005550119", InDoubt, 1),
        ("+15005550120", InDoubt, 1),
        ("+15005550121", InDoubt, 1),
        ("+15005550122", Accepted, 1),
        ("+15005550123", InDoubt, 1),
        ("+15005550129", InDoubt, 0),
    ],
)
def test_each_special_number_has_its_outcome(
    simulate: Simulate, number: str, kind: type[SendOutcome], taken: int
) -> None:
    url = simulate().url
    assert isinstance(send(url, a_text(number)), kind)
    assert counts(url).get(number, 0) == taken


def test_after_a_429_the_same_text_is_taken_once(simulate: Simulate) -> None:
    url, number = simulate().url, "+15005550117"
    text = a_text(number)
    refused = send(url, text)
    assert isinstance(refused, NotProcessed)
    assert (refused.retry_after, refused.code) == (1.0, 20429)
    assert isinstance(send(url, text), Accepted)
    assert counts(url) == {number: 1}


def test_what_was_taken_in_doubt_can_be_found_by_number(simulate: Simulate) -> None:
    url = simulate().url

    async def do(texts: TwilioTexts) -> None:
        for number in ("+15005550119", "+15005550121", "+15005550123"):
            before = utc_now()
            assert isinstance(await texts.send(a_text(number, body="Only once")), InDoubt)
            found = await texts.find(number, since=before)
            assert [m.body for m in found] == ["Only once"]

    with_twilio(url, do)


def test_wrong_credentials_are_the_senders_trouble(simulate: Simulate) -> None:
    async def main(sid: str, token: str) -> SendOutcome:
        texts = TwilioTexts(sid, token, base_url=simulator.url)
        outcome = await texts.send(a_text())
        with pytest.raises(ProviderUnavailable):
            await texts.find(ANN, since=utc_now())
        with pytest.raises(ProviderUnavailable):
            await texts.fetch("SM" + "0" * 32)
        await texts.aclose()
        return outcome

    simulator = simulate()
    outcome = run(main(credentials.ACCOUNT_SID, "wrong"))
    assert isinstance(outcome, SenderRefused)
    assert outcome.code == 20003
    assert "token" in outcome.words


def test_nobody_listening_is_certainly_not_processed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    outcome = send(f"http://127.0.0.1:{port}", a_text())
    assert isinstance(outcome, NotProcessed)
    assert isinstance(send("http://no-such-host.invalid", a_text()), NotProcessed)


def test_a_server_that_never_answers_leaves_the_text_in_doubt() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = send(f"http://127.0.0.1:{silent.getsockname()[1]}", a_text())
    assert isinstance(outcome, InDoubt)


def test_a_look_up_that_cannot_be_made_says_so() -> None:
    async def do(texts: TwilioTexts) -> None:
        with pytest.raises(ProviderUnavailable):
            await texts.find(ANN, since=utc_now())

    with_twilio("http://127.0.0.1:1", do)


def test_a_post_is_never_repeated_by_the_client(simulate: Simulate) -> None:
    simulator = simulate()
    for _ in range(3):
        send(simulator.url, a_text("+15005550121"))
    assert counts(simulator.url)["+15005550121"] == 3


def test_a_messaging_service_may_stand_for_the_sender(simulate: Simulate) -> None:
    service = "MG" + "a" * 32
    outcome = send(simulate().url, a_text(from_number=None, messaging_service_sid=service))
    assert isinstance(outcome, Accepted)
    assert (outcome.status, outcome.segments) == ("accepted", None)


def test_the_base_url_may_have_a_path() -> None:
    from yarl import URL

    from mbs_app.providers.twilio.http import KeepAliveHttp

    http = KeepAliveHttp(base_url="https://proxy.example/twilio/")
    url = http._url(
        "https://api.twilio.com/2010-04-01/x.json", {"DateSent>": "2026-01-01", "To": "+1"}
    )
    assert url == URL(
        "https://proxy.example/twilio/2010-04-01/x.json?DateSent%3E=2026-01-01&To=%2B1",
        encoded=True,
    )
