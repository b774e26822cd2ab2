"""Signing in beyond the password: its second step, and passkeys on their own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from mbs_app import db
from mbs_app.api import cookies
from mbs_app.api.dependencies import SameSite, SettingsHere
from mbs_app.api.door import at_the_door
from mbs_app.api.relying_party import Answer, Options, Party
from mbs_app.api.signing_in import Me, finish, finish_program, visitor_of
from mbs_app.api.tokens import Tokens
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput
from mbs_app.models import UserProfile
from mbs_app.services import audit
from mbs_app.services.devices import Visitor
from mbs_app.services.second_factor import codes, passkeys
from mbs_app.services.sign_in import FailedPasskey, by_passkey, second_step
from mbs_app.settings import Settings

SYSTEM = Actor.system("sign-in")

router = APIRouter(prefix="/api/auth", tags=["Signing in"], dependencies=[SameSite])


class TypedCode(BaseModel):
    code: Annotated[
        str,
        Field(max_length=40, description="From the app, or a recovery code.", examples=["492 039"]),
    ]


class StepCode(TypedCode):
    step_token: Annotated[
        str | None,
        Field(max_length=100, description="A program’s, from the answer to its sign-in."),
    ] = None


class PasskeySignIn(Answer):
    keep: bool = False


@router.post("/second-factor", summary="Finish signing in with a code")
async def finish_with_code(
    form: StepCode, request: Request, response: Response, settings: SettingsHere
) -> Me | Tokens:
    """After `POST /api/auth/login` has asked for it, with the cookie that it gave. Five attempts, ten minutes.

    A program that signed in for tokens sends the `step_token` it got, and gets them now.
    """
    token = form.step_token or _step_token(request, settings)
    user = await at_the_door(_begin_code, token, visitor_of(request, settings))
    code = await codes.read(form.code, user.id)
    return await at_the_door(_finish_with_code, user, code, token, request, response, settings)


@router.post("/second-factor/passkey/options", summary="Ask a passkey as second factor")
def second_factor_options(request: Request, settings: SettingsHere, party: Party) -> Options:
    with db.transaction(SYSTEM) as session:
        token = _step_token(request, settings)
        return Options(public_key=second_step.ask_for_passkey(session, token, party))


@router.post("/second-factor/passkey", summary="Finish signing in with a passkey")
def finish_with_passkey(
    form: Answer, request: Request, response: Response, settings: SettingsHere, party: Party
) -> Me | Tokens:
    token = _step_token(request, settings)
    with db.transaction(SYSTEM) as session:
        user, challenge = second_step.begin_passkey(session, token)
    with db.transaction(SYSTEM) as session:
        shown = passkeys.takes(
            session, party, form.credential, challenge, user=user, verified=False
        )
        if shown is not None:
            return _finish_step(session, token, request, response, settings)
        _record_refusal(session, request, settings, user)
    raise FailedPasskey


@router.post("/passkey/options", summary="Ask for any passkey")
def passkey_options(
    request: Request, response: Response, settings: SettingsHere, party: Party
) -> Options:
    with db.transaction(SYSTEM) as session:
        options, token = by_passkey.begin(session, party, visitor_of(request, settings))
    cookies.give(response, settings, settings.step_cookie_name, token, passkeys.CHALLENGE_LASTS)
    return Options(public_key=options)


@router.post("/passkey", summary="Sign in with a passkey alone")
def sign_in_with_passkey(
    form: PasskeySignIn, request: Request, response: Response, settings: SettingsHere, party: Party
) -> Me:
    """It asks for a fingerprint, a face or a PIN, so that it counts as both factors."""
    token = _step_token(request, settings)
    with db.transaction(SYSTEM) as session:
        challenge = by_passkey.take_challenge(session, token)
    with db.transaction(SYSTEM) as session:
        user = passkeys.takes(session, party, form.credential, challenge, verified=True)
        if user is not None:
            cookies.drop(response, settings, settings.step_cookie_name)
            return finish(
                session,
                user,
                request,
                response,
                settings,
                keep=form.keep,
                with_second_factor=True,
            )
        _record_refusal(session, request, settings)
    raise FailedPasskey


def _begin_code(token: str, visitor: Visitor) -> UserProfile:
    with db.transaction(SYSTEM) as session:
        return second_step.begin_code(session, token, visitor)


def _finish_with_code(
    user: UserProfile,
    code: codes.TypedCode,
    token: str,
    request: Request,
    response: Response,
    settings: Settings,
) -> Me | Tokens:
    with db.transaction(SYSTEM) as session:
        if codes.takes(session, user, code, visitor_of(request, settings)):
            return _finish_step(session, token, request, response, settings)
    raise InvalidInput(code=code.refusal)


def _finish_step(
    session: Session, token: str, request: Request, response: Response, settings: Settings
) -> Me | Tokens:
    ended = second_step.end(session, token)
    if ended.for_program:
        return finish_program(session, ended.user, request, settings, with_second_factor=True)
    cookies.drop(response, settings, settings.step_cookie_name)
    return finish(
        session, ended.user, request, response, settings, keep=ended.keep, with_second_factor=True
    )


def _step_token(request: Request, settings: Settings) -> str:
    return request.cookies.get(settings.step_cookie_name, "")


def _record_refusal(
    session: Session, request: Request, settings: Settings, user: UserProfile | None = None
) -> None:
    actor = Actor.system("sign-in", visitor_of(request, settings).ip)
    audit.record(session, actor, "passkey.refuse", "user", user.id if user else "")
