"""Signing in through an OpenID provider: there, and back.

Browsers come here by following links, so the answers are redirects: to the provider, to the page that was asked
for, or to one that says by a short word in its address what went wrong.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from mbs_app import db
from mbs_app.api import cookies
from mbs_app.api.actors import InPerson
from mbs_app.api.dependencies import SettingsHere
from mbs_app.api.door import abroad
from mbs_app.api.signing_in import finish, visitor_of
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import (
    ConfirmFirst,
    Conflict,
    InvalidInput,
    MbsError,
    NotAllowed,
    NotFound,
)
from mbs_app.domain.site_paths import same_site_path
from mbs_app.models import UserProfile
from mbs_app.providers.openid import Claims, OpenIdProvider, ProviderFailed
from mbs_app.services import (
    external_identities,
    registration,
    second_factor,
    sessions,
    sign_in,
)
from mbs_app.services.devices import Visitor
from mbs_app.services.sign_in import by_provider
from mbs_app.services.sign_in.by_provider import Begun, Purpose
from mbs_app.services.steps import StepOver
from mbs_app.settings import Settings

log = logging.getLogger(__name__)

SYSTEM = Actor.system("sign-in")
SIGN_IN, JOIN, SECURITY = "/signin", "/join", "/settings/security"
CALLBACK = "/api/auth/provider/callback"

router = APIRouter(prefix="/api/auth/provider", tags=["Signing in"])


@router.get("/start", status_code=303, summary="Go and sign in at the provider")
async def start(
    request: Request,
    settings: SettingsHere,
    next: Annotated[str, Query(max_length=2000, description="The page to go to in the end.")] = "/",
    invite: Annotated[str, Query(max_length=40, description="A code to join with.")] = "",
) -> RedirectResponse:
    """For browsers. It ends at the page that was asked for, signed in.

    From a link on another site it goes to the sign-in page first: nobody is signed in who didn't ask for it.
    """
    if _comes_from_another_site(request):
        return _to(SIGN_IN, next=same_site_path(next))
    purpose = Purpose(same_site_path(next), invite, None)
    return await abroad(_depart, request, settings, purpose, on_problem=SIGN_IN)


@router.get("/connect", status_code=303, summary="Connect a sign-in elsewhere to your account")
async def connect(request: Request, settings: SettingsHere, actor: InPerson) -> RedirectResponse:
    """For browsers. It ends at the page of one's security."""
    if _comes_from_another_site(request):
        raise NotAllowed("This request came from another site.")
    return await abroad(_depart_to_connect, request, settings, actor)


@router.get("/callback", status_code=303, summary="Come back from the provider")
async def callback(
    request: Request,
    settings: SettingsHere,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    error: Annotated[str, Query(max_length=200)] = "",
) -> RedirectResponse:
    """Where the provider sends the browser back to."""
    return await abroad(_come_back, request, settings, state, code, error)


def _come_back(
    request: Request, settings: Settings, state: str, code: str, error: str
) -> RedirectResponse:
    visitor = visitor_of(request, settings)
    begun = Begun(request.cookies.get(settings.step_cookie_name, ""))
    try:
        with db.transaction(SYSTEM) as session:
            purpose = by_provider.take(session, begun, state)
        if error or not code:
            raise ProviderFailed(error or "The provider sent no code.")
        claims = provider_of(settings).exchange(
            redirect_uri=_redirect_uri(settings),
            code=code,
            nonce=begun.nonce,
            code_verifier=begun.code_verifier,
        )
        return _enter(request, settings, claims, purpose, visitor)
    except ProviderFailed as problem:
        return _failed(problem)
    except InvalidInput as problem:
        return _to(JOIN, notice=f"invite-{next(iter(problem.fields))}", code=purpose.invite_code)
    except (Conflict, ConfirmFirst) as problem:
        return _to(SECURITY, notice=problem.code)
    except MbsError as problem:
        return _to(SIGN_IN, notice=problem.code)


def _comes_from_another_site(request: Request) -> bool:
    return request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")


def _depart_to_connect(request: Request, settings: Settings, actor: Actor) -> RedirectResponse:
    with db.transaction(actor, read_only=True) as session:
        second_factor.require_confirmed(session, actor)
    return _depart(request, settings, Purpose(SECURITY, "", actor.user_id), on_problem=SECURITY)


def _depart(
    request: Request, settings: Settings, purpose: Purpose, *, on_problem: str
) -> RedirectResponse:
    try:
        with db.transaction(SYSTEM) as session:
            begun = by_provider.begin(session, visitor_of(request, settings), purpose)
        there = provider_of(settings).authorization_url(
            redirect_uri=_redirect_uri(settings),
            state=begun.state,
            nonce=begun.nonce,
            code_verifier=begun.code_verifier,
        )
    except ProviderFailed as problem:
        return _failed(problem, on_problem)
    except MbsError as problem:
        return _to(on_problem, notice=problem.code)
    answer = _to(there)
    cookies.give(answer, settings, settings.step_cookie_name, begun.token, by_provider.LASTS)
    return answer


def provider_of(settings: Settings) -> OpenIdProvider:
    """Raises NotFound where none is set."""
    if not settings.signs_in_through_provider:
        raise NotFound("sign-in")
    return _provider(settings)


@lru_cache(maxsize=1)
def _provider(settings: Settings) -> OpenIdProvider:
    return OpenIdProvider.of(settings)


def _redirect_uri(settings: Settings) -> str:
    return settings.address + CALLBACK


def _enter(
    request: Request, settings: Settings, claims: Claims, purpose: Purpose, visitor: Visitor
) -> RedirectResponse:
    if purpose.connects is not None:
        return _connect(request, settings, claims, purpose.connects, visitor)
    with db.transaction(SYSTEM) as session:
        user = external_identities.find_user(session, claims)
        if user is not None:
            return _sign_in(session, user, request, settings, claims, purpose, visitor)
    if purpose.invite_code:
        return _join(request, settings, claims, purpose.invite_code, visitor)
    raise by_provider.NoAccountYet


def _sign_in(
    session: Session,
    user: UserProfile,
    request: Request,
    settings: Settings,
    claims: Claims,
    purpose: Purpose,
    visitor: Visitor,
) -> RedirectResponse:
    """Where the provider saw one factor, the account's own second one is asked for here."""
    proven = claims.used_second_factor
    step = None if proven else sign_in.ask_second_factor(session, user, visitor, keep=False)
    if step is None:
        answer = _to(purpose.next_path)
        cookies.drop(answer, settings, settings.step_cookie_name)
        finish(session, user, request, answer, settings, keep=False, with_second_factor=proven)
        return answer
    methods = ",".join(step.methods)
    answer = _to(SIGN_IN, step="second-factor", methods=methods, next=purpose.next_path)
    lasts = sign_in.second_step.LASTS
    cookies.give(answer, settings, settings.step_cookie_name, step.token, lasts)
    return answer


def _join(
    request: Request, settings: Settings, claims: Claims, invite_code: str, visitor: Visitor
) -> RedirectResponse:
    actor = Actor.system("registration", visitor.ip)
    with db.transaction(actor) as session:
        form = by_provider.joining_form(session, claims, invite_code)
        refusal = registration.begin(session, actor, form)
    if refusal is not None:  # raised once the guess is counted
        raise refusal
    with db.transaction(actor) as session:
        user = by_provider.join(session, actor, claims, form)
        answer = _to("/")
        cookies.drop(answer, settings, settings.step_cookie_name)
        finish(session, user, request, answer, settings, keep=False)
    return answer


def _connect(
    request: Request, settings: Settings, claims: Claims, user_id: UUID, visitor: Visitor
) -> RedirectResponse:
    """To the account of who began it, who must still be the one signed in here."""
    token = request.cookies.get(settings.session_cookie_name, "")
    with db.transaction(SYSTEM) as session:
        actor = sessions.find_standing(session, token, ip=visitor.ip).actor
        if actor.user_id != user_id:
            raise StepOver
        external_identities.connect_own(session, actor, claims, visitor)
    answer = _to(SECURITY, notice="provider-connected")
    cookies.drop(answer, settings, settings.step_cookie_name)
    return answer


def _failed(problem: ProviderFailed, page: str = SIGN_IN) -> RedirectResponse:
    log.warning("sign-in through the provider failed: %r", str(problem))
    return _to(page, notice=by_provider.ProviderAway.code)


def _to(address: str, **query: str) -> RedirectResponse:
    """A redirect that turns into a GET, whatever brought the browser here."""
    given = {name: value for name, value in query.items() if value}
    target = f"{address}?{urlencode(given)}" if given else address
    return RedirectResponse(target, status_code=303, headers={"Cache-Control": "no-store"})
