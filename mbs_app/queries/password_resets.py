"""Links to choose a new password with: where each stands at a moment, whatever a sweep has written down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.domain.vocabulary import AdminResetStatus
from mbs_app.models import PasswordResetToken, UserProfile
from mbs_app.queries.fold_search import every_word

_links: Any = PasswordResetToken.__table__
_people: Any = UserProfile.__table__


def state(now: datetime) -> Any:
    """The expression for a link's :class:`AdminResetStatus`. One ended before its time says why in its notes."""
    return sa.case(
        (_links.c.used_at.is_not(None), AdminResetStatus.COMPLETED.value),
        (_links.c.notes != "", AdminResetStatus.CANCELLED.value),
        (_links.c.expires_at <= now, AdminResetStatus.EXPIRED.value),
        else_=AdminResetStatus.PENDING.value,
    )


def matching(session: Session, search: str) -> list[Any]:
    """The conditions for every word of ``search`` to stand in the person's name or address."""
    return every_word(session, search, _people.c.name, _links.c.email)


def count_by_state(session: Session, conditions: list[Any], now: datetime) -> dict[str, int]:
    kind = state(now)
    rows = session.execute(
        sa.select(kind, sa.func.count())
        .select_from(_links.join(_people, _people.c.id == _links.c.user_id))
        .where(*conditions)
        .group_by(kind)
    )
    return dict(rows.all())
