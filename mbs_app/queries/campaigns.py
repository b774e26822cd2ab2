"""Which campaigns a list shows, and pausing some of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from mbs_app.domain.vocabulary import CampaignKind, CampaignStatus
from mbs_app.models import Campaign
from mbs_app.queries.fold_search import every_word

LONGEST_REASON = 300

_campaigns: Any = Campaign.__table__


def matching(
    session: Session, user_id: UUID | None, statuses: Collection[str], search: str
) -> list[Any]:
    """The conditions on Campaign: a marketer's own kind, in one of ``statuses`` (none: any), with every
    word of ``search`` in the name or the text. ``user_id`` is None for somebody who sees all."""
    conditions: list[Any] = [Campaign.kind == CampaignKind.CAMPAIGN]
    if user_id is not None:
        conditions.append(Campaign.user_id == user_id)
    if statuses:
        conditions.append(col(Campaign.status).in_(sorted(statuses)))
    return conditions + every_word(session, search, Campaign.name, Campaign.message_body)


def count_by_status(session: Session, conditions: list[Any]) -> dict[str, int]:
    rows = session.execute(
        sa.select(Campaign.status, sa.func.count()).where(*conditions).group_by(Campaign.status)
    )
    return dict(rows.all())


def pause(session: Session, which: Any, reason: str, now: datetime) -> list[tuple[UUID, str]]:
    """Pause those campaigns that are sending, for a reason their owners are shown; (id, name) of each."""
    paused = session.connection().execute(
        sa.update(_campaigns)
        .where(which, _campaigns.c.status == CampaignStatus.SENDING)
        .values(
            status=CampaignStatus.PAUSED,
            pause_reason=reason[:LONGEST_REASON],
            version=_campaigns.c.version + 1,
            updated_at=now,
        )
        .returning(_campaigns.c.id, _campaigns.c.name)
    )
    return [(campaign_id, name) for campaign_id, name in paused]
