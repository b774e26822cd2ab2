"""The client against the simulator, over real HTTP, and the library's errors in a table."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
import requests
from resend.exceptions import ResendError

from mbs_app.providers.base import (
    MailAccepted,
    MailNotAnswered,
    MailRejected,
    MailSenderRefused,
    MailTakenBefore,
    OutgoingMail,
    ProviderUnavailable,
)
from mbs_app.providers.resend import ResendMails
from mbs_app.providers.resend.client import outcome_of_error
from mbs_app.providers.simulator import credentials
from mbs_app.providers.simulator.faults import Faults
from tests.providers.receiver import Receiver
from tests.providers.talking import Simulate, run

Result = TypeVar("Result")


def a_mail(
    key: str = "invite-1", to: str = "ann@example.com", subject: str = "Hello"
) -> OutgoingMail:
    return OutgoingMail(key, to, subject, "<p>Grüße</p>", "Grüße", {"X-Entity-Ref-ID": "1"})


def with_resend(
    url: str,
    do: Callable[[ResendMails], Awaitable[Result]],
    key: str = credentials.RESEND_API_KEY,
    read_timeout: float = 5.0,
) -> Result:
    async def main() -> Result:
        mails = ResendMails(key, credentials.MAIL_FROM, base_url=url, read_timeout=read_timeout)
        try:
            return await do(mails)
        finally:
            await mails.aclose()

    return run(main())


def inbox(url: str) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = requests.get(f"{url}/simulator/mails", timeout=5).json()[
        "mails"
    ]
    return listed


def test_a_mail_is_accepted_with_its_headers(simulate: Simulate) -> None:
    url = simulate().url
    outcome = with_resend(url, lambda mails: mails.send(a_mail()))
    assert isinstance(outcome, MailAccepted)
    mail = requests.get(f"{url}/simulator/mails/{outcome.provider_id}", timeout=5).json()
    assert mail["from"] == credentials.MAIL_FROM
    assert (mail["to"], mail["subject"]) == (["ann@example.com"], "Hello")
    assert (mail["html"], mail["text"]) == ("<p>Grüße</p>", "Grüße")
    assert mail["headers"] == {"X-Entity-Ref-ID": "1"}


def test_the_same_mail_again_sends_nothing_new(simulate: Simulate) -> None:
    url = simulate().url

    async def do(mails: ResendMails) -> list[object]:
        return [await mails.send(a_mail()) for _ in range(3)]

    outcomes = with_resend(url, do)
    assert isinstance(outcomes[0], MailAccepted)
    assert outcomes == [outcomes[0]] * 3
    assert len(inbox(url)) == 1


def test_the_same_key_for_another_mail_is_refused(simulate: Simulate) -> None:
    url = simulate().url

    async def do(mails: ResendMails) -> object:
        await mails.send(a_mail())
        return await mails.send(a_mail(subject="Other"))

    outcome = with_resend(url, do)
    assert isinstance(outcome, MailTakenBefore)
    assert len(inbox(url)) == 1


def test_an_error_after_taking_it_is_made_good_by_a_repeat(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults.parse({"mail_500_after": 1.0}))
    first = with_resend(simulator.url, lambda mails: mails.send(a_mail()))
    simulator.config.faults = Faults()
    second = with_resend(simulator.url, lambda mails: mails.send(a_mail()))
    assert isinstance(first, MailNotAnswered)
    assert first.may_retry
    assert isinstance(second, MailAccepted)
    assert len(inbox(simulator.url)) == 1


def test_over_the_rate_the_service_says_when_to_come_back(simulate: Simulate) -> None:
    url = simulate(mails_per_second=2).url

    async def do(mails: ResendMails) -> list[object]:
        return [await mails.send(a_mail(f"k{n}")) for n in range(6)]

    slowed = [o for o in with_resend(url, do) if isinstance(o, MailNotAnswered)]
    assert len(slowed) >= 2
    assert slowed[0].retry_after == 1.0


def test_a_wrong_key_is_the_senders_trouble(simulate: Simulate) -> None:
    outcome = with_resend(simulate().url, lambda mails: mails.send(a_mail()), key="re_wrong")
    assert isinstance(outcome, MailSenderRefused)
    assert "RESEND_API_KEY" in outcome.words


def test_an_address_that_is_none_is_rejected(simulate: Simulate) -> None:
    outcome = with_resend(simulate().url, lambda mails: mails.send(a_mail(to="nobody")))
    assert isinstance(outcome, MailRejected)
    assert outcome.name == "validation_error"


def test_nobody_listening_is_not_answered() -> None:
    outcome = with_resend("http://127.0.0.1:1", lambda mails: mails.send(a_mail()))
    assert isinstance(outcome, MailNotAnswered)


def test_two_accounts_in_one_process_do_not_mix(simulate: Simulate) -> None:
    here, there = simulate(), simulate(resend_api_key="re_other")

    async def main() -> None:
        one = ResendMails(credentials.RESEND_API_KEY, "a@here.example", base_url=here.url)
        two = ResendMails("re_other", "b@there.example", base_url=there.url)
        outcomes = await asyncio.gather(
            *[one.send(a_mail(f"k{n}")) for n in range(10)],
            *[two.send(a_mail(f"k{n}")) for n in range(10)],
        )
        assert all(isinstance(outcome, MailAccepted) for outcome in outcomes)
        await one.aclose()
        await two.aclose()

    run(main())
    assert {m["from"] for m in inbox(here.url)} == {"a@here.example"}
    assert {m["from"] for m in inbox(there.url)} == {"b@there.example"}


def why_not(url: str, key: str = credentials.RESEND_API_KEY, sender: str = "") -> str:
    async def main() -> str:
        mails = ResendMails(key, sender or credentials.MAIL_FROM, base_url=url)
        try:
            return await mails.why_not()
        finally:
            await mails.aclose()

    return run(main())


def test_key_and_domain_are_looked_at_without_sending(simulate: Simulate) -> None:
    url = simulate().url
    assert why_not(url) == ""
    assert "RESEND_API_KEY" in why_not(url, key="re_wrong")
    assert "domain isn’t verified" in why_not(url, sender="Shop <news@shop.example>")
    assert inbox(url) == []


def test_a_key_that_may_only_send_is_a_good_one(receiver: Receiver) -> None:
    receiver.answers = [401]
    receiver.answer = '{"statusCode": 401, "name": "restricted_api_key", "message": "Only send."}'
    assert why_not(receiver.url) == ""


@pytest.mark.parametrize(("status", "answer"), [(500, "{}"), (429, "{}"), (200, "<html>")])
def test_no_answer_says_nothing_of_the_key(receiver: Receiver, status: int, answer: str) -> None:
    receiver.answers, receiver.answer = [status], answer
    with pytest.raises(ProviderUnavailable):
        why_not(receiver.url)
    with pytest.raises(ProviderUnavailable):
        why_not("http://127.0.0.1:1")


@pytest.mark.parametrize(
    ("status", "name", "message", "kind"),
    [
        (400, "validation_error", "Invalid `to` field.", MailRejected),
        (422, "missing_required_field", "Missing `subject`.", MailRejected),
        (409, "invalid_idempotent_request", "Different.", MailTakenBefore),
        (400, "invalid_idempotency_key", "1-256 chars", MailRejected),
        (409, "concurrent_idempotent_requests", "In progress.", MailNotAnswered),
        (429, "rate_limit_exceeded", "Too many requests.", MailNotAnswered),
        (500, "application_error", "Unexpected.", MailNotAnswered),
        (500, "HttpClientError", "Timeout", MailNotAnswered),
        (503, "application_error", "Expected JSON response but got: text/html", MailNotAnswered),
        (401, "missing_api_key", "Missing.", MailSenderRefused),
        (403, "invalid_api_key", "Invalid.", MailSenderRefused),
        (400, "invalid_api_key", "Invalid.", MailSenderRefused),
        (401, "restricted_api_key", "Only send.", MailSenderRefused),
        (403, "validation_error", "The shop.example domain is not verified.", MailSenderRefused),
        (422, "invalid_from_address", "Invalid `from` field.", MailSenderRefused),
        (429, "daily_quota_exceeded", "Quota.", MailSenderRefused),
        (429, "monthly_quota_exceeded", "Quota.", MailSenderRefused),
        (404, "not_found", "No such endpoint.", MailRejected),
    ],
)
def test_each_error_has_its_meaning(status: int, name: str, message: str, kind: type) -> None:
    outcome = outcome_of_error(ResendError(status, name, message, ""))
    assert isinstance(outcome, kind)
    assert not isinstance(outcome, MailAccepted)
    assert outcome.words


def test_retry_after_comes_from_the_headers() -> None:
    error = ResendError(429, "rate_limit_exceeded", "Slow", "", headers={"retry-after": "2"})
    outcome = outcome_of_error(error)
    assert isinstance(outcome, MailNotAnswered)
    assert outcome.retry_after == 2.0
