"""Showing again, within a session, that it is you: some changes ask for it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from mbs_app import db
from mbs_app.api import cookies
from mbs_app.api.actors import InPerson
from mbs_app.api.dependencies import SettingsHere
from mbs_app.api.door import at_the_door
from mbs_app.api.own_password import check_own_password
from mbs_app.api.relying_party import Answer, Options, Party
from mbs_app.api.second_step import TypedCode
from mbs_app.api.signing_in import visitor_of
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput
from mbs_app.models import UserProfile
from mbs_app.services import accounts, second_factor
from mbs_app.services.devices import Visitor
from mbs_app.services.second_factor import attempts, codes, passkeys
from mbs_app.services.sign_in import FailedPasskey, by_passkey
from mbs_app.settings import Settings

SYSTEM = Actor.system("confirmation")

router = APIRouter(prefix="/api/auth/confirm", tags=["Signing in"])


class Password(BaseModel):
    password: Annotated[str, Field(max_length=1000)]


class Confirmed(BaseModel):
    """``renewed``: the session is worth more now and its cookie has a new token; load open pages anew."""

    renewed: bool


@router.post("/password", summary="Confirm with the password")
async def confirm_with_password(
    form: Password, request: Request, actor: InPerson, settings: SettingsHere
) -> Confirmed:
    """Good for fifteen minutes. Where a second factor is set up, it must have been shown in this session too."""
    await check_own_password(actor, form.password, visitor_of(request, settings))
    await db.in_transaction(actor, second_factor.confirm, with_second_factor=False)
    return Confirmed(renewed=False)


@router.post("/code", summary="Confirm with a code")
async def confirm_with_code(
    form: TypedCode, request: Request, response: Response, actor: InPerson, settings: SettingsHere
) -> Confirmed:
    visitor = visitor_of(request, settings)
    user = await at_the_door(count_code, actor, visitor)
    code = await codes.read(form.code, user.id)
    return await at_the_door(_end_code, actor, user, code, visitor, response, settings)


@router.post("/passkey/options", summary="Ask one of your passkeys")
def confirm_options(
    request: Request, response: Response, actor: InPerson, settings: SettingsHere, party: Party
) -> Options:
    with db.transaction(SYSTEM) as session:
        user = accounts.my_profile(session, actor)
        options, token = by_passkey.begin(session, party, visitor_of(request, settings), user=user)
    cookies.give(response, settings, settings.step_cookie_name, token, passkeys.CHALLENGE_LASTS)
    return Options(public_key=options)


@router.post("/passkey", summary="Confirm with a passkey")
def confirm_with_passkey(
    form: Answer,
    request: Request,
    response: Response,
    actor: InPerson,
    settings: SettingsHere,
    party: Party,
) -> Confirmed:
    token = request.cookies.get(settings.step_cookie_name, "")
    with db.transaction(SYSTEM) as session:
        user = accounts.my_profile(session, actor)
        challenge = by_passkey.take_challenge(session, token, user_id=user.id)
    with db.transaction(SYSTEM) as session:
        shown = passkeys.takes(session, party, form.credential, challenge, user=user, verified=True)
        if shown is not None:
            return _confirmed(session, response, settings, actor)
    raise FailedPasskey


def count_code(actor: Actor, visitor: Visitor) -> UserProfile:
    """Count a guess of a code within a session; who guesses."""
    with db.transaction(SYSTEM) as session:
        user = accounts.my_profile(session, actor)
        attempts.admit(session, user, visitor)
    return user


def _end_code(
    actor: Actor,
    user: UserProfile,
    code: codes.TypedCode,
    visitor: Visitor,
    response: Response,
    settings: Settings,
) -> Confirmed:
    with db.transaction(SYSTEM) as session:
        if codes.takes(session, user, code, visitor):
            return _confirmed(session, response, settings, actor)
    raise InvalidInput(code=code.refusal)


def _confirmed(session: Session, response: Response, settings: Settings, actor: Actor) -> Confirmed:
    renewed = second_factor.confirm(session, actor, with_second_factor=True)
    if renewed:
        cookies.rotate_session(session, response, settings, actor)
    return Confirmed(renewed=renewed)
