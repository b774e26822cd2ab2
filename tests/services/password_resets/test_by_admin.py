"""An admin sends somebody a link: the reason kept, the record's way, the list."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, TooManyAttempts
from mbs_app.domain.vocabulary import AdminResetStatus, ResetType
from mbs_app.models import AdminPasswordReset, AuditEvent, PasswordResetToken
from mbs_app.services import password_resets
from mbs_app.services.devices import Visitor
from mbs_app.services.password_resets import DeadLink, ResetFilter, ResetRow, by_admin
from tests.support.accounts import SYSTEM, actor_of, make_user
from tests.support.resets import mailed_tokens, reset_mails

MAYA = "maya@example.com"


@pytest.fixture
def admin(database: str) -> Actor:
    with db.transaction(SYSTEM) as session:
        return actor_of(make_user(session, "ada@example.com", name="Ada Admin", role="admin"))


@pytest.fixture
def maya(database: str) -> UUID:
    with db.transaction(SYSTEM) as session:
        return make_user(session, MAYA).id


def _send(admin: Actor, user_id: UUID, reason: str = "Called from the shop") -> UUID:
    with db.transaction(admin.administrating()) as session:
        return password_resets.request_by_admin(session, admin.administrating(), user_id, reason).id


def _rows(admin: Actor, **chosen: object) -> list[ResetRow]:
    with db.transaction(admin.administrating(), read_only=True) as session:
        page = password_resets.list_resets(session, admin, ResetFilter(**chosen))
        assert page.total == len(page.rows)
        return list(page.rows)


def _stored_status(reset_id: UUID) -> str:
    with db.transaction(SYSTEM) as session:
        found = session.get(AdminPasswordReset, reset_id)
        assert found is not None
        return found.status


def _expire_all() -> None:
    with db.transaction(SYSTEM) as session:
        for link in session.exec(select(PasswordResetToken)):
            link.expires_at = utc_now() - timedelta(seconds=1)


def _use(token: str) -> None:
    with db.transaction(SYSTEM) as session:
        password_resets.finish(session, SYSTEM, token, "new hash", Visitor())


def test_a_link_is_mailed_and_its_reason_kept(admin: Actor, maya: UUID) -> None:
    _send(admin, maya, "  Called from\nthe shop ")
    (mail,) = reset_mails(MAYA)
    assert "24 hours" in mail.text and "admin" in mail.text
    (row,) = _rows(admin)
    assert (row.kind, row.status) == (ResetType.ADMIN, AdminResetStatus.PENDING)
    assert (row.person, row.email, row.sender) == ("Maya Okafor", MAYA, "Ada Admin")
    assert row.reason == "Called from the shop"
    with db.transaction(SYSTEM) as session:
        event = session.exec(
            select(AuditEvent).where(AuditEvent.action == "password_reset.send")
        ).one()
        assert event.actor_id == admin.user_id and event.subject_id == str(maya)


def test_it_is_completed_when_the_link_is_used(admin: Actor, maya: UUID) -> None:
    reset_id = _send(admin, maya)
    _use(mailed_tokens(MAYA)[0])
    (row,) = _rows(admin)
    assert row.status == _stored_status(reset_id) == AdminResetStatus.COMPLETED
    assert row.completed_at is not None


def test_it_has_expired_in_the_list_before_anybody_sweeps(admin: Actor, maya: UUID) -> None:
    reset_id = _send(admin, maya)
    _expire_all()
    assert _rows(admin)[0].status == AdminResetStatus.EXPIRED
    assert _rows(admin, status=AdminResetStatus.PENDING) == []
    assert len(_rows(admin, status=AdminResetStatus.EXPIRED)) == 1
    assert _stored_status(reset_id) == AdminResetStatus.PENDING
    with db.transaction(SYSTEM) as session:
        assert password_resets.sweep(session) == 1
        assert password_resets.sweep(session) == 0
    assert _stored_status(reset_id) == AdminResetStatus.EXPIRED


def test_a_cancelled_link_is_dead(admin: Actor, maya: UUID) -> None:
    reset_id = _send(admin, maya)
    (token,) = mailed_tokens(MAYA)
    with db.transaction(admin.administrating()) as session:
        password_resets.cancel(session, admin, reset_id)
    with pytest.raises(DeadLink):
        _use(token)
    (row,) = _rows(admin)
    assert row.status == _stored_status(reset_id) == AdminResetStatus.CANCELLED
    assert row.note == by_admin.CANCELLED
    with pytest.raises(Conflict), db.transaction(admin.administrating()) as session:
        password_resets.cancel(session, admin, reset_id)


def test_a_newer_link_of_an_admin_cancels_the_older(admin: Actor, maya: UUID) -> None:
    older = _send(admin, maya)
    (first,) = mailed_tokens(MAYA)
    newer = _send(admin, maya)
    assert _stored_status(older) == AdminResetStatus.CANCELLED
    assert _stored_status(newer) == AdminResetStatus.PENDING
    (second,) = mailed_tokens(MAYA)
    with pytest.raises(DeadLink):
        _use(first)
    _use(second)


def test_a_password_set_by_ones_own_link_cancels_the_admins(admin: Actor, maya: UUID) -> None:
    reset_id = _send(admin, maya)
    with db.transaction(SYSTEM) as session:
        password_resets.ask(session, SYSTEM, MAYA)
    admins, own = mailed_tokens(MAYA)
    _use(own)
    assert _stored_status(reset_id) == AdminResetStatus.CANCELLED
    with pytest.raises(DeadLink):
        _use(admins)
    assert [row.status for row in _rows(admin)] == ["completed", "cancelled"]


def test_nobody_else_may(maya: UUID, admin: Actor) -> None:
    reset_id = _send(admin, maya)
    with db.transaction(SYSTEM) as session:
        user = actor_of(make_user(session, "bob@example.com"))
    with db.transaction(user) as session:
        with pytest.raises(NotAllowed):
            password_resets.request_by_admin(session, user, maya, "Because")
        with pytest.raises(NotAllowed):
            password_resets.cancel(session, user, reset_id)
        with pytest.raises(NotAllowed):
            password_resets.list_resets(session, user)
        with pytest.raises(NotAllowed):
            password_resets.resets_after(session, user)
    assert _stored_status(reset_id) == AdminResetStatus.PENDING


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_reason_is_needed(admin: Actor, maya: UUID, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        _send(admin, maya, reason)
    assert "reason" in refused.value.fields
    assert reset_mails(MAYA) == []


def test_a_closed_account_and_nobody_get_no_link(admin: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        closed = make_user(session, "closed@example.com", status="suspended").id
    with pytest.raises(Conflict, match="suspended"):
        _send(admin, closed)
    with pytest.raises(NotFound):
        _send(admin, uuid4())


def test_one_person_is_not_flooded(admin: Actor, maya: UUID) -> None:
    for _ in range(by_admin.PER_PERSON):
        _send(admin, maya)
    with pytest.raises(TooManyAttempts):
        _send(admin, maya)


def test_the_list_is_filtered_searched_and_paged(admin: Actor, maya: UUID) -> None:
    with db.transaction(SYSTEM) as session:
        jose = make_user(session, "jose@example.com", name="José Ruiz").id
        password_resets.ask(session, SYSTEM, "jose@example.com")
        password_resets.ask(session, SYSTEM, "jose@example.com")
    _send(admin, maya)
    _use(mailed_tokens("jose@example.com")[0])
    assert [row.email for row in _rows(admin, kind=ResetType.ADMIN)] == [MAYA]
    assert [row.status for row in _rows(admin, kind=ResetType.USER)] == ["cancelled", "completed"]
    assert [row.email for row in _rows(admin, search="jose RUIZ")] == ["jose@example.com"] * 2
    assert [row.email for row in _rows(admin, person_id=jose)] == ["jose@example.com"] * 2
    assert _rows(admin, search="%") == []
    with db.transaction(admin.administrating(), read_only=True) as session:
        page = password_resets.list_resets(session, admin, offset=1, limit=1)
        assert (len(page.rows), page.total) == (1, 3)
        assert page.counts == {"pending": 1, "completed": 1, "expired": 0, "cancelled": 1}
        newest = password_resets.resets_after(session, admin, limit=1)
        older = password_resets.resets_after(session, admin, after=newest[0].id)
        assert [row.email for row in (*newest, *older)] == [MAYA] + ["jose@example.com"] * 2
