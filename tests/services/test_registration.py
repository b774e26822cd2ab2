"""Joining with an invite code: who gets in, how often, and what nobody is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import func, select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import InvalidInput, MbsError, TooManyAttempts
from mbs_app.domain.vocabulary import MailKind
from mbs_app.models import AuditEvent, CampaignTemplate, InviteCode, OutgoingMail, UserProfile
from mbs_app.services import invites, registration, workspace
from mbs_app.services.registration import Form
from tests.support.accounts import PASSWORD, SYSTEM, make_user
from tests.support.invites import make_admin, make_invite

HASH = "$argon2id$made-up"


@pytest.fixture
def admin(database: str) -> Actor:
    return make_admin()


def _form(code: str, email: str = "ana@example.com", name: str = "Ana Ruiz") -> Form:
    return Form(code, email.lower(), name, "Europe/Berlin")


def _join(form: Form, ip: str = "203.0.113.7") -> None:
    """As the edge does it, without the hash."""
    actor = Actor.system("registration", ip)
    with db.transaction(actor) as session:
        refusal = registration.begin(session, actor, form)
    if refusal is not None:
        raise refusal
    with db.transaction(actor) as session:
        registration.finish(session, actor, form, HASH)


def _users() -> int:
    with db.transaction(SYSTEM, read_only=True) as session:
        return session.exec(select(func.count()).select_from(UserProfile)).one()


def test_a_code_makes_an_account_that_waits(admin: Actor) -> None:
    invite = make_invite(admin, role="admin", note="Front desk")
    _join(_form(invite.code.lower().replace("-", " "), "Ana@Example.com"))
    with db.transaction(SYSTEM, read_only=True) as session:
        user = session.exec(select(UserProfile).where(UserProfile.email == "ana@example.com")).one()
        assert (user.status, user.role, user.approved_at) == ("pending", "admin", None)
        assert (user.invited_by, user.invite_code) == (admin.user_id, invite.code)
        assert (user.time_zone, user.password_hash) == ("Europe/Berlin", HASH)
        own = select(func.count()).where(CampaignTemplate.user_id == user.id)
        assert session.exec(own).one() >= 5
        assert session.exec(select(InviteCode.uses)).one() == 1
        joined = session.exec(select(AuditEvent).where(AuditEvent.action == "account.join")).one()
        assert (joined.actor_id, joined.subject_id) == (user.id, str(user.id))
        assert joined.details["invite"] == str(invite.id) and joined.ip == "203.0.113.7"
        assert invite.code not in repr(joined.details)


def _used_up(admin: Actor) -> str:
    invite = make_invite(admin)
    _join(_form(invite.code, "first@example.com"))
    return invite.code


def _expired(admin: Actor) -> str:
    invite = make_invite(admin)
    with db.transaction(SYSTEM) as session:
        session.get_one(InviteCode, invite.id).expires_at = utc_now() - timedelta(seconds=1)
    return invite.code


def _revoked(admin: Actor) -> str:
    invite = make_invite(admin)
    with db.transaction(admin) as session:
        invites.revoke_invite(session, admin, invite.id)
    return invite.code


@pytest.mark.parametrize(
    ("code_of", "says"),
    [
        (lambda admin: "LAKE-7QF2-M9KD", "doesn’t work"),
        (lambda admin: "not a code", "doesn’t work"),
        (_used_up, "as often as it may be"),
        (_expired, "has expired"),
        (_revoked, "was taken back"),
    ],
)
def test_a_code_that_does_not_work_lets_nobody_in_and_says_why(
    admin: Actor, code_of: Callable[[Actor], str], says: str
) -> None:
    form = _form(code_of(admin))
    before = _users()
    with pytest.raises(InvalidInput) as refused:
        _join(form)
    assert says in refused.value.fields["code"]
    # Also where it stopped working between the look and the use.
    with pytest.raises(InvalidInput) as refused, db.transaction(SYSTEM) as session:
        registration.finish(session, SYSTEM, form, HASH)
    assert says in refused.value.fields["code"]
    assert _users() == before


@pytest.mark.parametrize(
    ("tied_to", "works", "fails"),
    [
        ("ana@example.com", "Ana@Example.com", "bob@example.com"),
        ("@example.com", "bob@example.com", "bob@sub.example.com"),
        ("@example.com", "ana@EXAMPLE.com", "ana@notexample.com"),
    ],
)
def test_a_code_for_an_address_works_for_that_address_only(
    admin: Actor, tied_to: str, works: str, fails: str
) -> None:
    invite = make_invite(admin, email=tied_to)
    with pytest.raises(InvalidInput) as refused:
        _join(_form(invite.code, fails))
    assert list(refused.value.fields) == ["email"]
    with pytest.raises(InvalidInput), db.transaction(SYSTEM) as session:
        registration.finish(session, SYSTEM, _form(invite.code, fails), HASH)
    _join(_form(invite.code, works))
    assert _users() == 2


def _at_once(forms: list[Form]) -> list[str]:
    """Every form finished by a thread of its own, all let go together: the code of each one's error, or ""."""
    start = threading.Barrier(len(forms))

    def finish(form: Form) -> str:
        start.wait()
        try:
            with db.transaction(SYSTEM) as session:
                registration.finish(session, SYSTEM, form, HASH)
        except MbsError as error:
            return error.code
        return ""

    with ThreadPoolExecutor(len(forms)) as threads:
        return list(threads.map(finish, forms))


@pytest.mark.parametrize("uses", [1, 7])
def test_a_code_raced_by_a_hundred_makes_as_many_users_as_it_has_uses(
    admin: Actor, uses: int
) -> None:
    code = make_invite(admin, max_uses=uses).code
    answers = _at_once([_form(code, f"racer-{n}@example.com") for n in range(100)])
    assert answers.count("") == uses and answers.count("invalid-input") == 100 - uses
    assert _users() == 1 + uses
    with db.transaction(SYSTEM, read_only=True) as session:
        assert session.exec(select(InviteCode.uses)).one() == uses


def test_one_address_raced_by_many_gets_one_account(admin: Actor) -> None:
    code = make_invite(admin, max_uses=100).code
    assert set(_at_once([_form(code) for _ in range(20)])) == {""}
    assert _users() == 2


def test_an_address_with_an_account_is_answered_as_any_other_and_its_owner_is_told(
    admin: Actor,
) -> None:
    with db.transaction(SYSTEM) as session:
        owner = make_user(session, "ana@example.com", name="Ana Ruiz")
        before = owner.model_dump()
    invite = make_invite(admin, max_uses=2)
    _join(_form(invite.code, name="Eve"))
    with db.transaction(SYSTEM, read_only=True) as session:
        stored = session.exec(select(UserProfile).where(UserProfile.id == owner.id)).one()
        assert stored.model_dump() == before
        # What is left of the code must not tell either.
        assert session.exec(select(InviteCode.uses)).one() == 1
        mail = session.exec(select(OutgoingMail)).one()
        assert (mail.kind, mail.to_email) == (MailKind.ALREADY_JOINED, "ana@example.com")
        tried = select(AuditEvent).where(AuditEvent.action == "account.join_again")
        assert session.exec(tried).one().subject_id == str(owner.id)


def test_guesses_of_codes_are_slowed_and_right_ones_are_not_counted(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "PER_ADDRESS", 3)
    code = make_invite(admin, max_uses=10).code
    for n in range(5):
        _join(_form(code, f"one-{n}@example.com"))
    for _ in range(3):
        with pytest.raises(InvalidInput):
            _join(_form("LAKE-0000-0000"))
    with pytest.raises(TooManyAttempts):
        _join(_form(code, "late@example.com"))
    _join(_form(code, "late@example.com"), ip="198.51.100.9")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"email": "nobody"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "ana ruiz ana ruiz"}, "password"),
        ({"password": "at lakeline plaza now"}, "password"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"code": " "}, "code"),
    ],
)
def test_each_field_that_can_not_be_taken_says_so(
    database: str, wrong: dict[str, Any], field: str
) -> None:
    with db.transaction(SYSTEM) as session:
        workspace.get_workspace(session).name = "Lakeline Plaza"
    good = {
        "code": "LAKE-7QF2-M9KD",
        "email": "ana@example.com",
        "name": "Ana Ruiz",
        "password": PASSWORD,
        "time_zone": "America/Chicago",
    }
    with db.transaction(SYSTEM) as session:
        kept = registration.clean(session, SYSTEM, **{**good, "email": " Ana@Example.com "})
        assert kept == Form("LAKE-7QF2-M9KD", "ana@example.com", "Ana Ruiz", "America/Chicago")
    with pytest.raises(InvalidInput) as refused, db.transaction(SYSTEM) as session:
        registration.clean(session, SYSTEM, **{**good, **wrong})
    assert list(refused.value.fields) == [field]
