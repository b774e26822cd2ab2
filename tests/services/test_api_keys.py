"""Keys of programs: what they are made of, how long they hold, and whom they obey."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import (
    ConfirmFirst,
    Conflict,
    InvalidInput,
    NotApproved,
    NotFound,
    NotSignedIn,
    SecondFactorRequired,
)
from mbs_app.domain.vocabulary import Role, Scope, SecondFactorFor
from mbs_app.models import ApiKey, AuditEvent, Passkey, UserProfile
from mbs_app.services import api_keys, second_factor, workspace
from mbs_app.services.sessions import Standing
from tests.support.accounts import SYSTEM, actor_of, make_actor, make_api_key, make_user
from tests.support.second_factors import give_authenticator
from tests.support.sessions import let_pass, sign_in, user_of


def _maya(role: str = Role.USER) -> UserProfile:
    with db.transaction(SYSTEM) as session:
        return make_user(session, role=role)


def _standing(key: str) -> Standing:
    with db.transaction(SYSTEM, read_only=True) as session:
        return api_keys.find_standing(session, key, ip="203.0.113.7")


def _change(key_id: UUID, **values: Any) -> None:
    with db.transaction(SYSTEM) as session:
        stored = session.get(ApiKey, key_id)
        assert stored is not None
        stored.sqlmodel_update(values)
        session.add(stored)


def test_a_key_leads_to_its_owner_with_its_scopes_and_no_more(database: str) -> None:
    maya = _maya(Role.ADMIN)
    key_id, key = make_api_key(maya, "write", "read")
    standing = _standing(key)
    actor = standing.actor
    assert standing.refusal is None
    assert (actor.user_id, actor.key_id, actor.ip) == (maya.id, key_id, "203.0.113.7")
    assert actor.may(Scope.READ) and actor.may(Scope.WRITE)
    assert not actor.may(Scope.SEND) and not actor.may(Scope.ADMIN) and not actor.is_admin


def test_the_words_of_a_key_are_stored_nowhere(database: str) -> None:
    key_id, key = make_api_key(_maya(), "read")
    assert key.startswith(f"mbs_{key_id.hex}_") and len(key) > 70
    secret = key.split("_", 2)[2]
    with db.transaction(SYSTEM) as session:
        kept = repr(session.exec(select(ApiKey)).all()) + repr(
            session.exec(select(AuditEvent)).all()
        )
    assert secret not in kept


@pytest.mark.parametrize(
    "wrong", ["mbs_", "mbs_x_y", "mbs_{id}_", "mbs_{id}_wrong" + "g" * 38, "{key}x"]
)
def test_what_is_not_a_key_whole_and_right_is_nobodys(database: str, wrong: str) -> None:
    key_id, key = make_api_key(_maya(), "read")
    with pytest.raises(NotSignedIn):
        _standing(wrong.format(id=key_id.hex, key=key))


def test_a_key_ends_when_it_is_revoked_or_expired(database: str) -> None:
    maya = _maya()
    revoked, revoked_key = make_api_key(maya, "read")
    expired, expired_key = make_api_key(maya, "read", expires_at=utc_now() + timedelta(hours=1))
    _standing(expired_key)
    _change(expired, expires_at=utc_now() - timedelta(seconds=1))
    for _ in range(2):  # revoking again changes nothing
        with db.transaction(actor_of(maya)) as session:
            api_keys.revoke_key(session, actor_of(maya), revoked)
    for key in (revoked_key, expired_key):
        with pytest.raises(NotSignedIn):
            _standing(key)
    with db.transaction(SYSTEM) as session:
        entries = session.exec(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert entries.count("api_key.create") == 2 and entries.count("api_key.revoke") == 1


@pytest.mark.parametrize("status", ["pending", "rejected", "suspended"])
def test_a_key_rests_while_its_owner_is_not_approved(database: str, status: str) -> None:
    maya = _maya()
    _, key = make_api_key(maya, "read")
    for now, refused in ((status, NotApproved), ("approved", type(None))):
        with db.transaction(SYSTEM) as session:
            stored = session.get(UserProfile, maya.id)
            assert stored is not None
            stored.status = now
            session.add(stored)
        assert isinstance(_standing(key).refusal, refused)


def test_a_key_rests_while_a_required_second_factor_is_missing(database: str) -> None:
    maya = _maya()
    _, key = make_api_key(maya, "read")
    with db.transaction(SYSTEM) as session:
        workspace.get_workspace(session).second_factor_for = SecondFactorFor.EVERYBODY
    assert isinstance(_standing(key).refusal, SecondFactorRequired)
    with db.transaction(SYSTEM) as session:
        session.add(Passkey(user_id=maya.id, credential_id="abc", public_key="def"))
    assert _standing(key).refusal is None


def test_a_key_is_an_admins_only_while_its_owner_is_one(database: str) -> None:
    admin = _maya(Role.ADMIN)
    _, key = make_api_key(admin, "admin")
    assert _standing(key).actor.is_admin
    with db.transaction(SYSTEM) as session:
        stored = session.get(UserProfile, admin.id)
        assert stored is not None
        stored.role = Role.USER
        session.add(stored)
    assert not _standing(key).actor.is_admin


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"scopes": ["admin"]}, "scopes"),
        ({"expires_at": utc_now() - timedelta(days=1)}, "expires_on"),
        ({"expires_at": utc_now() + timedelta(days=3000)}, "expires_on"),
    ],
)
def test_a_field_that_cannot_be_taken_says_why(
    database: str, changed: dict[str, Any], field: str
) -> None:
    maya = sign_in()
    with db.transaction(maya) as session, pytest.raises(InvalidInput) as refused:
        api_keys.make_key(session, maya, **{"name": "Stock sync", "scopes": ["read"], **changed})
    assert set(refused.value.fields) == {field}


def test_a_key_lives_through_its_last_day_where_its_owner_is(database: str) -> None:
    maya = actor_of(_maya())  # in Chicago
    with db.transaction(maya) as session:
        end = api_keys.end_of_life(session, maya, in_days=None, on=date(2027, 1, 31))
        assert end is not None and end.isoformat() == "2027-02-01T05:59:59+00:00"
        assert api_keys.end_of_life(session, maya, in_days=None, on=None) is None
        for given in ({"in_days": 3, "on": date(2027, 1, 31)}, {"in_days": None, "on": date.max}):
            with pytest.raises(InvalidInput):
                api_keys.end_of_life(session, maya, **given)


def test_a_key_is_made_by_a_session_that_was_confirmed_lately(database: str) -> None:
    maya = sign_in()
    assert _asks_to_confirm(replace(maya, session_id=None))
    let_pass(maya, timedelta(minutes=15))
    assert _asks_to_confirm(maya)
    assert _asks_to_confirm(maya, scopes=[])  # before anything is said of the form
    with db.transaction(maya) as session:
        assert api_keys.list_keys(session, maya) == []
        second_factor.confirm(session, maya, with_second_factor=False)
    assert not _asks_to_confirm(maya)


def test_a_key_is_made_by_a_session_that_has_shown_the_second_factor(database: str) -> None:
    alone = sign_in()
    give_authenticator(user_of(alone))
    assert _asks_to_confirm(alone)
    assert not _asks_to_confirm(sign_in(with_second_factor=True))


def _asks_to_confirm(maya: Actor, scopes: Collection[str] = ("read",)) -> bool:
    try:
        with db.transaction(maya) as session:
            api_keys.make_key(session, maya, name="Stock sync", scopes=scopes)
    except ConfirmFirst:
        return True
    return False


def _make_one(maya: Actor) -> bool:
    try:
        with db.transaction(maya) as session:
            api_keys.make_key(session, maya, name="One", scopes=["read"])
    except Conflict:
        return False
    return True


def test_a_user_has_at_most_so_many_keys_however_fast_they_are_made(database: str) -> None:
    maya = sign_in()
    with ThreadPoolExecutor(8) as threads:
        made = sum(threads.map(_make_one, [maya] * (api_keys.MOST + 8)))
    assert made == api_keys.MOST
    with db.transaction(maya) as session:
        keys = api_keys.list_keys(session, maya)
        assert len(keys) == api_keys.MOST
        api_keys.revoke_key(session, maya, keys[0].id)
    assert _make_one(maya)


def test_the_list_begins_with_the_newest_that_hold(database: str) -> None:
    maya = _maya()
    ids = [make_api_key(maya, "read")[0] for _ in range(4)]
    _change(ids[3], revoked_at=utc_now())
    _change(ids[1], expires_at=utc_now())
    with db.transaction(actor_of(maya)) as session:
        listed = api_keys.newest_keys(session, actor_of(maya))
        assert [key.id for key in listed] == [ids[2], ids[0], ids[3], ids[1]]
        assert api_keys.count_living(session, maya.id) == 2


def test_keys_are_their_owners(database: str) -> None:
    key_id, key = make_api_key(_maya(), "read")
    bob = make_actor("bob@example.com", role=Role.ADMIN)
    with db.transaction(bob) as session:
        assert api_keys.list_keys(session, bob) == []
        with pytest.raises(NotFound):
            api_keys.revoke_key(session, bob, key_id)
    assert _standing(key).refusal is None


def test_use_is_noted_at_most_once_a_minute(database: str) -> None:
    key_id, _ = make_api_key(_maya(), "read")

    def touch(ip: str) -> None:
        with db.transaction(SYSTEM) as session:
            api_keys.touch(session, key_id, ip)

    def noted() -> str:
        with db.transaction(SYSTEM) as session:
            return _get(session, key_id).last_used_ip

    touch("203.0.113.7")
    touch("203.0.113.8")
    assert noted() == "203.0.113.7"
    _change(key_id, last_used_at=utc_now() - api_keys.TOUCH_EVERY - timedelta(seconds=1))
    touch("203.0.113.8")
    assert noted() == "203.0.113.8"


def _get(session: Session, key_id: UUID) -> ApiKey:
    return session.exec(select(ApiKey).where(ApiKey.id == key_id)).one()
