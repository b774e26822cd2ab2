"""One OpenID provider: where to send a browser, and whom its answer speaks of.

The authorization code flow with PKCE (OpenID Connect Core 1.0, section 3.1; RFC 7636), through Authlib. What the
provider signs is checked: signature, issuer, audience, times, nonce and the access token's hash (section 3.1.3.7).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from mbs_app.settings import Settings

SCOPE = "openid email profile"
TIMEOUT_SECONDS = 10.0
LEEWAY_SECONDS = 60
METADATA_FRESH_SECONDS = 3600.0
LONGEST_SUBJECT = 255
# Never "none", and nothing made with a shared secret.
SIGNATURES = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"}
)


class ProviderFailed(Exception):
    """The provider can't be reached, refused, or answered something that doesn't hold. For the log."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Whom the provider speaks of. ``email`` is empty unless the provider says it is theirs."""

    issuer: str
    subject: str
    email: str
    name: str
    used_second_factor: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """What discovery said, and the keys it led to."""

    metadata: dict[str, Any]
    keys: dict[str, Any]
    until: float


@dataclass(slots=True)
class OpenIdProvider:
    """Belongs to the process; safe to use from several threads."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    _known: _Known | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, settings: Settings) -> OpenIdProvider:
        """The provider the settings name; they are whole or absent (see ``Settings.checked``)."""
        assert settings.oidc_issuer is not None
        assert settings.oidc_client_id is not None
        assert settings.oidc_client_secret is not None
        return cls(
            settings.oidc_issuer,
            settings.oidc_client_id,
            settings.oidc_client_secret.get_secret_value(),
        )

    def authorization_url(
        self, *, redirect_uri: str, state: str, nonce: str, code_verifier: str
    ) -> str:
        """Where the browser signs in. Raises ProviderFailed."""
        endpoint = self._discovered().metadata["authorization_endpoint"]
        with self._client(redirect_uri) as client:
            url, _ = client.create_authorization_url(
                endpoint, state=state, nonce=nonce, code_verifier=code_verifier
            )
        return str(url)

    def exchange(self, *, redirect_uri: str, code: str, nonce: str, code_verifier: str) -> Claims:
        """Whom ``code`` stands for. It works once. Raises ProviderFailed."""
        known = self._discovered()
        with self._client(redirect_uri) as client, _failing_as_one():
            token = client.fetch_token(
                known.metadata["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=code_verifier,
            )
            claims = self._checked(token, nonce)
            if "email" not in claims and "userinfo_endpoint" in known.metadata:
                claims = {**self._user_info(client, claims["sub"]), **claims}
        return _as_claims(self.issuer, claims)

    def _client(self, redirect_uri: str) -> OAuth2Client:
        return OAuth2Client(
            self.client_id,
            self.client_secret,
            scope=SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT_SECONDS,
            follow_redirects=False,
        )

    def _checked(self, token: dict[str, Any], nonce: str) -> dict[str, Any]:
        if not isinstance(token.get("id_token"), str):
            raise ProviderFailed("The provider sent no ID token.")
        decoded = self._decoded(token["id_token"])
        expected = {
            "iss": {"essential": True, "values": [self._discovered().metadata["issuer"]]},
            "aud": {"essential": True, "value": self.client_id},
            "sub": {"essential": True},
        }
        also = {
            "nonce": nonce,
            "client_id": self.client_id,
            "access_token": token.get("access_token"),
        }
        claims = CodeIDToken(decoded.claims, decoded.header, expected, also)
        claims.validate(leeway=LEEWAY_SECONDS)
        return dict(claims)

    def _decoded(self, id_token: str) -> jwt.Token:
        """A key that isn't known may be a new one: the provider's keys are read again, once."""
        try:
            return self._decoded_with(self._discovered(), id_token)
        except InvalidKeyIdError:
            return self._decoded_with(self._discovered(again=True), id_token)

    def _decoded_with(self, known: _Known, id_token: str) -> jwt.Token:
        offered = known.metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        registry = JWSRegistry(
            algorithms=sorted(SIGNATURES.intersection(offered)), strict_check_header=False
        )
        told: Any = known.keys  # whatever the provider sent: importing checks it
        return jwt.decode(id_token, KeySet.import_key_set(told), registry=registry)

    def _user_info(self, client: OAuth2Client, subject: str) -> dict[str, Any]:
        answer = client.get(self._discovered().metadata["userinfo_endpoint"])
        answer.raise_for_status()
        told = answer.json()
        # Core 1.0, section 5.3.2: another subject's information must not be used.
        return told if isinstance(told, dict) and told.get("sub") == subject else {}

    def _discovered(self, *, again: bool = False) -> _Known:
        with self._lock:
            known = self._known
            if known is None or again or time.monotonic() >= known.until:
                known = self._known = self._discover()
            return known

    def _discover(self) -> _Known:
        with (
            httpx2.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False) as client,
            _failing_as_one(),
        ):
            address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            metadata = client.get(address).raise_for_status().json()
            # Discovery 1.0, section 4.3: it must be the very issuer that was asked.
            if str(metadata["issuer"]).rstrip("/") != self.issuer.rstrip("/"):
                raise ProviderFailed(f"{address} speaks for another issuer.")
            _refuse_plain_endpoints(self.issuer, metadata)
            keys = client.get(metadata["jwks_uri"]).raise_for_status().json()
        return _Known(metadata, keys, time.monotonic() + METADATA_FRESH_SECONDS)


def _refuse_plain_endpoints(issuer: str, metadata: dict[str, Any]) -> None:
    """Codes, secrets and keys take no weaker way than the issuer's own address."""
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
        endpoint = urlsplit(str(metadata.get(name, issuer)))
        if issuer.startswith("https://") and endpoint.scheme != "https":
            raise ProviderFailed(f"The provider’s {name} isn’t reached by HTTPS.")


@contextmanager
def _failing_as_one() -> Iterator[None]:
    """Whatever goes wrong on the way to a provider and back is one error."""
    try:
        yield
    except (httpx2.HTTPError, AuthlibBaseError, JoseError, ValueError, KeyError) as error:
        raise ProviderFailed(f"{type(error).__name__}: {error}") from error


def _as_claims(issuer: str, claims: dict[str, Any]) -> Claims:
    subject = str(claims["sub"])
    # Core 1.0, section 2: an account is known by it, so none is cut or bent to fit.
    if not (subject.isascii() and subject.isprintable() and 0 < len(subject) <= LONGEST_SUBJECT):
        raise ProviderFailed("The provider’s name for the user isn’t one to know an account by.")
    is_theirs = claims.get("email_verified") in (True, "true")
    methods = claims.get("amr") or []
    return Claims(
        issuer=issuer.rstrip("/"),
        subject=subject,
        email=str(claims.get("email") or "") if is_theirs else "",
        name=str(claims.get("name") or claims.get("preferred_username") or ""),
        # RFC 8176: several factors were shown there.
        used_second_factor=isinstance(methods, list) and "mfa" in methods,
    )
