"""What one's account is connected to at the OpenID provider."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel

from mbs_app import db
from mbs_app.api.actors import InPerson
from mbs_app.api.dependencies import SettingsHere
from mbs_app.api.signing_in import visitor_of
from mbs_app.models import ExternalIdentity
from mbs_app.services import external_identities

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


@router.get("", summary="List the sign-ins elsewhere that lead to your account")
def list_identities(actor: InPerson) -> list[IdentityOut]:
    with db.transaction(actor, read_only=True) as session:
        found = external_identities.list_identities(session, actor)
    return [IdentityOut.of(identity) for identity in found]


@router.delete("/{identity_id}", status_code=204, summary="Disconnect one of them")
def disconnect(
    identity_id: UUID, request: Request, actor: InPerson, settings: SettingsHere
) -> None:
    with db.transaction(actor) as session:
        visitor = visitor_of(request, settings)
        external_identities.disconnect(session, actor, identity_id, visitor)
