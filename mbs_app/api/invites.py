"""Invite codes over HTTP, for admins."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field

from mbs_app import db
from mbs_app.api.actors import Administrating
from mbs_app.api.paging import ListPage, Page
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import InviteState, Role, UserStatus
from mbs_app.models import UserProfile
from mbs_app.services import invites
from mbs_app.services.invites import InviteFilter, InviteRow

router = APIRouter(prefix="/api/admin/invites", tags=["Administration"])


def _in_a_week() -> datetime:
    return utc_now() + invites.DEFAULT_LIFE


class InviteIn(BaseModel):
    """Without ``expires_at`` the code works for a week, with null for ever.

    ``email`` ties it to one address, or to an ending such as "@example.com".
    """

    role: Role = Role.USER
    max_uses: Annotated[int, Field(ge=1, le=invites.MOST_USES)] = 1
    expires_at: AwareDatetime | None = Field(default_factory=_in_a_week)
    note: Annotated[str, Field(max_length=500, examples=["Front desk"])] = ""
    email: Annotated[str, Field(max_length=254, examples=["@example.com"])] = ""


class InviteOut(BaseModel):
    """``link`` is null, and half of the code hidden, once the code is over."""

    id: UUID
    code: str
    link: str | None
    status: InviteState
    role: Role
    email: str | None
    note: str
    max_uses: int
    uses: int
    expires_at: datetime | None
    revoked_at: datetime | None
    mailed_at: datetime | None
    created_at: datetime
    created_by: UUID | None

    @classmethod
    def of(cls, row: InviteRow) -> InviteOut:
        invite = row.invite
        works = row.state is InviteState.ACTIVE
        own = invite.model_dump(include=set(cls.model_fields) - {"code"})
        return cls(
            **own,
            code=row.shown_code,
            link=invites.join_link(invite.code) if works else None,
            status=row.state,
            note=invite.notes,
        )


class JoinedOut(BaseModel):
    id: UUID
    name: str
    email: str
    status: UserStatus
    joined_at: datetime

    @classmethod
    def of(cls, user: UserProfile) -> JoinedOut:
        own = user.model_dump(include=set(cls.model_fields))
        return cls(**own, joined_at=user.created_at)


class Sending(BaseModel):
    """``email`` may be left out where the code is tied to one address."""

    email: Annotated[str, Field(max_length=254)] = ""


class InviteSent(BaseModel):
    email: str


@router.get("", summary="List invites")
def list_invites(
    actor: Administrating,
    paging: Page,
    status: Annotated[InviteState | None, Query(description="Only these.")] = None,
    search: Annotated[
        str, Query(max_length=100, description="Words in the code, the note or the address.")
    ] = "",
) -> ListPage[InviteOut]:
    """The newest first."""
    with db.transaction(actor, read_only=True) as session:
        found = invites.invites_after(
            session, actor, InviteFilter(status, search), after=paging.after, limit=paging.limit
        )
    return paging.page(found, InviteOut.of, lambda row: row.invite.id)


@router.post("", status_code=201, summary="Create an invite")
def create_invite(form: InviteIn, actor: Administrating) -> InviteOut:
    with db.transaction(actor) as session:
        made = invites.create_invite(session, actor, **form.model_dump())
        return InviteOut.of(invites.get_invite(session, actor, made.id))


@router.delete("/{invite_id}", status_code=204, summary="Revoke an invite")
def revoke_invite(invite_id: UUID, actor: Administrating) -> None:
    """Nobody joins with it any more; who joined stays."""
    with db.transaction(actor) as session:
        invites.revoke_invite(session, actor, invite_id)


@router.post("/{invite_id}/send", status_code=202, summary="Mail an invite")
def send_invite(invite_id: UUID, actor: Administrating, form: Sending | None = None) -> InviteSent:
    """As often as you like; each mail has the code and its link."""
    with db.transaction(actor) as session:
        email = form.email if form else ""
        return InviteSent(email=invites.send_invite(session, actor, invite_id, email=email))


@router.get("/{invite_id}/people", summary="List who joined with an invite")
def list_joined(invite_id: UUID, actor: Administrating, paging: Page) -> ListPage[JoinedOut]:
    with db.transaction(actor, read_only=True) as session:
        found = invites.who_joined(
            session, actor, invite_id, after=paging.after, limit=paging.limit
        )
    return paging.page(found, JoinedOut.of, lambda user: user.id)
