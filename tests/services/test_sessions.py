"""Sessions: when they end by themselves, and when their token is replaced."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from mbs_app import db
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotSignedIn
from mbs_app.domain.vocabulary import SessionKind
from mbs_app.models import UserSession
from mbs_app.services import sessions
from tests.support.accounts import SYSTEM, actor_of, make_actor, make_user

SECOND = timedelta(seconds=1)


def _start(*, keep: bool = False) -> str:
    with db.transaction(SYSTEM) as session:
        return sessions.start(session, make_user(session), keep=keep)[0]


def _row(session: Session) -> UserSession:
    return session.exec(select(UserSession)).one()


def _holds(token: str) -> bool:
    with db.transaction(SYSTEM, read_only=True) as session:
        try:
            sessions.find_standing(session, token)
        except NotSignedIn:
            return False
        return True


@pytest.mark.parametrize(
    ("keep", "idle"), [(False, sessions.NOT_KEPT_IDLE), (True, sessions.KEPT_IDLE)]
)
def test_a_session_ends_after_it_was_silent_for_too_long(
    database: str, keep: bool, idle: timedelta
) -> None:
    token = _start(keep=keep)
    for silent, alive in ((idle - timedelta(minutes=1), True), (idle + SECOND, False)):
        with db.transaction(SYSTEM) as session:
            row = _row(session)
            row.last_used_at = utc_now() - silent
            session.add(row)
        assert _holds(token) is alive


@pytest.mark.parametrize(("keep", "most"), [(False, sessions.NOT_KEPT), (True, sessions.KEPT)])
def test_a_session_ends_however_much_it_is_used(database: str, keep: bool, most: timedelta) -> None:
    token = _start(keep=keep)
    with db.transaction(SYSTEM) as session:
        row = _row(session)
        assert abs(row.expires_at - row.created_at - most) < SECOND
        row.last_used_at, row.expires_at = utc_now(), utc_now() - SECOND
        session.add(row)
    assert not _holds(token)


def test_use_is_noted_every_few_minutes(database: str) -> None:
    token = _start()
    long_ago, just_now = (utc_now() - sessions.TOUCH_EVERY * 2, utc_now() - SECOND)
    for before, noted in ((long_ago, True), (just_now, False)):
        with db.transaction(SYSTEM) as session:
            row = _row(session)
            row.last_used_at = before
            session.add(row)
        with db.transaction(SYSTEM) as session:
            sessions.touch(session, token)
        with db.transaction(SYSTEM) as session:
            assert (_row(session).last_used_at > before) is noted


def test_a_rotated_token_takes_the_place_of_the_old_one(database: str) -> None:
    old = _start(keep=True)
    with db.transaction(SYSTEM) as session:
        new = sessions.rotate(session, _row(session).id)
        lifetime = sessions.cookie_lifetime(session, new)
    assert lifetime is not None and sessions.KEPT - lifetime < timedelta(minutes=1)
    assert (_holds(old), _holds(new)) == (False, True)


def test_an_ended_session_is_not_rotated(database: str) -> None:
    token = _start()
    with db.transaction(SYSTEM) as session:
        sessions.end(session, token)
        with pytest.raises(NotSignedIn):
            sessions.rotate(session, _row(session).id)


def test_nobody_rotates_somebody_elses_session(database: str) -> None:
    token = _start()
    bob = make_actor("bob@example.com")
    with db.transaction(SYSTEM) as session:
        held = _row(session).id
    with pytest.raises(NotSignedIn), db.transaction(bob) as session:
        sessions.rotate(session, held)
    assert _holds(token)


def test_a_token_is_renewed_only_when_it_must_be(database: str) -> None:
    token = _start()
    with db.transaction(SYSTEM) as session:
        assert sessions.renew(session, token) is None
        sessions.renew_all(session, _row(session).user_id)
    with db.transaction(SYSTEM) as session:
        assert sessions.find_standing(session, token).must_renew
        fresh = sessions.renew(session, token)
    assert fresh is not None
    with db.transaction(SYSTEM) as session:
        assert not sessions.find_standing(session, fresh).must_renew
    assert not _holds(token)


def test_of_many_tabs_that_renew_at_once_one_does(database: str) -> None:
    token = _start()
    with db.transaction(SYSTEM) as session:
        sessions.renew_all(session, _row(session).user_id)

    def renew(_: int) -> str | None:
        with db.transaction(SYSTEM) as session:
            return sessions.renew(session, token)

    with ThreadPoolExecutor(8) as threads:
        fresh = [one for one in threads.map(renew, range(8)) if one is not None]
    assert len(fresh) == 1
    assert _holds(fresh[0])


def test_a_browsers_token_is_no_programs_token(database: str) -> None:
    token = _start()
    with db.transaction(SYSTEM) as session, pytest.raises(NotSignedIn):
        sessions.find_standing(session, token, kind=SessionKind.PROGRAM)


def test_ending_all_but_one_leaves_that_one_and_other_people(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        maya, sam = make_user(session), make_user(session, "sam@example.com")
        here, there, his = (
            sessions.start(session, who, keep=False)[0] for who in (maya, maya, sam)
        )
        kept = sessions.find_standing(session, here).actor.session_id
    with db.transaction(actor_of(maya)) as session:
        assert sessions.end_all(session, maya.id, but=kept) == 1
        assert sessions.end_all(session, sam.id) == 0
    assert [_holds(token) for token in (here, there, his)] == [True, False, True]
