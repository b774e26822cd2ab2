"""Recovery codes: hashed slowly, found by their hash, used once."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.errors import Conflict
from mbs_app.models import RecoveryCode, new_id
from mbs_app.services.devices import Visitor
from mbs_app.services.second_factor import codes, methods_of, recovery_codes
from tests.support.accounts import SYSTEM
from tests.support.second_factors import give_authenticator
from tests.support.sessions import sign_in, user_of


def _hash(code: str, user_id: UUID) -> str:
    return asyncio.run(recovery_codes.hash_code(code, user_id))


def test_ten_different_codes_without_letters_that_look_alike() -> None:
    made = recovery_codes.make_codes()
    assert len(set(made)) == 10
    assert not set("".join(made)) & set("01ilo")
    assert all(recovery_codes.looks_like_code(code) for code in made)


def test_a_hash_is_of_the_code_and_of_its_owner() -> None:
    maya, ada = new_id(), new_id()
    hashed = _hash("k7qm2-fxd9r", maya)
    assert hashed == _hash("K7QM2 FXD9R", maya)
    assert hashed != _hash("k7qm2-fxd9r", ada)
    assert hashed != _hash("k7qm2-fxd9s", maya)
    assert "k7qm2" not in hashed and len(hashed) == 64


@pytest.mark.parametrize("text", ["", "123456", "k7qm2-fxd9", "k7qm2-fxd9rr", "492 039"])
def test_what_can_be_no_recovery_code_costs_no_hash(text: str) -> None:
    assert asyncio.run(codes.read(text, new_id())).recovery_hash == ""


def test_a_code_used_by_many_at_once_is_taken_once(database: str) -> None:
    actor = sign_in(with_second_factor=True)
    user = user_of(actor)
    give_authenticator(user)
    with db.transaction(actor) as session:
        recovery_codes.replace(session, actor, ["a" * 64, "b" * 64], Visitor())

    def take(_: int) -> bool:
        with db.transaction(SYSTEM) as session:
            return recovery_codes.takes(session, user.id, "a" * 64)

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(take, range(16))).count(True) == 1
    with db.transaction(SYSTEM) as session:
        assert methods_of(session, user.id) == ["authenticator", "recovery_code"]
        assert recovery_codes.takes(session, user.id, "b" * 64)
        assert methods_of(session, user.id) == ["authenticator"]


def test_new_ones_end_the_old_ones(database: str) -> None:
    actor = sign_in(with_second_factor=True)
    give_authenticator(user_of(actor))
    for letter in "ab":
        with db.transaction(actor) as session:
            recovery_codes.replace(session, actor, [letter * 64], Visitor())
    with db.transaction(actor) as session:
        assert session.exec(select(RecoveryCode.code_hash)).all() == ["b" * 64]


def test_they_stand_in_for_something(database: str) -> None:
    actor = sign_in()
    with pytest.raises(Conflict), db.transaction(actor) as session:
        recovery_codes.replace(session, actor, ["a" * 64], Visitor())


def test_one_users_code_is_not_anothers(database: str) -> None:
    maya, ada = sign_in(with_second_factor=True), user_of(sign_in("ada@example.com"))
    give_authenticator(user_of(maya))
    with db.transaction(maya) as session:
        recovery_codes.replace(session, maya, ["a" * 64], Visitor())
    with db.transaction(SYSTEM) as session:
        assert not recovery_codes.takes(session, ada.id, "a" * 64)
