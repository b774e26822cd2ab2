"""The queue of the campaigns that run: the next rows, and the text that each person gets as things stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.domain import merge, phones
from mbs_app.domain.vocabulary import (
    CampaignKind,
    CampaignStatus,
    MessageStatus,
    SkipReason,
    UserStatus,
)
from mbs_app.models import Campaign, CampaignMessage, Customer, UserProfile
from mbs_app.queries.audience import reason_not_to_send

_campaigns: Any = Campaign.__table__
_messages: Any = CampaignMessage.__table__
_customers: Any = Customer.__table__
_users: Any = UserProfile.__table__

RUNNING = (
    sa.select(
        _campaigns.c.id,
        _campaigns.c.sender_id,
        _campaigns.c.message_body,
        _campaigns.c.kind,
        _users.c.default_region,
    )
    .join_from(_campaigns, _users, _users.c.id == _campaigns.c.user_id)
    .where(
        _campaigns.c.status == CampaignStatus.SENDING,
        _campaigns.c.launched_at.is_not(None),
        _campaigns.c.pending_count > 0,
        _users.c.status == UserStatus.APPROVED,  # nothing leaves in the name of who is shut out
    )
    .order_by(_campaigns.c.id)
)

_FILLING = tuple(
    _customers.c[name]
    for name in ("first_name", "last_name", "email", "city", "state", "attributes")
)


def has_work(session: Session) -> bool:
    """Whether anything may wait to be claimed; a cheap look before a claim takes its locks."""
    return session.connection().execute(RUNNING.limit(1)).first() is not None


def next_rows(
    session: Session, campaigns: Sequence[Any], room: int, now: datetime, cursors: dict[UUID, UUID]
) -> list[tuple[Any, Any]]:
    """At most ``room`` pending rows, one of each campaign in turn, so that all move at the same pace.

    ``cursors`` says after which row to look in a campaign; a campaign that had less to give than its share
    starts over the next time.
    """
    found: list[list[tuple[Any, Any]]] = []
    for nth, campaign in enumerate(campaigns):
        share = -(-room // (len(campaigns) - nth))
        if share <= 0:
            break
        rows = _pending(session, campaign, share, now, cursors.get(campaign.id))
        if len(rows) < share:
            cursors.pop(campaign.id, None)
        found.append([(campaign, row) for row in rows])
        room -= len(rows)
    return [one for turn in zip_longest(*found) for one in turn if one is not None]


def _pending(
    session: Session, campaign: Any, limit: int, now: datetime, after: UUID | None
) -> Sequence[Any]:
    activity = None if _is_test(campaign) else _customers.c.status
    reason, joins = reason_not_to_send(_messages.c.phone_number, _messages.c.user_id, activity)
    source: Any = sa.outerjoin(_messages, _customers, _customers.c.id == _messages.c.customer_id)
    for target, condition in joins:
        source = sa.outerjoin(source, target, condition)
    wanted = (
        sa.select(
            _messages.c.id,
            _messages.c.phone_number,
            _messages.c.customer_id,
            _messages.c.attempts,
            reason.label("skip_reason"),
        )
        .select_from(source)
        .where(
            _messages.c.campaign_id == campaign.id,
            _messages.c.status == MessageStatus.PENDING,
            sa.or_(_messages.c.next_attempt_at.is_(None), _messages.c.next_attempt_at <= now),
        )
        .order_by(_messages.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=_messages)
    )
    if after is not None:
        wanted = wanted.where(_messages.c.id > after)
    if merge.parse(campaign.message_body).fields:
        wanted = wanted.add_columns(*_FILLING)
    return session.connection().execute(wanted).all()


def frozen_text(campaign: Any, row: Any) -> tuple[str, SkipReason | None]:
    """The text this person gets, or why they get none."""
    if row.skip_reason is not None:
        return "", SkipReason(row.skip_reason)
    if row.customer_id is None and not _is_test(campaign):
        return "", SkipReason.REMOVED
    template = merge.parse(campaign.message_body)
    text = template.render(_values(campaign, row, template.fields) if template.fields else {}).text
    return (text, None) if text.strip() else ("", SkipReason.EMPTY_TEXT)


def _values(campaign: Any, row: Any, fields: Sequence[str]) -> dict[str, str]:
    phone = ""
    if "phone" in fields:  # how people write it takes longer to find out than all the others
        phone = phones.display_phone(row.phone_number, campaign.default_region)
    return merge.field_values(
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        phone=phone,
        city=row.city,
        state=row.state,
        attributes=row.attributes,
    )


def _is_test(campaign: Any) -> bool:
    return bool(campaign.kind == CampaignKind.TEST)
