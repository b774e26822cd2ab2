"""New tokens for old ones."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from mbs_app import db
from mbs_app.api import cookies
from mbs_app.api.dependencies import SameSite, SettingsHere, client_address
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import NotSignedIn
from mbs_app.services import program_tokens, sessions

SYSTEM = Actor.system("sign-in")

router = APIRouter(prefix="/api/auth", tags=["Signing in"], dependencies=[SameSite])


class Refresh(BaseModel):
    refresh_token: Annotated[str, Field(max_length=100, examples=["mbr_…"])]


class Tokens(BaseModel):
    """``expires_in`` is in seconds. Keep the refresh token: it works once, and brings the next two."""

    access_token: str
    token_type: str = "Bearer"
    expires_in: int
    refresh_token: str

    @classmethod
    def of(cls, tokens: program_tokens.Tokens) -> Tokens:
        return cls(
            access_token=tokens.access_token,
            expires_in=int(tokens.expires_in.total_seconds()),
            refresh_token=tokens.refresh_token,
        )


class Renewed(BaseModel):
    signed_in: bool


@router.post("/refresh", summary="Get new tokens for a program")
def refresh(form: Refresh, request: Request, settings: SettingsHere) -> Tokens:
    """A refresh token works once. One that comes a second time was copied: then the program is signed out, and
    has to sign in again."""
    ip = client_address(request, settings)
    with db.transaction(SYSTEM) as session:
        tokens = program_tokens.refresh(session, form.refresh_token, ip=ip)
    if tokens is None:
        raise NotSignedIn("This refresh token isn’t good any more. Sign in again.")
    return Tokens.of(tokens)


@router.post("/renew", summary="Keep a browser signed in after its rights changed")
def renew(request: Request, response: Response, settings: SettingsHere) -> Renewed:
    """Gives the cookie a new token where one is due. ``signed_in`` is false where the cookie’s session is over.

    Not an error: the pages ask this to find out.
    """
    token = request.cookies.get(settings.session_cookie_name, "")
    with db.transaction(SYSTEM) as session:
        try:
            sessions.find_standing(session, token)
        except NotSignedIn:
            return Renewed(signed_in=False)
        fresh = sessions.renew(session, token)
        if fresh is not None:
            lifetime = sessions.cookie_lifetime(session, fresh)
            cookies.give_session(response, settings, fresh, lifetime)
    return Renewed(signed_in=True)
