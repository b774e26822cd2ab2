"""A mail that waits ends with the invitation or the link that it carries."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from mbs_app import db
from mbs_app.delivery import mails as delivery
from mbs_app.delivery.mails import ClaimedMail
from mbs_app.delivery.pace import Pace
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict
from mbs_app.domain.vocabulary import MailKind, MailStatus
from mbs_app.models import OutgoingMail, UserProfile
from mbs_app.providers.base import MailAccepted, MailNotAnswered
from mbs_app.services import invites, password_change, password_resets
from mbs_app.services.devices import Visitor
from tests.support.accounts import SYSTEM, actor_of, make_user
from tests.support.invites import make_admin, make_invite
from tests.support.resets import mailed_tokens

ANA = "ana@example.com"
ROUNDS = 12


@pytest.fixture
def admin(database: str) -> Actor:
    return make_admin()


def _mails(to: str = ANA) -> list[OutgoingMail]:
    """With an invitation or a link, the oldest first."""
    with db.transaction(SYSTEM, read_only=True) as session:
        wanted = select(OutgoingMail).where(
            OutgoingMail.to_email == to, col(OutgoingMail.about_id).is_not(None)
        )
        return list(session.exec(wanted.order_by(col(OutgoingMail.id))))


def _claim() -> list[ClaimedMail]:
    with db.transaction(SYSTEM) as session:
        return list(delivery.claim(session, 100, Pace()))


def _invite(admin: Actor, to: str = ANA) -> Callable[[], None]:
    """Mail an invitation; what revokes it."""
    invite = make_invite(admin, email=to)
    with db.transaction(admin) as session:
        invites.send_invite(session, admin, invite.id)

    def revoke() -> None:
        with db.transaction(admin) as session:
            invites.revoke_invite(session, admin, invite.id)

    return revoke


def _ana() -> UserProfile:
    with db.transaction(SYSTEM) as session:
        return make_user(session, ANA)


def _ended(mail: OutgoingMail) -> tuple[str, str]:
    assert (mail.subject, mail.text, mail.html, mail.lease_expires_at) == ("", "", "", None)
    return mail.status, mail.problem


def test_a_revoked_invitation_does_not_leave(admin: Actor) -> None:
    revoke = _invite(admin)
    _invite(admin, "bob@example.com")
    revoke()
    (mail,) = _mails()
    words = "Its invitation was revoked before the mail left."
    assert _ended(mail) == ("cancelled", words)
    assert [claimed.mail.to for claimed in _claim()] == ["bob@example.com"]


def test_a_revocation_that_fails_calls_nothing_off(admin: Actor) -> None:
    invite = make_invite(admin, email=ANA)
    with db.transaction(admin) as session:
        invites.send_invite(session, admin, invite.id)
    with pytest.raises(ZeroDivisionError), db.transaction(admin) as session:
        invites.revoke_invite(session, admin, invite.id)
        _ = 1 / 0
    assert len(_claim()) == 1


def test_a_canceled_or_replaced_reset_does_not_leave(admin: Actor) -> None:
    ana = _ana()
    with db.transaction(admin) as session:
        password_resets.request_by_admin(session, admin, ana.id, "Asked on the phone")
    with db.transaction(admin) as session:
        newer = password_resets.request_by_admin(session, admin, ana.id, "Asked again")
    first, second = _mails()
    words = "Its link was replaced by a newer one before the mail left."
    assert _ended(first) == ("cancelled", words)
    assert second.status == "pending" and "/reset?token=" in second.text
    with db.transaction(admin) as session:
        password_resets.cancel(session, admin, newer.id)
    assert _ended(_mails()[1]) == ("cancelled", "Its link was canceled before the mail left.")
    assert _claim() == []


def test_a_link_does_not_leave_once_the_password_was_changed_another_way(admin: Actor) -> None:
    ana = _ana()
    for _ in range(2):
        with db.transaction(SYSTEM) as session:
            password_resets.ask(session, SYSTEM, ANA)
    used, _other = mailed_tokens(ANA)
    with db.transaction(SYSTEM) as session:
        password_resets.finish(session, SYSTEM, used, "hashed", Visitor())
    words = "The password was changed another way before the mail left."
    assert _ended(_mails()[1]) == ("cancelled", words)
    with db.transaction(SYSTEM) as session:
        password_resets.ask(session, SYSTEM, ANA)
    with db.transaction(actor_of(ana)) as session:
        password_change.finish(session, actor_of(ana), "hashed", "anew", Visitor())
    assert _ended(_mails()[2]) == ("cancelled", words)
    kinds = [claimed.mail.subject for claimed in _claim()]
    assert len(kinds) == 3  # the used link's own, and two that tell of a new password


def test_one_that_is_being_handed_over_goes_on(admin: Actor) -> None:
    revoke = _invite(admin)
    (claimed,) = _claim()
    before = _mails()[0]
    revoke()
    (mail,) = _mails()
    changed = {
        name for name in type(mail).model_fields if getattr(mail, name) != getattr(before, name)
    }
    assert (mail.status, changed) == ("sending", {"expires_at"})
    with db.transaction(SYSTEM) as session:
        delivery.settle(session, claimed, MailAccepted("re_1"))
    assert _mails()[0].status == "sent"


def test_one_whose_hand_over_fails_meanwhile_is_not_tried_again(admin: Actor) -> None:
    revoke = _invite(admin)
    (claimed,) = _claim()
    revoke()
    with db.transaction(SYSTEM) as session:
        delivery.settle(session, claimed, MailNotAnswered(None, "Timeout"))
    _make_due()
    assert _claim() == []
    assert _ended(_mails()[0]) == ("expired", delivery.EXPIRED_IN_DOUBT)


def test_of_one_that_may_have_left_it_is_said(admin: Actor) -> None:
    revoke = _invite(admin)
    (claimed,) = _claim()
    with db.transaction(SYSTEM) as session:
        delivery.settle(session, claimed, MailNotAnswered(None, "Timeout"))
    revoke()
    words = "Its invitation was revoked. Whether the last try was sent isn’t known."
    assert _ended(_mails()[0]) == ("cancelled", words)


def test_one_that_has_left_stays_as_it_is(admin: Actor) -> None:
    revoke = _invite(admin)
    (claimed,) = _claim()
    with db.transaction(SYSTEM) as session:
        delivery.settle(session, claimed, MailAccepted("re_1"))
    before = _mails()
    revoke()
    assert _mails() == before


def test_a_mail_is_either_claimed_or_called_off(admin: Actor) -> None:
    """At the same moment, by a worker and by an admin."""
    ends = set()
    for number in range(ROUNDS):
        to = f"ana{number}@example.com"
        revoke = _invite(admin, to)
        claimed = _at_once(_claim, revoke)[0]
        (mail,) = _mails(to)
        if [one.mail.to for one in claimed] == [to]:
            assert mail.status == MailStatus.SENDING and claimed[0].mail.text == mail.text != ""
        else:
            assert claimed == [] and _ended(mail)[0] == MailStatus.CANCELLED
        assert _claim() == []
        ends.add(mail.status)
    assert ends <= {MailStatus.SENDING, MailStatus.CANCELLED}


def test_no_mail_slips_out_with_an_invitation_that_is_revoked_as_it_is_sent(admin: Actor) -> None:
    for number in range(ROUNDS):
        to = f"ana{number}@example.com"
        revoke = _invite(admin, to)

        invite_id = _mails(to)[0].about_id
        assert invite_id is not None
        sent, _ = _at_once(partial(_send, admin, invite_id), revoke)
        assert [mail.status for mail in _mails(to)] == ["cancelled"] * (2 if sent else 1)


def _send(admin: Actor, invite_id: UUID) -> bool:
    try:
        with db.transaction(admin) as session:
            invites.send_invite(session, admin, invite_id)
    except Conflict:
        return False
    return True


def _at_once(*works: Callable[[], Any]) -> list[Any]:
    together = Barrier(len(works))

    def start(work: Callable[[], Any]) -> Any:
        together.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(start, works))


def _make_due() -> None:
    with db.transaction(SYSTEM) as session:
        session.execute(
            sa.update(OutgoingMail)
            .where(OutgoingMail.kind == MailKind.INVITATION)
            .values(next_attempt_at=utc_now() - timedelta(seconds=1))
        )
