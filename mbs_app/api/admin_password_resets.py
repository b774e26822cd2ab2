"""Resets of passwords, for admins: sending a link, and the list of all."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from mbs_app import db
from mbs_app.api.actors import Administrating
from mbs_app.api.paging import ListPage, Page
from mbs_app.domain.vocabulary import AdminResetStatus, ResetType
from mbs_app.services import password_resets
from mbs_app.services.password_resets import ResetFilter, ResetRow

router = APIRouter(prefix="/api/admin", tags=["Administration"])


class SendLink(BaseModel):
    user_id: UUID
    reason: Annotated[
        str, Field(max_length=1000, examples=["Lost her phone, called from the shop"])
    ]


class LinkSent(BaseModel):
    """``id`` is that of the record, for cancelling."""

    id: UUID


class ResetOut(BaseModel):
    """``reset_id`` is null where the person asked for the link themselves; so are sender and reason empty.
    ``note`` says why a link ended before its time."""

    id: UUID
    reset_id: UUID | None
    kind: ResetType
    status: AdminResetStatus
    person_id: UUID
    person: str
    email: str
    sender: str
    reason: str
    note: str
    created_at: datetime
    expires_at: datetime
    completed_at: datetime | None

    @classmethod
    def of(cls, row: ResetRow) -> ResetOut:
        return cls.model_validate(row, from_attributes=True)


@router.post("/password-reset", status_code=201, summary="Mail somebody a link to a new password")
def send_link(form: SendLink, actor: Administrating) -> LinkSent:
    """The link works once, for 24 hours. No password is ever set for another."""
    with db.transaction(actor) as session:
        asked = password_resets.request_by_admin(session, actor, form.user_id, form.reason)
        return LinkSent(id=asked.id)


@router.get("/password-resets", summary="List resets, the newest first")
def list_resets(
    actor: Administrating,
    paging: Page,
    status: AdminResetStatus | None = None,
    kind: ResetType | None = None,
    user_id: UUID | None = None,
    search: Annotated[str, Query(max_length=100, description="A name or an address.")] = "",
) -> ListPage[ResetOut]:
    chosen = ResetFilter(status=status, kind=kind, person_id=user_id, search=search)
    with db.transaction(actor, read_only=True) as session:
        rows = password_resets.resets_after(
            session, actor, chosen, after=paging.after, limit=paging.limit
        )
    return paging.page(rows, ResetOut.of, lambda row: row.id)


@router.delete("/password-resets/{reset_id}", status_code=204, summary="Take a link back")
def cancel_reset(reset_id: UUID, actor: Administrating) -> None:
    """409 where it was used already, or its time is over."""
    with db.transaction(actor) as session:
        password_resets.cancel(session, actor, reset_id)
