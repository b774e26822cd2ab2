"""Telling the rest of this process, after the commit, that what somebody may do has changed.

Whoever keeps a standing for a moment (the pages do) forgets it then. Other processes find out when what they keep
has grown old.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import event
from sqlmodel import Session

_listeners: list[Callable[[UUID], None]] = []


def listen(listener: Callable[[UUID], None]) -> None:
    """Call ``listener`` with the id of each user whose standing changed, from any thread; it must not block."""
    _listeners.append(listener)


def changed(session: Session, user_id: UUID) -> None:
    """Tell every listener once ``session`` has committed; nobody when it rolls back."""
    event.listen(session, "after_commit", lambda _session: _tell(user_id), once=True)


def _tell(user_id: UUID) -> None:
    for listener in _listeners:
        listener(user_id)
