"""The list of one's own sessions, and ending them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotFound
from mbs_app.models import AuditEvent, RefreshToken, UserProfile, UserSession
from mbs_app.services import program_tokens, session_list, sessions
from mbs_app.services.devices import Visitor
from tests.support.accounts import SYSTEM, make_user

HOUR = timedelta(hours=1)


def _sign_in(user: UserProfile, **changed: Any) -> Actor:
    with db.transaction(SYSTEM) as session:
        token, _ = sessions.start(session, user, keep=False, user_agent="curl/8.5")
        actor = sessions.find_standing(session, token).actor
        held = session.get(UserSession, actor.session_id)
        assert held is not None
        held.sqlmodel_update(changed)
        session.add(held)
        return actor


def _user(email: str = "maya@example.com") -> UserProfile:
    with db.transaction(SYSTEM) as session:
        return make_user(session, email)


def _listed(actor: Actor) -> list[UUID]:
    with db.transaction(actor, read_only=True) as session:
        listed = session_list.list_sessions(session, actor)
        assert listed.total == len(listed.shown)
        paged = session_list.sessions_after(session, actor, after=None, limit=50)
        assert {held.id for held in paged} == {held.id for held in listed.shown}
        return [held.id for held in listed.shown]


def test_the_list_has_the_living_ones_this_one_first(database: str) -> None:
    maya, now = _user(), utc_now()
    older = _sign_in(maya, last_used_at=now - HOUR)
    newer = _sign_in(maya, last_used_at=now - HOUR / 2)
    quiet = _sign_in(maya, last_used_at=now - 3 * HOUR, keep=True)
    for over in (
        {"ended_at": now},
        {"expires_at": now},
        {"last_used_at": now - 3 * HOUR},
        {"last_used_at": now - timedelta(days=15), "keep": True},
    ):
        _sign_in(maya, **over)
    _sign_in(_user("sam@example.com"))
    wanted = [older.session_id, newer.session_id, quiet.session_id]
    assert _listed(older) == wanted


def test_a_program_is_listed_while_it_can_get_a_new_token(database: str) -> None:
    maya, now = _user(), utc_now()
    here = _sign_in(maya)
    with db.transaction(SYSTEM) as session:
        program_tokens.start(session, maya, Visitor())
        program = session.exec(select(UserSession).where(UserSession.kind == "program")).one()
        program.access_expires_at = now - HOUR
        session.add(program)
    assert _listed(here) == [here.session_id, program.id]
    with db.transaction(SYSTEM) as session:
        link = session.exec(select(RefreshToken)).one()
        link.expires_at = now - HOUR
        session.add(link)
    assert _listed(here) == [here.session_id]


def test_one_is_ended_and_goes_on_record(database: str) -> None:
    maya = _user()
    here, there = _sign_in(maya), _sign_in(maya)
    assert there.session_id is not None
    with db.transaction(here) as session:
        session_list.end_session(session, here, there.session_id)
    assert _listed(here) == [here.session_id]
    with pytest.raises(NotFound), db.transaction(here) as session:
        session_list.end_session(session, here, there.session_id)
    with db.transaction(SYSTEM) as session:
        [entry] = session.exec(
            select(AuditEvent).where(AuditEvent.action == "session.end_other")
        ).all()
    assert entry.details == {"ended": str(there.session_id)}


def test_nobody_ends_somebody_elses(database: str) -> None:
    here = _sign_in(_user())
    sam = _sign_in(_user("sam@example.com"))
    assert here.session_id is not None
    with pytest.raises(NotFound), db.transaction(sam) as session:
        session_list.end_session(session, sam, here.session_id)
    with db.transaction(sam) as session:
        assert session_list.end_others(session, sam) == 0
    assert _listed(here) == [here.session_id]


def test_all_others_are_ended_and_counted(database: str) -> None:
    maya = _user()
    here = _sign_in(maya)
    _sign_in(maya)
    _sign_in(maya, last_used_at=utc_now() - 3 * HOUR)  # over already: not counted
    with db.transaction(SYSTEM) as session:
        program_tokens.start(session, maya, Visitor())
    with db.transaction(here) as session:
        assert session_list.end_others(session, here) == 2
    assert _listed(here) == [here.session_id]
