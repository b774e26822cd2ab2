"""Whose rows an actor works on, one of them by its id, and whether a name is still free among them."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import Conflict, NotAllowed, NotFound

T = TypeVar("T")


def owner_of(actor: Actor) -> UUID:
    """The user whose rows the actor adds and changes. Raises NotAllowed for the program itself."""
    if actor.user_id is None:
        raise NotAllowed
    return actor.user_id


def must_administrate(actor: Actor) -> None:
    """For what only admins do. Raises NotAllowed."""
    if not actor.is_admin:
        raise NotAllowed("Only an admin can do this.")


def must_get(session: Session, table: type[T], key: UUID, what: str, *, lock: bool = False) -> T:
    """The row of ``table`` with this id among those the actor may see.

    A SELECT, not an identity-map look-up, so that the owner filter always has its say. With ``lock`` it is
    read anew, and nobody else changes it before the transaction ends. Raises NotFound, which names ``what``
    it looked for.
    """
    model: Any = table
    wanted = select(model).where(model.id == key)
    if lock:
        wanted = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    found: T | None = session.exec(wanted).first()
    if found is None:
        raise NotFound(what)
    return found


def refuse_taken_name(
    session: Session, table: type[Any], name: str, what: str, *, besides: UUID | None = None
) -> None:
    """Names of ``table`` are told apart in any case of letters; ``besides`` is the row that is being named.

    Raises Conflict, which names ``what`` has the name already.
    """
    for other, taken in session.exec(select(table.id, table.name)):
        if other != besides and taken.casefold() == name.casefold():
            raise Conflict(f"You have a {what} called “{taken}” already. Choose another name.")
