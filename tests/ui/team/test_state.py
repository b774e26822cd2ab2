"""Looking closer at somebody in the team."""

from __future__ import annotations

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import NotAllowed
from mbs_app.models import AuditEvent
from mbs_app.ui.team.state import look_closer
from tests.support.accounts import SYSTEM, actor_of, make_user


@pytest.fixture
def admin(database: str) -> Actor:
    with db.transaction(SYSTEM) as session:
        return actor_of(make_user(session, "root@example.com", role="admin"))


def looks() -> list[str]:
    with db.transaction(SYSTEM, read_only=True) as session:
        query = select(AuditEvent.subject_id).where(AuditEvent.action == "audit.look")
        return list(session.exec(query))


def test_an_admin_who_opens_somebody_is_on_record_once_an_hour(admin: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        bob = make_user(session, "bob@example.com", name="Bob")
    for _ in range(2):
        with db.transaction(admin.administrating()) as session:
            closer = look_closer(session, admin.administrating(), bob.id)
            assert closer.member.user.name == "Bob"
    assert looks() == [str(bob.id)]


def test_opening_oneself_is_no_look(admin: Actor) -> None:
    assert admin.user_id is not None
    with db.transaction(admin.administrating()) as session:
        look_closer(session, admin.administrating(), admin.user_id)
    assert looks() == []


def test_who_is_no_admin_can_open_nobody(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        bob = make_user(session, "bob@example.com")
        ann = make_user(session, "ann@example.com")
    with db.transaction(actor_of(bob)) as session, pytest.raises(NotAllowed):
        look_closer(session, actor_of(bob), ann.id)
    assert looks() == []
