"""Guesses of a password: counted before they are looked at, and never a way to lock somebody out."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from passlib.hash import argon2
from sqlmodel import Session, col, select

from mbs_app import db
from mbs_app.domain.errors import NotSignedIn, TooManyAttempts
from mbs_app.models import AuditEvent, UserProfile
from mbs_app.services import accounts, passwords, sign_in
from mbs_app.services.devices import Visitor
from mbs_app.services.sign_in import password
from tests.support.accounts import PASSWORD, SYSTEM, make_user, may_guess

EMAIL = "maya@example.com"
HOME = "198.51.100.7"
STRANGER = Visitor(ip="203.0.113.9")


@pytest.fixture
def known(database: str) -> Visitor:
    """The browser Maya signed in with before."""
    with db.transaction(SYSTEM) as session:
        signed_in = sign_in.start_session(
            session, make_user(session, EMAIL), Visitor(ip=HOME), keep=False
        )
    return Visitor(ip=HOME, device_token=signed_in.device_token)


def test_of_many_guesses_at_once_only_as_many_as_allowed_are_looked_at(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, EMAIL)
    with ThreadPoolExecutor(40) as threads:
        looked_at = list(threads.map(lambda _: may_guess(STRANGER), range(40)))
    assert sum(looked_at) == sign_in.PER_ACCOUNT_AND_ADDRESS == 8


def test_the_addresses_of_one_ipv6_network_share_one_count(database: str) -> None:
    """Whoever has one of them has 2⁶⁴."""
    guesses = [may_guess(Visitor(ip=f"2001:db8:0:7::{number:x}")) for number in range(20)]
    assert sum(guesses) == sign_in.PER_ACCOUNT_AND_ADDRESS
    assert may_guess(Visitor(ip="2001:db8:0:8::1"))


def test_guesses_at_once_from_many_addresses_share_the_accounts_count(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, EMAIL)
    visitors = [Visitor(ip=f"203.0.113.{number}") for number in range(60)]
    with ThreadPoolExecutor(30) as threads:
        looked_at = list(threads.map(may_guess, visitors))
    assert sum(looked_at) == password.PER_ACCOUNT


def test_the_guesser_is_told_how_long_to_wait(database: str) -> None:
    for _ in range(sign_in.PER_ACCOUNT_AND_ADDRESS):
        assert may_guess(STRANGER)
    with pytest.raises(TooManyAttempts) as refused, db.transaction(SYSTEM) as session:
        sign_in.begin(session, EMAIL, STRANGER)
    assert 0 < refused.value.retry_after <= sign_in.WINDOW.total_seconds()


def test_the_owner_gets_in_from_elsewhere(known: Visitor) -> None:
    while may_guess(STRANGER):
        pass
    assert may_guess(Visitor(ip=HOME))


def test_a_stranger_who_used_up_the_account_does_not_stop_a_known_device(known: Visitor) -> None:
    for number in range(password.PER_ACCOUNT + 5):
        may_guess(Visitor(ip=f"203.0.113.{number}"))
    assert not may_guess(Visitor(ip="192.0.2.1"))
    assert may_guess(known)


def test_a_stranger_at_the_same_address_does_not_stop_a_known_device(known: Visitor) -> None:
    for number in range(sign_in.PER_ADDRESS):
        assert may_guess(Visitor(ip=HOME), f"somebody{number}@example.com")
    assert not may_guess(Visitor(ip=HOME))
    assert may_guess(known)


def test_a_known_device_has_a_limit_of_its_own(known: Visitor) -> None:
    assert [may_guess(known) for _ in range(9)] == [True] * sign_in.PER_DEVICE + [False]
    assert may_guess(Visitor(ip="192.0.2.1"))


def test_a_made_up_device_is_an_unknown_one(known: Visitor) -> None:
    made_up = Visitor(ip=STRANGER.ip, device_token="x" * 43)
    assert sum(may_guess(made_up) for _ in range(20)) == sign_in.PER_ACCOUNT_AND_ADDRESS


def test_a_device_is_known_to_its_own_account_only(known: Visitor) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, "ada@example.com")
    stolen = known._replace(ip=STRANGER.ip)
    guesses = [may_guess(stolen, "ada@example.com") for _ in range(9)]
    assert guesses.count(True) == sign_in.PER_ACCOUNT_AND_ADDRESS


def test_a_right_password_leaves_only_the_wrong_guesses_of_others(known: Visitor) -> None:
    somewhere = Visitor(ip="192.0.2.1")
    for _ in range(5):
        may_guess(somewhere)
    with db.transaction(SYSTEM) as session:
        sign_in.accept_password(session, EMAIL, _stored_hash(session), somewhere)
    assert sum(may_guess(somewhere) for _ in range(20)) == sign_in.PER_ACCOUNT_AND_ADDRESS


def test_a_password_changed_since_it_was_found_right_signs_nobody_in(known: Visitor) -> None:
    with db.transaction(SYSTEM) as session:
        stored = _stored_hash(session)
        _somebody(session).password_hash = "of another password"
    with pytest.raises(NotSignedIn), db.transaction(SYSTEM) as session:
        sign_in.accept_password(session, EMAIL, stored, known)


def test_a_hash_of_other_parameters_gives_way_to_a_fresh_one(known: Visitor) -> None:
    old = argon2.using(type="ID", rounds=1, memory_cost=8192).hash(PASSWORD)
    with db.transaction(SYSTEM) as session:
        _somebody(session).password_hash = old
    fresh = asyncio.run(passwords.rehash_aside(PASSWORD, old))
    assert fresh is not None and asyncio.run(passwords.rehash_aside(PASSWORD, fresh)) is None
    with db.transaction(SYSTEM) as session:
        sign_in.accept_password(session, EMAIL, old, known, fresh=fresh)
        assert _stored_hash(session) == fresh
    assert passwords.verify_password(PASSWORD, fresh)


def _somebody(session: Session) -> UserProfile:
    user = accounts.find_user(session, EMAIL)
    assert user is not None
    return user


def _stored_hash(session: Session) -> str:
    return _somebody(session).password_hash


def test_the_audit_log_says_how_somebody_signed_in(database: str) -> None:
    browser = Visitor(ip=HOME, user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0")
    with db.transaction(SYSTEM) as session:
        user = make_user(session, EMAIL)
        sign_in.start_session(session, user, browser, keep=False, with_second_factor=True)
        sign_in.start_program_session(session, user, Visitor(ip=HOME, user_agent="curl/8.9"))
    with db.transaction(SYSTEM, read_only=True) as session:
        noted = session.exec(
            select(AuditEvent)
            .where(AuditEvent.action == "session.start")
            .order_by(col(AuditEvent.id))
        ).all()
    assert [(one.ip, one.details) for one in noted] == [
        (HOME, {"second_factor": True, "device": "Firefox on Linux"}),
        (HOME, {"second_factor": False, "program": "curl"}),
    ]
