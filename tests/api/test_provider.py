"""Signing in through a real OpenID provider, over HTTP, as a browser does."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from mbs_app import db, secret_key
from mbs_app.api.app import create_api
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import Role
from mbs_app.models import Authenticator, ExternalIdentity, InviteCode, OutgoingMail, UserProfile
from mbs_app.providers.openid import Claims, OpenIdProvider, ProviderFailed
from mbs_app.services import external_identities, invites, sessions
from mbs_app.services.second_factor import authenticators
from mbs_app.settings import Settings, get_settings
from tests.api.conftest import SignIn
from tests.support.accounts import SYSTEM, actor_of, make_user
from tests.support.openid.server import (
    CLIENT_ID,
    CLIENT_SECRET,
    RunningProvider,
    running_provider,
)

HERE = "http://localhost:8000"


@pytest.fixture(scope="module")
def provider() -> Iterator[RunningProvider]:
    with running_provider(f"{HERE}/api/auth/provider/callback") as running:
        yield running


@pytest.fixture
def browser(database: str, provider: RunningProvider) -> TestClient:
    return _browser(provider)


def _browser(provider: RunningProvider) -> TestClient:
    api = create_api()
    settings = Settings(
        oidc_issuer=provider.issuer, oidc_client_id=CLIENT_ID, oidc_client_secret=CLIENT_SECRET
    )
    api.dependency_overrides[get_settings] = lambda: settings
    return TestClient(api, base_url=HERE, follow_redirects=False, raise_server_exceptions=False)


def _go(browser: TestClient, provider: RunningProvider, name: str, **asked: str) -> tuple[str, Any]:
    """There and back: the page the browser ends at, and what its address says."""
    there = browser.get("/api/auth/provider/start", params=asked)
    assert there.status_code == 303
    return _come_back(browser, provider.sign_in(there.headers["location"], name))


def _come_back(browser: TestClient, address: str) -> tuple[str, Any]:
    back = browser.get(address)
    assert back.status_code == 303, back.text
    ended = urlsplit(back.headers["location"])
    return ended.path, parse_qs(ended.query)


def _connected(provider: RunningProvider, name: str, email: str, **values: Any) -> UserProfile:
    with db.transaction(SYSTEM) as session:
        user = make_user(session, email, **values)
        claims = Claims(provider.issuer, name, f"{name}@example.com", name, False)
        external_identities.connect(session, SYSTEM, user, claims)
    return user


def _authenticator(user: UserProfile) -> Authenticator:
    secret = secret_key.seal("JBSWY3DPEHPK3PXP" * 2, authenticators.PURPOSE)
    return Authenticator(user_id=user.id, secret=secret, confirmed_at=utc_now())


def _invite(**values: Any) -> str:
    with db.transaction(SYSTEM) as session:
        admin = actor_of(make_user(session, "root@example.com", role=Role.ADMIN))
    with db.transaction(admin.administrating()) as session:
        return invites.create_invite(session, admin.administrating(), **values).code


def test_a_connected_account_is_signed_in_and_led_to_its_page(
    browser: TestClient, provider: RunningProvider
) -> None:
    user = _connected(provider, "ana", "maya@example.com")
    assert _go(browser, provider, "ana", next="/groups") == ("/groups", {})
    assert browser.get("/api/me").json()["id"] == str(user.id)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_on_another_site_signs_nobody_in(browser: TestClient, site: str) -> None:
    answer = browser.get("/api/auth/provider/start?next=/groups", headers={"sec-fetch-site": site})
    assert answer.headers["location"] == "/signin?next=%2Fgroups"
    assert "set-cookie" not in answer.headers


def test_nobody_gets_in_without_an_invite(browser: TestClient, provider: RunningProvider) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, "ana@example.com")  # the same address is not enough
    assert _go(browser, provider, "ana") == ("/signin", {"notice": ["provider-unknown"]})
    assert browser.get("/api/customers").status_code == 401


def test_an_invite_makes_an_account_that_waits_for_approval(
    browser: TestClient, provider: RunningProvider
) -> None:
    code = _invite()
    assert _go(browser, provider, "ana", invite=code)[0] == "/"
    assert browser.get("/api/customers").status_code == 403
    with db.transaction(SYSTEM) as session:
        made = session.exec(select(UserProfile).where(UserProfile.email == "ana@example.com")).one()
        assert (made.status, made.name, made.password_hash) == ("pending", "Ana", "")
        assert session.exec(select(InviteCode.uses)).one() == 1
    # The second time they need no code, and find the same account.
    again = _browser(provider)
    assert _go(again, provider, "ana") == ("/", {})
    with db.transaction(SYSTEM) as session:
        assert len(session.exec(select(ExternalIdentity)).all()) == 1


def test_a_wrong_code_leads_back_to_the_form_for_it(
    browser: TestClient, provider: RunningProvider
) -> None:
    assert _go(browser, provider, "ana", invite="NOPE-1234-5678") == (
        "/join",
        {"notice": ["invite-code"], "code": ["NOPE-1234-5678"]},
    )
    with db.transaction(SYSTEM) as session:
        assert session.exec(select(UserProfile)).all() == []


def test_an_address_the_provider_does_not_vouch_for_cannot_join(
    browser: TestClient, provider: RunningProvider
) -> None:
    ended = _go(browser, provider, "unverified-ana", invite=_invite())
    assert ended == ("/signin", {"notice": ["provider-no-email"]})


def test_who_has_an_account_is_told_to_connect_it(
    browser: TestClient, provider: RunningProvider
) -> None:
    code = _invite()
    with db.transaction(SYSTEM) as session:
        make_user(session, "ana@example.com")
    ended = _go(browser, provider, "ana", invite=code)
    assert ended == ("/signin", {"notice": ["provider-has-account"]})
    with db.transaction(SYSTEM) as session:
        assert session.exec(select(InviteCode.uses)).one() == 0


def test_the_accounts_own_second_factor_is_still_asked_for(
    browser: TestClient, provider: RunningProvider
) -> None:
    user = _connected(provider, "ana", "maya@example.com")
    with db.transaction(SYSTEM) as session:
        session.add(_authenticator(user))
    page, told = _go(browser, provider, "ana", next="/groups")
    assert page == "/signin"
    assert (told["step"], told["next"]) == (["second-factor"], ["/groups"])
    assert browser.get("/api/customers").status_code == 401
    assert browser.post("/api/auth/second-factor", json={"code": "000000"}).status_code == 422


def test_the_way_back_is_good_once_and_in_the_browser_that_went(
    browser: TestClient, provider: RunningProvider
) -> None:
    _connected(provider, "ana", "maya@example.com")
    there = browser.get("/api/auth/provider/start")
    back = provider.sign_in(there.headers["location"], "ana")
    assert _come_back(_browser(provider), back) == ("/signin", {"notice": ["step-over"]})
    assert _come_back(browser, back) == ("/", {})
    assert _come_back(browser, back) == ("/signin", {"notice": ["step-over"]})


def test_a_refusal_of_the_provider_is_told(browser: TestClient, provider: RunningProvider) -> None:
    there = browser.get("/api/auth/provider/start")
    state = parse_qs(urlsplit(there.headers["location"]).query)["state"][0]
    params = {"error": "access_denied", "state": state}
    back = browser.get("/api/auth/provider/callback", params=params)
    assert back.headers["location"] == "/signin?notice=provider-failed"


def test_another_sites_page_is_never_the_end(
    browser: TestClient, provider: RunningProvider
) -> None:
    _connected(provider, "ana", "maya@example.com")
    assert _go(browser, provider, "ana", next="//evil.example")[0] == "/"


class TestConnecting:
    def _signed_in(self, provider: RunningProvider, email: str) -> tuple[TestClient, UserProfile]:
        client = _browser(provider)
        with db.transaction(SYSTEM) as session:
            user = make_user(session, email)
            token, _ = sessions.start(session, user, keep=False)
        client.cookies.set("mbs_session", token)
        return client, user

    def test_somebody_signed_in_connects_and_disconnects(
        self, database: str, provider: RunningProvider
    ) -> None:
        client, user = self._signed_in(provider, "maya@example.com")
        there = client.get("/api/auth/provider/connect").headers["location"]
        ended = _come_back(client, provider.sign_in(there, "ana"))
        assert ended == ("/settings/security", {"notice": ["provider-connected"]})
        [identity] = client.get("/api/me/identities").json()
        assert (identity["issuer"], identity["email"]) == (provider.issuer, "ana@example.com")
        other = _browser(provider)
        assert _go(other, provider, "ana") == ("/", {})
        assert other.get("/api/me").json()["id"] == str(user.id)
        assert client.delete(f"/api/me/identities/{identity['id']}").status_code == 204
        assert _go(other, provider, "ana")[1] == {"notice": ["provider-unknown"]}
        with db.transaction(SYSTEM) as session:
            told = session.exec(select(OutgoingMail.kind)).all()
        assert told.count("security_changed") == 2

    def test_what_leads_to_another_account_is_not_taken_over(
        self, database: str, provider: RunningProvider
    ) -> None:
        _connected(provider, "ana", "owner@example.com")
        client, _ = self._signed_in(provider, "maya@example.com")
        there = client.get("/api/auth/provider/connect").headers["location"]
        ended = _come_back(client, provider.sign_in(there, "ana"))
        assert ended == ("/settings/security", {"notice": ["provider-connected-elsewhere"]})

    def test_a_second_factor_that_the_account_got_meanwhile_is_asked_for(
        self, database: str, provider: RunningProvider
    ) -> None:
        client, user = self._signed_in(provider, "maya@example.com")
        there = client.get("/api/auth/provider/connect").headers["location"]
        with db.transaction(SYSTEM) as session:
            session.add(_authenticator(user))
        ended = _come_back(client, provider.sign_in(there, "ana"))
        assert ended == ("/settings/security", {"notice": ["confirm-first"]})
        assert client.get("/api/me/identities").json() == []

    def test_another_sites_link_does_not_begin_to_connect(
        self, database: str, provider: RunningProvider
    ) -> None:
        client, _ = self._signed_in(provider, "maya@example.com")
        elsewhere = {"sec-fetch-site": "cross-site"}
        assert client.get("/api/auth/provider/connect", headers=elsewhere).status_code == 403

    def test_only_who_began_to_connect_may_end_it(
        self, database: str, provider: RunningProvider
    ) -> None:
        client, _ = self._signed_in(provider, "maya@example.com")
        _, sam = self._signed_in(provider, "sam@example.com")
        there = client.get("/api/auth/provider/connect").headers["location"]
        with db.transaction(SYSTEM) as session:
            token, _ = sessions.start(session, sam, keep=False)
        back = provider.sign_in(there, "ana")
        client.cookies.delete("mbs_session")
        client.cookies.set("mbs_session", token)
        assert _come_back(client, back)[1] == {"notice": ["step-over"]}


def test_a_provider_that_hangs_keeps_nobody_else_waiting(
    database: str, monkeypatch: pytest.MonkeyPatch, provider: RunningProvider
) -> None:
    """Not one of the threads that the rest of the API runs in waits for it."""
    came, hangs = threading.Event(), threading.Event()

    def hang(self: OpenIdProvider, **_: str) -> str:
        came.set()
        hangs.wait(20)
        raise ProviderFailed("It hung.")

    monkeypatch.setattr(OpenIdProvider, "authorization_url", hang)
    browser = _browser(provider)
    with browser:  # one event loop for all, as the server has it
        crowd = [
            threading.Thread(target=browser.get, args=["/api/auth/provider/start"])
            for _ in range(60)  # more than the threads of the API
        ]
        for one in crowd:
            one.start()
        try:
            assert came.wait(10)
            time.sleep(0.5)  # all of them are there by now
            began = time.perf_counter()
            assert browser.get("/api/me").status_code == 401
            assert time.perf_counter() - began < 5
        finally:
            hangs.set()
            for one in crowd:
                one.join()


def test_without_a_provider_there_is_no_such_sign_in(database: str, signed_in: SignIn) -> None:
    client, _ = signed_in()
    answer = client.get("/api/auth/provider/start", follow_redirects=False)
    assert answer.headers["location"] == "/signin?notice=not-found"
    answer = client.get("/api/auth/provider/connect", follow_redirects=False)
    assert answer.headers["location"] == "/settings/security?notice=not-found"
