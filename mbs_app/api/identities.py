"""What one's account is connected to at the OpenID provider."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from mbs_app import db
from mbs_app.api import provider
from mbs_app.api.actors import InPerson
from mbs_app.api.dependencies import SettingsHere
from mbs_app.api.signing_in import visitor_of
from mbs_app.domain.actor import Actor
from mbs_app.models import ExternalIdentity
from mbs_app.providers.openid import ProviderFailed
from mbs_app.services import external_identities
from mbs_app.services.second_factor import require_confirmed
from mbs_app.services.sign_in import by_provider
from mbs_app.services.sign_in.by_provider import Purpose

log = logging.getLogger(__name__)

SYSTEM = Actor.system("sign-in")

router = APIRouter(prefix="/api/me/identities", tags=["Signing in"])


class IdentityOut(BaseModel):
    id: UUID
    issuer: str
    email: str
    created_at: datetime
    last_used_at: datetime | None

    @classmethod
    def of(cls, identity: ExternalIdentity) -> IdentityOut:
        return cls.model_validate(identity, from_attributes=True)


class Departure(BaseModel):
    """Where the browser goes next, with the cookie that came along."""

    location: str


@router.get("", summary="List the sign-ins elsewhere that lead to your account")
def list_identities(actor: InPerson) -> list[IdentityOut]:
    with db.transaction(actor, read_only=True) as session:
        found = external_identities.list_identities(session, actor)
    return [IdentityOut.of(identity) for identity in found]


@router.post("", summary="Begin to connect a sign-in elsewhere")
def connect(
    request: Request, response: Response, actor: InPerson, settings: SettingsHere
) -> Departure:
    visitor = visitor_of(request, settings)
    with db.transaction(actor, read_only=True) as session:
        require_confirmed(session, actor)
    with db.transaction(SYSTEM) as session:
        purpose = Purpose("/settings/security", "", actor.user_id)
        begun = by_provider.begin(session, visitor, purpose)
    try:
        location = provider.authorization_url(settings, begun)
    except ProviderFailed as problem:
        log.warning("the OpenID provider failed: %s", problem)
        raise by_provider.ProviderAway from problem
    provider.give_step_cookie(response, settings, begun)
    return Departure(location=location)


@router.delete("/{identity_id}", status_code=204, summary="Disconnect one of them")
def disconnect(
    identity_id: UUID, request: Request, actor: InPerson, settings: SettingsHere
) -> None:
    with db.transaction(actor) as session:
        visitor = visitor_of(request, settings)
        external_identities.disconnect(session, actor, identity_id, visitor)
