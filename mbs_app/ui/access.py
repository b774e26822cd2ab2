"""Who may call an event handler: declared at the handler or at its state class, and never assumed.

Every method of a state whose name has no leading underscore can be called by anyone who can open the
websocket, whether or not a button leads to it. So each handler is declared, and the guard denies the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from reflex_base.event import Event, IndividualEventType
from reflex_base.registry import RegisteredEventHandler, RegistrationContext

Handler = TypeVar("Handler", bound=Callable[..., Any])

_DECLARATION = "_mbs_access"


class Access(StrEnum):
    """From anybody at all to the few."""

    PUBLIC = "public"
    ACCOUNT = "account"  # signed in, even where the account is pending, rejected or suspended
    ENROLLING = "enrolling"  # approved, even where a required second factor is still missing
    SIGNED_IN = "signed_in"
    ADMIN = "admin"


# Reflex's own events, by state and name, without which no page comes up. None of them takes a path to data:
# they send a tab its own state, start the page's on_load events (which are guarded in their turn), store
# values of client-storage variables, and report a script error.
REFLEX_EVENTS = frozenset(
    {
        ("State", "hydrate"),
        ("State", "hydrate_and_load"),
        ("State", "set_is_hydrated"),
        ("OnLoadInternalState", "on_load_internal"),
        ("OnLoadInternalState", "set_is_hydrated"),
        ("UpdateVarsInternalState", "update_vars_internal"),
        ("FrontendEventExceptionState", "handle_frontend_exception"),
    }
)

# Reflex gives every state class this handler, which sets any variable to anything.
NEVER_ALLOWED = frozenset({"setvar"})


def allow(access: Access) -> Callable[[Handler], Handler]:
    """Declare who may call this handler; wins over the class's ``access``."""

    def declare(handler: Handler) -> Handler:
        setattr(handler, _DECLARATION, access)
        return handler

    return declare


def registered_handlers() -> dict[str, RegisteredEventHandler]:
    """Every handler the application knows, by its full name on the wire."""
    return RegistrationContext.get().event_handlers


def is_reflexes_own(registered: RegisteredEventHandler) -> bool:
    state = registered.states[0]
    return (
        state.__module__.startswith("reflex.")
        and (state.__name__, registered.handler.fn.__name__) in REFLEX_EVENTS
    )


def names_of(handlers: Sequence[IndividualEventType[()]]) -> list[str]:
    """The full names on the wire of events such as a page loads with."""
    return [event.name for event in Event.from_event_type(list(handlers))]


def accesses_of(handlers: Sequence[IndividualEventType[()]]) -> list[Access | None]:
    """What each of them declares."""
    registered = registered_handlers()
    return [declared_access(registered[name]) for name in names_of(handlers)]


def declared_access(registered: RegisteredEventHandler) -> Access | None:
    """Who may call the handler; None where nothing is declared, which means nobody."""
    function = registered.handler.fn
    if function.__name__ in NEVER_ALLOWED:
        return None
    declared = getattr(function, _DECLARATION, None)
    if declared is None and getattr(registered.states[0], "is_guarded", False):
        declared = getattr(registered.states[0], "access", None)
    # Without the ClassVar annotation ``access`` would be a variable of the state, which is no declaration.
    return declared if isinstance(declared, Access) else None
