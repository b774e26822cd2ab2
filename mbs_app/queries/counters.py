"""A campaign's cached counts. They change here only, in the transaction that changes the rows they count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import CampaignStatus, MessageStatus
from mbs_app.models import Campaign, CampaignMessage

Move = tuple[MessageStatus | str | None, MessageStatus | str]


def move(
    session: Session,
    campaign_id: UUID,
    moves: Mapping[Move, int],
    segments: int = 0,
) -> None:
    """Count messages from one status to another: ``{("sending", "sent"): 12}``.

    None as the first status counts new messages, which the audience grows by. ``segments`` is what was
    newly handed to the carrier. One UPDATE, which also raises the campaign's version.
    """
    change: Counter[str] = Counter()
    for (before, after), count in moves.items():
        change[f"{MessageStatus(after)}_count"] += count
        change["total_recipients" if before is None else f"{MessageStatus(before)}_count"] += (
            count if before is None else -count
        )
    change["segments_sent"] += segments
    table: Any = Campaign.__table__  # type: ignore[attr-defined]
    values = {name: table.c[name] + by for name, by in change.items() if by}
    session.connection().execute(
        sa.update(table)
        .where(table.c.id == campaign_id)
        .values(**values, version=table.c.version + 1, updated_at=utc_now())
    )


def finish_campaigns(session: Session, campaign_ids: Iterable[UUID], now: datetime) -> list[UUID]:
    """End those of the campaigns whose queue is empty; a text in doubt doesn't hold a campaign open."""
    ids = sorted(set(campaign_ids))
    if not ids:
        return []
    table: Any = Campaign.__table__  # type: ignore[attr-defined]
    return list(
        session.connection().scalars(
            sa.update(table)
            .where(
                table.c.id.in_(ids),
                table.c.status.in_((CampaignStatus.SENDING, CampaignStatus.PAUSED)),
                table.c.launched_at.is_not(None),
                table.c.pending_count == 0,
                table.c.sending_count == 0,
            )
            .values(
                status=CampaignStatus.SENT,
                sent_at=now,
                pause_reason="",
                version=table.c.version + 1,
                updated_at=now,
            )
            .returning(table.c.id)
        )
    )


def from_rows(session: Session, campaign_id: UUID) -> dict[MessageStatus, int]:
    """The same counts, from the message rows themselves: what the cached ones must equal."""
    table: Any = CampaignMessage.__table__  # type: ignore[attr-defined]
    found = session.connection().execute(
        sa.select(table.c.status, sa.func.count())
        .where(table.c.campaign_id == campaign_id)
        .group_by(table.c.status)
    )
    counted = {MessageStatus(status): count for status, count in found}
    return {status: counted.get(status, 0) for status in MessageStatus}
