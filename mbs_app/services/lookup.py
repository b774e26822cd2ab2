"""Whose rows an actor works on, and one of them by its id."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import NotAllowed, NotFound

T = TypeVar("T")


def owner_of(actor: Actor) -> UUID:
    """The user whose rows the actor adds and changes. Raises NotAllowed for the program itself."""
    if actor.user_id is None:
        raise NotAllowed
    return actor.user_id


def must_get(session: Session, table: type[T], key: UUID, what: str) -> T:
    """The row of ``table`` with this id among those the actor may see.

    A SELECT, not an identity-map look-up, so that the owner filter always has its say. Raises NotFound,
    which names ``what`` it looked for.
    """
    model: Any = table
    found: T | None = session.exec(select(model).where(model.id == key)).first()
    if found is None:
        raise NotFound(what)
    return found
