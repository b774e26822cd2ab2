"""Hashes: what verifies, and that a crowd neither starves the server nor waits for ever."""

from __future__ import annotations

import asyncio
import statistics
import threading
import time

import pytest
from passlib.hash import argon2

from mbs_app.domain.errors import Busy
from mbs_app.services.passwords import (
    hash_aside,
    hash_password,
    hashing,
    needs_rehash,
    verify_aside,
    verify_password,
)

PASSWORD = "correct horse battery staple"


def test_a_hash_verifies_its_password_and_no_other() -> None:
    stored = hash_password(PASSWORD)
    assert stored.startswith("$argon2id$")
    assert verify_password(PASSWORD, stored)
    assert not verify_password(PASSWORD.upper(), stored)


@pytest.mark.parametrize("stored", ["", None])
def test_without_a_stored_hash_nothing_verifies(stored: str | None) -> None:
    assert not verify_password("the password of nobody at all", stored)
    assert not verify_password("", stored)


def test_a_password_is_never_cut_off() -> None:
    longest = "0123456789abcdef" * 8
    stored = hash_password(longest)
    assert verify_password(longest, stored)
    assert not verify_password(longest + "x", stored)


def test_nobodys_password_takes_as_long_as_a_wrong_one() -> None:
    stored = hash_password(PASSWORD)

    def seconds(held_against: str | None) -> float:
        began = time.perf_counter()
        verify_password("not this one at all", held_against)
        return time.perf_counter() - began

    pairs = [(seconds(stored), seconds("")) for _ in range(15)]
    wrong, nobody = (statistics.median(times) for times in zip(*pairs, strict=True))
    assert nobody > wrong / 2 and wrong > nobody / 2


def test_a_hash_made_with_other_parameters_is_made_anew() -> None:
    assert needs_rehash(argon2.using(type="ID", rounds=1, memory_cost=8192).hash(PASSWORD))
    assert not needs_rehash(hash_password(PASSWORD))


def test_a_crowd_holds_no_threads_and_each_of_it_is_answered() -> None:
    stored = hash_password(PASSWORD)

    async def crowd() -> tuple[list[bool], int]:
        before = threading.active_count()
        waiting = [
            asyncio.create_task(verify_aside(PASSWORD if turn % 2 else "wrong", stored))
            for turn in range(60)
        ]
        await asyncio.sleep(0.05)
        more = threading.active_count() - before
        return await asyncio.gather(*waiting), more

    answers, more_threads = asyncio.run(crowd())
    assert answers == [bool(turn % 2) for turn in range(60)]
    assert more_threads <= hashing.AT_ONCE


def test_who_would_wait_too_long_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "LONGEST_WAIT", 0.5)
    monkeypatch.setattr(hashing, "_verify", lambda *_: time.sleep(0.15) or True)

    async def crowd() -> list[bool | BaseException]:
        return await asyncio.gather(
            *(verify_aside(PASSWORD, "") for _ in range(60)), return_exceptions=True
        )

    answers = asyncio.run(crowd())
    assert {type(answer) for answer in answers} == {bool, Busy}
    monkeypatch.setattr(hashing, "LONGEST_WAIT", 30.0)
    monkeypatch.setattr(hashing, "_verify", lambda *_: True)
    # Those who left hold no place in the queue.
    assert asyncio.run(crowd()) == [True] * 60


def test_more_than_the_queue_holds_are_turned_away_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "_places", threading.BoundedSemaphore(4))

    async def crowd() -> list[str | BaseException]:
        return await asyncio.gather(
            *(hash_aside(PASSWORD) for _ in range(9)), return_exceptions=True
        )

    answers = asyncio.run(crowd())
    assert sum(isinstance(answer, Busy) for answer in answers) == 5
    assert all(answer.retry_after > 0 for answer in answers if isinstance(answer, Busy))
