"""Accounts that an OpenID provider signs in."""

from __future__ import annotations

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import Conflict, NotFound
from mbs_app.models import ExternalIdentity, Passkey, UserProfile
from mbs_app.providers.openid import Claims
from mbs_app.services import external_identities as identities
from mbs_app.services import sessions
from mbs_app.services.devices import Visitor
from mbs_app.services.second_factor import passkeys
from tests.support.accounts import SYSTEM, make_user

BROWSER = Visitor(ip="203.0.113.7", user_agent="Mozilla/5.0")
ANA = Claims("https://login.example.com", "ana-1", "ana@example.com", "Ana", False)


def test_an_address_alone_leads_to_no_account(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, "ana@example.com")
        assert identities.find_user(session, ANA) is None


def test_a_connected_account_is_found_by_the_providers_own_name_for_it(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        user = make_user(session, "maya@example.com")
        identities.connect(session, SYSTEM, user, ANA)
    moved = ANA.__class__(ANA.issuer, ANA.subject, "new@example.com", "Ana", False)
    with db.transaction(SYSTEM) as session:
        found = identities.find_user(session, moved)
        assert found is not None
        assert found.id == user.id
        elsewhere = Claims("https://other.example", ANA.subject, ANA.email, "", False)
        assert identities.find_user(session, elsewhere) is None
    with db.transaction(SYSTEM) as session:
        assert session.exec(select(ExternalIdentity.email)).one() == "new@example.com"


def test_one_of_the_providers_users_signs_in_to_one_account(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        first, second = make_user(session, "a@example.com"), make_user(session, "b@example.com")
        kept = identities.connect(session, SYSTEM, first, ANA)
        assert identities.connect(session, SYSTEM, first, ANA).id == kept.id
        with pytest.raises(Conflict):
            identities.connect(session, SYSTEM, second, ANA)


def test_the_only_way_in_cannot_be_taken_away(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        user = UserProfile(email="ana@example.com", name="Ana", status="approved")
        session.add(user)
        session.flush()
        identity = identities.connect(session, SYSTEM, user, ANA)
    ana = _signed_in(user)
    with pytest.raises(Conflict, match="only way"), db.transaction(ana) as session:
        identities.disconnect(session, ana, identity.id, BROWSER)
    with db.transaction(SYSTEM) as session:
        stored = session.get(UserProfile, user.id)
        assert stored is not None
        stored.password_hash = "a hash"
        session.add(stored)
    with db.transaction(ana) as session:
        identities.disconnect(session, ana, identity.id, BROWSER)
    with db.transaction(ana) as session:
        assert identities.list_identities(session, ana) == []


def test_nor_can_the_last_passkey_of_who_has_nothing_else(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        user = UserProfile(email="ana@example.com", name="Ana", status="approved")
        session.add(user)
        session.flush()
        identity = identities.connect(session, SYSTEM, user, ANA)
        passkey = Passkey(user_id=user.id, name="Phone", credential_id="one", public_key="key")
        session.add(passkey)
    with db.transaction(SYSTEM) as session:
        token, _ = sessions.start(session, user, keep=False, with_second_factor=True)
    with db.transaction(SYSTEM) as session:
        ana = sessions.find_actor(session, token)
    with db.transaction(ana) as session:
        identities.disconnect(session, ana, identity.id, BROWSER)
    with pytest.raises(Conflict, match="only way"), db.transaction(ana) as session:
        passkeys.remove(session, ana, passkey.id, BROWSER)
    with db.transaction(ana) as session:
        assert len(passkeys.list_passkeys(session, ana)) == 1


def test_nobody_takes_away_another_persons_connection(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        identity = identities.connect(session, SYSTEM, make_user(session), ANA)
        bob_row = make_user(session, "bob@example.com")
    bob = _signed_in(bob_row)
    with pytest.raises(NotFound), db.transaction(bob) as session:
        identities.disconnect(session, bob, identity.id, BROWSER)


def _signed_in(user: UserProfile) -> Actor:
    """Whose session is young enough to change what guards the account."""
    with db.transaction(SYSTEM) as session:
        token, _ = sessions.start(session, user, keep=False)
    with db.transaction(SYSTEM) as session:
        return sessions.find_actor(session, token)
