"""Groups of customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, func, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.copy_names import free_name
from mbs_app.domain.errors import Conflict, InvalidInput
from mbs_app.domain.names import clean_name
from mbs_app.domain.palette import COLOR_NAMES, next_color
from mbs_app.domain.vocabulary import CampaignStatus, ScheduledMessageStatus
from mbs_app.models import Campaign, Customer, Group, GroupMembership, ScheduledMessage
from mbs_app.queries.bulk import any_of
from mbs_app.queries.fold_search import words_of
from mbs_app.services import audit
from mbs_app.services.lookup import must_get, owner_of, refuse_taken_name

LONGEST_NAME = 80
LONGEST_DESCRIPTION = 500
MAX_GROUPS = 500


@dataclass(frozen=True, slots=True)
class GroupSummary:
    group: Group
    members: int


def list_groups(session: Session, actor: Actor, *, search: str = "") -> list[GroupSummary]:
    """The actor's groups by name with their members counted, at most 500."""
    owner = owner_of(actor)
    groups, members = Group.__table__, GroupMembership.__table__
    # Whose the group is decides: a second look at each member's owner would cost a second index.
    counted = (
        sa.select(members.c.group_id, func.count().label("members"))
        .where(members.c.group_id.in_(sa.select(groups.c.id).where(groups.c.user_id == owner)))
        .group_by(members.c.group_id)
        .subquery("counted")
    )
    query = (
        sa.select(Group, func.coalesce(counted.c.members, 0))
        .outerjoin(counted, counted.c.group_id == Group.id)
        .where(Group.user_id == owner)
        .order_by(func.lower(Group.name), Group.id)
        .limit(MAX_GROUPS)
    )
    if words := " ".join(words_of(search)):
        query = query.where(col(Group.name).icontains(words, autoescape=True))
    return [GroupSummary(group, members) for group, members in session.execute(query)]


def get_group(session: Session, actor: Actor, group_id: UUID) -> Group:
    """Raises NotFound."""
    return must_get(session, Group, group_id, "group")


def count_members(session: Session, actor: Actor, group_id: UUID) -> int:
    return session.exec(
        select(func.count()).where(
            GroupMembership.group_id == group_id, GroupMembership.user_id == owner_of(actor)
        )
    ).one()


def create_group(
    session: Session, actor: Actor, *, name: str, color: str | None = None, description: str = ""
) -> Group:
    """A new, empty group; without a colour it gets the one used least.

    Raises InvalidInput, and Conflict when another group has this name.
    """
    group = Group(
        user_id=owner_of(actor),
        name=_clean_name(name),
        color=_clean_color(color) if color else next_color(list(session.exec(select(Group.color)))),
        description=_clean_description(description),
    )
    refuse_taken_name(session, Group, group.name, "group")
    session.add(group)
    session.flush()
    return group


def update_group(
    session: Session,
    actor: Actor,
    group_id: UUID,
    *,
    name: str | None = None,
    color: str | None = None,
    description: str | None = None,
) -> Group:
    """Change what is given. Raises NotFound, InvalidInput, Conflict (the name is taken)."""
    group = get_group(session, actor, group_id)
    if name is not None:
        cleaned = _clean_name(name)
        refuse_taken_name(session, Group, cleaned, "group", besides=group.id)
        group.name = cleaned
    if color is not None:
        group.color = _clean_color(color)
    if description is not None:
        group.description = _clean_description(description)
    group.updated_at = utc_now()
    session.add(group)
    session.flush()
    return group


def duplicate_group(session: Session, actor: Actor, group_id: UUID) -> Group:
    """A copy with the same members, "VIP (copy)". Raises NotFound."""
    owner = owner_of(actor)
    group = get_group(session, actor, group_id)
    copy = Group(
        user_id=owner,
        name=free_name(group.name, list(session.exec(select(Group.name))), LONGEST_NAME),
        color=next_color(list(session.exec(select(Group.color)))),
        description=group.description,
    )
    session.add(copy)
    session.flush()
    members = GroupMembership.__table__
    session.connection().execute(
        sa.insert(members).from_select(
            ["user_id", "group_id", "customer_id", "created_at"],
            sa.select(
                members.c.user_id,
                sa.literal(copy.id, members.c.group_id.type),
                members.c.customer_id,
                sa.literal(utc_now(), members.c.created_at.type),
            ).where(members.c.group_id == group_id, members.c.user_id == owner),
        )
    )
    return copy


def delete_group(session: Session, actor: Actor, group_id: UUID) -> int:
    """Delete a group; its customers stay. How many members it had.

    Raises:
        NotFound: it isn't one of the actor's.
        Conflict: a text is scheduled to go to it.
    """
    group = get_group(session, actor, group_id)
    if waiting := _scheduled_for(session, owner_of(actor), group_id):
        raise Conflict(f"{waiting} is scheduled to go to this group. Cancel it first.")
    members = count_members(session, actor, group_id)
    session.delete(group)
    session.flush()
    audit.record(session, actor, "group.delete", "group", group_id, name=group.name, people=members)
    return members


def add_members(
    session: Session, actor: Actor, group_id: UUID, customer_ids: Sequence[UUID]
) -> list[UUID]:
    """Put a chunk of customers into a group; those who weren't in it before are returned.

    Ids that aren't the actor's customers are passed over. Raises NotFound for the group.
    """
    owner = owner_of(actor)
    get_group(session, actor, group_id)
    members = GroupMembership.__table__
    customers = Customer.__table__
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    added = (
        dialect.insert(members)
        .from_select(
            ["user_id", "group_id", "customer_id", "created_at"],
            sa.select(
                customers.c.user_id,
                sa.literal(group_id, members.c.group_id.type),
                customers.c.id,
                sa.literal(utc_now(), members.c.created_at.type),
            ).where(customers.c.user_id == owner, any_of(customers.c.id, customer_ids)),
        )
        .on_conflict_do_nothing()
        .returning(members.c.customer_id)
    )
    return list(session.connection().execute(added).scalars())


def remove_members(
    session: Session, actor: Actor, group_id: UUID, customer_ids: Sequence[UUID]
) -> list[UUID]:
    """Take a chunk of customers out of a group; those who were in it are returned.

    Raises NotFound for the group.
    """
    get_group(session, actor, group_id)
    members = GroupMembership.__table__
    removed = (
        sa.delete(members)
        .where(
            members.c.user_id == owner_of(actor),
            members.c.group_id == group_id,
            any_of(members.c.customer_id, customer_ids),
        )
        .returning(members.c.customer_id)
    )
    return list(session.connection().execute(removed).scalars())


def _scheduled_for(session: Session, owner: UUID, group_id: UUID) -> str:
    """The name of something scheduled that would go to this group, or ""."""
    scheduled = session.exec(
        select(Campaign.name, Campaign.audience).where(
            Campaign.user_id == owner, Campaign.status == CampaignStatus.SCHEDULED
        )
    )
    for name, audience in scheduled:
        if str(group_id) in map(str, audience.get("group_ids") or ()):
            return f"“{name}”"
    waiting = session.exec(
        select(ScheduledMessage.id).where(
            ScheduledMessage.group_id == group_id,
            ScheduledMessage.status == ScheduledMessageStatus.PENDING,
        )
    ).first()
    return "A text" if waiting else ""


def _clean_name(name: str) -> str:
    return clean_name(name, longest=LONGEST_NAME, when_empty="Give the group a name.")


def _clean_color(color: str) -> str:
    if color not in COLOR_NAMES:
        raise InvalidInput(color="Choose a color from the list.")
    return color


def _clean_description(description: str) -> str:
    description = description.replace("\x00", "").strip()
    if len(description) > LONGEST_DESCRIPTION:
        raise InvalidInput(description=f"Use at most {LONGEST_DESCRIPTION} characters.")
    return description
