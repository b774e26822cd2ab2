"""Tokens of programs: how long they live, and what becomes of a refresh token that is used twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from mbs_app import db
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotSignedIn
from mbs_app.domain.vocabulary import SessionKind
from mbs_app.models import AuditEvent, RefreshToken, UserProfile, UserSession
from mbs_app.services import program_tokens, sessions
from mbs_app.services.devices import Visitor
from mbs_app.services.program_tokens import Tokens
from tests.support.accounts import SYSTEM, make_user

SECOND = timedelta(seconds=1)


def _start() -> Tokens:
    with db.transaction(SYSTEM) as session:
        return program_tokens.start(session, make_user(session), Visitor(user_agent="stock-sync/2"))


def _refresh(token: str) -> Tokens | None:
    with db.transaction(SYSTEM) as session:
        return program_tokens.refresh(session, token)


def _holds(access_token: str) -> bool:
    with db.transaction(SYSTEM, read_only=True) as session:
        try:
            sessions.find_standing(session, access_token, kind=SessionKind.PROGRAM)
        except NotSignedIn:
            return False
        return True


def _held(session: Session) -> UserSession:
    return session.exec(select(UserSession)).one()


def test_a_program_acts_with_its_access_token_for_minutes(database: str) -> None:
    tokens = _start()
    assert tokens.expires_in == program_tokens.ACCESS
    assert _holds(tokens.access_token)
    with db.transaction(SYSTEM) as session:
        held = _held(session)
        held.access_expires_at = utc_now() - SECOND
        session.add(held)
    assert not _holds(tokens.access_token)


def test_neither_token_is_stored(database: str) -> None:
    tokens = _start()
    with db.transaction(SYSTEM) as session:
        kept = repr(session.exec(select(UserSession)).all())
        kept += repr(session.exec(select(RefreshToken)).all())
    assert tokens.access_token not in kept and tokens.refresh_token not in kept


def test_a_refresh_brings_new_tokens_and_ends_the_old_ones(database: str) -> None:
    first = _start()
    second = _refresh(first.refresh_token)
    assert second is not None
    assert not _holds(first.access_token) and _holds(second.access_token)
    third = _refresh(second.refresh_token)
    assert third is not None and _holds(third.access_token)


def test_an_old_refresh_token_ends_the_family_and_goes_on_record(database: str) -> None:
    first = _start()
    second = _refresh(first.refresh_token)
    assert second is not None
    assert _refresh(first.refresh_token) is None
    assert not _holds(second.access_token)
    assert _refresh(second.refresh_token) is None
    with db.transaction(SYSTEM) as session:
        entries = session.exec(select(AuditEvent).where(AuditEvent.action == "session.reuse")).all()
        user = session.exec(select(UserProfile)).one()
    assert [entry.subject_id for entry in entries] == [str(user.id)]
    assert first.refresh_token not in repr(entries)


def test_of_two_refreshes_at_once_one_wins_and_the_family_ends(database: str) -> None:
    tokens = _start()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(_refresh, [tokens.refresh_token] * 8))
    won = [answer for answer in answers if answer is not None]
    assert len(won) == 1
    assert not _holds(won[0].access_token)
    assert _refresh(won[0].refresh_token) is None


def test_a_refresh_token_waits_a_month_and_no_family_outlives_three(database: str) -> None:
    tokens = _start()
    with db.transaction(SYSTEM) as session:
        held, link = _held(session), session.exec(select(RefreshToken)).one()
        assert abs(held.expires_at - held.created_at - program_tokens.LONGEST) < SECOND
        assert abs(link.expires_at - link.created_at - program_tokens.REFRESH) < SECOND
        held.expires_at = utc_now() + timedelta(minutes=5)
        session.add(held)
    late = _refresh(tokens.refresh_token)
    assert late is not None and late.expires_in <= timedelta(minutes=5)
    with db.transaction(SYSTEM) as session:
        newest = session.exec(select(RefreshToken).where(col(RefreshToken.used_at).is_(None))).one()
        assert newest.expires_at <= _held(session).expires_at
        newest.expires_at = utc_now() - SECOND
        session.add(newest)
    assert _refresh(late.refresh_token) is None
    assert _holds(late.access_token)  # too late is no theft


def test_an_ended_session_is_not_refreshed(database: str) -> None:
    tokens = _start()
    with db.transaction(SYSTEM) as session:
        sessions.end(session, tokens.access_token)
    assert _refresh(tokens.refresh_token) is None


@pytest.mark.parametrize("made_up", ["", "mbr_", "mbr_guessed", "\0", "x" * 1000])
def test_a_made_up_token_brings_nothing(database: str, made_up: str) -> None:
    tokens = _start()
    assert _refresh(made_up) is None
    assert _refresh(tokens.access_token) is None
    assert _holds(tokens.access_token)
