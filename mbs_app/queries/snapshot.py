"""Step 2: an audience becomes message rows, in one statement and one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from mbs_app.domain.vocabulary import CampaignStatus, MessageStatus
from mbs_app.models import Campaign, CampaignMessage
from mbs_app.models.base import UtcDateTime
from mbs_app.queries import audience as audiences
from mbs_app.queries import counters

_campaigns: Any = Campaign.__table__
_messages: Any = CampaignMessage.__table__


def take(session: Session, campaign_id: UUID, now: datetime) -> bool:
    """Make one message row for each person of the audience, those to be skipped with their reason.

    Happens once: False when the campaign has its rows already, or isn't being sent. An audience in which
    nobody is left to be texted ends the campaign.
    """
    connection = session.connection()
    won = connection.execute(
        sa.update(_campaigns)
        .where(
            _campaigns.c.id == campaign_id,
            _campaigns.c.status == CampaignStatus.SENDING,
            _campaigns.c.launched_at.is_(None),
        )
        .values(launched_at=now, version=_campaigns.c.version + 1, updated_at=now)
        .returning(_campaigns.c.user_id, _campaigns.c.audience)
    ).first()
    if won is None:
        return False
    connection.execute(_insertion(connection.dialect.name, campaign_id, won, now))
    made = {
        (None, status): count
        for status, count in counters.from_rows(session, campaign_id).items()
        if count
    }
    counters.move(session, campaign_id, made)
    counters.finish_campaigns(session, [campaign_id], now)
    return True


def _insertion(dialect: str, campaign_id: UUID, campaign: Any, now: datetime) -> Any:
    # The SELECT inside an INSERT is out of the owner filter's reach: members() names the owner itself.
    chosen = audiences.members(campaign.user_id, campaign.audience).subquery("chosen")
    position = sa.func.row_number().over(order_by=(chosen.c.customer_id, chosen.c.phone))
    placed = sa.select(
        chosen.c.customer_id, chosen.c.phone, chosen.c.skip_reason, position.label("position")
    ).subquery("placed")
    moment = sa.literal(now, UtcDateTime())
    source = sa.select(
        _new_id(dialect, placed.c.position, now),
        sa.literal(campaign.user_id, sa.Uuid()),
        sa.literal(campaign_id, sa.Uuid()),
        placed.c.customer_id,
        placed.c.phone,
        placed.c.position,
        sa.case(
            (placed.c.skip_reason.is_(None), MessageStatus.PENDING.value),
            else_=MessageStatus.SKIPPED.value,
        ),
        placed.c.skip_reason,
        sa.literal(0),
        sa.literal(0),
        sa.literal(0),
        sa.literal("", sa.String),
        sa.literal("", sa.String),
        moment,
        moment,
        # The order also keeps SQLite from reading the ON of ON CONFLICT as that of a join.
    ).order_by(placed.c.position)
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return (
        insert(_messages)
        .from_select(
            [
                "id",
                "user_id",
                "campaign_id",
                "customer_id",
                "phone_number",
                "position",
                "status",
                "skip_reason",
                "segments",
                "attempts",
                "looks",
                "provider_status",
                "error_message",
                "created_at",
                "updated_at",
            ],
            source,
            include_defaults=False,
        )
        .on_conflict_do_nothing(index_elements=["campaign_id", "phone_number"])
    )


def _new_id(dialect: str, position: Any, now: datetime) -> Any:
    """A UUIDv7 for each row: the time, then the position as its counter, then 48 random bits.

    RFC 9562, section 6.2, method 1. Ids sort by position, so the queue is claimed in that order; the
    counter's 26 bits count to 67 million.
    """
    time = f"{int(now.timestamp() * 1000):012x}"
    high = position.op("/")(16384).op("&")(0xFFF)
    low = position.op("&")(0x3FFF).op("|")(0x8000)
    if dialect == "sqlite":
        return sa.func.printf(
            f"{time}7%03x%04x%s", high, low, sa.func.lower(sa.func.hex(sa.func.randomblob(6)))
        )
    random = sa.func.substr(
        sa.func.replace(sa.cast(sa.func.gen_random_uuid(), sa.Text), "-", ""), 1, 12
    )
    return sa.cast(
        sa.func.concat(
            f"{time}7",
            sa.func.lpad(sa.func.to_hex(high), 3, "0"),
            sa.func.lpad(sa.func.to_hex(low), 4, "0"),
            random,
        ),
        postgresql.UUID(),
    )
