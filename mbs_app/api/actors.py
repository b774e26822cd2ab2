"""Who calls a route, and whether they may.

A caller shows one of three things: the session cookie of a browser, the access token of a program that signed
in, or an API key; the last two as ``Authorization: Bearer …``. A route names what it needs by the type of its
actor (``Reading``, ``Writing``, ``Sending``, ``Administrating`` …); a route without one is open to anybody, and
a test holds the list of those.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from mbs_app import db
from mbs_app.api import metering
from mbs_app.api.dependencies import (
    SettingsHere,
    client_address,
    refuse_other_sites,
    remember_caller,
)
from mbs_app.domain.actor import Actor, ActorKind
from mbs_app.domain.errors import NotAllowed, NotApproved, NotSignedIn, SecondFactorRequired
from mbs_app.domain.vocabulary import Scope, SessionKind
from mbs_app.services import api_keys, sessions
from mbs_app.services.sessions import Standing
from mbs_app.settings import Settings

_SYSTEM = Actor.system("api")
_KEY_NEEDS = {
    Scope.READ: "This key may not read. Make one with the scope “read”.",
    Scope.WRITE: "This key may not change anything. Make one with the scope “write”.",
    Scope.SEND: "This key may not send or stop texts. Make one with the scope “send”.",
    Scope.ADMIN: "Only an admin can do this, and a key only with the scope “admin”.",
}


def bearer_token(request: Request) -> str | None:
    """What stands in ``Authorization: Bearer …``."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def standing(request: Request, settings: SettingsHere) -> Standing:
    """The caller, whatever their account may do.

    Raises:
        NotSignedIn: nothing was shown, or nothing that holds.
        NotAllowed: a change with a cookie from another site.
        TooManyRequests: a program calls more often than it may.
    """
    found: Standing | None = getattr(request.state, "standing", None)
    if found is None:  # else asked already, before the body was read (api/caller_first.py)
        found = request.state.standing = _find_standing(request, settings)
    return found


def _find_standing(request: Request, settings: Settings) -> Standing:
    bearer = bearer_token(request)
    if bearer is not None and api_keys.looks_like_key(bearer):
        return _standing_of_key(request, settings, bearer)
    return _standing_of_session(request, settings, bearer)


def _standing_of_key(request: Request, settings: Settings, key: str) -> Standing:
    ip = client_address(request, settings)
    with db.transaction(_SYSTEM, read_only=True) as session:
        found = api_keys.find_standing(session, key, ip=ip)
    key_id = found.actor.key_id
    assert key_id is not None
    remember_caller(request, found.actor)
    metering.note_use_of_key(request, key_id, ip)
    metering.count(request, settings, f"key|{key_id}")
    return found


def _standing_of_session(request: Request, settings: Settings, bearer: str | None) -> Standing:
    """A program shows its token as a bearer's, a browser in its cookie; neither counts as the other."""
    token = bearer or request.cookies.get(settings.session_cookie_name)
    if not token:
        raise NotSignedIn
    if bearer is None:
        refuse_other_sites(request, settings)
    kind = SessionKind.BROWSER if bearer is None else SessionKind.PROGRAM
    with db.transaction(_SYSTEM, read_only=True) as session:
        found = sessions.find_standing(
            session, token, ip=client_address(request, settings), kind=kind
        )
    session_id = found.actor.session_id
    assert session_id is not None
    remember_caller(request, found.actor)
    metering.note_use_of_session(request, session_id, token)
    if bearer is not None:
        metering.count(request, settings, f"session|{session_id}")
    return found


CurrentStanding = Annotated[Standing, Depends(standing)]


def any_account(found: CurrentStanding) -> Actor:
    """Somebody signed in, even where the account is pending, rejected or suspended; no API key."""
    _refuse_keys(found.actor)
    return found.actor


def approved_account(found: CurrentStanding) -> Actor:
    """Somebody signed in with an approved account, even where a required second factor is still missing."""
    if isinstance(found.refusal, NotApproved):
        raise found.refusal
    return found.actor


def in_person(actor: Annotated[Actor, Depends(approved_account)]) -> Actor:
    """As :func:`approved_account`, and no API key: keys must not make keys, nor change what guards an account."""
    _refuse_keys(actor)
    return actor


def allowed(scope: Scope) -> Callable[[Standing], Actor]:
    """The dependency of a route that needs ``scope``."""

    def actor_with_scope(found: CurrentStanding) -> Actor:
        if found.refusal is not None:
            raise found.refusal
        if not found.actor.may(scope):
            raise NotAllowed(_KEY_NEEDS[scope])
        return found.actor.administrating() if scope is Scope.ADMIN else found.actor

    return actor_with_scope


AnyAccount = Annotated[Actor, Depends(any_account)]
InPerson = Annotated[Actor, Depends(in_person)]
Reading = Annotated[Actor, Depends(allowed(Scope.READ))]
Writing = Annotated[Actor, Depends(allowed(Scope.WRITE))]
Sending = Annotated[Actor, Depends(allowed(Scope.SEND))]
Administrating = Annotated[Actor, Depends(allowed(Scope.ADMIN))]


def signed_in_person(found: CurrentStanding, actor: InPerson) -> Actor:
    """As :func:`in_person`, and nothing is missing: the second factor was shown where one is required."""
    if isinstance(found.refusal, SecondFactorRequired):
        raise found.refusal
    return actor


Person = Annotated[Actor, Depends(signed_in_person)]


def _refuse_keys(actor: Actor) -> None:
    if actor.kind is ActorKind.API_KEY:
        raise NotAllowed("An API key can’t do this. Sign in.")
