"""A forgotten password: the link asked for, what it does once, and when it is dead."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import InvalidInput, NotSignedIn, TooManyAttempts
from mbs_app.models import (
    ApiKey,
    AuditEvent,
    ExternalIdentity,
    OutgoingMail,
    Passkey,
    PasswordResetToken,
    UserProfile,
)
from mbs_app.services import devices, password_resets, program_tokens, sessions, sign_in
from mbs_app.services.devices import Visitor
from mbs_app.services.password_resets import DeadLink, asking
from mbs_app.services.passwords import hash_password, verify_password
from mbs_app.services.sign_in import password
from tests.support.accounts import PASSWORD, SYSTEM, make_user, may_guess
from tests.support.resets import mailed_tokens, reset_mails

MAYA = "maya@example.com"
NEW = "lamps in the evening rain"
HASHED = hash_password(NEW)
FIREFOX = Visitor(
    "203.0.113.9", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
)


def _ask(email: str = MAYA) -> None:
    with db.transaction(SYSTEM) as session:
        password_resets.ask(session, SYSTEM, email)


def _somebody(email: str = MAYA, **options: str) -> UserProfile:
    with db.transaction(SYSTEM) as session:
        return make_user(session, email, **options)


def _finish(token: str, hashed: str = HASHED, visitor: Visitor = FIREFOX) -> str:
    with db.transaction(SYSTEM) as session:
        return password_resets.finish(session, SYSTEM, token, hashed, visitor)


def _stored_hash(email: str = MAYA) -> str:
    with db.transaction(SYSTEM) as session:
        return session.exec(
            select(UserProfile.password_hash).where(UserProfile.email == email)
        ).one()


def _is_dead(token: str) -> bool:
    try:
        with db.transaction(SYSTEM) as session:
            password_resets.begin(session, SYSTEM, token)
    except DeadLink:
        return True
    return False


def test_a_link_from_the_mail_sets_a_new_password_once(database: str) -> None:
    _somebody()
    _ask("Maya@Example.com ")
    (token,) = mailed_tokens(MAYA)
    with db.transaction(SYSTEM) as session:
        link = password_resets.begin(session, SYSTEM, token)
        assert link.email == MAYA
        assert timedelta(minutes=29) < link.expires_at - utc_now() <= timedelta(minutes=30)
        assert token not in {row.token_hash for row in session.exec(select(PasswordResetToken))}
    _finish(token)
    assert verify_password(NEW, _stored_hash())
    assert not verify_password(PASSWORD, _stored_hash())
    with pytest.raises(DeadLink):
        _finish(token)


def test_the_mail_leaves_with_the_transaction_and_dies_with_its_link(database: str) -> None:
    _somebody()
    _ask()
    (mail,) = reset_mails(MAYA)
    assert mail.expires_at is not None
    assert timedelta(minutes=29) < mail.expires_at - utc_now() <= timedelta(minutes=30)
    with pytest.raises(ZeroDivisionError), db.transaction(SYSTEM) as session:
        password_resets.ask(session, SYSTEM, MAYA)
        _ = 1 / 0
    assert len(reset_mails(MAYA)) == 1


def test_everything_the_old_password_opened_ends_and_api_keys_stay(database: str) -> None:
    user, other = _somebody(), _somebody("ada@example.com")
    with db.transaction(SYSTEM) as session:
        browser, _ = sessions.start(session, user, keep=True)
        program = program_tokens.start(session, user, Visitor())
        others, _ = sessions.start(session, other, keep=True)
        session.add(ApiKey(user_id=user.id, name="Stock sync", key_hash="k"))
    _ask()
    _finish(mailed_tokens(MAYA)[0])
    with db.transaction(SYSTEM) as session:
        with pytest.raises(NotSignedIn):
            sessions.find_standing(session, browser)
        assert program_tokens.refresh(session, program.refresh_token) is None
        assert sessions.find_standing(session, others).actor.user_id == other.id
        assert session.exec(select(ApiKey)).one().revoked_at is None


def test_the_browser_that_used_the_link_is_the_only_known_one(database: str) -> None:
    user, other = _somebody(), _somebody("ada@example.com")
    with db.transaction(SYSTEM) as session:
        laptop = devices.remember(session, user, FIREFOX).token
        phone = devices.remember(session, user, Visitor()).token
        others = devices.remember(session, other, Visitor()).token
    _ask()
    fresh = _finish(mailed_tokens(MAYA)[0], visitor=FIREFOX._replace(device_token=laptop))
    with db.transaction(SYSTEM) as session:
        known = [one for one in (laptop, phone, fresh) if devices.is_known(session, MAYA, one)]
        assert known == [fresh] and fresh not in (laptop, phone)
        assert not devices.is_known(session, "ada@example.com", fresh)
        assert devices.is_known(session, "ada@example.com", others)


def test_its_owner_signs_in_after_a_reset_while_somebody_guesses(database: str) -> None:
    _somebody()
    _ask()
    fresh = _finish(mailed_tokens(MAYA)[0])
    for number in range(password.PER_ACCOUNT):
        assert may_guess(Visitor(f"192.0.2.{number}"))
    assert not may_guess(FIREFOX)
    assert may_guess(FIREFOX._replace(device_token=fresh))


def test_the_sign_in_after_a_reset_is_told_of_by_no_second_mail(database: str) -> None:
    user = _somebody()
    with db.transaction(SYSTEM) as session:
        sign_in.start_session(session, user, Visitor(), keep=False)
    _ask()
    fresh = _finish(mailed_tokens(MAYA)[0])
    for token, mails in ((fresh, 0), ("", 1)):
        with db.transaction(SYSTEM) as session:
            known = FIREFOX._replace(device_token=token)
            sign_in.start_session(session, session.merge(user), known, keep=False)
            told = session.exec(select(OutgoingMail).where(OutgoingMail.kind == "new_device"))
            assert len(told.all()) == mails


def test_the_person_is_told_and_the_log_names_them(database: str) -> None:
    user = _somebody()
    _ask()
    _finish(mailed_tokens(MAYA)[0])
    with db.transaction(SYSTEM) as session:
        told = session.exec(select(OutgoingMail).where(OutgoingMail.kind == "password_changed"))
        assert "Firefox on Linux" in told.one().text
        changed = session.get(UserProfile, user.id)
        assert changed is not None and changed.password_changed_at is not None
        events = session.exec(select(AuditEvent).order_by(AuditEvent.id)).all()
        assert [event.action for event in events] == ["password_reset.request", "password.reset"]
        assert {event.subject_id for event in events} == {str(user.id)}
        assert mailed_tokens(MAYA)[0] not in repr(events)


def test_passkeys_and_providers_stay_and_the_mail_names_them(database: str) -> None:
    user = _somebody()
    with db.transaction(SYSTEM) as session:
        for name in ("Laptop", "Phone"):
            session.add(Passkey(user_id=user.id, name=name, credential_id=name, public_key="YWRh"))
        session.add(ExternalIdentity(user_id=user.id, issuer="https://a.example/x", subject="1"))
        # Somebody else's, and one that holds no longer.
        other = make_user(session, "ada@example.com")
        session.add(ExternalIdentity(user_id=other.id, issuer="https://b.example", subject="1"))
        for key, revoked in (("k", None), ("l", utc_now())):
            session.add(ApiKey(user_id=user.id, name="Stock", key_hash=key, revoked_at=revoked))
    _ask()
    _finish(mailed_tokens(MAYA)[0])
    with db.transaction(SYSTEM) as session:
        told = session.exec(select(OutgoingMail).where(OutgoingMail.kind == "password_changed"))
        words = "2 passkeys, the sign-in through a.example, 1 API key"
        assert words in told.one().text
        assert len(session.exec(select(Passkey)).all()) == 2
        assert len(session.exec(select(ExternalIdentity)).all()) == 2


def test_a_newer_link_ends_an_older_one_once_it_is_used(database: str) -> None:
    _somebody()
    _ask()
    _ask()
    older, newer = mailed_tokens(MAYA)
    assert not _is_dead(older)
    _finish(newer)
    assert _is_dead(older)


def test_a_link_is_dead_when_its_time_is_over(database: str) -> None:
    _somebody()
    _ask()
    (token,) = mailed_tokens(MAYA)
    with db.transaction(SYSTEM) as session:
        row = session.exec(select(PasswordResetToken)).one()
        row.expires_at = utc_now() - timedelta(seconds=1)
    assert _is_dead(token)
    with pytest.raises(DeadLink):
        _finish(token)
    assert verify_password(PASSWORD, _stored_hash())


@pytest.mark.parametrize(
    "change", [{"email": "other@example.com"}, {"status": "suspended"}, {"status": "rejected"}]
)
def test_a_link_holds_for_the_account_as_it_was(database: str, change: dict[str, str]) -> None:
    user = _somebody()
    _ask()
    (token,) = mailed_tokens(MAYA)
    with db.transaction(SYSTEM) as session:
        session.merge(UserProfile(**{**user.model_dump(), **change}))
    assert _is_dead(token)


def test_nonsense_is_a_dead_link(database: str) -> None:
    for token in ("", "x", "ü" * 100):
        assert _is_dead(token)


@pytest.mark.parametrize(("status", "mails"), [("pending", 1), ("suspended", 0), ("rejected", 0)])
def test_who_may_not_sign_in_gets_no_link_but_who_waits_does(
    database: str, status: str, mails: int
) -> None:
    _somebody(status=status)
    _ask()
    assert len(reset_mails(MAYA)) == mails


def test_who_has_no_password_yet_sets_one(database: str) -> None:
    user = _somebody()
    with db.transaction(SYSTEM) as session:
        session.merge(UserProfile(**{**user.model_dump(), "password_hash": ""}))
    _ask()
    _finish(mailed_tokens(MAYA)[0])
    assert verify_password(NEW, _stored_hash())


def test_an_unknown_address_gets_the_same_answer_and_no_mail(database: str) -> None:
    _ask("nobody@example.com")
    with db.transaction(SYSTEM) as session:
        assert session.exec(select(OutgoingMail)).all() == []
    with pytest.raises(InvalidInput) as refused:
        _ask("not an address")
    assert "email" in refused.value.fields


def test_a_flood_for_one_mailbox_sends_few_mails_and_is_not_told(database: str) -> None:
    _somebody()
    for _ in range(asking.PER_MAILBOX + 4):
        _ask()
    assert len(reset_mails(MAYA)) == asking.PER_MAILBOX


def test_one_address_cannot_ask_for_everybody(database: str) -> None:
    for number in range(asking.PER_ADDRESS):
        _ask(f"person{number}@example.com")
    with pytest.raises(TooManyAttempts):
        _ask("one-more@example.com")


def test_used_50_times_at_once_a_link_works_once(database: str) -> None:
    _somebody()
    _ask()
    (token,) = mailed_tokens(MAYA)
    hashes = [f"hash-{number}" for number in range(50)]

    def finish(hashed: str) -> str | None:
        try:
            _finish(token, hashed)
        except DeadLink:
            return None
        return hashed

    with ThreadPoolExecutor(50) as threads:
        done = [hashed for hashed in threads.map(finish, hashes) if hashed]
    assert done == [_stored_hash()]
    with db.transaction(SYSTEM) as session:
        told = session.exec(select(OutgoingMail).where(OutgoingMail.kind == "password_changed"))
        assert len(told.all()) == 1


def test_of_two_links_used_at_once_one_works(database: str) -> None:
    """Each ends the other: neither may wait for the other for ever."""
    for number in range(5):
        email = f"maya{number}@example.com"
        _somebody(email)
        _ask(email)
        _ask(email)

        def finish(token: str) -> bool:
            try:
                _finish(token)
            except DeadLink:
                return False
            return True

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(finish, mailed_tokens(email))) == [False, True]
