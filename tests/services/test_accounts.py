"""Accounts: the first admin, signing in, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotSignedIn,
)
from mbs_app.models import CampaignTemplate, UserProfile, UserSession
from mbs_app.services import accounts, passwords, sessions, sign_in, workspace
from mbs_app.services.devices import Visitor
from tests.support.accounts import PASSWORD, SYSTEM, actor_of, make_user

ASKED = {
    "workspace_name": "Lakeline Plaza",
    "name": "Maya Okafor",
    "email": "Maya@Lakeline.example",
    "time_zone": "America/Chicago",
}
TYPED = {**ASKED, "password": PASSWORD}
FORM = {**ASKED, "password_hash": "hashed", "default_region": "US"}


def _token(link: str | None) -> str:
    assert link is not None
    return link.partition("token=")[2]


def test_the_one_time_link_makes_the_first_admin_once(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        token = _token(workspace.first_admin_link(session, "http://localhost:8000"))
    with db.transaction(SYSTEM) as session:
        admin = workspace.set_up(session, SYSTEM, token, **FORM)
        assert (admin.role, admin.status, admin.email) == (
            "admin",
            "approved",
            "maya@lakeline.example",
        )
    with pytest.raises(NotAllowed), db.transaction(SYSTEM) as session:
        workspace.set_up(session, SYSTEM, token, **{**FORM, "email": "eve@example.com"})
    with db.transaction(SYSTEM) as session:
        assert workspace.first_admin_link(session, "http://localhost:8000") is None
        assert len(session.exec(select(UserProfile)).all()) == 1
        assert len(session.exec(select(CampaignTemplate)).all()) >= 5
        with pytest.raises(NotAllowed):
            workspace.check_set_up(session, SYSTEM, token, **TYPED)


def test_a_newer_link_ends_the_older_one(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        older = _token(workspace.first_admin_link(session, "http://localhost:8000"))
        workspace.first_admin_link(session, "http://localhost:8000")
    with pytest.raises(NotAllowed), db.transaction(SYSTEM) as session:
        workspace.set_up(session, SYSTEM, older, **FORM)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "lakeline-plaza-2026"}, "password"),
        ({"email": "maya"}, "email"),
        ({"name": " "}, "name"),
        ({"workspace_name": " "}, "workspace_name"),
        ({"time_zone": "Texas"}, "time_zone"),
    ],
)
def test_a_refused_field_leaves_the_link_usable(
    database: str, typed: dict[str, str], field: str
) -> None:
    with db.transaction(SYSTEM) as session:
        token = _token(workspace.first_admin_link(session, "http://localhost:8000"))
    with db.transaction(SYSTEM, read_only=True) as session:
        with pytest.raises(InvalidInput) as refused:
            workspace.check_set_up(session, SYSTEM, token, **{**TYPED, **typed})
        assert list(refused.value.fields) == [field]
        workspace.check_set_up(session, SYSTEM, token, **TYPED)
    with db.transaction(SYSTEM) as session:
        workspace.set_up(session, SYSTEM, token, **FORM)


def test_all_that_needs_mending_is_said_at_once(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        token = _token(workspace.first_admin_link(session, "http://localhost:8000"))
    empty = {"workspace_name": "", "name": "", "email": "", "password": ""}
    with db.transaction(SYSTEM, read_only=True) as session, pytest.raises(InvalidInput) as refused:
        workspace.check_set_up(session, SYSTEM, token, **{**TYPED, **empty})
    assert refused.value.fields.keys() == empty.keys()


@pytest.mark.parametrize("password", ["aaaaaaaaaaaaaaa", "maya.okafor-2026", "x" * 129])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(InvalidInput):
        passwords.check_new_password(password, name="Maya Okafor", email="maya@example.com")


def test_an_address_has_one_account(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, "maya@example.com")
    other = {"email": "MAYA@example.com", "name": "Maya"}
    with db.transaction(SYSTEM) as session:
        with pytest.raises(Conflict):
            accounts.check_new_user(session, **other, password=PASSWORD)
        with pytest.raises(Conflict):
            accounts.create_user(session, SYSTEM, **other, password_hash="hashed")


def test_a_session_leads_back_to_its_user_until_it_is_ended(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        user = make_user(session)
        signed_in = sign_in.start_session(session, user, Visitor(), keep=False)
    with db.transaction(SYSTEM) as session:
        actor = sessions.find_actor(session, signed_in.token)
        assert actor.user_id == user.id
        assert signed_in.token not in {row.token_hash for row in session.exec(select(UserSession))}
        sign_in.sign_out(session, actor, signed_in.token)
        with pytest.raises(NotSignedIn):
            sessions.find_actor(session, signed_in.token)


def test_an_expired_session_is_nobodys(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        signed_in = sign_in.start_session(session, make_user(session), Visitor(), keep=True)
        row = session.exec(select(UserSession)).one()
        row.expires_at = utc_now() - timedelta(seconds=1)
        session.add(row)
        session.flush()
        with pytest.raises(NotSignedIn):
            sessions.find_actor(session, signed_in.token)


@pytest.mark.parametrize("status", ["pending", "rejected", "suspended"])
def test_an_account_that_is_not_approved_has_a_session_but_may_do_nothing(
    database: str, status: str
) -> None:
    with db.transaction(SYSTEM) as session:
        signed_in = sign_in.start_session(
            session, make_user(session, status=status), Visitor(), keep=False
        )
        with pytest.raises(NotAllowed):
            sessions.find_actor(session, signed_in.token)


def test_a_user_changes_their_own_profile(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        actor = actor_of(make_user(session))
    with db.transaction(actor) as session:
        accounts.change_profile(session, actor, phone="(512) 555-0196", time_zone="Europe/Berlin")
    with db.transaction(actor) as session:
        user = accounts.my_profile(session, actor)
        assert (user.phone, user.time_zone) == ("+15125550196", "Europe/Berlin")
        with pytest.raises(InvalidInput):
            accounts.change_profile(session, actor, time_zone="Mars/Olympus")


def test_only_an_admin_renames_the_business(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        user, admin = make_user(session), make_user(session, "ada@example.com", role="admin")
    with pytest.raises(NotAllowed), db.transaction(actor_of(user)) as session:
        workspace.rename(session, actor_of(user), name="Mine", tagline="")
    with db.transaction(actor_of(admin)) as session:
        assert workspace.rename(session, actor_of(admin), name="Plaza", tagline="").name == "Plaza"


@pytest.mark.parametrize(
    "email",
    [
        "maya\u200b@example.com",  # looks like another's
        "maya\u202eayam@example.com",
        "maya\x01@example.com",
        "<maya@example.com>",
        "ana,maya@example.com",
        'x<"maya@example.com',
        "maya@example..com",
        "maya@example",
    ],
)
def test_an_address_that_reads_or_is_sent_otherwise_than_it_is_kept_is_refused(email: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.clean_email(email)


@pytest.mark.parametrize(
    "email", ["o'brien+shop@example.co.uk", "jürgen@münchen.example", "a-b_c.d@x.io"]
)
def test_unusual_addresses_are_taken(email: str) -> None:
    assert accounts.clean_email(f" {email.upper()} ") == email


def test_a_name_can_not_turn_the_words_around_it() -> None:
    assert accounts.clean_name(" Ana\u202e \x1b Ruiz\u2069 ") == "Ana Ruiz"
