"""What a list shows beside each customer, for a whole page in one or two statements each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from mbs_app.domain.consent_state import ConsentState, state_of
from mbs_app.domain.vocabulary import Channel
from mbs_app.models import (
    CampaignMessage,
    Customer,
    Group,
    GroupMembership,
    Suppression,
)
from mbs_app.queries.customers import last_text_id, opted_in


@dataclass(frozen=True, slots=True)
class GroupMark:
    id: UUID
    name: str
    color: str


@dataclass(frozen=True, slots=True)
class LastText:
    """The newest text to a number: how it ended, and when it left (or last changed)."""

    status: str
    skip_reason: str | None
    error_code: int | None
    at: datetime


def groups_of(
    session: Session, user_id: UUID, ids: Sequence[UUID]
) -> Mapping[UUID, tuple[GroupMark, ...]]:
    """Each customer's groups, by name."""
    found: dict[UUID, list[GroupMark]] = defaultdict(list)
    rows = session.exec(
        sa.select(GroupMembership.customer_id, Group.id, Group.name, Group.color)
        .join(Group, col(Group.id) == col(GroupMembership.group_id))
        .where(
            col(GroupMembership.customer_id).in_(ids),
            GroupMembership.user_id == user_id,
        )
        .order_by(Group.name)
    )
    for customer_id, group_id, name, color in rows:
        found[customer_id].append(GroupMark(group_id, name, color))
    return {customer_id: tuple(marks) for customer_id, marks in found.items()}


def consent_of(
    session: Session, user_id: UUID, phones: Sequence[str]
) -> Mapping[str, ConsentState]:
    """Where the owner of each number stands, in two statements."""
    reasons: dict[str, list[str]] = defaultdict(list)
    held = session.exec(
        sa.select(Suppression.address, Suppression.reason).where(
            col(Suppression.address).in_(phones),
            Suppression.channel == Channel.SMS,
            sa.or_(col(Suppression.user_id).is_(None), Suppression.user_id == user_id),
        )
    )
    for address, reason in held:
        reasons[address].append(reason)
    yes = opted_in(user_id)
    said_yes = set(
        session.exec(yes.where(yes.selected_columns.address.in_(phones)).distinct()).scalars()
    )
    return {
        phone: state_of(reasons.get(phone, []), ever_opted_in=phone in said_yes) for phone in phones
    }


def last_texts(session: Session, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, LastText]:
    """The newest text of each customer who ever had one."""
    # Two statements: joined in one, PostgreSQL reads every text there is for a page of fifty people.
    newest = session.exec(
        sa.select(Customer.id, last_text_id(user_id).label("message_id")).where(
            col(Customer.id).in_(ids)
        )
    )
    people = {message_id: customer_id for customer_id, message_id in newest if message_id}
    rows = session.exec(
        sa.select(
            CampaignMessage.id,
            CampaignMessage.status,
            CampaignMessage.skip_reason,
            CampaignMessage.error_code,
            sa.func.coalesce(CampaignMessage.sent_at, CampaignMessage.updated_at).label("at"),
        ).where(col(CampaignMessage.id).in_(people))
    )
    return {
        people[row.id]: LastText(row.status, row.skip_reason, row.error_code, row.at)
        for row in rows
    }
