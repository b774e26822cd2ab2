"""Choosing a password: how strong one is while it is typed, and changing one's own."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from mbs_app import db
from mbs_app.api import actors, cookies
from mbs_app.api.actors import InPerson
from mbs_app.api.auth import SYSTEM
from mbs_app.api.dependencies import SameSite, SettingsHere, client_address
from mbs_app.api.door import at_the_door
from mbs_app.api.signing_in import visitor_of
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput, NotSignedIn
from mbs_app.services import password_change, password_resets, passwords
from mbs_app.services.devices import Visitor
from mbs_app.services.password_change import Begun
from mbs_app.services.passwords import Strength, checking
from mbs_app.settings import Settings

router = APIRouter(prefix="/api/auth", tags=["Passwords"], dependencies=[SameSite])


class PasswordCheck(BaseModel):
    """``name`` and ``email`` are those of who chooses. For somebody signed in, and for the ``token`` of a link to a
    new password, those of the account count where these are empty. ``workspace`` is for who names it only now."""

    password: Annotated[str, Field(max_length=1000)]
    name: Annotated[str, Field(max_length=200)] = ""
    email: Annotated[str, Field(max_length=254)] = ""
    workspace: Annotated[str, Field(max_length=200)] = ""
    token: Annotated[str, Field(max_length=100)] = ""


class PasswordChange(BaseModel):
    current_password: Annotated[str, Field(max_length=1000)]
    password: Annotated[str, Field(max_length=1000)]


class PasswordStrength(BaseModel):
    score: Annotated[int, Field(ge=0, le=4)]
    acceptable: bool
    sentence: str


@router.post("/password-check", summary="How strong a new password is")
async def check_password(
    form: PasswordCheck, request: Request, settings: SettingsHere
) -> PasswordStrength:
    """By the same rules that hold when it is set. Nothing is kept."""
    strength = await at_the_door(_look_at, form, request, settings)
    return PasswordStrength(**strength._asdict())


def _look_at(form: PasswordCheck, request: Request, settings: Settings) -> Strength:
    user_id = _whoever_asks(request, settings)
    with db.transaction(SYSTEM) as session:
        checking.admit(session, client_address(request, settings))
        if form.token:
            user_id = password_resets.whose(session, form.token)
        who = checking.chooser(
            session, user_id, name=form.name, email=form.email, workspace=form.workspace
        )
    return checking.look_at(form.password, who)


@router.post("/password", status_code=204, summary="Change your password")
async def change_password(
    form: PasswordChange,
    request: Request,
    response: Response,
    actor: InPerson,
    settings: SettingsHere,
) -> None:
    """Ends every other session of the account, and gives this one a new token."""
    stored, who = await at_the_door(_begin, actor)
    if not await passwords.verify_aside(form.current_password, stored):
        await at_the_door(_refuse, actor)
        raise InvalidInput(current_password=password_change.WRONG)
    if form.password == form.current_password:
        raise InvalidInput(password="Choose another one than you have now.")
    await at_the_door(passwords.check_new_password, form.password, **who._asdict())
    hashed = await passwords.hash_aside(form.password)
    await at_the_door(
        _keep, actor, stored, hashed, visitor_of(request, settings), response, settings
    )


def _begin(actor: Actor) -> Begun:
    with db.transaction(actor) as session:
        return password_change.begin(session, actor)


def _refuse(actor: Actor) -> None:
    with db.transaction(actor) as session:
        password_change.refuse(session, actor)


def _keep(
    actor: Actor,
    stored: str,
    hashed: str,
    visitor: Visitor,
    response: Response,
    settings: Settings,
) -> None:
    with db.transaction(actor) as session:
        password_change.finish(session, actor, stored, hashed, visitor)
        cookies.rotate_session(session, response, settings, actor)


def _whoever_asks(request: Request, settings: Settings) -> UUID | None:
    try:
        return actors.standing(request, settings).actor.user_id
    except NotSignedIn:
        return None
