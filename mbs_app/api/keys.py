"""API keys over HTTP: one's own, and only for somebody who signed in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from mbs_app import db
from mbs_app.api.actors import Person
from mbs_app.api.paging import ListPage, Page
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import Scope
from mbs_app.models import ApiKey
from mbs_app.services import api_keys

router = APIRouter(prefix="/api/keys", tags=["API keys"])


class KeyIn(BaseModel):
    """Give ``expires_in_days`` or ``expires_on``, the last day in your time zone, or neither for no end."""

    name: Annotated[str, Field(max_length=200, examples=["Stock sync"])]
    scopes: Annotated[list[Scope], Field(max_length=10, examples=[["read", "write"]])]
    expires_in_days: Annotated[int | None, Field(ge=1, le=1826)] = None
    expires_on: date | None = None


class KeyOut(BaseModel):
    """``hint`` is how the key begins; its secret part can’t be shown again."""

    id: UUID
    name: str
    hint: Annotated[str, Field(examples=["mbs_0199c1…_"])]
    scopes: list[Scope]
    status: Literal["active", "expired", "revoked"]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    last_used_ip: str

    @classmethod
    def of(cls, key: ApiKey) -> KeyOut:
        return cls(
            hint=api_keys.hint(key),
            status=api_keys.status_of(key),
            **key.model_dump(exclude={"user_id", "key_hash"}),
        )


class KeyMade(KeyOut):
    """``key`` is shown this once."""

    key: Annotated[str, Field(examples=["mbs_0199c1…_Xk3…"])]


@router.get("", summary="List your API keys")
def list_keys(actor: Person, paging: Page) -> ListPage[KeyOut]:
    with db.transaction(actor, read_only=True) as session:
        found = api_keys.list_keys(session, actor, after=paging.after, limit=paging.limit)
    return paging.page(found, KeyOut.of, lambda key: key.id)


@router.post("", status_code=201, summary="Make an API key")
def make_key(form: KeyIn, response: Response, actor: Person) -> KeyMade:
    """The answer holds the key, this once. Send it as ``Authorization: Bearer mbs_…``.

    403 `confirm-first` where the session hasn’t shown within 15 minutes that it is its owner’s: confirm with one of
    `/api/auth/confirm/…`, then try again.
    """
    response.headers["Cache-Control"] = "no-store"
    with db.transaction(actor) as session:
        made, key = api_keys.make_key(
            session,
            actor,
            name=form.name,
            scopes=form.scopes,
            expires_at=_end(session, actor, form),
        )
        return KeyMade(key=key, **KeyOut.of(made).model_dump())


@router.delete("/{key_id}", status_code=204, summary="Revoke an API key")
def revoke_key(key_id: UUID, actor: Person) -> None:
    """It is refused from its next request on."""
    with db.transaction(actor) as session:
        api_keys.revoke_key(session, actor, key_id)


def _end(session: Session, actor: Actor, form: KeyIn) -> datetime | None:
    return api_keys.end_of_life(session, actor, in_days=form.expires_in_days, on=form.expires_on)
