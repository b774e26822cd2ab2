"""The outbox: which mails are taken, and what each answer makes of them."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from mbs_app import db
from mbs_app.delivery import mails as delivery
from mbs_app.delivery import signals
from mbs_app.delivery.mails import ClaimedMail
from mbs_app.delivery.pace import Pace
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import MailKind, MailStatus, SuppressionReason
from mbs_app.models import OutgoingMail
from mbs_app.providers.base import (
    MailAccepted,
    MailNotAnswered,
    MailOutcome,
    MailRejected,
    MailSenderRefused,
    MailTakenBefore,
)
from mbs_app.services import mails
from tests.providers.talking import run
from tests.support.accounts import SYSTEM

PACE = Pace()
NOT_ANSWERED = MailNotAnswered(None, "Timeout")
REFUSED = MailSenderRefused("invalid_api_key", "API key is invalid", "Make a new key.")


def queue(to: str = "ann@example.com", *, expires_at: datetime | None = None) -> UUID:
    with db.transaction(SYSTEM) as session:
        mail = mails.queue(
            session,
            MailKind.APPROVED,
            to,
            expires_at=expires_at,
            name="Ann",
            link="http://localhost:8000/signin",
        )
        return mail.id


def claim(limit: int = 10) -> list[ClaimedMail]:
    with db.transaction(SYSTEM) as session:
        return list(delivery.claim(session, limit, PACE))


def settle(claimed: ClaimedMail, outcome: MailOutcome) -> None:
    with db.transaction(SYSTEM) as session:
        delivery.settle(session, claimed, outcome)


def load(mail_id: UUID) -> OutgoingMail:
    with db.transaction(SYSTEM, read_only=True) as session:
        return session.exec(select(OutgoingMail).where(OutgoingMail.id == mail_id)).one()


def change(mail_id: UUID, **values: Any) -> None:
    with db.transaction(SYSTEM) as session:
        session.execute(
            sa.update(OutgoingMail).where(col(OutgoingMail.id) == mail_id).values(values)
        )


def make_due(mail_id: UUID) -> None:
    change(mail_id, next_attempt_at=utc_now() - timedelta(seconds=1))


def try_once(mail_id: UUID, outcome: MailOutcome) -> ClaimedMail:
    make_due(mail_id)
    (claimed,) = claim()
    settle(claimed, outcome)
    return claimed


# Into the outbox -------------------------------------------------------------------------------------


def test_a_mail_belongs_to_the_transaction_of_what_it_tells_of(database: str) -> None:
    with pytest.raises(RuntimeError), db.transaction(SYSTEM) as session:
        mails.queue(session, MailKind.APPROVED, "ann@example.com", name="Ann", link="http://x")
        session.flush()
        raise RuntimeError
    assert claim() == []


def test_the_bell_rings_once_the_mail_is_committed_and_not_before(database: str) -> None:
    def write(fail: bool) -> None:
        with db.transaction(SYSTEM) as session:
            mails.queue(session, MailKind.APPROVED, "ann@example.com", name="Ann", link="http://x")
            session.flush()
            if fail:
                raise RuntimeError

    async def main() -> tuple[Any, Any]:
        with signals.mails.listening() as bell:
            with pytest.raises(RuntimeError):
                await asyncio.to_thread(write, True)
            silent = await bell.wait(0.1)
            await asyncio.to_thread(write, False)
            return silent, await bell.wait(5)

    silent, rung = run(main())
    assert silent is None
    assert rung is not None


# Claims ----------------------------------------------------------------------------------------------


def test_a_mail_is_taken_once_and_again_when_its_lease_has_run_out(database: str) -> None:
    mail_id = queue()
    (first,) = claim()
    assert (first.id, first.attempt, claim()) == (mail_id, 1, [])
    assert load(mail_id).status == MailStatus.SENDING
    make_due(mail_id)  # as after a worker's end, a minute later
    (second,) = claim()
    assert second.attempt == 2
    assert second.mail == first.mail
    assert second.mail.idempotency_key == str(mail_id)
    assert second.mail.tags == {mails.TAG: str(mail_id)}


def test_workers_share_the_outbox(database: str) -> None:
    expected = {queue(f"p{nth}@example.com") for nth in range(30)}
    with ThreadPoolExecutor(6) as pool:
        taken = [one.id for part in pool.map(lambda _: claim(5), range(12)) for one in part]
    assert len(taken) == len(set(taken))
    taken += [one.id for one in claim(30)]
    assert sorted(taken) == sorted(expected)


def test_a_mail_whose_link_is_dead_is_not_sent(database: str) -> None:
    dead = queue(expires_at=utc_now() - timedelta(seconds=1))
    living = queue(expires_at=utc_now() + timedelta(minutes=5))
    assert [one.id for one in claim()] == [living]
    mail = load(dead)
    assert (mail.status, mail.attempts, mail.problem) == (MailStatus.EXPIRED, 0, delivery.EXPIRED)
    assert (mail.subject, mail.html, mail.text) == ("", "", "")


def test_a_link_that_dies_between_two_tries_ends_the_mail_in_doubt(database: str) -> None:
    mail_id = queue(expires_at=utc_now() + timedelta(minutes=5))
    try_once(mail_id, NOT_ANSWERED)
    change(mail_id, expires_at=utc_now() - timedelta(seconds=1))
    make_due(mail_id)
    assert claim() == []
    assert (load(mail_id).status, load(mail_id).problem) == (
        MailStatus.EXPIRED,
        delivery.EXPIRED_IN_DOUBT,
    )


@pytest.mark.parametrize(
    "reason",
    [SuppressionReason.BOUNCED, SuppressionReason.COMPLAINED, SuppressionReason.RECORDED],
)
def test_an_address_that_is_set_aside_gets_none_until_it_is_released(
    database: str, reason: SuppressionReason
) -> None:
    with db.transaction(SYSTEM) as session:
        mails.set_aside(session, SYSTEM, "Ann@example.com", reason)
    held, other = queue("ANN@example.com"), queue("ben@example.com")
    assert [one.id for one in claim()] == [other]
    mail = load(held)
    assert (mail.status, mail.problem) == (MailStatus.FAILED, mails.why_set_aside(reason))
    with db.transaction(SYSTEM) as session:
        (held_aside,) = mails.list_set_aside(session, SYSTEM)
        mails.release(session, SYSTEM, held_aside.id)
    again = queue("ANN@example.com")
    assert [one.id for one in claim()] == [again]


# Answers ---------------------------------------------------------------------------------------------


def test_an_accepted_mail_keeps_nothing_of_what_it_said(database: str) -> None:
    mail_id = queue()
    try_once(mail_id, MailAccepted("re_1"))
    mail = load(mail_id)
    assert (mail.status, mail.provider_id, mail.problem) == (MailStatus.SENT, "re_1", "")
    assert (mail.subject, mail.html, mail.text) == ("", "", "")
    assert mail.sent_at is not None
    make_due(mail_id)
    assert claim() == []


def test_an_unanswered_mail_is_tried_again_at_growing_times_unchanged(database: str) -> None:
    mail_id = queue()
    waits, tries = [], []
    for _ in range(12):
        tries.append(try_once(mail_id, NOT_ANSWERED).mail)
        mail = load(mail_id)
        assert (mail.status, mail.problem) == (MailStatus.PENDING, NOT_ANSWERED.words)
        waits.append((mail.next_attempt_at - utc_now()).total_seconds())
    assert all(one == tries[0] for one in tries)
    assert waits[0] < 3
    assert waits[4] > 10
    assert 400 < waits[-1] <= 15 * 60 + 1
    assert load(mail_id).doubt_since is not None


def test_what_the_service_asks_to_wait_is_waited(database: str) -> None:
    mail_id = queue()
    try_once(mail_id, MailNotAnswered(120.0, "Too many requests."))
    assert (load(mail_id).next_attempt_at - utc_now()).total_seconds() > 118


def test_a_mail_is_given_up_before_its_key_is_forgotten(database: str) -> None:
    mail_id = queue()
    try_once(mail_id, NOT_ANSWERED)
    change(mail_id, doubt_since=utc_now() - timedelta(hours=22, minutes=50))
    try_once(mail_id, NOT_ANSWERED)
    change(mail_id, doubt_since=utc_now() - timedelta(hours=23, minutes=1))
    make_due(mail_id)
    assert claim() == []
    mail = load(mail_id)
    assert (mail.status, mail.problem) == (MailStatus.FAILED, delivery.NOT_ANSWERED_IN_TIME)
    assert mail.html == ""


def test_a_mail_that_was_never_tried_is_not_given_up_however_old_it_is(database: str) -> None:
    mail_id = queue()
    change(mail_id, created_at=utc_now() - timedelta(days=30))
    assert [one.id for one in claim()] == [mail_id]


def test_while_the_sender_is_refused_mails_wait_and_say_why(database: str) -> None:
    mail_id = queue()
    try_once(mail_id, REFUSED)
    mail = load(mail_id)
    assert (mail.status, mail.problem) == (MailStatus.PENDING, "Make a new key.")
    assert mail.doubt_since is None  # certainly not taken: its key isn't used up
    assert (mail.next_attempt_at - utc_now()).total_seconds() > 20
    change(mail_id, created_at=utc_now() - timedelta(days=6))
    try_once(mail_id, REFUSED)
    assert load(mail_id).html
    change(mail_id, created_at=utc_now() - timedelta(days=8))
    make_due(mail_id)
    assert claim() == []
    assert (load(mail_id).status, load(mail_id).problem) == (MailStatus.FAILED, "Make a new key.")


def test_a_refusal_takes_no_earlier_doubt_away(database: str) -> None:
    mail_id = queue()
    try_once(mail_id, NOT_ANSWERED)
    try_once(mail_id, REFUSED)
    assert load(mail_id).doubt_since is not None


def test_a_rejected_mail_ends_with_the_services_words(database: str) -> None:
    mail_id = queue()
    try_once(mail_id, MailRejected("validation_error", "Invalid `to` field.", "Refused."))
    mail = load(mail_id)
    assert (mail.status, mail.problem) == (
        MailStatus.FAILED,
        "Refused. It said: Invalid `to` field.",
    )
    assert mail.html == ""


def test_a_mail_taken_with_other_content_before_is_out_and_says_so(database: str) -> None:
    mail_id = queue()
    try_once(mail_id, MailTakenBefore())
    mail = load(mail_id)
    assert (mail.status, mail.problem) == (MailStatus.SENT, MailTakenBefore.words)


# In the wrong order ----------------------------------------------------------------------------------


def test_an_answer_that_comes_after_the_lease_counts_when_it_says_accepted(database: str) -> None:
    mail_id = queue()
    (slow,) = claim()
    make_due(mail_id)
    (quick,) = claim()
    settle(slow, MailAccepted("re_1"))
    settle(quick, NOT_ANSWERED)
    settle(quick, MailAccepted("re_1"))
    mail = load(mail_id)
    assert (mail.status, mail.provider_id) == (MailStatus.SENT, "re_1")


@pytest.mark.parametrize("outcome", [NOT_ANSWERED, REFUSED, MailRejected("x", "y", "z")])
def test_another_answer_that_comes_after_the_lease_changes_nothing(
    database: str, outcome: MailOutcome
) -> None:
    mail_id = queue()
    (slow,) = claim()
    make_due(mail_id)
    claim()
    settle(slow, outcome)
    assert (load(mail_id).status, load(mail_id).attempts) == (MailStatus.SENDING, 2)


def test_a_mail_given_up_in_doubt_is_sent_when_its_answer_comes_after_all(database: str) -> None:
    mail_id = queue()
    (slow,) = claim()
    change(mail_id, doubt_since=utc_now() - timedelta(days=1))
    make_due(mail_id)
    claim()
    assert load(mail_id).status == MailStatus.FAILED
    settle(slow, MailAccepted("re_1"))
    assert (load(mail_id).status, load(mail_id).problem) == (MailStatus.SENT, "")


def test_a_mail_that_is_gone_holds_nothing_up(database: str) -> None:
    mail_id = queue()
    (claimed,) = claim()
    with db.transaction(SYSTEM) as session:
        session.execute(sa.delete(OutgoingMail).where(col(OutgoingMail.id) == mail_id))
    settle(claimed, MailAccepted("re_1"))  # raises nothing
    following = queue()
    (next_one,) = claim()
    settle(next_one, MailAccepted("re_2"))
    assert load(following).status == MailStatus.SENT
    with db.transaction(SYSTEM, read_only=True) as session:
        assert session.get(OutgoingMail, mail_id) is None
