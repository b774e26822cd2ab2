"""What an admin is told of the outbox, and of addresses that get no mail."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotAllowed, NotFound
from mbs_app.domain.vocabulary import MailKind, MailStatus, Role, SuppressionReason
from mbs_app.models import AuditEvent, MailEvent, Suppression
from mbs_app.services import mails
from tests.support.accounts import SYSTEM, make_actor


@pytest.fixture
def admin(database: str) -> Actor:
    return make_actor("root@example.com", role=Role.ADMIN).administrating()


def queue(to: str, *, status: str = MailStatus.PENDING, problem: str = "", ago: int = 0) -> UUID:
    with db.transaction(SYSTEM) as session:
        mail = mails.queue(session, MailKind.APPROVED, to, name="A", link="http://x")
        mail.status, mail.problem = status, problem
        mail.created_at = utc_now() - timedelta(hours=ago)
        return mail.id


def test_an_empty_outbox_has_nothing_to_say(admin: Actor) -> None:
    with db.transaction(admin, read_only=True) as session:
        outbox = mails.read_outbox(session, admin)
        assert list(mails.mails_after(session, admin)) == []
    assert set(outbox.counts) == set(MailStatus)
    assert set(outbox.counts.values()) == {0}
    assert (outbox.waiting, outbox.oldest_waiting_at, outbox.stuck) == (0, None, None)
    assert (outbox.last_problem, outbox.last_report_at) == (None, None)


def test_mails_are_counted_by_status_and_what_is_stuck_is_named(admin: Actor) -> None:
    queue("a@example.com", status=MailStatus.DELIVERED)
    queue("b@example.com", status=MailStatus.FAILED, problem="Refused.", ago=9)
    queue("c@example.com", ago=5)
    queue("d@example.com", status=MailStatus.SENDING, problem="Quota.", ago=4)
    queue("e@example.com", problem="No answer.", ago=3)
    with db.transaction(SYSTEM) as session:
        session.add(MailEvent(event_id="1", kind="email.sent"))
    with db.transaction(admin, read_only=True) as session:
        outbox = mails.read_outbox(session, admin)
    assert {status: count for status, count in outbox.counts.items() if count} == {
        MailStatus.DELIVERED: 1,
        MailStatus.FAILED: 1,
        MailStatus.PENDING: 2,
        MailStatus.SENDING: 1,
    }
    assert outbox.waiting == 3
    assert outbox.oldest_waiting_at is not None
    assert 4.9 < (utc_now() - outbox.oldest_waiting_at).total_seconds() / 3600 < 5.1
    assert outbox.stuck is not None and outbox.stuck.to_email == "d@example.com"
    assert outbox.last_problem is not None and outbox.last_problem.problem == "No answer."
    assert outbox.last_report_at is not None


def test_lists_come_in_pages_the_newest_first_and_hold_nothing_of_what_was_said(
    admin: Actor,
) -> None:
    ids = [queue(f"p{nth}@example.com", problem="x" if nth % 2 else "") for nth in range(5)]
    with db.transaction(admin, read_only=True) as session:
        first = mails.mails_after(session, admin, limit=3)
        rest = mails.mails_after(session, admin, limit=3, after=first[-1].id)
        troubled = mails.list_mails(session, admin, mails.MailShow.PROBLEMS)
        second = mails.list_mails(session, admin, mails.MailShow.ALL, offset=3, limit=3)
    assert [line.id for line in (*first, *rest)] == ids[::-1]
    assert [line.id for line in troubled.rows] == [ids[3], ids[1]]
    assert second.rows == rest
    assert troubled.counts == {"all": 5, "waiting": 5, "sent": 0, "problems": 2}
    assert not {"subject", "html", "text"} & set(type(first[0]).__slots__)


def test_what_an_admin_took_back_is_no_problem(admin: Actor) -> None:
    queue("a@example.com", status=MailStatus.CANCELLED, problem="Its invitation was revoked.")
    with db.transaction(admin, read_only=True) as session:
        listed = mails.list_mails(session, admin, mails.MailShow.ALL)
        assert mails.read_outbox(session, admin).last_problem is None
    assert [row.problem for row in listed.rows] == ["Its invitation was revoked."]
    assert listed.counts == {"all": 1, "waiting": 0, "sent": 0, "problems": 0}


def test_an_address_is_set_aside_once_and_released_by_an_admin(admin: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        mails.set_aside(
            session, SYSTEM, "Ann@Example.com", SuppressionReason.BOUNCED, "No such user."
        )
        mails.set_aside(session, SYSTEM, "ann@example.com", SuppressionReason.COMPLAINED)
        session.add(Suppression(address="+15125550101", reason="stop_reply"))
    with db.transaction(admin) as session:
        (held,) = mails.list_set_aside(session, admin)
        assert (held.address, held.reason) == ("ann@example.com", SuppressionReason.BOUNCED)
        assert (held.note, held.why) == ("No such user.", mails.why_set_aside(held.reason))
        assert mails.release(session, admin, held.id) == "ann@example.com"
        assert list(mails.list_set_aside(session, admin)) == []
        with pytest.raises(NotFound):
            mails.release(session, admin, held.id)
        opt_out = session.exec(select(Suppression.id)).one()
        with pytest.raises(NotFound):  # an opt-out from texts is no matter of mail
            mails.release(session, admin, opt_out)
        noted = session.exec(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [entry.action for entry in noted] == ["mail_address.set_aside", "mail_address.release"]


def test_nobody_but_an_admin_is_told(admin: Actor) -> None:
    maya = make_actor()
    with db.transaction(maya) as session:
        for ask in (mails.read_outbox, mails.mails_after, mails.list_set_aside):
            with pytest.raises(NotAllowed):
                ask(session, maya)
        with pytest.raises(NotAllowed):
            mails.list_mails(session, maya, mails.MailShow.ALL)
        with pytest.raises(NotAllowed):
            mails.release(session, maya, maya.user_id)
