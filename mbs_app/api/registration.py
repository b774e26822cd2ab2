"""Joining with an invite code."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from mbs_app import db
from mbs_app.api.dependencies import SameSite, SettingsHere, client_address
from mbs_app.api.door import answered_after, at_the_door
from mbs_app.domain.actor import Actor
from mbs_app.services import passwords, registration
from mbs_app.services.registration import Form

router = APIRouter(prefix="/api/auth", tags=["Signing in"], dependencies=[SameSite])


class Registration(BaseModel):
    """``time_zone`` is where the person lives, by its IANA name."""

    code: Annotated[str, Field(max_length=100, examples=["LAKE-7QF2-M9KD"])]
    name: Annotated[str, Field(max_length=200, examples=["Ana Ruiz"])]
    email: Annotated[str, Field(max_length=254, examples=["ana@example.com"])]
    password: Annotated[str, Field(max_length=1000)]
    time_zone: Annotated[str, Field(max_length=64)] = "America/Chicago"


class Received(BaseModel):
    """The same for every address."""

    detail: str = (
        "An admin looks at each new account. You get a mail once yours is approved; then sign in."
    )


@router.post("/register", status_code=202, summary="Join with an invite code")
async def register(form: Registration, request: Request, settings: SettingsHere) -> Received:
    """The account waits for an admin. An address that has one already gets the same answer, and its owner a mail."""
    actor = Actor.system("registration", client_address(request, settings))
    joining = await at_the_door(_begin, actor, form)
    # The slow hash runs between two transactions, so that it holds no lock, no connection and no thread.
    password_hash = await passwords.hash_aside(form.password)
    async with answered_after(registration.ANSWER_AFTER):
        await at_the_door(_finish, actor, joining, password_hash)
    return Received()


def _begin(actor: Actor, form: Registration) -> Form:
    with db.transaction(actor, read_only=True) as session:
        joining = registration.clean(session, actor, **form.model_dump())
    with db.transaction(actor) as session:
        refusal = registration.begin(session, actor, joining)
    if refusal is not None:
        raise refusal
    return joining


def _finish(actor: Actor, joining: Form, password_hash: str) -> None:
    with db.transaction(actor) as session:
        registration.finish(session, actor, joining, password_hash)
