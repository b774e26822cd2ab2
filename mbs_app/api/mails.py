"""The outbox of the product's own mails, for admins: what became of each, and which addresses get none."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from mbs_app import db
from mbs_app.api.actors import Administrating
from mbs_app.api.paging import ListPage, Page
from mbs_app.domain.vocabulary import MailKind, MailStatus, SuppressionReason
from mbs_app.services import mails
from mbs_app.services.mails import MailLine, MailShow, SetAside

router = APIRouter(prefix="/api/admin/mails", tags=["Administration"])


class MailOut(BaseModel):
    """``problem`` is a sentence, empty where there is none; ``next_attempt_at`` is of a mail that waits."""

    id: UUID
    kind: MailKind
    to: str
    status: MailStatus
    attempts: int
    problem: str
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    next_attempt_at: datetime | None

    @classmethod
    def of(cls, line: MailLine) -> MailOut:
        own = {name: getattr(line, name) for name in set(cls.model_fields) - {"to"}}
        return cls(**own, to=line.to_email)


class SetAsideOut(BaseModel):
    """``note`` is the mail service's own sentence, where it gave one."""

    id: UUID
    address: str
    reason: SuppressionReason
    note: str
    since: datetime

    @classmethod
    def of(cls, one: SetAside) -> SetAsideOut:
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


@router.get("", summary="List mails")
def list_mails(
    actor: Administrating,
    paging: Page,
    show: Annotated[MailShow, Query(description="Which.")] = MailShow.ALL,
) -> ListPage[MailOut]:
    """The newest first. What a mail said isn't kept once it is sent, and never shown."""
    with db.transaction(actor, read_only=True) as session:
        found = mails.mails_after(session, actor, show, after=paging.after, limit=paging.limit)
    return paging.page(found, MailOut.of, lambda line: line.id)


@router.get("/set-aside", summary="List addresses that get no mail")
def list_set_aside(actor: Administrating, paging: Page) -> ListPage[SetAsideOut]:
    """Mails to them came back for good, or somebody there marked one as spam. The latest first."""
    with db.transaction(actor, read_only=True) as session:
        found = mails.list_set_aside(session, actor, after=paging.after, limit=paging.limit)
    return paging.page(found, SetAsideOut.of, lambda one: one.id)


@router.delete("/set-aside/{set_aside_id}", status_code=204, summary="Send to an address again")
def release(set_aside_id: UUID, actor: Administrating) -> None:
    with db.transaction(actor) as session:
        mails.release(session, actor, set_aside_id)
