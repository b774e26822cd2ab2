"""What WebAuthn routes share: which installation asks, and the options and answers they pass on."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends
from pydantic import BaseModel, Field

from mbs_app.api.dependencies import SettingsHere, allowed_origins
from mbs_app.domain.errors import Conflict
from mbs_app.services.second_factor import RelyingParty, ceremonies

NO_PASSKEYS = (
    "Passkeys need an https address with a name. Set PUBLIC_BASE_URL to the address people use."
)


class Options(BaseModel):
    """For ``navigator.credentials``, as ``PublicKeyCredential.parse…OptionsFromJSON`` reads them."""

    public_key: dict[str, Any]


class Answer(BaseModel):
    """What ``navigator.credentials`` returned, by its ``toJSON()``."""

    credential: Annotated[dict[str, Any], Field(max_length=20)]


def relying_party(settings: SettingsHere) -> RelyingParty:
    """
    Raises:
        Conflict: browsers make no passkeys for this address.
    """
    if not ceremonies.host_takes_passkeys(settings.address):
        raise Conflict(NO_PASSKEYS)
    host = urlsplit(settings.address).hostname or ""
    return RelyingParty(host, "MBS", tuple(sorted(allowed_origins(settings))))


Party = Annotated[RelyingParty, Depends(relying_party)]
