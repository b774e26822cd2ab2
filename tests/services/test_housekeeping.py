"""What is over is thrown away in time, and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, func, select

from mbs_app import db
from mbs_app.domain.clock import utc_now
from mbs_app.models import (
    ApiKey,
    EmailChange,
    KnownDevice,
    MailEvent,
    OutgoingMail,
    PasswordResetToken,
    RefreshToken,
    SignInAttempt,
    SignInStep,
    UserProfile,
    UserSession,
)
from mbs_app.services import housekeeping
from tests.support.accounts import SYSTEM, make_user

DAY = timedelta(days=1)
NOW = utc_now()


def _session(user: UserProfile, number: int, **changed: Any) -> UserSession:
    return UserSession(
        user_id=user.id, token_hash=f"s{number}", **{"expires_at": NOW + DAY, **changed}
    )


def _link(user: UserProfile, name: str, expires_at: datetime, kind: str) -> PasswordResetToken:
    return PasswordResetToken(
        user_id=user.id,
        token_hash=name,
        email=user.email,
        expires_at=expires_at,
        reset_type=kind,
    )


def _mail(status: str, created_at: datetime) -> OutgoingMail:
    return OutgoingMail(kind="approved", to_email="a@b.cd", status=status, created_at=created_at)


def _count(session: Session, table: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def _purge_all() -> int:
    total = 0
    while True:
        with db.transaction(SYSTEM) as session:
            if not (deleted := housekeeping.purge_some(session)):
                return total
        total += deleted


def _rows(user: UserProfile) -> list[tuple[SQLModel, SQLModel]]:
    """Of each kind: one that is over for long, and one that isn't quite."""
    mine = {"user_id": user.id}
    held = _session(user, 0)
    return [
        (_session(user, 1, ended_at=NOW - 31 * DAY), held),
        (_session(user, 2, expires_at=NOW - 31 * DAY), _session(user, 3, ended_at=NOW - 29 * DAY)),
        (
            RefreshToken(**mine, session_id=held.id, token_hash="r1", expires_at=NOW - 2 * DAY),
            RefreshToken(**mine, session_id=held.id, token_hash="r2", used_at=NOW - 29 * DAY),
        ),
        (
            SignInStep(kind="passkey", token_hash="t1", expires_at=NOW - 2 * DAY),
            SignInStep(kind="passkey", token_hash="t2", expires_at=NOW),
        ),
        (
            SignInAttempt(subject="a", at=NOW - 2 * DAY),
            SignInAttempt(subject="a", at=NOW),
        ),
        (
            KnownDevice(**mine, token_hash="d1", last_seen_at=NOW - 366 * DAY),
            KnownDevice(**mine, token_hash="d2", last_seen_at=NOW - 364 * DAY),
        ),
        (
            EmailChange(**mine, new_email="a@b.cd", token_hash="e1", expires_at=NOW - 31 * DAY),
            EmailChange(**mine, new_email="a@b.cd", token_hash="e2", expires_at=NOW - DAY),
        ),
        (
            EmailChange(**mine, new_email="a@b.cd", token_hash="e3", used_at=NOW - 31 * DAY),
            EmailChange(**mine, new_email="a@b.cd", token_hash="e4", used_at=NOW - DAY),
        ),
        (
            _link(user, "p1", NOW - 91 * DAY, "user"),
            _link(user, "p2", NOW - 91 * DAY, "admin"),
        ),
        (_mail("sent", NOW - 181 * DAY), _mail("pending", NOW - 181 * DAY)),
        (_mail("failed", NOW - 181 * DAY), _mail("sent", NOW - 179 * DAY)),
        (
            MailEvent(event_id="1", kind="email.sent", received_at=NOW - 91 * DAY),
            MailEvent(event_id="2", kind="email.sent", received_at=NOW - 89 * DAY),
        ),
        (
            ApiKey(**mine, name="Old", key_hash="k1", revoked_at=NOW - 91 * DAY),
            ApiKey(**mine, name="New", key_hash="k2", revoked_at=NOW - DAY),
        ),
        (
            ApiKey(**mine, name="Old", key_hash="k3", expires_at=NOW - 91 * DAY),
            ApiKey(**mine, name="Endless", key_hash="k4"),
        ),
    ]


def test_what_is_over_for_long_goes_and_the_rest_stays(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        pairs = _rows(make_user(session))
        for over, kept in pairs:
            session.add(kept)
            session.flush()
            session.add(over)
    assert _purge_all() == len(pairs)
    with db.transaction(SYSTEM) as session:
        for over, kept in pairs:
            assert session.get(type(over), over.id) is None, over
            assert session.get(type(kept), kept.id) is not None, kept


def test_a_sessions_refresh_tokens_go_with_it(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        user = make_user(session)
        held = _session(user, 1, ended_at=NOW - 31 * DAY)
        session.add(held)
        session.flush()
        session.add(
            RefreshToken(user_id=user.id, session_id=held.id, token_hash="r", expires_at=NOW + DAY)
        )
    _purge_all()
    with db.transaction(SYSTEM) as session:
        assert _count(session, RefreshToken) == _count(session, UserSession) == 0


def test_each_transaction_deletes_a_few(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "AT_ONCE", 3)
    with db.transaction(SYSTEM) as session:
        session.add_all(SignInAttempt(subject="a", at=NOW - 2 * DAY) for _ in range(8))
    for deleted in (3, 3, 2, 0):
        with db.transaction(SYSTEM) as session:
            assert housekeeping.purge_some(session) == deleted
