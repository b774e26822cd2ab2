"""Who stands behind an event, and the base of every page's state.

The actor is looked up for each event from the session cookie of the websocket's handshake and is never kept
in state: a tab's state can outlive a sign-out, and is resumed by whoever knows the tab's token.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import reflex as rx
from sqlmodel import Session
from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from mbs_app import db
from mbs_app.delivery import signals
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput, MbsError, NotAllowed, NotSignedIn
from mbs_app.domain.proxies import client_address
from mbs_app.services import sessions, standing
from mbs_app.services.sessions import Standing
from mbs_app.settings import get_settings
from mbs_app.ui.access import Access

P = ParamSpec("P")
R = TypeVar("R")

# How long an answer is believed. What changes in this process holds at once (services/standing.py); a sign-out, and
# what changes in another process, reaches open tabs within this time.
FRESH_SECONDS = 1.5
MOST_REMEMBERED = 10_000
TOUCH_SECONDS = 300.0

_SYSTEM = Actor.system("pages")
_TOKEN_KEY = "mbs_session_token"


@dataclass(frozen=True, slots=True)
class Caller:
    """What the handshake says about the other end of the websocket."""

    token: str = ""
    ip: str = ""


class _Hidden(str):
    """A session token among router data: Reflex logs the whole of an event that it has no handler for, as of a tab
    that is older than the program.
    """

    def __repr__(self) -> str:
        return "'…'"


@dataclass(slots=True)
class _Answer:
    standing: Standing | None  # None: nobody, or a session that has ended
    asked_at: float
    touched_at: float = 0.0


Refusals = tuple[type[NotAllowed], ...]

_caller: ContextVar[Caller] = ContextVar("caller")
_tolerated: ContextVar[Refusals] = ContextVar("tolerated", default=())
_answers: OrderedDict[str, _Answer] = OrderedDict()
# When a user's standing changed last, and everybody's (None): answers from before don't count.
_changed_at: dict[UUID | None, float] = {}

standing_changes = signals.Bell()
"""What somebody may do has changed; about: their ids, or nobody's for everybody. For pages that go on by themselves."""


def keep_cookies_on_the_server(app: rx.App) -> None:
    """Take the cookies out of what Reflex sends back to the browser, and find the address as the API does.

    It sends a page the headers of its own handshake, where a script could read the HttpOnly cookie. The
    session token stays beside them, in router data, which is never sent. Of several ``X-Forwarded-For`` fields
    it knows the last only.
    """
    namespace: Any = app.event_namespace
    build = namespace._build_static_router_data

    def build_without_cookies(sid: str, environ: dict[str, Any]) -> dict[str, Any]:
        router_data: dict[str, Any] = build(sid, environ)
        cookie = router_data["headers"].pop("cookie", "")
        ip = address_in(environ.get("asgi.scope", {}))
        return {**router_data, "ip": ip, _TOKEN_KEY: _Hidden(token_in(cookie))}

    namespace._build_static_router_data = build_without_cookies


def address_in(scope: Mapping[str, Any]) -> str:
    """Where a request or a websocket comes from."""
    host, _ = scope.get("client") or ("", 0)
    fields = Headers(raw=list(scope.get("headers", []))).getlist("x-forwarded-for")
    return client_address(host, fields, get_settings().trusted_proxy_hops)


def token_in(cookie_header: str) -> str:
    """The session token in a Cookie header; empty where there is none."""
    return cookie_parser(cookie_header).get(get_settings().session_cookie_name, "")


def caller_of(router_data: Mapping[str, Any]) -> Caller:
    """Whom an event's router data speaks of."""
    return Caller(str(router_data.get(_TOKEN_KEY) or ""), str(router_data.get("ip") or ""))


def remember_caller(caller: Caller, tolerated: Refusals = ()) -> None:
    """Make ``caller`` the one the handler of this event runs for, in spite of what is ``tolerated``."""
    _caller.set(caller)
    _tolerated.set(tolerated)


async def current_actor() -> Actor:
    """The actor of the running event, no older than two seconds; long loops ask again at each turn.

    Raises:
        NotSignedIn: nobody, or the session has ended since.
        NotAllowed: the account isn't approved, or no longer, and the handler doesn't put up with that.
    """
    return await find_actor(_caller.get(Caller()), _tolerated.get())


async def current_standing() -> Standing:
    """Who the running event runs for, and what they lack, as it is now. Raises NotSignedIn."""
    return await find_standing(_caller.get(Caller()))


async def find_actor(caller: Caller, tolerated: Refusals = ()) -> Actor:
    """As ``current_actor``, for any caller."""
    found = await find_standing(caller)
    if found.refusal is not None and not isinstance(found.refusal, tolerated):
        raise found.refusal.with_traceback(None)
    return found.actor


async def find_standing(caller: Caller) -> Standing:
    """Who is calling, and what they lack. Raises NotSignedIn."""
    if not caller.token:
        raise NotSignedIn
    key = sessions.hash_token(caller.token)
    answer = _answers.get(key)
    if answer is None or not _is_fresh(answer):
        answer = await _ask(caller, answer)
        _answers[key] = answer
        _answers.move_to_end(key)
        if len(_answers) > MOST_REMEMBERED:
            _answers.popitem(last=False)
    if answer.standing is None:
        raise NotSignedIn
    return answer.standing._replace(actor=replace(answer.standing.actor, ip=caller.ip))


def forget_answers() -> None:
    """Look everyone up again; for tests."""
    _answers.clear()


def _is_fresh(answer: _Answer) -> bool:
    if time.monotonic() >= answer.asked_at + FRESH_SECONDS:
        return False
    if answer.standing is None:
        return True
    changes = (_changed_at.get(whose, 0.0) for whose in (answer.standing.actor.user_id, None))
    return answer.asked_at > max(changes)


def _note_change(user_id: UUID | None) -> None:
    """From whichever thread committed the change. Old notes are of no use: the answers are older still."""
    now = time.monotonic()
    if len(_changed_at) > MOST_REMEMBERED:
        for other, at in list(_changed_at.items()):
            if at < now - 2 * FRESH_SECONDS:
                _changed_at.pop(other, None)
    _changed_at[user_id] = now
    standing_changes.ring(*([user_id] if user_id else []))


standing.listen(_note_change)


async def _ask(caller: Caller, before: _Answer | None) -> _Answer:
    asked_at = time.monotonic()
    touched = before.touched_at if before else 0.0
    try:
        found = await asyncio.to_thread(_look_up, caller)
    except NotSignedIn:
        return _Answer(None, asked_at, touched)
    if time.monotonic() - touched > TOUCH_SECONDS:
        touched = time.monotonic()
        await asyncio.to_thread(_touch, caller.token)
    return _Answer(found, asked_at, touched)


def _look_up(caller: Caller) -> Standing:
    with db.transaction(_SYSTEM, read_only=True) as session:
        return sessions.find_standing(session, caller.token, ip=caller.ip)


def _touch(token: str) -> None:
    with db.transaction(_SYSTEM) as session:
        sessions.touch(session, token)


class TabState(rx.State):
    """Whose tab this is: the guard drops a tab's state when somebody else turns up with its token."""

    _owner: str = ""


class BaseState(rx.State, mixin=True):
    """The base of a page's state: ``class ThingsState(BaseState, rx.State)``.

    Declare ``access: ClassVar[Access] = …`` at the class or ``@allow(…)`` at each handler; what is undeclared
    can't be called.
    Helpers start with an underscore because a name without one would be an event handler.
    """

    is_guarded: ClassVar[bool] = True
    access: ClassVar[Access | None] = None

    # A sentence for the page as a whole, and one for each field that needs mending.
    problem: str = ""
    field_problems: dict[str, str] = {}

    @classmethod
    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.access is not None and not isinstance(cls.access, Access):
            raise TypeError(
                f"{cls.__name__}: write access: ClassVar[Access] = …, or it is a variable"
            )

    def _route_value(self, name: str) -> str:
        """What stands in the address where the page's route says ``[name]``."""
        # Not ``router.page``, which Reflex warns of at its first use.
        return str(self.rx_router_page.params.get(name, ""))

    async def _actor(self) -> Actor:
        """Who this event runs for. Raises NotSignedIn or NotAllowed."""
        return await current_actor()

    async def _run(
        self,
        work: Callable[Concatenate[Session, Actor, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """``work(session, actor, …)`` in a transaction of its own, off the event loop."""
        return await db.in_transaction(await current_actor(), work, *args, **kwargs)

    async def _read(
        self,
        work: Callable[Concatenate[Session, Actor, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """As ``_run``, read-only: use it for everything that only looks."""
        return await db.in_reading(await current_actor(), work, *args, **kwargs)

    async def _run_as_admin(
        self,
        work: Callable[Concatenate[Session, Actor, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """As ``_run``, over everybody's accounts. Raises NotAllowed for who is no admin."""
        actor = (await current_actor()).administrating()
        return await db.in_transaction(actor, work, *args, **kwargs)

    async def _read_as_admin(
        self,
        work: Callable[Concatenate[Session, Actor, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """As ``_read``, over everybody's accounts. Raises NotAllowed for who is no admin."""
        actor = (await current_actor()).administrating()
        return await db.in_reading(actor, work, *args, **kwargs)

    @contextmanager
    def _showing_problems(self) -> Iterator[None]:
        """Show what went wrong inside on the page, in ``problem`` or ``field_problems``.

        A refused session is not caught: the guard's way to the sign-in page deals with it.
        """
        self.problem, self.field_problems = "", {}
        try:
            yield
        except NotSignedIn:
            raise
        except InvalidInput as error:
            self.field_problems = dict(error.fields)
            self.problem = "" if error.fields else error.message
        except MbsError as error:
            self.problem = error.message

    def _took(self, answer: dict[str, Any], *fields: str) -> bool:
        """Whether the API took what ``post_form`` sent; if not, show why, at one of ``fields`` where it is one's."""
        if answer.get("ok") is True:
            return True
        errors = answer.get("errors")
        at_fields = errors if isinstance(errors, dict) else {}
        self.field_problems = {
            field: str(sentence)[:300] for field, sentence in at_fields.items() if field in fields
        }
        self.problem = "" if self.field_problems else str(answer.get("detail", ""))[:300]
        return False
