"""Real answers of Twilio, and what each means for a text."""

from __future__ import annotations

import json
from datetime import timedelta
from email.utils import format_datetime

import aiohttp
import pytest

from mbs_app.domain.clock import utc_now
from mbs_app.providers.base import Accepted, InDoubt, NotProcessed, Rejected, SenderRefused
from mbs_app.providers.twilio.outcomes import outcome_of_answer, outcome_of_error, retry_after

CREATED = """{"account_sid": "ACXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", "api_version": "2010-04-01",
"body": "Hi there", "date_created": "Thu, 24 Aug 2023 05:01:45 +0000", "date_sent": null,
"date_updated": "Thu, 24 Aug 2023 05:01:45 +0000", "direction": "outbound-api", "error_code": null,
"error_message": null, "from": "+15557122661", "num_media": "0", "num_segments": "%s", "price": null,
"price_unit": null, "messaging_service_sid": null, "sid": "SM1f0e8ae6ade43cb3c0ce4525424e404f",
"status": "%s", "subresource_uris": {"media": "/2010-04-01/Accounts/AC/Messages/SM/Media.json"},
"to": "+15558675310", "uri": "/2010-04-01/Accounts/AC/Messages/SM.json"}"""


def refusal(code: int, status: int, message: str = "No.") -> str:
    return json.dumps(
        {
            "code": code,
            "message": message,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }
    )


def test_a_created_message_is_accepted_under_its_sid() -> None:
    outcome = outcome_of_answer(201, CREATED % ("2", "queued"), {})
    assert outcome == Accepted("SM1f0e8ae6ade43cb3c0ce4525424e404f", "queued", 2)


def test_a_messaging_service_does_not_know_the_segments_yet() -> None:
    outcome = outcome_of_answer(201, CREATED % ("0", "accepted"), {})
    assert outcome == Accepted("SM1f0e8ae6ade43cb3c0ce4525424e404f", "accepted", None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        '{"sid": "SM1',
        "[]",
        '"SM1"',
        "{}",
        '{"sid": null}',
        '{"sid": "SM%s"}' % ("1" * 64),
        '{"sid": "SM\\u0000"}',
    ],
)
def test_an_unreadable_success_leaves_the_text_in_doubt(text: str) -> None:
    assert isinstance(outcome_of_answer(201, text, {}), InDoubt)


def test_nothing_comes_out_that_the_books_could_not_hold() -> None:
    text = '{"code": 99999999999, "message": "No\\u0000pe"}'
    outcome = outcome_of_answer(400, text, {})
    assert isinstance(outcome, Rejected)
    assert (outcome.code, outcome.message) == (None, "Nope")
    taken = '{"sid": "SM1", "num_segments": "99999999999", "status": "que\\u0000ued"}'
    assert outcome_of_answer(201, taken, {}) == Accepted("SM1", "queued", None)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 408])
def test_a_server_error_leaves_the_text_in_doubt_whatever_it_says(status: int) -> None:
    assert isinstance(outcome_of_answer(status, refusal(20500, status), {}), InDoubt)
    assert isinstance(outcome_of_answer(status, refusal(21610, status), {}), InDoubt)
    assert isinstance(outcome_of_answer(status, "<html>Bad gateway</html>", {}), InDoubt)


@pytest.mark.parametrize(
    ("code", "status"),
    [(20429, 429), (21611, 429), (14107, 429), (21611, 400), (30022, 400)],
)
def test_too_many_is_certainly_not_processed(code: int, status: int) -> None:
    outcome = outcome_of_answer(status, refusal(code, status), {"Retry-After": "7"})
    assert isinstance(outcome, NotProcessed)
    assert (outcome.retry_after, outcome.code, outcome.may_retry) == (7.0, code, True)


def test_a_429_that_is_not_twilios_own_may_be_retried_too() -> None:
    assert outcome_of_answer(429, "slow down", {}) == NotProcessed(
        None, None, "Too many texts at once"
    )


def test_a_full_queue_without_a_time_is_given_a_minute() -> None:
    outcome = outcome_of_answer(429, refusal(21611, 429), {})
    assert isinstance(outcome, NotProcessed)
    assert outcome.retry_after == 60.0


@pytest.mark.parametrize("code", [21211, 21610, 21612, 21614, 21617, 21602, 21635, 21608, 29999])
def test_a_refusal_about_the_person_or_the_text_is_final(code: int) -> None:
    outcome = outcome_of_answer(400, refusal(code, 400, "Twilio’s words."), {})
    assert isinstance(outcome, Rejected)
    assert (outcome.code, outcome.message, outcome.may_retry) == (code, "Twilio’s words.", False)
    assert outcome.words


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (20003, 401),
        (20003, 403),
        (20005, 403),
        (20404, 404),
        (21212, 400),
        (21408, 400),
        (21408, 403),
        (21603, 400),
        (21606, 400),
        (21609, 400),
        (21659, 400),
        (21703, 400),
        (21705, 400),
        (63038, 429),
    ],
)
def test_a_refusal_about_the_account_or_the_sender_stops_the_campaign(
    code: int, status: int
) -> None:
    outcome = outcome_of_answer(status, refusal(code, status), {})
    assert isinstance(outcome, SenderRefused)
    assert outcome.code == code
    assert outcome.words.endswith(".")


@pytest.mark.parametrize("status", [301, 307, 401, 403, 404, 405])
def test_an_answer_that_is_not_twilios_points_at_the_set_up(status: int) -> None:
    outcome = outcome_of_answer(status, "<html>", {})
    assert isinstance(outcome, SenderRefused)
    assert "TWILIO_API_BASE_URL" in outcome.words


def test_retry_after_is_read_as_seconds_or_as_a_date() -> None:
    assert retry_after({"Retry-After": "1.5"}) == 1.5
    assert retry_after({"Retry-After": "-3"}) == 0.0
    assert retry_after({}) is None
    assert retry_after({"Retry-After": "soon"}) is None
    at = format_datetime(utc_now() + timedelta(seconds=30), usegmt=False)
    assert 27 < (retry_after({"Retry-After": at}) or 0) <= 30


def _no_connection() -> aiohttp.ClientConnectorError:
    key = aiohttp.client_reqrep.ConnectionKey("host", 443, True, True, None, None, None)
    return aiohttp.ClientConnectorError(key, ConnectionRefusedError(111, "refused"))


@pytest.mark.parametrize("error", [_no_connection(), aiohttp.ConnectionTimeoutError()])
def test_a_connection_that_was_never_made_may_be_tried_again(error: Exception) -> None:
    assert isinstance(outcome_of_error(error), NotProcessed)


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        aiohttp.SocketTimeoutError(),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientOSError(104, "reset"),
        aiohttp.ClientConnectionResetError("closing"),
        aiohttp.ClientPayloadError("cut"),
        ConnectionResetError(104, "reset"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
    ],
)
def test_a_connection_that_broke_proves_nothing(error: Exception) -> None:
    assert isinstance(outcome_of_error(error), InDoubt)
