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
from mbs_app.models.base import UtcDateTime
from mbs_app.queries.bulk import Ids, any_of

Move = tuple[MessageStatus | str | None, MessageStatus | str]


_campaigns: Any = Campaign.__table__

_COUNTED = (
    *(f"{status.value}_count" for status in MessageStatus),
    "total_recipients",
    "segments_sent",
)

# Made once: putting such statements together anew costs as much as running them.
_MOVE = (
    sa.update(_campaigns)
    .where(_campaigns.c.id == sa.bindparam("campaign"))
    .values(
        {
            **{name: _campaigns.c[name] + sa.bindparam(f"by_{name}") for name in _COUNTED},
            "version": _campaigns.c.version + 1,
            "updated_at": sa.bindparam("now"),
        }
    )
)
_FINISH = (
    sa.update(_campaigns)
    .where(
        any_of(_campaigns.c.id, sa.bindparam("ids", type_=Ids())),
        _campaigns.c.status.in_((CampaignStatus.SENDING, CampaignStatus.PAUSED)),
        _campaigns.c.launched_at.is_not(None),
        _campaigns.c.pending_count == 0,
        _campaigns.c.sending_count == 0,
    )
    .values(
        status=CampaignStatus.SENT,
        sent_at=sa.bindparam("now", type_=UtcDateTime()),
        pause_reason="",
        version=_campaigns.c.version + 1,
        updated_at=sa.bindparam("now", type_=UtcDateTime()),
    )
    .returning(_campaigns.c.id)
)

_REOPEN = (
    sa.update(_campaigns)
    .where(
        any_of(_campaigns.c.id, sa.bindparam("ids", type_=Ids())),
        _campaigns.c.status == CampaignStatus.SENT,
        _campaigns.c.pending_count > 0,
    )
    .values(status=CampaignStatus.SENDING, sent_at=None)
)


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
    session.connection().execute(
        _MOVE,
        {"campaign": campaign_id, "now": utc_now(), **{f"by_{c}": change[c] for c in _COUNTED}},
    )


def finish_campaigns(session: Session, campaign_ids: Iterable[UUID], now: datetime) -> list[UUID]:
    """End those of the campaigns whose queue is empty; a text in doubt doesn't hold a campaign open."""
    ids = sorted(set(campaign_ids))
    if not ids:
        return []
    return list(session.connection().scalars(_FINISH, {"ids": ids, "now": now}))


def reopen_campaigns(session: Session, campaign_ids: Iterable[UUID]) -> None:
    """Go on with campaigns that had ended when a text in doubt turned out not to have left: it waits in the
    queue again, and must not wait for ever."""
    if ids := sorted(set(campaign_ids)):
        session.connection().execute(_REOPEN, {"ids": ids})


def from_rows(session: Session, campaign_id: UUID) -> dict[MessageStatus, int]:
    """The same counts, from the message rows themselves: what the cached ones must equal."""
    table: Any = CampaignMessage.__table__
    found = session.connection().execute(
        sa.select(table.c.status, sa.func.count())
        .where(table.c.campaign_id == campaign_id)
        .group_by(table.c.status)
    )
    counted = {MessageStatus(status): count for status, count in found}
    return {status: counted.get(status, 0) for status in MessageStatus}
