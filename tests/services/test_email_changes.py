"""A new address for an account: asked for, confirmed once, refused where it can't be."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict, InvalidInput, NotFound, TooManyAttempts
from mbs_app.models import AuditEvent, EmailChange, OutgoingMail, PasswordResetToken, UserProfile
from mbs_app.services import email_changes
from tests.support.accounts import SYSTEM, actor_of, make_user

HERE = "https://sms.example.com"
NEW = "maya@new.example"


@pytest.fixture
def maya(database: str) -> Actor:
    with db.transaction(SYSTEM) as session:
        return actor_of(make_user(session))


def _ask(actor: Actor, new_email: str = NEW) -> None:
    with db.transaction(actor) as session:
        email_changes.ask(session, actor, new_email, address=HERE)


def _confirm(token: str) -> str:
    with db.transaction(SYSTEM) as session:
        return email_changes.confirm(session, token).email


def _mails() -> list[OutgoingMail]:
    with db.transaction(SYSTEM) as session:
        return list(session.exec(select(OutgoingMail).order_by(OutgoingMail.id)))


def _token(mail: OutgoingMail) -> str:
    return mail.text.partition("/confirm-email?token=")[2].split()[0]


@contextmanager
def _the_change() -> Iterator[EmailChange]:
    with db.transaction(SYSTEM) as session:
        change = session.exec(select(EmailChange)).one()
        yield change
        session.add(change)


def _email() -> str:
    with db.transaction(SYSTEM) as session:
        return session.exec(select(UserProfile.email)).first() or ""


def test_the_new_address_holds_once_its_link_is_clicked(maya: Actor) -> None:
    _ask(maya, "  Maya@New.example ")
    [mail] = _mails()
    assert (mail.to_email, mail.kind) == (NEW, "email_change")
    assert mail.expires_at is not None and mail.expires_at - utc_now() <= email_changes.LASTS
    assert _email() == "maya@example.com"
    assert _confirm(_token(mail)) == NEW == _email()
    told = _mails()[-1]
    assert (told.to_email, told.kind) == ("maya@example.com", "email_changed")
    with pytest.raises(NotFound):
        _confirm(_token(mail))
    with db.transaction(SYSTEM) as session:
        entries = session.exec(select(AuditEvent)).all()
        assert [one.action for one in entries] == ["email_change.ask", "email_change.confirm"]
        assert _token(mail) not in repr(entries) + repr(session.exec(select(EmailChange)).all())


def test_a_link_is_good_for_an_hour(maya: Actor) -> None:
    _ask(maya)
    with _the_change() as change:
        change.expires_at = utc_now() - timedelta(seconds=1)
    with pytest.raises(NotFound) as refused:
        _confirm(_token(_mails()[0]))
    assert "too old" in refused.value.message


def test_a_newer_link_ends_the_older_and_so_does_keeping_the_address(maya: Actor) -> None:
    _ask(maya)
    _ask(maya, "other@new.example")
    older, newer = map(_token, _mails())
    with pytest.raises(NotFound):
        _confirm(older)
    with db.transaction(maya) as session:
        assert email_changes.waiting(session, maya) == "other@new.example"
        email_changes.keep(session, maya)
        assert email_changes.waiting(session, maya) is None
    with pytest.raises(NotFound):
        _confirm(newer)
    assert _email() == "maya@example.com"


def test_who_asks_cannot_tell_whether_the_address_has_an_account(maya: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, "sam@example.com")
    _ask(maya, "sam@example.com")
    with db.transaction(maya) as session:
        assert email_changes.waiting(session, maya) == "sam@example.com"
    assert _mails() == []  # and Sam isn't bothered


def test_an_address_that_got_an_account_meanwhile_stays_its_own(maya: Actor) -> None:
    _ask(maya)
    with db.transaction(SYSTEM) as session:
        make_user(session, NEW)
    with pytest.raises(Conflict):
        _confirm(_token(_mails()[0]))
    assert _email() == "maya@example.com"
    assert [mail.kind for mail in _mails()] == ["email_change"]


def test_a_link_clicked_many_times_at_once_works_once(maya: Actor) -> None:
    _ask(maya)
    token = _token(_mails()[0])

    def click(_: int) -> bool:
        try:
            return _confirm(token) == NEW
        except NotFound:
            return False

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(click, range(8))) == 1
    assert [mail.kind for mail in _mails()] == ["email_change", "email_changed"]


@pytest.mark.parametrize("wrong", ["", "maya", "maya@example", "a b@c.de", "MAYA@example.com"])
def test_what_is_no_new_address_is_refused(maya: Actor, wrong: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        _ask(maya, wrong)
    assert set(refused.value.fields) == {"email"}


def test_nobody_is_flooded_with_mails(maya: Actor) -> None:
    for _ in range(email_changes.PER_ADDRESS):
        _ask(maya)
    with pytest.raises(TooManyAttempts):
        _ask(maya)
    for number in range(email_changes.PER_USER - email_changes.PER_ADDRESS):
        _ask(maya, f"{number}@new.example")
    with pytest.raises(TooManyAttempts):
        _ask(maya, "one-more@new.example")


def test_a_reset_sent_to_the_old_address_works_no_longer(maya: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        assert maya.user_id is not None
        session.add(
            PasswordResetToken(
                user_id=maya.user_id,
                email="maya@example.com",
                token_hash="r",
                expires_at=utc_now() + timedelta(minutes=30),
            )
        )
    _ask(maya)
    _confirm(_token(_mails()[0]))
    with db.transaction(SYSTEM) as session:
        assert session.exec(select(PasswordResetToken)).one().used_at is not None
