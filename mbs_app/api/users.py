"""Everybody with an account over HTTP, for admins: who waits, who is in, who is out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from mbs_app import db
from mbs_app.api.actors import Administrating
from mbs_app.api.paging import ListPage, Page
from mbs_app.api.sessions import Ended
from mbs_app.domain.vocabulary import Role, UserStatus
from mbs_app.services import team
from mbs_app.services.team import Member, TeamFilter

router = APIRouter(prefix="/api/admin/users", tags=["Administration"])


class UserOut(BaseModel):
    """``invite_code`` is the code they joined with, half of it hidden once it is over."""

    id: UUID
    email: str
    name: str
    role: Role
    status: UserStatus
    status_reason: str
    status_changed_at: datetime | None
    has_second_factor: bool
    invited_by: UUID | None
    invite_code: str | None
    created_at: datetime
    approved_at: datetime | None
    last_login_at: datetime | None

    @classmethod
    def of(cls, member: Member) -> UserOut:
        own = member.user.model_dump(include=set(cls.model_fields) - {"invite_code"})
        return cls(
            **own,
            has_second_factor=member.has_second_factor,
            invite_code=member.joined_with or None,
        )


class UserChange(BaseModel):
    """What is left out stays as it is. ``reason`` is needed to reject and to suspend; they are told it."""

    role: Role | None = None
    status: Literal["approved", "rejected", "suspended"] | None = None
    reason: Annotated[str, Field(max_length=1000)] = ""


@router.get("", summary="List users")
def list_users(
    actor: Administrating,
    paging: Page,
    status: Annotated[UserStatus | None, Query(description="Only these.")] = None,
    role: Annotated[Role | None, Query(description="Only these.")] = None,
    search: Annotated[
        str, Query(max_length=100, description="Words in the name or the address.")
    ] = "",
) -> ListPage[UserOut]:
    """In the order in which they joined."""
    with db.transaction(actor, read_only=True) as session:
        found = team.team_after(
            session,
            actor,
            TeamFilter(status, role, search),
            after=paging.after,
            limit=paging.limit,
        )
    return paging.page(found, UserOut.of, lambda member: member.user.id)


@router.get("/{user_id}", summary="Read a user")
def read_user(user_id: UUID, actor: Administrating) -> UserOut:
    with db.transaction(actor, read_only=True) as session:
        return UserOut.of(team.get_member(session, actor, user_id))


@router.put(
    "/{user_id}", summary="Approve, reject, suspend or restore a user, or change their role"
)
def change_user(user_id: UUID, form: UserChange, actor: Administrating) -> UserOut:
    """It holds at once: who is suspended or rejected is signed out, and their keys are dead.

    The last admin can be neither suspended nor made a marketer.
    """
    with db.transaction(actor) as session:
        if form.status is not None:
            team.change_status(session, actor, user_id, form.status, reason=form.reason)
        if form.role is not None:
            team.change_role(session, actor, user_id, form.role)
        return UserOut.of(team.get_member(session, actor, user_id))


@router.delete("/{user_id}/sessions", summary="Sign a user out everywhere")
def sign_out_everywhere(user_id: UUID, actor: Administrating) -> Ended:
    """Their browsers and programs are refused from their next request on. API keys stay."""
    with db.transaction(actor) as session:
        return Ended(ended=team.sign_out_everywhere(session, actor, user_id))
