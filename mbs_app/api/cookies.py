"""Cookies of the product: given, renewed, taken away."""

from __future__ import annotations

from datetime import timedelta

from fastapi import Response
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import NotSignedIn
from mbs_app.services import sessions
from mbs_app.settings import Settings

# Tells a page that its websocket's cookie is of the past: "started", "renewed" or "ended".
SESSION_HEADER = "X-Session"


def give(
    response: Response, settings: Settings, name: str, value: str, lifetime: timedelta | None
) -> None:
    """A cookie that no script reads and no other site's form carries.

    Without a lifetime the browser drops it when it closes.
    """
    response.set_cookie(
        name,
        value,
        max_age=int(lifetime.total_seconds()) if lifetime else None,
        path="/",
        secure=settings.is_https,
        httponly=True,
        samesite="lax",
    )


def drop(response: Response, settings: Settings, name: str) -> None:
    response.delete_cookie(name, path="/", secure=settings.is_https, httponly=True, samesite="lax")


def give_session(
    response: Response, settings: Settings, token: str, lifetime: timedelta | None
) -> None:
    give(response, settings, settings.session_cookie_name, token, lifetime)


def drop_session(response: Response, settings: Settings) -> None:
    drop(response, settings, settings.session_cookie_name)
    response.headers[SESSION_HEADER] = "ended"


def rotate_session(session: Session, response: Response, settings: Settings, actor: Actor) -> None:
    """Give the browser a new token for the session ``actor`` acts in, in the transaction of what asks for it.

    The old token is dead at once, and with it the websocket of the page that asked; a header tells the page to
    load itself anew. A program keeps its own token, which lives for minutes.
    """
    if actor.session_id is None:
        return
    try:
        token = sessions.rotate(session, actor.session_id)
    except NotSignedIn:
        return
    give_session(response, settings, token, sessions.cookie_lifetime(session, token))
    response.headers[SESSION_HEADER] = "renewed"
