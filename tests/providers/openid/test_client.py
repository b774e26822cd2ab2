"""The OpenID client against a real provider, and against answers that don't hold."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from mbs_app.providers.openid import OpenIdProvider, ProviderFailed
from mbs_app.providers.openid.client import _refuse_plain_endpoints
from tests.support.openid.server import (
    CLIENT_ID,
    CLIENT_SECRET,
    RunningProvider,
    running_provider,
)

REDIRECT = "http://localhost:8000/api/auth/provider/callback"
NONCE = "n-0S6_WzA2Mj"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


@pytest.fixture(scope="module")
def provider() -> Iterator[RunningProvider]:
    with running_provider(REDIRECT) as running:
        yield running


def _client(issuer: str) -> OpenIdProvider:
    return OpenIdProvider(issuer, CLIENT_ID, CLIENT_SECRET)


def _code(provider: RunningProvider, client: OpenIdProvider, name: str) -> str:
    address = client.authorization_url(
        redirect_uri=REDIRECT, state="a state", nonce=NONCE, code_verifier=VERIFIER
    )
    back = parse_qs(urlsplit(provider.sign_in(address, name)).query)
    assert back["state"] == ["a state"]
    return back["code"][0]


def _exchange(client: OpenIdProvider, code: str, **changed: str) -> Any:
    given = {"redirect_uri": REDIRECT, "code": code, "nonce": NONCE, "code_verifier": VERIFIER}
    return client.exchange(**{**given, **changed})


class TestRealProvider:
    def test_a_code_leads_to_whom_the_provider_signed_in(self, provider: RunningProvider) -> None:
        client = _client(provider.issuer)
        claims = _exchange(client, _code(provider, client, "ana"))
        assert (claims.issuer, claims.subject) == (provider.issuer, "ana")
        assert (claims.email, claims.name) == ("ana@example.com", "Ana")
        assert claims.used_second_factor is False

    def test_an_address_the_provider_does_not_vouch_for_is_left_out(
        self, provider: RunningProvider
    ) -> None:
        client = _client(provider.issuer)
        assert _exchange(client, _code(provider, client, "unverified-ana")).email == ""

    def test_a_code_works_once(self, provider: RunningProvider) -> None:
        client = _client(provider.issuer)
        code = _code(provider, client, "ana")
        _exchange(client, code)
        with pytest.raises(ProviderFailed):
            _exchange(client, code)

    @pytest.mark.parametrize("changed", [{"nonce": "another"}, {"code_verifier": "b" * 43}])
    def test_a_code_of_another_sign_in_is_refused(
        self, provider: RunningProvider, changed: dict[str, str]
    ) -> None:
        client = _client(provider.issuer)
        with pytest.raises(ProviderFailed):
            _exchange(client, _code(provider, client, "ana"), **changed)

    def test_a_wrong_secret_is_refused(self, provider: RunningProvider) -> None:
        code = _code(provider, _client(provider.issuer), "ana")
        with pytest.raises(ProviderFailed):
            _exchange(OpenIdProvider(provider.issuer, CLIENT_ID, "not the secret"), code)


def test_a_provider_that_is_away_is_one_clear_error() -> None:
    with pytest.raises(ProviderFailed, match="Connect"):
        _client("http://localhost:9").authorization_url(
            redirect_uri=REDIRECT, state="s", nonce=NONCE, code_verifier=VERIFIER
        )


class FakeProvider:
    """A provider whose ID token a test makes up. ``claims`` may be changed, or the whole token."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.make_token: Callable[[dict[str, Any]], str] = self.signed
        self.changes: dict[str, Any] = {}
        self.moved: dict[str, str] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.told_issuer = self.issuer
        Thread(target=self.server.serve_forever, daemon=True).start()

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)

    def answers(self) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "ana",
            "aud": CLIENT_ID,
            "nonce": NONCE,
            "iat": now,
            "exp": now + 60,
            "email": "ana@example.com",
            "email_verified": True,
        }
        claims = {key: value for key, value in (claims | self.changes).items() if value is not None}
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.told_issuer,
                "authorization_endpoint": f"{self.issuer}/auth",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            },
            "/jwks": KeySet([self.key]).as_dict(private=False),
            "/token": {
                "access_token": "at",
                "token_type": "Bearer",
                "id_token": self.make_token(claims),
            },
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def _answer(self) -> None:
                if there := fake.moved.get(self.path):
                    self.send_response(302)
                    self.send_header("Location", there)
                    self.end_headers()
                    return
                body = json.dumps(fake.answers()[self.path]).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                return

        return Handler


@pytest.fixture
def fake() -> Iterator[FakeProvider]:
    made = FakeProvider()
    yield made
    made.server.shutdown()
    made.server.server_close()


def _ask(fake: FakeProvider) -> Any:
    return _exchange(_client(fake.issuer), "any code")


def test_what_holds_is_taken(fake: FakeProvider) -> None:
    assert _ask(fake).email == "ana@example.com"


def test_several_factors_shown_at_the_provider_count(fake: FakeProvider) -> None:
    fake.changes = {"amr": ["pwd", "mfa"]}
    assert _ask(fake).used_second_factor is True


def test_a_redirect_in_the_place_of_an_answer_is_not_followed(fake: FakeProvider) -> None:
    fake.moved = {"/.well-known/openid-configuration": "/elsewhere"}
    with pytest.raises(ProviderFailed, match="302"):
        _ask(fake)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_an_endpoint_without_https_is_refused_where_the_issuer_has_it(name: str) -> None:
    issuer = "https://accounts.example.com"
    metadata = {
        "authorization_endpoint": f"{issuer}/auth",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/keys",
    }
    _refuse_plain_endpoints(issuer, metadata)
    with pytest.raises(ProviderFailed, match=name):
        _refuse_plain_endpoints(issuer, metadata | {name: "http://accounts.example.com/x"})


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "http://evil.example"},
        {"aud": "another client"},
        {"aud": None},
        {"nonce": None},
        {"nonce": "replayed"},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "ana\0"},
        {"sub": "a" * 256},  # cut, it could be somebody else
        {"iat": int(time.time()) + 3600},
    ],
)
def test_claims_that_do_not_hold_are_refused(fake: FakeProvider, changes: dict[str, Any]) -> None:
    fake.changes = changes
    with pytest.raises(ProviderFailed):
        _ask(fake)


def test_a_token_signed_by_anybody_else_is_refused(fake: FakeProvider) -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "one"})
    fake.make_token = lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, stranger)
    with pytest.raises(ProviderFailed):
        _ask(fake)


def test_a_token_signed_with_the_shared_secret_is_refused(fake: FakeProvider) -> None:
    secret = OctKey.import_key(CLIENT_SECRET)
    fake.make_token = lambda claims: jwt.encode({"alg": "HS256"}, claims, secret)
    with pytest.raises(ProviderFailed):
        _ask(fake)


def test_a_token_without_a_signature_is_refused(fake: FakeProvider) -> None:
    def unsigned(claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "none"}, claims, OctKey.import_key("x" * 16), algorithms=["none"])

    fake.make_token = unsigned
    with pytest.raises(ProviderFailed):
        _ask(fake)


def test_a_provider_that_speaks_for_another_issuer_is_refused(fake: FakeProvider) -> None:
    fake.told_issuer = "http://evil.example"
    with pytest.raises(ProviderFailed, match="another issuer"):
        _ask(fake)


def test_new_keys_of_the_provider_are_found(fake: FakeProvider) -> None:
    client = _client(fake.issuer)
    _exchange(client, "any code")
    fake.key = RSAKey.generate_key(2048, {"kid": "two"})
    fake.make_token = lambda claims: jwt.encode({"alg": "RS256", "kid": "two"}, claims, fake.key)
    assert _exchange(client, "any code").subject == "ana"
