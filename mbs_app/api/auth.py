"""Signing in and out, and making the first admin."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from mbs_app import db
from mbs_app.api import cookies
from mbs_app.api.actors import AnyAccount, bearer_token
from mbs_app.api.dependencies import SameSite, SettingsHere
from mbs_app.api.door import at_the_door
from mbs_app.api.signing_in import Me, finish, finish_program, visitor_of
from mbs_app.api.tokens import Tokens
from mbs_app.domain.actor import Actor
from mbs_app.services import passwords, sign_in, workspace
from mbs_app.services.devices import Visitor
from mbs_app.services.second_factor import Method
from mbs_app.settings import Settings

SYSTEM = Actor.system("sign-in")
SETUP = Actor.system("setup")

router = APIRouter(prefix="/api/auth", tags=["Signing in"], dependencies=[SameSite])


class SignIn(BaseModel):
    email: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=1000)]
    keep: bool = False
    tokens: Annotated[bool, Field(description="For programs: tokens in place of a cookie.")] = False


class SecondFactorWanted(BaseModel):
    """The password was right; one of ``methods`` must be shown within ten minutes, by the same browser, or by the
    program that sends ``step_token`` along."""

    next: Literal["second_factor"] = "second_factor"
    methods: list[Method]
    step_token: str | None = None


class SetUp(BaseModel):
    token: Annotated[str, Field(max_length=100)]
    workspace_name: Annotated[str, Field(max_length=200)]
    name: Annotated[str, Field(max_length=200)]
    email: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=1000)]
    time_zone: Annotated[str, Field(max_length=64)] = "America/Chicago"
    default_region: Annotated[str, Field(min_length=2, max_length=2)] = "US"


@router.post(
    "/login",
    summary="Sign in and get a session cookie, or tokens",
    response_model_exclude_none=True,
)
async def login(
    form: SignIn, request: Request, response: Response, settings: SettingsHere
) -> Me | Tokens | SecondFactorWanted:
    """Wrong password, unknown address: the same answer, after the same time. A program sends `"tokens": true` and
    gets an access token for 15 minutes and a refresh token for `POST /api/auth/refresh`.

    An account with a second factor gets no session yet: go on with `POST /api/auth/second-factor`.
    """
    visitor = visitor_of(request, settings)
    # The slow hash runs between two transactions, so that it holds no lock, no connection and no thread.
    stored = await at_the_door(_begin, form.email, visitor)
    if not await passwords.verify_aside(form.password, stored):
        await at_the_door(_refuse, visitor)
        raise sign_in.FailedSignIn
    fresh = await passwords.rehash_aside(form.password, stored)
    return await at_the_door(_go_on, form, stored, fresh, request, response, settings)


def _begin(email: str, visitor: Visitor) -> str | None:
    with db.transaction(SYSTEM) as session:
        return sign_in.begin(session, email, visitor)


def _refuse(visitor: Visitor) -> None:
    with db.transaction(SYSTEM) as session:
        sign_in.refuse(session, visitor)


def _go_on(
    form: SignIn,
    stored: str | None,
    fresh: str | None,
    request: Request,
    response: Response,
    settings: Settings,
) -> Me | Tokens | SecondFactorWanted:
    """The password was right: sign in, or ask for the second factor."""
    visitor = visitor_of(request, settings)
    with db.transaction(SYSTEM) as session:
        user = sign_in.accept_password(session, form.email, stored, visitor, fresh=fresh)
        step = sign_in.ask_second_factor(
            session, user, visitor, keep=form.keep, for_program=form.tokens
        )
        if step is None and form.tokens:
            return finish_program(session, user, request, settings)
        if step is None:
            return finish(session, user, request, response, settings, keep=form.keep)
    if form.tokens:
        return SecondFactorWanted(methods=step.methods, step_token=step.token)
    cookies.give(
        response, settings, settings.step_cookie_name, step.token, sign_in.second_step.LASTS
    )
    return SecondFactorWanted(methods=step.methods)


@router.post("/logout", status_code=204, summary="End this session")
def logout(request: Request, response: Response, actor: AnyAccount, settings: SettingsHere) -> None:
    token = bearer_token(request) or request.cookies.get(settings.session_cookie_name, "")
    with db.transaction(Actor.system("sign-out")) as session:
        sign_in.sign_out(session, actor, token)
    cookies.drop_session(response, settings)


@router.post("/setup", summary="Make the first admin with the one-time link")
async def setup(form: SetUp, request: Request, response: Response, settings: SettingsHere) -> Me:
    await at_the_door(_check_set_up, form)
    password_hash = await passwords.hash_aside(form.password)
    return await at_the_door(_set_up, form, password_hash, request, response, settings)


def _check_set_up(form: SetUp) -> None:
    with db.transaction(SETUP, read_only=True) as session:
        given = form.model_dump(exclude={"default_region"})
        workspace.check_set_up(session, SETUP, **given)


def _set_up(
    form: SetUp, password_hash: str, request: Request, response: Response, settings: Settings
) -> Me:
    with db.transaction(SETUP) as session:
        given = form.model_dump(exclude={"password"})
        user = workspace.set_up(session, SETUP, password_hash=password_hash, **given)
        return finish(session, user, request, response, settings, keep=False)
