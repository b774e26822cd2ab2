"""Known browsers: remembered, worth a mail when new, and called by words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.clock import utc_now
from mbs_app.models import KnownDevice, OutgoingMail
from mbs_app.services import accounts, devices, sign_in
from mbs_app.services.devices import Visitor, device_words
from tests.support.accounts import SYSTEM, make_user

WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)


def _sign_in(email: str, visitor: Visitor) -> str:
    with db.transaction(SYSTEM) as session:
        user = accounts.find_user(session, email) or make_user(session, email)
        return sign_in.start_session(session, user, visitor, keep=False).device_token


def _mails() -> list[OutgoingMail]:
    with db.transaction(SYSTEM) as session:
        return list(session.exec(select(OutgoingMail)).all())


def test_the_first_sign_in_is_no_news_and_one_from_another_browser_is(database: str) -> None:
    first = _sign_in("maya@example.com", Visitor("198.51.100.7", WINDOWS))
    assert _mails() == []
    _sign_in("maya@example.com", Visitor("198.51.100.8", WINDOWS, first))
    assert _mails() == []
    _sign_in("maya@example.com", Visitor("203.0.113.9", PHONE))
    [mail] = _mails()
    assert (mail.kind, mail.to_email) == ("new_device", "maya@example.com")
    assert "Safari on iPhone" in mail.text and "203.0.113.9" in mail.text


def test_a_browser_that_two_people_use_is_known_to_both(database: str) -> None:
    token = _sign_in("maya@example.com", Visitor())
    assert _sign_in("ada@example.com", Visitor(device_token=token)) == token
    assert _sign_in("maya@example.com", Visitor(device_token=token)) == token
    assert _mails() == []


def test_a_token_that_somebody_planted_is_not_taken_over(database: str) -> None:
    planted = "x" * 43
    assert _sign_in("maya@example.com", Visitor(device_token=planted)) != planted
    with db.transaction(SYSTEM) as session:
        assert not devices.is_known(session, "maya@example.com", planted)


def test_a_browser_not_seen_for_a_year_is_new_again(database: str) -> None:
    token = _sign_in("maya@example.com", Visitor())
    with db.transaction(SYSTEM) as session:
        row = session.exec(select(KnownDevice)).one()
        assert token not in row.token_hash
        row.last_seen_at = utc_now() - timedelta(days=366)
        session.add(row)
    with db.transaction(SYSTEM) as session:
        assert not devices.is_known(session, "maya@example.com", token)
    assert _sign_in("maya@example.com", Visitor(device_token=token)) != token
    assert len(_mails()) == 1


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (WINDOWS, "Chrome on Windows"),
        (PHONE, "Safari on iPhone"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        (
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                "Version/18.5 Safari/605.1.15"
            ),
            "Safari on Mac",
        ),
        (
            (
                "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) "
                "Chrome/126.0.0.0 Mobile Safari/537.36"
            ),
            "Chrome on Android",
        ),
        (
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                "Chrome/125.0.0.0 Safari/537.36 Edg/125.0.0.0"
            ),
            "Edge on Windows",
        ),
        ("curl/8.5.0", "curl"),
        ("", "Unknown device"),
        ("%%%", "Unknown device"),
    ],
)
def test_a_browser_is_called_by_words(user_agent: str, words: str) -> None:
    assert device_words(user_agent) == words
