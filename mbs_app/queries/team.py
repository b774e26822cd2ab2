"""Everybody with an account: who matches, and how many of each status."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.domain.vocabulary import Role, UserStatus
from mbs_app.models import UserProfile
from mbs_app.queries.fold_search import every_word

_users: Any = UserProfile.__table__


def matching(session: Session, search: str, role: str | None) -> list[Any]:
    """The conditions: one role, where given, and every word of ``search`` in the name or the address."""
    found = every_word(session, search, _users.c.name, _users.c.email)
    return [_users.c.role == role, *found] if role else found


def count_by_status(session: Session, conditions: Collection[Any]) -> dict[str, int]:
    rows = session.execute(
        sa.select(_users.c.status, sa.func.count()).where(*conditions).group_by(_users.c.status)
    )
    return dict(rows.all())


def lock_admins(session: Session) -> list[Any]:
    """The ids of the approved admins. Nobody else makes or unmakes one of them before the transaction ends.

    On PostgreSQL the rows are locked in one order; whoever waited for them sees what has become of them. On
    SQLite a transaction that writes is alone.
    """
    return list(
        session.connection().scalars(
            sa.select(_users.c.id)
            .where(_users.c.role == Role.ADMIN, _users.c.status == UserStatus.APPROVED)
            .order_by(_users.c.id)
            .with_for_update(key_share=True)
        )
    )
