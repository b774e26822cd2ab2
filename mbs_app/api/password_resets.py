"""A forgotten password: asking for a link, looking at it, choosing a new password with it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from mbs_app import db
from mbs_app.api import cookies
from mbs_app.api.dependencies import SameSite, SettingsHere, client_address
from mbs_app.api.door import answered_after, at_the_door
from mbs_app.api.signing_in import visitor_of
from mbs_app.domain.actor import Actor
from mbs_app.services import devices, password_resets, passwords
from mbs_app.services.devices import Visitor
from mbs_app.services.password_resets import Link
from mbs_app.settings import Settings

router = APIRouter(prefix="/api/password-reset", tags=["Passwords"], dependencies=[SameSite])

Token = Annotated[str, Field(max_length=100, description="What stands in the link.")]


class ResetRequest(BaseModel):
    email: Annotated[str, Field(max_length=254, examples=["maya@example.com"])]


class ResetLink(BaseModel):
    token: Token


class LiveLink(BaseModel):
    """Whose password the link is for, and until when it works."""

    email: str
    expires_at: datetime


class NewPassword(BaseModel):
    token: Token
    password: Annotated[str, Field(max_length=1000)]


@router.post("/request", status_code=202, summary="Ask for a link to choose a new password")
async def request_reset(form: ResetRequest, request: Request, settings: SettingsHere) -> None:
    """The same answer after the same time, whether or not the address has an account."""
    async with answered_after(password_resets.ANSWER_AFTER):
        await at_the_door(_ask, _nobody(request, settings), form.email)


@router.post("/validate", summary="Look at a link")
async def validate_link(form: ResetLink, request: Request, settings: SettingsHere) -> LiveLink:
    """409 where the link was used, has expired, or was never one."""
    link = await at_the_door(_begin, _nobody(request, settings), form.token)
    return LiveLink(email=link.email, expires_at=link.expires_at)


@router.post("/confirm", status_code=204, summary="Choose a new password with a link")
async def confirm_reset(
    form: NewPassword, request: Request, response: Response, settings: SettingsHere
) -> None:
    """Ends every session of the account, and makes this browser its only known one. Signing in then needs a second
    factor where the account has one."""
    actor = _nobody(request, settings)
    await at_the_door(_check, actor, form)
    hashed = await passwords.hash_aside(form.password)
    visitor = visitor_of(request, settings)
    device_token = await at_the_door(_finish, actor, form.token, hashed, visitor)
    cookies.drop_session(response, settings)
    cookies.give(response, settings, settings.device_cookie_name, device_token, devices.KEPT)


def _ask(actor: Actor, email: str) -> None:
    with db.transaction(actor) as session:
        password_resets.ask(session, actor, email)


def _begin(actor: Actor, token: str) -> Link:
    with db.transaction(actor) as session:
        return password_resets.begin(session, actor, token)


def _check(actor: Actor, form: NewPassword) -> None:
    link = _begin(actor, form.token)
    passwords.check_new_password(form.password, **link.who._asdict())


def _finish(actor: Actor, token: str, hashed: str, visitor: Visitor) -> str:
    with db.transaction(actor) as session:
        return password_resets.finish(session, actor, token, hashed, visitor)


def _nobody(request: Request, settings: Settings) -> Actor:
    return Actor.system("password reset", client_address(request, settings))
