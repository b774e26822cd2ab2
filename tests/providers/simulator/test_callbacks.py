"""Receipts and answers as they reach the product: signed, in order, lost, doubled, late."""

from __future__ import annotations

import time

import pytest
import requests

from mbs_app.providers.base import Accepted
from mbs_app.providers.simulator import credentials
from mbs_app.providers.twilio.payloads import parse_inbound_text, parse_status_callback
from mbs_app.providers.twilio.signature import SIGNATURE_HEADER, verify_form
from tests.providers.receiver import Posted, Receiver
from tests.providers.talking import ANN, Simulate, a_text, send


def is_signed(post: Posted, url: str | None = None) -> bool:
    signature = post.headers.get(SIGNATURE_HEADER)
    return verify_form(credentials.AUTH_TOKEN, url or post.url, post.form, signature)


def test_sent_then_delivered_signed_as_twilio_signs(simulate: Simulate, receiver: Receiver) -> None:
    callback = f"{receiver.url}/webhooks/twilio/status?m=0198a%2Bb"
    outcome = send(simulate().url, a_text("+15005550110", callback=callback))
    assert isinstance(outcome, Accepted)
    posts = receiver.wait_for(2)
    assert receiver.statuses == ["sent", "delivered"]
    for post in posts:
        assert post.url == callback
        assert is_signed(post)
        assert post.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
        assert len(post.headers["I-Twilio-Idempotency-Token"]) == 36
        read = parse_status_callback(post.form)
        assert (read.message_sid, read.to) == (outcome.provider_id, "+15005550110")
        assert read.from_ == credentials.FROM_NUMBER
        assert post.form["AccountSid"] == credentials.ACCOUNT_SID
        assert post.form["ApiVersion"] == "2010-04-01"
        assert post.form["SmsSid"] == outcome.provider_id
    assert len(posts[1].form["RawDlrDoneDate"]) == 10


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("+15005550111", 30003),
        ("+15005550112", 30005),
        ("+15005550113", 30006),
        ("+15005550114", 30007),
        ("+15005550115", 30008),
    ],
)
def test_an_undelivered_text_comes_with_its_code(
    simulate: Simulate, receiver: Receiver, number: str, code: int
) -> None:
    send(simulate().url, a_text(number, callback=receiver.url))
    posts = receiver.wait_for(2)
    assert receiver.statuses == ["sent", "undelivered"]
    assert parse_status_callback(posts[1].form).error_code == code


def test_a_text_may_fail_without_being_sent(simulate: Simulate, receiver: Receiver) -> None:
    send(simulate().url, a_text("+15005550128", callback=receiver.url))
    receiver.wait_for(1)
    time.sleep(0.1)
    assert receiver.statuses == ["failed"]


def test_a_messaging_service_reports_queued_too(simulate: Simulate, receiver: Receiver) -> None:
    service = "MG" + "a" * 32
    text = a_text(
        "+15005550110", callback=receiver.url, from_number=None, messaging_service_sid=service
    )
    send(simulate().url, text)
    posts = receiver.wait_for(3)
    assert receiver.statuses == ["queued", "sent", "delivered"]
    assert {post.form["MessagingServiceSid"] for post in posts} == {service}


@pytest.mark.parametrize(
    ("number", "statuses"),
    [
        ("+15005550116", ["sent"]),
        ("+15005550124", ["sent", "sent", "delivered", "delivered"]),
        ("+15005550125", ["delivered", "sent"]),
        ("+15005550127", []),
    ],
)
def test_callbacks_go_wrong_on_purpose(
    simulate: Simulate, receiver: Receiver, number: str, statuses: list[str]
) -> None:
    url = simulate(receipt_scale=0.02).url
    outcome = send(url, a_text(number, callback=receiver.url))
    assert isinstance(outcome, Accepted)
    receiver.wait_for(len(statuses))
    time.sleep(0.5)
    assert receiver.statuses == statuses


def test_a_late_callback_comes_late_while_the_books_are_up_to_date(
    simulate: Simulate, receiver: Receiver
) -> None:
    simulator = simulate(receipt_scale=0.0)
    send(simulator.url, a_text("+15005550126", callback=receiver.url))
    time.sleep(0.15)
    conversation = requests.get(
        f"{simulator.url}/simulator/conversations/+15005550126", timeout=5
    ).json()
    assert conversation["texts"][0]["status"] == "delivered"
    assert receiver.posted == []
    receiver.wait_for(2)


def test_a_callback_that_finds_nobody_is_repeated(simulate: Simulate) -> None:
    with Receiver() as gone:
        pass
    simulator = simulate(callback_retries=(0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2))
    send(simulator.url, a_text("+15005550110", callback=gone.url + "/s"))
    time.sleep(0.3)
    with Receiver(port=gone.port) as back:
        back.wait_for(2)
        assert all(is_signed(post) for post in back.posted)


def test_an_error_of_the_app_is_not_repeated(simulate: Simulate, receiver: Receiver) -> None:
    receiver.answers = [500]
    send(simulate().url, a_text("+15005550110", callback=receiver.url))
    receiver.wait_for(2)
    time.sleep(0.3)
    assert receiver.statuses == ["sent", "delivered"]


def test_callbacks_are_signed_for_the_public_address_and_delivered_to_the_local_one(
    simulate: Simulate, receiver: Receiver
) -> None:
    simulator = simulate(public_url="https://sms.example.com", app_url=receiver.url)
    send(simulator.url, a_text("+15005550110", callback="https://sms.example.com/hook?m=1"))
    for post in receiver.wait_for(2):
        assert post.url == f"{receiver.url}/hook?m=1"
        assert is_signed(post, "https://sms.example.com/hook?m=1")


def test_a_person_answers_through_the_signed_inbound_webhook(
    simulate: Simulate, receiver: Receiver
) -> None:
    receiver.answer = "<Response><Message>Thanks &amp; see you</Message></Response>"
    simulator = simulate(inbound_url=f"{receiver.url}/webhooks/twilio/inbound")
    send(simulator.url, a_text(ANN))
    answer = requests.post(
        f"{simulator.url}/simulator/inbound", json={"from": ANN, "body": "Grüße 🎉"}, timeout=5
    ).json()
    assert (answer["webhook"], answer["problem"]) == (200, None)
    (post,) = receiver.posted
    assert is_signed(post)
    text = parse_inbound_text(post.form)
    assert (text.from_, text.to, text.body) == (ANN, credentials.FROM_NUMBER, "Grüße 🎉")
    assert (text.message_sid, text.opt_out_type) == (answer["sid"], None)
    shown = requests.get(f"{simulator.url}/simulator/conversations/{ANN}", timeout=5).json()
    assert [t["body"] for t in shown["texts"]] == ["Hello", "Grüße 🎉", "Thanks & see you"]


def answers(url: str, body: str) -> dict[str, object]:
    given: dict[str, object] = requests.post(
        f"{url}/simulator/inbound", json={"from": ANN, "body": body}, timeout=5
    ).json()
    return given


@pytest.mark.parametrize("word", ["STOP", " stop ", "Unsubscribe", "QUIT", "end", "OPTOUT"])
def test_after_a_stop_the_carrier_refuses_until_a_start(simulate: Simulate, word: str) -> None:
    url = simulate().url
    assert isinstance(send(url, a_text(ANN)), Accepted)
    answers(url, word)
    refused = send(url, a_text(ANN))
    assert not isinstance(refused, Accepted)
    assert refused.code == 21610
    answers(url, "Start")
    assert isinstance(send(url, a_text(ANN)), Accepted)


def test_other_wordings_are_left_to_the_product(simulate: Simulate) -> None:
    url = simulate().url
    for body in ("opt out", "please stop", "stop it", "yes"):
        answers(url, body)
    assert isinstance(send(url, a_text(ANN)), Accepted)
    texts = requests.get(f"{url}/simulator/conversations/{ANN}", timeout=5).json()["texts"]
    assert not any(text["automatic"] for text in texts)


def test_with_advanced_opt_out_twilio_says_what_it_understood(
    simulate: Simulate, receiver: Receiver
) -> None:
    simulator = simulate(inbound_url=receiver.url, advanced_opt_out=True)
    for word in ("STOP", "HELP", "START", "Hello"):
        answers(simulator.url, word)
    kinds = [parse_inbound_text(post.form).opt_out_type for post in receiver.posted]
    assert kinds == ["STOP", "HELP", "START", None]


def test_an_answer_the_app_does_not_take_is_told_to_the_person_trying(simulate: Simulate) -> None:
    nobody = simulate(inbound_url="http://127.0.0.1:1/in")
    assert "answer" in str(answers(nobody.url, "Hi")["problem"])
    assert answers(simulate().url, "Hi")["problem"] == "No inbound address is set."
