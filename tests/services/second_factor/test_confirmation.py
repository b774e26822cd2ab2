"""Showing again that it is you: what counts, for how long, and for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import ConfirmFirst, NotAllowed, NotFound
from mbs_app.domain.vocabulary import Role, SecondFactorFor
from mbs_app.models import new_id
from mbs_app.services import second_factor, sessions
from mbs_app.services.devices import Visitor
from mbs_app.services.second_factor import confirmation, policy
from tests.support.accounts import SYSTEM, actor_of, make_user
from tests.support.second_factors import give_authenticator
from tests.support.sessions import let_pass, sign_in, user_of


def _is_confirmed(actor: Actor) -> bool:
    try:
        with db.transaction(actor) as session:
            second_factor.require_confirmed(session, actor)
    except ConfirmFirst:
        return False
    return True


def _confirm(actor: Actor, *, with_second_factor: bool) -> bool:
    with db.transaction(SYSTEM) as session:
        return second_factor.confirm(session, actor, with_second_factor=with_second_factor)


def test_signing_in_counts_for_a_quarter_of_an_hour(database: str) -> None:
    actor = sign_in()
    assert _is_confirmed(actor)
    let_pass(actor, confirmation.LASTS - timedelta(seconds=30))
    assert _is_confirmed(actor)
    let_pass(actor, confirmation.LASTS)
    assert not _is_confirmed(actor)
    assert not _confirm(actor, with_second_factor=False)
    assert _is_confirmed(actor)


def test_one_sessions_confirmation_is_not_anothers(database: str) -> None:
    here, there = sign_in(), sign_in()
    for actor in (here, there):
        let_pass(actor, timedelta(hours=1))
    _confirm(here, with_second_factor=False)
    assert _is_confirmed(here) and not _is_confirmed(there)


def test_where_there_is_a_second_factor_the_password_is_not_enough(database: str) -> None:
    actor = sign_in()
    give_authenticator(user_of(actor))
    assert not _is_confirmed(actor)
    _confirm(actor, with_second_factor=False)
    assert not _is_confirmed(actor)
    assert _confirm(actor, with_second_factor=True)  # worth more than before
    assert _is_confirmed(actor)
    assert not _confirm(actor, with_second_factor=True)


def test_who_has_no_session_confirms_nothing(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        actor = actor_of(make_user(session))
    assert not _is_confirmed(actor)


def test_an_admin_must_be_confirmed_to_change_the_policy(database: str) -> None:
    actor = sign_in("root@example.com", role=Role.ADMIN)
    let_pass(actor, timedelta(hours=1))
    admin, other = actor.administrating(), user_of(sign_in())
    with pytest.raises(ConfirmFirst), db.transaction(admin) as session:
        policy.ask_for_second_factor(session, admin, SecondFactorFor.EVERYBODY)
    with pytest.raises(ConfirmFirst), db.transaction(admin) as session:
        policy.reset_for(session, admin, other.id, Visitor())


def test_only_an_admin_asks_and_helps(database: str) -> None:
    actor = sign_in()
    other = user_of(sign_in("ada@example.com"))
    with pytest.raises(NotAllowed), db.transaction(actor) as session:
        policy.ask_for_second_factor(session, actor, SecondFactorFor.EVERYBODY)
    with pytest.raises(NotAllowed), db.transaction(actor) as session:
        policy.reset_for(session, actor, other.id, Visitor())


def test_help_for_nobody_is_refused(database: str) -> None:
    admin = sign_in("root@example.com", role=Role.ADMIN).administrating()
    with pytest.raises(NotFound), db.transaction(admin) as session:
        policy.reset_for(session, admin, new_id(), Visitor())


@pytest.mark.parametrize(
    ("asked", "admin_needs", "user_needs"),
    [
        (SecondFactorFor.NOBODY, False, False),
        (SecondFactorFor.ADMINS, True, False),
        (SecondFactorFor.EVERYBODY, True, True),
    ],
)
def test_whom_the_workspace_asks(
    database: str, asked: SecondFactorFor, admin_needs: bool, user_needs: bool
) -> None:
    actor = sign_in("root@example.com", role=Role.ADMIN)
    admin, root, user = actor.administrating(), user_of(actor), user_of(sign_in())
    with db.transaction(admin) as session:
        policy.ask_for_second_factor(session, admin, asked)
        assert policy.second_factor_for(session, admin) == asked
        assert sessions.needs_second_factor(session, root) is admin_needs
        assert sessions.needs_second_factor(session, user) is user_needs
