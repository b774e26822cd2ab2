"""The one guard in front of every event: what isn't declared, or isn't the caller's to call, never runs.

Reflex calls it for events from the websocket, chained and background ones and uploads alike. It also keeps a
tab's state with its owner: a state made for one user is never sent to another, whoever knows the tab's token.
"""

from __future__ import annotations

import logging
from urllib.parse import quote, urlsplit

import reflex as rx
from reflex.state import BaseState as ReflexState
from reflex.state import StateUpdate
from reflex_base.event import Event, EventSpec
from reflex_base.registry import RegisteredEventHandler

from mbs_app.domain.errors import (
    InvalidInput,
    MbsError,
    NotAllowed,
    NotApproved,
    NotSignedIn,
    SecondFactorRequired,
)
from mbs_app.domain.site_paths import same_site_path
from mbs_app.services.sessions import Standing
from mbs_app.ui import arguments, session
from mbs_app.ui.access import (
    Access,
    declared_access,
    is_reflexes_own,
    names_of,
    registered_handlers,
)
from mbs_app.ui.browser import renew_session, start_afresh
from mbs_app.ui.components.toast import notify_problem

logger = logging.getLogger(__name__)

SIGN_IN_PAGE = "/signin"
WAITING_PAGE = "/waiting"  # says what an account that isn't approved waits for
SECOND_FACTOR_PAGE = "/settings/security"

# What an account may lack and still use handlers of this access.
TOLERATED: dict[Access, tuple[type[NotAllowed], ...]] = {
    Access.ACCOUNT: (NotApproved, SecondFactorRequired),
    Access.ENROLLING: (SecondFactorRequired,),
}


class Guard(rx.Middleware):
    """``app.add_middleware(Guard())``"""

    async def preprocess(self, app: rx.App, state: ReflexState, event: Event) -> StateUpdate | None:
        """None lets the event run; a StateUpdate is sent in its place."""
        caller = session.caller_of(state.router_data)
        standing = await _who(caller)
        if await _belongs_to_somebody_else(state, standing):
            return _answer(start_afresh())
        registered = registered_handlers().get(event.name)
        path = state.router_data.get("asPath")
        try:
            access = _admit(registered, standing)
            assert registered is not None
            arguments.check(registered.handler, event.payload)
        except NotSignedIn as error:
            return _answer(renew_session() if caller.token else refusal_event(error, path))
        except MbsError as error:
            who = f"user {standing.actor.user_id}" if standing else "nobody"
            logger.info("refused %s to %s from %s: %s", event.name, who, caller.ip, error.code)
            if type(error) is NotAllowed and _comes_with_page(app, event, path):
                return _answer()  # a page for admins, which says so by itself
            return _answer(refusal_event(error, path))
        if standing is not None and standing.must_renew and access is not Access.PUBLIC:
            return _answer(renew_session())
        session.remember_caller(caller, TOLERATED.get(access, ()))
        return None


async def _who(caller: session.Caller) -> Standing | None:
    try:
        return await session.find_standing(caller)
    except NotSignedIn:
        return None


async def _belongs_to_somebody_else(state: ReflexState, standing: Standing | None) -> bool:
    """Whether the tab's state was made for another user; an unowned one becomes the actor's."""
    tab = await state.get_state(session.TabState)
    here = str(standing.actor.user_id) if standing else ""
    if tab._owner == "" and here:
        tab._owner = here
    return tab._owner != here


def _admit(registered: RegisteredEventHandler | None, standing: Standing | None) -> Access:
    """What the handler asks for, or raise why this caller may not call it."""
    if registered is None:
        raise NotAllowed
    if is_reflexes_own(registered):
        return Access.PUBLIC
    access = declared_access(registered)
    if access is None:
        raise NotAllowed
    if access is Access.PUBLIC:
        return access
    if standing is None:
        raise NotSignedIn
    if standing.refusal is not None and not isinstance(standing.refusal, TOLERATED.get(access, ())):
        raise standing.refusal
    if access is Access.ADMIN and not standing.actor.is_admin:
        raise NotAllowed
    return access


def _comes_with_page(app: rx.App, event: Event, path: object) -> bool:
    """Whether nobody pressed anything: the page at ``path`` sends this event when it is opened."""
    return event.name in names_of(app.get_load_events(urlsplit(str(path or "")).path))


def refusal_event(error: MbsError, path: object = None) -> EventSpec:
    """What the browser does about an error: go and sign in, or show the sentence."""
    if isinstance(error, NotSignedIn):
        return rx.redirect(sign_in_address(path), replace=True)
    if isinstance(error, NotApproved):
        return rx.redirect(WAITING_PAGE, replace=True)
    if isinstance(error, SecondFactorRequired):
        return rx.redirect(SECOND_FACTOR_PAGE, replace=True)
    if isinstance(error, InvalidInput) and not error.message:
        return notify_problem(arguments.REFUSED)
    return notify_problem(error.message)


def sign_in_address(path: object = None) -> str:
    """The sign-in page, and after it the page that was asked for."""
    wanted = same_site_path(path)
    if wanted == "/" or wanted.startswith(SIGN_IN_PAGE):
        return SIGN_IN_PAGE
    return f"{SIGN_IN_PAGE}?next={quote(wanted, safe='/')}"


def _answer(*events: EventSpec) -> StateUpdate:
    return StateUpdate(events=Event.from_event_type(list(events)))
