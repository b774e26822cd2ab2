"""All resets, as admins look through them: links an admin sent, and links people asked for themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import AdminResetStatus, ResetType
from mbs_app.models import AdminPasswordReset, PasswordResetToken, UserProfile
from mbs_app.queries import password_resets as queries
from mbs_app.services.lookup import must_administrate

MAX_PAGE = 50


@dataclass(frozen=True, slots=True)
class ResetFilter:
    """None: any. ``search`` looks in the person's name and address."""

    status: AdminResetStatus | None = None
    kind: ResetType | None = None
    person_id: UUID | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class ResetRow:
    """``id`` is the link's; ``reset_id`` that of the record, where an admin sent it. ``sender`` is empty where
    nobody did, or their account is gone. ``note`` says why a link was ended before its time."""

    id: UUID
    reset_id: UUID | None
    kind: ResetType
    status: AdminResetStatus
    person_id: UUID
    person: str
    email: str
    sender: str
    reason: str
    note: str
    created_at: datetime
    expires_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ResetPage:
    """``counts`` says how many each status has under the same search and kind, ``total`` how many match all."""

    rows: tuple[ResetRow, ...]
    counts: dict[AdminResetStatus, int]
    total: int


def list_resets(
    session: Session,
    actor: Actor,
    chosen: ResetFilter | None = None,
    *,
    offset: int = 0,
    limit: int = MAX_PAGE,
) -> ResetPage:
    """One page, the newest first. Raises NotAllowed."""
    must_administrate(actor)
    chosen, now = chosen or ResetFilter(), utc_now()
    conditions = _conditions(session, chosen)
    found = queries.count_by_state(session, conditions, now)
    counts = {status: found.get(status.value, 0) for status in AdminResetStatus}
    wanted = _rows_of(now).where(*conditions, *_only(chosen.status, now))
    rows = _rows(session, wanted.offset(max(0, offset)).limit(_page_size(limit)))
    total = counts[chosen.status] if chosen.status else sum(counts.values())
    return ResetPage(rows, counts, total)


def resets_after(
    session: Session,
    actor: Actor,
    chosen: ResetFilter | None = None,
    *,
    after: UUID | None = None,
    limit: int = MAX_PAGE,
) -> list[ResetRow]:
    """The next ones from the newest to the oldest, for cursors. Raises NotAllowed."""
    must_administrate(actor)
    chosen, now = chosen or ResetFilter(), utc_now()
    wanted = _rows_of(now).where(*_conditions(session, chosen), *_only(chosen.status, now))
    if after is not None:
        wanted = wanted.where(PasswordResetToken.id < after)
    return list(_rows(session, wanted.limit(_page_size(limit))))


def _conditions(session: Session, chosen: ResetFilter) -> list[Any]:
    conditions = queries.matching(session, chosen.search)
    if chosen.kind is not None:
        conditions.append(col(PasswordResetToken.reset_type) == chosen.kind)
    if chosen.person_id is not None:
        conditions.append(col(PasswordResetToken.user_id) == chosen.person_id)
    return conditions


def _only(status: AdminResetStatus | None, now: datetime) -> list[Any]:
    return [queries.state(now) == status.value] if status else []


def _rows_of(now: datetime) -> Any:
    sender = aliased(UserProfile)
    return (
        sa.select(
            PasswordResetToken,
            queries.state(now),
            UserProfile.name,
            AdminPasswordReset.id,
            AdminPasswordReset.reason,
            sender.name,
        )
        .join(UserProfile, col(UserProfile.id) == PasswordResetToken.user_id)
        .outerjoin(
            AdminPasswordReset, col(AdminPasswordReset.reset_token_id) == PasswordResetToken.id
        )
        .outerjoin(sender, sender.id == PasswordResetToken.created_by)
        .order_by(col(PasswordResetToken.id).desc())
    )


def _rows(session: Session, wanted: Any) -> tuple[ResetRow, ...]:
    return tuple(
        ResetRow(
            id=link.id,
            reset_id=reset_id,
            kind=ResetType(link.reset_type),
            status=AdminResetStatus(status),
            person_id=link.user_id,
            person=person,
            email=link.email,
            sender=sender or "",
            reason=reason or "",
            note=link.notes,
            created_at=link.created_at,
            expires_at=link.expires_at,
            completed_at=link.used_at,
        )
        for link, status, person, reset_id, reason, sender in session.execute(wanted)
    )


def _page_size(limit: int) -> int:
    return max(1, min(limit, MAX_PAGE))
