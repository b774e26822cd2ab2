"""Signing in and out, and making the first admin."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from mbs_app import db
from mbs_app.api import cookies
from mbs_app.api.actors import AnyAccount, bearer_token
from mbs_app.api.dependencies import SameSite, SettingsHere
from mbs_app.api.signing_in import Me, finish, visitor_of
from mbs_app.domain.actor import Actor
from mbs_app.services import passwords, sign_in, workspace

SYSTEM = Actor.system("sign-in")


router = APIRouter(prefix="/api/auth", tags=["Signing in"], dependencies=[SameSite])


class SignIn(BaseModel):
    email: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=1000)]
    keep: bool = False


class SetUp(BaseModel):
    token: Annotated[str, Field(max_length=100)]
    workspace_name: Annotated[str, Field(max_length=200)]
    name: Annotated[str, Field(max_length=200)]
    email: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=1000)]
    time_zone: Annotated[str, Field(max_length=64)] = "America/Chicago"
    default_region: Annotated[str, Field(min_length=2, max_length=2)] = "US"


@router.post("/login", summary="Sign in and get a session cookie")
def login(form: SignIn, request: Request, response: Response, settings: SettingsHere) -> Me:
    """Wrong password, unknown address: the same answer, after the same time."""
    visitor = visitor_of(request, settings)
    # The slow hash runs outside any transaction, so that it holds no lock and no connection.
    with db.transaction(SYSTEM) as session:
        stored = sign_in.begin(session, form.email, visitor)
    if not passwords.verify_password(form.password, stored):
        with db.transaction(SYSTEM) as session:
            sign_in.refuse(session, visitor)
        raise sign_in.FailedSignIn
    with db.transaction(SYSTEM) as session:
        user = sign_in.accept_password(session, form.email, form.password, visitor)
        return finish(session, user, request, response, settings, keep=form.keep)


@router.post("/logout", status_code=204, summary="End this session")
def logout(request: Request, response: Response, actor: AnyAccount, settings: SettingsHere) -> None:
    token = bearer_token(request) or request.cookies.get(settings.session_cookie_name, "")
    with db.transaction(Actor.system("sign-out")) as session:
        sign_in.sign_out(session, actor, token)
    cookies.drop_session(response, settings)


@router.post("/setup", summary="Make the first admin with the one-time link")
def setup(form: SetUp, request: Request, response: Response, settings: SettingsHere) -> Me:
    with db.transaction(Actor.system("setup")) as session:
        user = workspace.set_up(session, **form.model_dump())
        return finish(session, user, request, response, settings, keep=False)
