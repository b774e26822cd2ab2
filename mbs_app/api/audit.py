"""The audit log over HTTP, for admins."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel

from mbs_app import db
from mbs_app.api.actors import Administrating
from mbs_app.api.downloads import csv_answer
from mbs_app.api.paging import ListPage, Page
from mbs_app.services import audit
from mbs_app.services.audit import ActGroup, AuditFilter, AuditLine

router = APIRouter(prefix="/api/admin/audit", tags=["Administration"])


class AuditEventOut(BaseModel):
    """``sentence`` is the whole event in words; ``actor_id`` is null where a program or a stranger did it."""

    id: UUID
    at: datetime
    sentence: str
    group: ActGroup
    action: str
    actor_id: UUID | None
    actor: str
    subject_type: str
    subject_id: str
    subject: str
    details: dict[str, Any]
    ip: str

    @classmethod
    def of(cls, line: AuditLine) -> AuditEventOut:
        own = {name: getattr(line, name) for name in cls.model_fields if name != "actor"}
        return cls(**own, actor=line.who)


def chosen_filter(
    person: Annotated[UUID | None, Query(description="Who did it, by the id of a user.")] = None,
    group: Annotated[ActGroup | None, Query(description="What kind of act.")] = None,
    subject: Annotated[
        str, Query(max_length=64, description="What it was done to, by its id.")
    ] = "",
    since: Annotated[AwareDatetime | None, Query(description="Not before this moment.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Before this moment.")] = None,
    address: Annotated[str, Query(max_length=45, description="The IP address it came from.")] = "",
    search: Annotated[
        str, Query(max_length=100, description="Words in who, what, to whom, or a detail.")
    ] = "",
) -> AuditFilter:
    return AuditFilter(person, group, subject, since, until, address.strip(), search)


Chosen = Annotated[AuditFilter, Depends(chosen_filter)]


@router.get("", summary="List the audit log")
def list_events(actor: Administrating, paging: Page, chosen: Chosen) -> ListPage[AuditEventOut]:
    """The newest first. A page may be short where few events match: go on until ``next_cursor`` is null.

    Asking for what one person did is itself recorded.
    """
    if chosen.is_about_somebody:
        with db.transaction(actor) as session:
            audit.note_look(session, actor, chosen, goes_on=paging.after is not None)
    with db.transaction(actor, read_only=True) as session:
        found = audit.list_events(session, actor, chosen, after=paging.after, limit=paging.limit)
        return ListPage(
            data=[AuditEventOut.of(line) for line in found.lines],
            next_cursor=paging.cursor_after(found.after),
        )


@router.get("/export.csv", summary="Export the audit log as CSV")
def export(actor: Administrating, chosen: Chosen) -> StreamingResponse:
    """What matches, as in the list; all of it without a filter. The export is itself recorded."""
    with db.transaction(actor) as session:
        audit.note_export(session, actor, chosen)
    return csv_answer(
        actor,
        lambda session, actor, after: audit.csv_piece(session, actor, chosen, after=after),
        "audit-log.csv",
    )
