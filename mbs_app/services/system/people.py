"""The users, by status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.time_words import ago
from mbs_app.domain.vocabulary import Role, UserStatus
from mbs_app.models import UserProfile
from mbs_app.services.lookup import must_administrate
from mbs_app.services.system.health import Check, look_if


@dataclass(frozen=True, slots=True)
class People:
    """``admins`` are approved ones. ``waiting_since`` is when the one who waits longest joined."""

    by_status: dict[UserStatus, int]
    admins: int
    waiting_since: datetime | None
    checks: list[Check]


def read_people(session: Session, actor: Actor) -> People:
    """Raises NotAllowed."""
    must_administrate(actor)
    rows = session.exec(
        select(UserProfile.status, func.count(), func.min(UserProfile.created_at)).group_by(
            col(UserProfile.status)
        )
    ).all()
    counts = dict.fromkeys(UserStatus, 0)
    since: datetime | None = None
    for status, count, oldest in rows:
        counts[UserStatus(status)] = count
        since = oldest if status == UserStatus.PENDING else since
    admins = session.exec(
        select(sa.func.count())
        .select_from(UserProfile)
        .where(UserProfile.role == Role.ADMIN, UserProfile.status == UserStatus.APPROVED)
    ).one()
    return People(counts, admins, since, _checks(counts, admins, since, utc_now()))


def _checks(
    counts: dict[UserStatus, int], admins: int, since: datetime | None, now: datetime
) -> list[Check]:
    waiting = counts[UserStatus.PENDING]
    waits = f"{waiting:,}, the first joined {ago(since, now).lower()}" if since else "Nobody"
    return [
        Check(
            "waiting_for_approval",
            "Waiting for approval",
            waits,
            *look_if(waiting > 0, "Approve or reject them under Team."),
        ),
        Check(
            "admins",
            "Admins",
            f"{admins:,}",
            *look_if(
                admins < 2,
                "If the only admin can’t sign in, nobody can let them in again. Give somebody else the role.",
            ),
        ),
    ]
