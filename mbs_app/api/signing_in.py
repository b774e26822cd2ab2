"""Where every way to sign in ends: the session, its cookie and the device's, and the answer."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel
from sqlmodel import Session

from mbs_app.api import cookies
from mbs_app.api.dependencies import client_address
from mbs_app.api.tokens import Tokens
from mbs_app.models import UserProfile
from mbs_app.services import devices, sessions, sign_in
from mbs_app.services.devices import Visitor
from mbs_app.settings import Settings


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


def visitor_of(request: Request, settings: Settings) -> Visitor:
    """Who is asking, as far as anybody knows before signing in."""
    return Visitor(
        ip=client_address(request, settings),
        user_agent=request.headers.get("user-agent", ""),
        device_token=request.cookies.get(settings.device_cookie_name, ""),
    )


def finish(
    session: Session,
    user: UserProfile,
    request: Request,
    response: Response,
    settings: Settings,
    *,
    keep: bool,
    with_second_factor: bool = False,
) -> Me:
    """Sign ``user`` in, in the transaction of what proved who they are.

    ``keep`` makes the cookie outlive the browser's window.
    """
    # The browser's session of before, whoever's it was, is not to live on beside the new one.
    sessions.end(session, request.cookies.get(settings.session_cookie_name, ""))
    signed_in = sign_in.start_session(
        session,
        user,
        visitor_of(request, settings),
        keep=keep,
        with_second_factor=with_second_factor,
    )
    lifetime = signed_in.lifetime if keep else None
    cookies.give_session(response, settings, signed_in.token, lifetime)
    response.headers[cookies.SESSION_HEADER] = "started"
    cookies.give(
        response, settings, settings.device_cookie_name, signed_in.device_token, devices.KEPT
    )
    return Me.of(user)


def finish_program(
    session: Session,
    user: UserProfile,
    request: Request,
    settings: Settings,
    *,
    with_second_factor: bool = False,
) -> Tokens:
    """The same for a program: tokens in the answer, no cookie."""
    visitor = visitor_of(request, settings)
    tokens = sign_in.start_program_session(
        session, user, visitor, with_second_factor=with_second_factor
    )
    return Tokens.of(tokens)
