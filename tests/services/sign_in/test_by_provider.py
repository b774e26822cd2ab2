"""What is begun at an OpenID provider, and who may finish it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.errors import MbsError, TooManyAttempts
from mbs_app.models import SignInStep
from mbs_app.services.devices import Visitor
from mbs_app.services.sign_in import by_provider
from mbs_app.services.sign_in.by_provider import Begun, Purpose
from mbs_app.services.steps import StepOver
from tests.support.accounts import SYSTEM

BROWSER = Visitor(ip="203.0.113.7", user_agent="Mozilla/5.0")
TO_SIGN_IN = Purpose("/groups", "AB-1", None)


def _begin() -> Begun:
    with db.transaction(SYSTEM) as session:
        return by_provider.begin(session, BROWSER, TO_SIGN_IN)


def test_what_was_begun_is_taken_once_and_by_its_beginner_only(database: str) -> None:
    begun = _begin()
    with db.transaction(SYSTEM) as session:
        for other in (Begun("another token"), begun):
            with pytest.raises(StepOver):
                by_provider.take(session, other, "not the state")
        assert by_provider.take(session, begun, begun.state) == TO_SIGN_IN
        with pytest.raises(StepOver):
            by_provider.take(session, begun, begun.state)


def test_of_many_who_finish_at_once_one_does(database: str) -> None:
    begun = _begin()

    def take(_: int) -> bool:
        try:
            with db.transaction(SYSTEM) as session:
                by_provider.take(session, begun, begun.state)
        except MbsError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(16))) == 1


def test_nothing_that_finishes_a_sign_in_is_in_the_database(database: str) -> None:
    begun = _begin()
    with db.transaction(SYSTEM) as session:
        kept = repr(session.exec(select(SignInStep)).one().model_dump())
    secrets = {begun.token, begun.state, begun.nonce, begun.code_verifier}
    assert len(secrets) == 4
    assert not any(secret in kept for secret in secrets)
    assert len(begun.code_verifier) == 43


def test_one_address_cannot_begin_without_end(database: str) -> None:
    with pytest.raises(TooManyAttempts):
        for _ in range(by_provider.PER_ADDRESS + 1):
            _begin()
