"""Telling the rest of this process, after the commit, that what somebody may do has changed.

Whoever keeps a standing for a moment (the pages do) forgets it then. Other processes find out when what they keep
has grown old.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import event
from sqlmodel import Session

Listener = Callable[[UUID | None], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call ``listener`` with the id of each user whose standing changed, or None when everybody's may have.

    From any thread; it must not block.
    """
    _listeners.append(listener)


def changed(session: Session, user_id: UUID) -> None:
    """Tell every listener once ``session`` has committed; nobody when it rolls back."""
    event.listen(session, "after_commit", lambda _session: _tell(user_id), once=True)


def changed_for_all(session: Session) -> None:
    """As ``changed``, after a change of what the workspace asks of people."""
    event.listen(session, "after_commit", lambda _session: _tell(None), once=True)


def _tell(user_id: UUID | None) -> None:
    for listener in _listeners:
        listener(user_id)
