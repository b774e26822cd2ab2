"""Signing in and out, and making the first admin."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from mbs_app import db
from mbs_app.api import cookies
from mbs_app.api.actors import AnyAccount, bearer_token
from mbs_app.api.dependencies import SameSite, SettingsHere, client_address
from mbs_app.domain.actor import Actor
from mbs_app.models import UserProfile
from mbs_app.services import passwords, sessions, sign_in, workspace

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


class Me(BaseModel):
    id: UUID
    email: str
    name: str
    role: str
    status: str
    time_zone: str

    @classmethod
    def of(cls, user: UserProfile) -> Me:
        return cls.model_validate(user, from_attributes=True)


@router.post("/login", summary="Sign in and get a session cookie")
def login(form: SignIn, request: Request, response: Response, settings: SettingsHere) -> Me:
    """Wrong password, unknown address: the same answer, after the same time."""
    ip = client_address(request, settings)
    # The slow hash runs outside any transaction, so that it holds no lock and no connection.
    with db.transaction(SYSTEM) as session:
        stored = sign_in.begin(session, form.email, ip)
    if not passwords.verify_password(form.password, stored):
        with db.transaction(SYSTEM) as session:
            sign_in.refuse(session, ip)
        raise sign_in.FailedSignIn
    with db.transaction(SYSTEM) as session:
        signed_in = sign_in.sign_in(
            session,
            form.email,
            form.password,
            keep=form.keep,
            ip=ip,
            user_agent=request.headers.get("user-agent", ""),
        )
    cookies.give_session(
        response, settings, signed_in.token, signed_in.lifetime if form.keep else None
    )
    return Me.of(signed_in.user)


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
        token, _ = sessions.start(
            session,
            user,
            keep=False,
            ip=client_address(request, settings),
            user_agent=request.headers.get("user-agent", ""),
        )
    cookies.give_session(response, settings, token, None)
    return Me.of(user)
