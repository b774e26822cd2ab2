"""The simulator beside Twilio's documentation: fields, refusals, pages, latencies."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from mbs_app.providers.simulator import credentials
from tests.providers.talking import ANN, BEN, Simulate

ROOT = f"/2010-04-01/Accounts/{credentials.ACCOUNT_SID}/Messages"
LOGIN = (credentials.ACCOUNT_SID, credentials.AUTH_TOKEN)
FIELDS = {
    "body",
    "num_segments",
    "direction",
    "from",
    "date_updated",
    "price",
    "error_message",
    "uri",
    "account_sid",
    "num_media",
    "to",
    "date_created",
    "status",
    "sid",
    "date_sent",
    "messaging_service_sid",
    "error_code",
    "price_unit",
    "api_version",
    "subresource_uris",
}


class Redirected(TwilioHttpClient):
    """The library's own synchronous client, sent elsewhere."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        return super().request(
            method, url.replace("https://api.twilio.com", self._base), *args, **kwargs
        )


def client_of(url: str) -> Client:
    return Client(*LOGIN, http_client=Redirected(url))


def post(url: str, login: tuple[str, str] = LOGIN, **form: str) -> requests.Response:
    given = {"To": ANN, "From": credentials.FROM_NUMBER, "Body": "Hi"} | form
    return requests.post(f"{url}{ROOT}.json", data=given, auth=login, timeout=5)


def test_a_created_message_has_twilios_fields(simulate: Simulate) -> None:
    answer = post(simulate().url, Body="Hi {}" + "x" * 160)
    body = answer.json()
    assert answer.status_code == 201
    assert set(body) == FIELDS
    assert re.fullmatch(r"SM[0-9a-f]{32}", body["sid"])
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000", body["date_created"])
    assert (body["status"], body["direction"], body["num_segments"]) == (
        "queued",
        "outbound-api",
        "2",
    )
    assert (body["price"], body["date_sent"], body["error_code"]) == (None, None, None)
    assert body["uri"] == f"{ROOT}/{body['sid']}.json"


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "5551234"}, 21211),
        ({"To": "+0123456789"}, 21211),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"From": ""}, 21603),
        ({"From": "nonsense number"}, 21212),
        ({"From": "+15005550007"}, 21606),
        ({"From": "+15005550008"}, 21611),
        ({"MessagingServiceSid": "MGx"}, 21705),
        ({"StatusCallback": "ftp://x"}, 21609),
    ],
)
def test_refusals_have_twilios_bodies(simulate: Simulate, form: dict[str, str], code: int) -> None:
    answer = post(simulate().url, **form)
    body = answer.json()
    assert body["code"] == code
    assert body["status"] == answer.status_code == (429 if code == 21611 else 400)
    assert body["more_info"] == f"https://www.twilio.com/docs/errors/{code}"
    assert body["message"]


def test_a_wrong_token_is_20003(simulate: Simulate) -> None:
    answer = post(simulate().url, login=(credentials.ACCOUNT_SID, "wrong"))
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_the_library_fetches_and_lists_through_pages(simulate: Simulate) -> None:
    simulator = simulate(receipt_scale=0)
    client = client_of(simulator.url)
    sent = [
        client.messages.create(to=ANN, from_=credentials.FROM_NUMBER, body=f"Text {n}")
        for n in range(5)
    ]
    other = client.messages.create(to=BEN, from_=credentials.FROM_NUMBER, body="Other")
    time.sleep(0.1)
    fetched = client.messages(sent[0].sid).fetch()
    assert (fetched.body, fetched.status, fetched.price) == ("Text 0", "delivered", "-0.00790")
    listed = client.messages.list(to=ANN, page_size=2)
    assert [m.sid for m in listed] == [m.sid for m in reversed(sent)]
    assert len(client.messages.list(from_=credentials.FROM_NUMBER)) == 6
    assert client.messages.list(limit=1)[0].sid == other.sid
    today = sent[0].date_created
    assert len(client.messages.list(to=ANN, date_sent_after=today)) == 5
    assert client.messages.list(to=ANN, date_sent_before=today.replace(year=today.year - 1)) == []
    with pytest.raises(TwilioRestException) as refused:
        client.messages("SM" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_new_texts_do_not_shift_the_pages_being_read(simulate: Simulate) -> None:
    client = client_of(simulate().url)
    for n in range(4):
        client.messages.create(to=ANN, from_=credentials.FROM_NUMBER, body=str(n))
    first = client.messages.page(to=ANN, page_size=2)
    seen = [m.body for m in first]
    client.messages.create(to=ANN, from_=credentials.FROM_NUMBER, body="new")
    seen += [m.body for m in first.next_page() or []]
    assert seen == ["3", "2", "1", "0"]


def test_latency_is_believable_and_can_be_off(simulate: Simulate) -> None:
    started = time.monotonic()
    post(simulate(latency=(0.1, 0.15)).url)
    assert time.monotonic() - started >= 0.1
