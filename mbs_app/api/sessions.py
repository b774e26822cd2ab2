"""One's own sessions over HTTP: where one is signed in, and ending that."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from mbs_app import db
from mbs_app.api import cookies
from mbs_app.api.actors import Person
from mbs_app.api.dependencies import SettingsHere
from mbs_app.api.paging import ListPage, Page
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import SessionKind
from mbs_app.models import UserSession
from mbs_app.services import devices, session_list

router = APIRouter(prefix="/api/sessions", tags=["Sessions"])


class SessionOut(BaseModel):
    """``current`` is the one that asks."""

    id: UUID
    current: bool
    kind: SessionKind
    device: Annotated[str, Field(examples=["Chrome on Windows"])]
    ip: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, held: UserSession, actor: Actor) -> SessionOut:
        return cls(
            current=held.id == actor.session_id,
            device=devices.device_words(held.user_agent),
            **held.model_dump(include=set(cls.model_fields)),
        )


class Ended(BaseModel):
    ended: int


@router.get("", summary="List where you are signed in")
def list_sessions(actor: Person, paging: Page) -> ListPage[SessionOut]:
    with db.transaction(actor, read_only=True) as session:
        found = session_list.sessions_after(session, actor, after=paging.after, limit=paging.limit)
    return paging.page(found, lambda held: SessionOut.of(held, actor), lambda held: held.id)


@router.delete("/{session_id}", status_code=204, summary="End a session")
def end_session(
    session_id: UUID, response: Response, actor: Person, settings: SettingsHere
) -> None:
    """It is refused from its next request on; open pages ask to sign in."""
    with db.transaction(actor) as session:
        session_list.end_session(session, actor, session_id)
    if session_id == actor.session_id:
        cookies.drop_session(response, settings)


@router.delete("", summary="End all sessions but this one")
def end_others(actor: Person) -> Ended:
    with db.transaction(actor) as session:
        return Ended(ended=session_list.end_others(session, actor))
