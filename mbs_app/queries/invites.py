"""Invite codes: what each is good for at a moment, and taking one use of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.domain.vocabulary import InviteState
from mbs_app.models import InviteCode
from mbs_app.queries.fold_search import every_word

_invites: Any = InviteCode.__table__


def state(now: datetime) -> Any:
    """The expression for a row's :class:`InviteState`. A code that is over for two reasons shows the first."""
    return sa.case(
        (_invites.c.revoked_at.is_not(None), InviteState.REVOKED.value),
        (_invites.c.uses >= _invites.c.max_uses, InviteState.USED_UP.value),
        (_invites.c.expires_at <= now, InviteState.EXPIRED.value),
        else_=InviteState.ACTIVE.value,
    )


def matching(session: Session, search: str) -> list[Any]:
    """The conditions for every word of ``search`` to stand in the code, the note or the address."""
    return every_word(session, search, _invites.c.code, _invites.c.notes, _invites.c.email)


def count_by_state(session: Session, conditions: list[Any], now: datetime) -> dict[str, int]:
    kind = state(now)
    rows = session.execute(sa.select(kind, sa.func.count()).where(*conditions).group_by(kind))
    return dict(rows.all())


def take_one_use(session: Session, code: str, email: str, now: datetime) -> bool:
    """Count one more use of a code that still works for ``email`` (in lower case); whether there was one.

    One conditional UPDATE: however many ask at once, no more get through than the code has uses.
    """
    taken = session.connection().execute(
        sa.update(_invites)
        .where(
            _invites.c.code == code,
            _invites.c.uses < _invites.c.max_uses,
            _invites.c.revoked_at.is_(None),
            sa.or_(_invites.c.expires_at.is_(None), _invites.c.expires_at > now),
            sa.or_(_invites.c.email.is_(None), _invites.c.email.in_(addresses_for(email))),
        )
        .values(uses=_invites.c.uses + 1)
    )
    return bool(taken.rowcount)


def addresses_for(email: str) -> tuple[str, str]:
    """What a code may be tied to for this address to join with it: the address, or its domain."""
    return email, f"@{email.rpartition('@')[2]}"
