"""Downloads in a test, read to their end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mbs_app import db
from mbs_app.domain.actor import Actor


def whole(actor: Actor, read: Callable[..., tuple[str, Any]], *args: Any) -> str:
    """The text that ``read(session, actor, *args, after=…)`` gives piece by piece."""
    text, after = "", None
    while True:
        with db.transaction(actor, read_only=True) as session:
            piece, after = read(session, actor, *args, after=after)
        text += piece
        if after is None:
            return text
