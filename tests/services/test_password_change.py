"""Changing one's own password."""

from __future__ import annotations

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import Conflict, InvalidInput, NotFound, NotSignedIn, TooManyAttempts
from mbs_app.models import AuditEvent, OutgoingMail, UserProfile
from mbs_app.services import email_changes, password_change, password_resets, sessions
from mbs_app.services.devices import Visitor
from mbs_app.services.password_resets import DeadLink
from tests.support.accounts import SYSTEM, make_user
from tests.support.resets import mailed_tokens

MAYA = "maya@example.com"


@pytest.fixture
def maya(database: str) -> tuple[Actor, str, str]:
    """Signed in twice: her actor in the first session, and the tokens of both."""
    with db.transaction(SYSTEM) as session:
        user = make_user(session, MAYA)
        here, _ = sessions.start(session, user, keep=False)
        there, _ = sessions.start(session, user, keep=False)
        return sessions.find_actor(session, here), here, there


def _change(actor: Actor, hashed: str = "new hash") -> int:
    with db.transaction(actor) as session:
        stored = password_change.begin(session, actor).stored
    with db.transaction(actor) as session:
        return password_change.finish(session, actor, stored, hashed, Visitor("203.0.113.9"))


def test_every_other_session_ends_and_this_one_stays(maya: tuple[Actor, str, str]) -> None:
    actor, here, there = maya
    assert _change(actor) == 1
    with db.transaction(SYSTEM) as session:
        assert sessions.find_actor(session, here).user_id == actor.user_id
        with pytest.raises(NotSignedIn):
            sessions.find_actor(session, there)
        assert session.exec(select(UserProfile)).one().password_hash == "new hash"
        assert session.exec(select(OutgoingMail)).one().kind == "password_changed"
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "password.change")).one()
        assert event.actor_id == actor.user_id and "hash" not in repr(event.details)


def test_links_to_choose_another_one_are_dead(maya: tuple[Actor, str, str]) -> None:
    with db.transaction(SYSTEM) as session:
        password_resets.ask(session, SYSTEM, MAYA)
    (token,) = mailed_tokens(MAYA)
    _change(maya[0])
    with pytest.raises(DeadLink), db.transaction(SYSTEM) as session:
        password_resets.begin(session, SYSTEM, token)


def test_a_link_to_another_address_is_dead(maya: tuple[Actor, str, str]) -> None:
    """Whoever knew the old password may have asked for it."""
    actor, *_ = maya
    with db.transaction(actor) as session:
        email_changes.ask(session, actor, "thief@example.net", address="https://sms.example.com")
        letter = session.exec(select(OutgoingMail)).one().text
    _change(actor)
    token = letter.partition("/confirm-email?token=")[2].split()[0]
    with pytest.raises(NotFound), db.transaction(SYSTEM) as session:
        email_changes.confirm(session, token)


def test_a_password_changed_meanwhile_is_not_changed_again(maya: tuple[Actor, str, str]) -> None:
    actor, *_ = maya
    with db.transaction(actor) as session:
        stored = password_change.begin(session, actor).stored
    _change(actor, "first")
    with pytest.raises(InvalidInput) as refused, db.transaction(actor) as session:
        password_change.finish(session, actor, stored, "second", Visitor())
    assert "current_password" in refused.value.fields


def test_guesses_are_counted_and_a_right_one_forgets_them(maya: tuple[Actor, str, str]) -> None:
    actor, *_ = maya
    for _ in range(password_change.MOST - 1):
        with db.transaction(actor) as session:
            password_change.begin(session, actor)
    _change(actor)
    for _ in range(password_change.MOST):
        with db.transaction(actor) as session:
            password_change.begin(session, actor)
    with pytest.raises(TooManyAttempts), db.transaction(actor) as session:
        password_change.begin(session, actor)


def test_who_has_no_password_is_sent_for_a_link(maya: tuple[Actor, str, str]) -> None:
    with db.transaction(SYSTEM) as session:
        session.exec(select(UserProfile)).one().password_hash = ""
    with pytest.raises(Conflict, match="link"), db.transaction(maya[0]) as session:
        password_change.begin(session, maya[0])
