"""Resend's side: batches, look-up, and webhooks signed as Svix signs them."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
import resend

from mbs_app.providers.simulator import credentials
from mbs_app.providers.simulator.config import SimulatorConfig
from mbs_app.providers.simulator.faults import Faults
from mbs_app.providers.simulator.server import start_in_thread
from mbs_app.providers.simulator.svix import svix_headers
from tests.providers.receiver import Posted, Receiver
from tests.providers.talking import Simulate

LOGIN = {"Authorization": f"Bearer {credentials.RESEND_API_KEY}"}


def post(url: str, path: str, body: Any, **headers: str) -> requests.Response:
    return requests.post(url + path, json=body, headers=LOGIN | headers, timeout=5)


def a_mail(to: str = "ann@example.com", **changes: Any) -> dict[str, Any]:
    return {"from": "Shop <a@shop.example>", "to": to, "subject": "Hi", "text": "Hello"} | changes


def verified(post: Posted) -> dict[str, Any]:
    """By the official library's own check."""
    read: Any = resend.Webhooks.verify(
        {
            "payload": post.body.decode(),
            "headers": {
                "id": post.headers["svix-id"],
                "timestamp": post.headers["svix-timestamp"],
                "signature": post.headers["svix-signature"],
            },
            "webhook_secret": credentials.RESEND_WEBHOOK_SECRET,
        }
    )
    return dict(read)


def test_the_signature_is_svixs_published_example() -> None:
    headers = svix_headers(
        "whsec_plJ3nmyCDGBKInavdOK15jsl",
        "msg_loFOjxBNrRLzqYUf",
        b'{"event_type":"ping","data":{"success":true}}',
        at=1731705121,
    )
    assert headers["svix-signature"] == "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="


@pytest.mark.parametrize(
    ("to", "events"),
    [
        ("ann@example.com", ["email.sent", "email.delivered"]),
        ("bounced@resend.dev", ["email.sent", "email.bounced"]),
        ("complained@resend.dev", ["email.sent", "email.delivered", "email.complained"]),
        ("suppressed@resend.dev", ["email.suppressed"]),
        ("Bounced+maya@resend.dev", ["email.sent", "email.bounced"]),
        ("full@simulator.test", ["email.sent", "email.bounced"]),
        (
            "delayed@simulator.test",
            ["email.sent", "email.delivery_delayed", "email.delivered"],
        ),
        ("failed@simulator.test", ["email.failed"]),
        ("bounced@example.com", ["email.sent", "email.delivered"]),
    ],
)
def test_events_are_signed_and_come_in_order(
    simulate: Simulate, receiver: Receiver, to: str, events: list[str]
) -> None:
    url = simulate(mail_webhook_url=f"{receiver.url}/webhooks/resend").url
    mail_id = post(url, "/emails", a_mail(to)).json()["id"]
    read = [verified(post) for post in receiver.wait_for(len(events))]
    assert [event["type"] for event in read] == events
    assert {event["data"]["email_id"] for event in read} == {mail_id}


def test_a_webhook_the_app_fails_on_is_repeated_with_its_id(
    simulate: Simulate, receiver: Receiver
) -> None:
    receiver.answers = [500]
    post(simulate(mail_webhook_url=receiver.url).url, "/emails", a_mail("suppressed@resend.dev"))
    first, second = receiver.wait_for(2)
    assert first.headers["svix-id"] == second.headers["svix-id"]


def test_a_report_brings_back_the_tags_and_says_how_it_bounced(
    simulate: Simulate, receiver: Receiver
) -> None:
    url = simulate(mail_webhook_url=receiver.url).url
    tagged = a_mail("bounced@resend.dev", tags=[{"name": "mail", "value": "m-1"}])
    post(url, "/emails", tagged)
    sent, bounced = (verified(post)["data"] for post in receiver.wait_for(2))
    assert sent["tags"] == bounced["tags"] == {"mail": "m-1"}
    assert (bounced["bounce"]["type"], "bounce" in sent) == ("Permanent", False)
    odd = post(url, "/emails", a_mail(tags=[{"name": "mail", "value": "a b"}]))
    assert (odd.status_code, odd.json()["name"]) == (422, "validation_error")


def test_reports_can_be_lost_doubled_and_late(simulate: Simulate, receiver: Receiver) -> None:
    simulator = simulate(mail_webhook_url=receiver.url, faults=Faults.parse({"report_lost": 1.0}))
    post(simulator.url, "/emails", a_mail("lost@example.com"))
    wait_until_delivered(simulator.url, 1)
    simulator.config.faults = Faults.parse({"report_doubled": 1.0})
    post(simulator.url, "/emails", a_mail("suppressed@resend.dev"))
    first, second = receiver.wait_for(2)
    assert first.headers["svix-id"] == second.headers["svix-id"]
    assert verified(first)["data"]["to"] == ["suppressed@resend.dev"]
    simulator.config.faults = Faults.parse({"report_late": 1.0})
    began = time.monotonic()
    post(simulator.url, "/emails", a_mail("suppressed@resend.dev"))
    receiver.wait_for(3)
    assert time.monotonic() - began >= simulator.config.late_seconds


def wait_until_delivered(url: str, count: int) -> None:
    end = time.monotonic() + 5
    while True:
        mails = requests.get(f"{url}/simulator/mails", timeout=5).json()["mails"]
        if [mail["status"] for mail in mails].count("delivered") == count:
            return
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_key_under_way_is_refused_until_it_is_answered(simulate: Simulate) -> None:
    url, key = simulate(latency=(0.5, 0.5)).url, {"Idempotency-Key": "k1"}
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(post, url, "/emails", a_mail(), **key)
        time.sleep(0.2)
        second = post(url, "/emails", a_mail(), **key)
        assert first.result().status_code == 200
    assert (second.status_code, second.json()["name"]) == (409, "concurrent_idempotent_requests")
    assert post(url, "/emails", a_mail(), **key).json() == first.result().json()


def test_keys_and_what_is_still_to_happen_outlive_a_restart(
    tmp_path: Path, receiver: Receiver
) -> None:
    key = {"Idempotency-Key": "k1"}
    options = {"latency": (0, 0), "ledger": tmp_path / "simulator.jsonl"}
    before = start_in_thread(SimulatorConfig(receipt_scale=100.0, **options))
    first = post(before.url, "/emails", a_mail(), **key).json()
    before.stop()
    after = start_in_thread(
        SimulatorConfig(receipt_scale=0.0, mail_webhook_url=receiver.url, **options)
    )
    try:
        assert post(after.url, "/emails", a_mail(), **key).json() == first
        other = post(after.url, "/emails", a_mail(subject="Other"), **key)
        assert (other.status_code, other.json()["name"]) == (409, "invalid_idempotent_request")
        told = [verified(post) for post in receiver.wait_for(2)]
        assert [event["type"] for event in told] == ["email.sent", "email.delivered"]
        counted = requests.get(f"{after.url}/simulator/mails/ledger", timeout=5).json()
        assert counted == {"accepted": 1, "keys": {"k1": 1}}
    finally:
        after.stop()


def test_a_batch_gives_an_id_for_each_and_is_taken_whole_or_not_at_all(simulate: Simulate) -> None:
    url = simulate().url
    answer = post(url, "/emails/batch", [a_mail(f"p{n}@example.com") for n in range(3)])
    assert answer.status_code == 200
    ids = [one["id"] for one in answer.json()["data"]]
    assert len(set(ids)) == 3
    fetched = requests.get(f"{url}/emails/{ids[1]}", headers=LOGIN, timeout=5).json()
    assert (fetched["object"], fetched["to"]) == ("email", ["p1@example.com"])
    bad = post(url, "/emails/batch", [a_mail(), a_mail("nobody")])
    assert (bad.status_code, bad.json()["name"]) == (422, "validation_error")
    assert requests.get(f"{url}/simulator/mails", timeout=5).json()["total"] == 3
    assert post(url, "/emails/batch", [a_mail()] * 101).status_code == 422


def test_idempotency_covers_batches_too(simulate: Simulate) -> None:
    url, key = simulate().url, {"Idempotency-Key": "b1"}
    first = post(url, "/emails/batch", [a_mail()], **key)
    assert post(url, "/emails/batch", [a_mail()], **key).json() == first.json()
    other = post(url, "/emails/batch", [a_mail(subject="Other")], **key)
    assert (other.status_code, other.json()["name"]) == (409, "invalid_idempotent_request")
    assert post(url, "/emails", a_mail(), **{"Idempotency-Key": "k" * 257}).status_code == 400


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({"to": "a@b.co", "subject": "s", "text": "t"}, 422, "missing_required_field"),
        (a_mail(to=""), 422, "missing_required_field"),
        (a_mail(text=""), 422, "missing_required_field"),
        (a_mail(**{"from": "nobody"}), 422, "invalid_from_address"),
    ],
)
def test_refusals_have_resends_bodies(
    simulate: Simulate, body: dict[str, Any], status: int, name: str
) -> None:
    answer = post(simulate().url, "/emails", body)
    assert answer.status_code == status
    assert answer.json()["name"] == name
    assert answer.json()["statusCode"] == status


def test_the_rate_limit_is_in_the_headers(simulate: Simulate) -> None:
    url = simulate(mails_per_second=2).url
    answers = [post(url, "/emails", a_mail()) for _ in range(5)]
    assert answers[0].headers["ratelimit-limit"] == "2"
    slowed = [answer for answer in answers if answer.status_code == 429]
    assert slowed
    assert slowed[0].headers["retry-after"] == "1"
    assert json.loads(slowed[0].text)["name"] == "rate_limit_exceeded"
    missing = requests.post(f"{url}/emails", json=a_mail(), timeout=5)
    assert (missing.status_code, missing.json()["name"]) == (401, "missing_api_key")
