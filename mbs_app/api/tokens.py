"""New tokens for old ones."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from mbs_app import db
from mbs_app.api import cookies
from mbs_app.api.dependencies import SameSite, SettingsHere
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import NotSignedIn
from mbs_app.services import sessions

SYSTEM = Actor.system("sign-in")

router = APIRouter(prefix="/api/auth", tags=["Signing in"], dependencies=[SameSite])


class Renewed(BaseModel):
    signed_in: bool


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
