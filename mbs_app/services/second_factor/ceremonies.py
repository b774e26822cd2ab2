"""The two ceremonies of WebAuthn, by the ``webauthn`` library: what the browser is asked, and whether the answer
holds. No database here.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from mbs_app.models import Passkey, UserProfile

logger = logging.getLogger(__name__)

Json = dict[str, Any]
TIMEOUT_MS = 5 * 60 * 1000


class RelyingParty(NamedTuple):
    """This installation, as passkeys know it: they are tied to its host name (``id``) for ever."""

    id: str
    name: str
    origins: tuple[str, ...]


class NewPasskey(NamedTuple):
    credential_id: str
    public_key: str
    sign_count: int
    aaguid: str
    is_backed_up: bool
    transports: list[str]


class Assertion(NamedTuple):
    sign_count: int
    is_backed_up: bool
    user_verified: bool


def host_takes_passkeys(address: str) -> bool:
    """Whether browsers make passkeys for this address: a name, by HTTPS, or this very machine as localhost."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if host == "localhost":
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return parts.scheme == "https"
    return False


def ask_for_new(
    party: RelyingParty, user: UserProfile, known: Sequence[Passkey]
) -> tuple[Json, str]:
    """Options for ``navigator.credentials.create()``, and the challenge its answer must hold.

    The passkey must be found without the address of its account, and ask for a fingerprint, a face or a PIN.
    """
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=user.id.bytes,
        user_name=user.email,
        user_display_name=user.name,
        timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[_descriptor(passkey) for passkey in known],
    )
    return options_to_json_dict(options), bytes_to_base64url(options.challenge)


def check_new(party: RelyingParty, credential: Json, challenge: str) -> NewPasskey | None:
    """The passkey that was made, or None where the answer doesn't hold."""
    try:
        found = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            require_user_verification=True,
        )
    # What a browser sends can be anything, and fails in the library in as many ways.
    except Exception as error:
        logger.info("a new passkey was refused: %s", error)
        return None
    return NewPasskey(
        bytes_to_base64url(found.credential_id),
        bytes_to_base64url(found.credential_public_key),
        found.sign_count,
        found.aaguid,
        found.credential_backed_up,
        _transports(credential),
    )


def ask_for_known(
    party: RelyingParty, allowed: Sequence[Passkey] = (), *, verified: bool
) -> tuple[Json, str]:
    """Options for ``navigator.credentials.get()``, and the challenge its answer must hold.

    Without ``allowed`` the browser offers whatever it has for this host. ``verified`` asks for a fingerprint, a
    face or a PIN; beside a password holding the device is enough.
    """
    wanted = (
        UserVerificationRequirement.REQUIRED if verified else UserVerificationRequirement.PREFERRED
    )
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        timeout=TIMEOUT_MS,
        allow_credentials=[_descriptor(passkey) for passkey in allowed],
        user_verification=wanted,
    )
    return options_to_json_dict(options), bytes_to_base64url(options.challenge)


def check_known(
    party: RelyingParty, credential: Json, challenge: str, passkey: Passkey, *, verified: bool
) -> Assertion | None:
    """What the passkey says, or None where the answer doesn't hold. Its count is for the caller to compare."""
    try:
        found = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=0,
            require_user_verification=verified,
        )
    except Exception as error:  # as of a new one
        logger.info("a passkey was refused: %s", error)
        return None
    return Assertion(found.new_sign_count, found.credential_backed_up, found.user_verified)


def credential_id(credential: Json) -> str:
    """Which passkey an answer speaks of; empty where it says nothing."""
    found = credential.get("id")
    return found if isinstance(found, str) and len(found) <= 1400 else ""


def user_handle(credential: Json) -> bytes | None:
    """Whose passkey the browser says it is."""
    response = credential.get("response")
    handle = response.get("userHandle") if isinstance(response, dict) else None
    try:
        return base64url_to_bytes(handle) if isinstance(handle, str) and handle else None
    except ValueError:
        return b""


def _transports(credential: Json) -> list[str]:
    response = credential.get("response")
    given = response.get("transports") if isinstance(response, dict) else None
    known = {transport.value for transport in AuthenticatorTransport}
    if not isinstance(given, list):
        return []
    return sorted({one for one in given if isinstance(one, str)} & known)


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(
        id=base64url_to_bytes(passkey.credential_id),
        transports=[AuthenticatorTransport(one) for one in passkey.transports] or None,
    )
